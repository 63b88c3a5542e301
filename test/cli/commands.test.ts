import { describe, expect, vi } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { commands } from '../../src/cli/commands.ts'
import { examine } from '../../src/cli/doctor.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import { makeClientSecret } from '../../src/clients/make-secret.ts'
import type { ClientId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { version } from '../../src/version.ts'
import { commandSettings } from '../support/command-settings.ts'
import { createCourt, openPage, signInAt } from '../support/court.ts'
import { createHttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const test = kit()
  .override('people', [jane, nora])
  /** The command as `src/cli/main.ts` runs it, in this process: what it printed, and its exit code. */
  .extend('run', { scope: 'file' }, ({ signOn }) => async (...args: string[]) => {
    const out = { stdout: '', stderr: '' }
    const log = vi.spyOn(console, 'log').mockImplementation((line) => {
      out.stdout += `${line}\n`
    })
    const error = vi.spyOn(console, 'error').mockImplementation((line) => {
      out.stderr += `${line}\n`
    })
    try {
      const status = await runCommandLine(args, commandSettings(signOn))
      return { ...out, status }
    } finally {
      log.mockRestore()
      error.mockRestore()
    }
  })
  .extend(
    'lastEvent',
    ({ audited }) =>
      async () =>
        (await audited()).at(-1),
  )
  .extend(
    'find',
    { scope: 'file' },
    ({ signOn }) =>
      async (change: object, keys = signOn.services.keys) =>
        (await examine({ ...signOn.config, ...change }, keys))
          .filter(({ state }) => state === 'wrong')
          .map(({ about, sentence }) => `${about}: ${sentence}`),
  )

describe('the command line', () => {
  test('has help that names every command, and a version', async ({ run }) => {
    const help = await run('--help')
    expect([help.status, help.stderr]).toEqual([0, ''])
    for (const { name } of commands) expect(help.stdout).toContain(`  ${name}`)
    expect((await run('accounts', '--help')).stdout).not.toContain('secrets')
    expect((await run('--version')).stdout).toBe(`${version}\n`)
  })

  test.for([
    [['clint', 'list'], 'clint list is no command (did you mean "clients list"?)'],
    [['apply'], 'apply takes FILE…'],
    [['apply', '--chek', 'x'], '--chek is no option here (did you mean "--check"?)'],
    [['accounts', 'disable', 'x', '--check'], 'accounts disable takes no --check'],
    [['accounts', 'enable', 'x', '--operator', 'a b'], '--operator: a name has'],
    [['keys', 'create'], 'keys create needs --directory DIR'],
    [[], 'a command is missing'],
  ] as const)('says what is wrong with %j, and ends with 64', async ([args, words], { run }) => {
    const { status, stderr } = await run(...args)
    expect(stderr.startsWith(words)).toBe(true)
    expect(stderr).toContain('Usage: npm run cli')
    expect(status).toBe(64)
  })
})

describe('clients and secrets', () => {
  test('are listed and shown, without a secret', async ({ signOn, run }) => {
    const court = await createCourt(signOn, 'ncwd', { id: 'shown' })
    expect((await run('clients', 'list')).stdout).toMatch(
      /^shown +court +active +ncwd +NCWD CM\/ECF$/m,
    )
    const { stdout, status } = await run('clients', 'show', 'shown')
    expect([status, stdout.includes(court.redirectUri)]).toEqual([0, true])
    expect(stdout).toMatch(/^secret \S{8}, made \S+, ends \S+ \(in 365 days\)$/m)
    expect(stdout).not.toContain(court.secret)
    const missing = await run('clients', 'show', 'shwon')
    expect([missing.status, missing.stderr]).toEqual([
      1,
      'There is no client shwon. Did you mean shown?\n',
    ])
  })

  test('are made, shown once, and ended, with the operator in the audit', async ({
    signOn,
    run,
    lastEvent,
  }) => {
    await createCourt(signOn, 'ncwb', { id: 'rotated' })
    const made = await run('secrets', 'create', 'rotated', '--operator', 'olga')
    expect(made.stdout).toMatch(/^[A-Za-z0-9_-]{43}\n$/)
    expect(await lastEvent()).toMatchObject({
      event: 'client.changed',
      clientId: 'rotated',
      actorKind: 'operator',
      actorId: 'olga',
      detail: { fields: ['secrets'] },
    })
    const fingerprint = /, (\S{8}), good/.exec(made.stderr)![1]!
    expect((await run('secrets')).stdout).toContain(`rotated: ${fingerprint}, made`)
    expect((await run('secrets', 'create', 'rotated')).stderr).toMatch(/^It has two already/)
    expect((await run('secrets', 'revoke', 'rotated', fingerprint)).stdout).toMatch(/1 left/)
    expect((await run('secrets', 'revoke', 'rotated', fingerprint)).status).toBe(1)
  })

  test('asked for twenty times at once are two', async ({ signOn }) => {
    await createCourt(signOn, 'ca4', { id: 'busy' })
    const { db } = signOn.services
    const asked = Array.from({ length: 20 }, () =>
      inTransaction(db, (tx) => makeClientSecret(tx, 'busy' as ClientId, byOperator('test')), {
        milliseconds: 30_000,
      }).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
    expect(await db.prisma.clientSecret.count({ where: { clientId: 'busy' } })).toBe(2)
  })

  test('come to a client that is registered switched off, and then switched on', async ({
    signOn,
    run,
  }) => {
    const metadata = {
      redirect_uris: ['https://off.example.gov/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
    }
    const client = { id: 'off', kind: 'court', name: 'Off', courts: ['ncwd'], metadata }
    await expect(signOn.apply({ clients: [client] })).rejects.toThrow('secrets: is missing')
    await signOn.apply({ clients: [{ ...client, active: false }] })
    const on = { clients: [{ id: 'off', active: true }] }
    await expect(signOn.apply(on)).rejects.toThrow('secrets: is missing')
    expect((await run('secrets', 'create', 'off')).status).toBe(0)
    await signOn.apply(on)
  })
})

describe('an account', () => {
  test('is found by number, username and id', async ({ signOn, run }) => {
    const { id } = await signOn.services.db.prisma.account.findUniqueOrThrow({
      where: { number: jane.number },
    })
    const shown: { stdout: string }[] = []
    for (const name of [jane.number, 'JDOE-attorney', id]) {
      shown.push(await run('accounts', 'show', name))
    }
    expect(new Set(shown.map(({ stdout }) => stdout)).size).toBe(1)
    expect(shown[0]!.stdout).toMatch(/^ncwd +active, attorney, jdoe-ecf$/m)
    expect(shown[0]!.stdout).not.toContain('argon2')
    expect((await run('accounts', 'show', '7999999')).status).toBe(1)
  })

  test('loses its sessions where they are ended, and may sign in again', async ({
    signOn,
    run,
    lastEvent,
  }) => {
    const court = await createCourt(signOn, 'ncwd')
    const browser = createHttpClient()
    const tokens = await court.signIn(browser, nora.username)
    const ended = await run('accounts', 'end-sessions', nora.number, '--operator', 'olga')
    expect(ended.stdout).toBe('Account 7000001: 1 sessions and 1 grants have ended.\n')
    expect(await lastEvent()).toMatchObject({
      event: 'grant.revoked',
      clientId: 'ncwd-cmecf',
      actorKind: 'operator',
      actorId: 'olga',
    })
    const endpoint = court.rp.serverMetadata().userinfo_endpoint!
    const userinfo = await fetch(endpoint, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(userinfo.status).toBe(401)
    await expect(court.walkIn(browser)).rejects.toThrow()
    await court.signIn(createHttpClient(), nora.username)
    expect((await run('accounts', 'end-sessions', nora.number)).stdout).toMatch(
      /: 1 sessions and 1 grants/,
    )
    expect((await run('accounts', 'end-sessions', nora.number)).stdout).toMatch(
      /: 0 sessions and 0 grants/,
    )
  })

  test('is disabled and enabled, once each, and keeps its name', async ({ run }) => {
    const disabled = await run('accounts', 'disable', nora.username, '--operator', 'olga')
    expect(disabled.stdout).toMatch(/^Account 7000001 is disabled; \d sessions/)
    expect((await run('accounts', 'disable', nora.username)).stdout).toMatch(/disabled already/)
    expect((await run('accounts', 'show', nora.username)).stdout).toMatch(/^state +disabled since/m)
    expect((await run('accounts', 'enable', nora.username)).stdout).toBe(
      'Account 7000001 is enabled.\n',
    )
    expect((await run('accounts', 'show', nora.username)).stdout).toMatch(/^name +Nora Nowhere$/m)
  })

  test('that is paused after wrong passwords is unlocked', async ({ signOn, run, lastEvent }) => {
    const court = await createCourt(signOn, 'ncwd', { id: 'ncwd-unlocking' })
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const browser = createHttpClient()
      const { url } = await court.authorize()
      const page = await openPage(browser, signOn, url)
      const tried = signInAt(browser, signOn, page, jane.username, 'not the password')
      await expect(tried).rejects.toThrow()
    }
    await expect(court.signIn(createHttpClient(), jane.username)).rejects.toThrow()
    const unlocked = await run('accounts', 'unlock', jane.number, '--operator', 'olga')
    expect(unlocked.stdout).toMatch(/^Account 7123456: \d+ wrong passwords are forgotten/)
    const told = await run('audit', 'show', 'account', jane.number)
    expect(told.stdout).toMatch(/ account\.unlocked +operator:olga /)
    expect(told.stdout).toMatch(/ account\.sign-in-refused \(refused\) +system /)
    expect(await lastEvent()).toMatchObject({
      event: 'account.unlocked',
      actorKind: 'operator',
      actorId: 'olga',
    })
    await court.signIn(createHttpClient(), jane.username)
    expect((await run('accounts', 'unlock', jane.number)).stdout).toMatch(/was not locked/)
  })
})

describe('the doctor', () => {
  test('finds nothing wrong with this installation, and writes nothing', async ({
    audited,
    run,
  }) => {
    const before = (await audited()).length
    const { stdout, status } = await run('doctor')
    for (const about of ['settings', 'migrations', 'clock', 'secrets', 'keys', 'Redis']) {
      expect(stdout).toMatch(new RegExp(`^ok +${about}: `, 'm'))
    }
    expect([status, /^wrong/m.test(stdout)]).toEqual([0, false])
    expect((await audited()).length).toBe(before)
  })

  test.for([
    ['an untrusted proxy', { issuer: 'https://sso.example.gov' }, /^proxy: no proxy is trusted/],
    [
      'a database that is away',
      { database: { url: 'postgresql://localhost:1/x', dataDir: '', poolSize: 1 } },
      /^database: does not answer/,
    ],
    [
      'a Redis that is away',
      { redis: { url: 'redis://localhost:1', prefix: 'x' } },
      /^Redis: does/,
    ],
  ] as const)('names %s', async ([_, change, sentence], { find }) => {
    expect(await find(change)).toContainEqual(expect.stringMatching(sentence))
  })

  test('names a court whose keys cannot be read, and where', async ({ signOn, run }) => {
    const uri = 'https://127.0.0.1/keys'
    await createCourt(signOn, 'ncmd', {
      id: 'unread-keys',
      method: 'private_key_jwt',
      metadata: { jwks: undefined, jwks_uri: uri },
    })
    const { stdout, status } = await run('doctor')
    expect(stdout).toMatch(
      /^warning +outbound: the keys of unread-keys at https:\/\/127\.0\.0\.1\/keys cannot be read \(\S+\)\. .*CSO_OUTBOUND_NETWORKS\.$/m,
    )
    // It is the court's matter: nothing here keeps the server from starting.
    expect(status).toBe(0)
  })

  test('names a pepper that passwords need and that is not configured', async ({
    signOn,
    find,
  }) => {
    const { keys } = signOn.services
    const [pepper] = keys.secrets.peppers
    const peppers = [{ ...pepper, id: 'another' }] as const
    const found = await find({}, { ...keys, secrets: { ...keys.secrets, peppers } })
    expect(found).toContainEqual(expect.stringMatching(/^secrets: .*pepper/))
    expect(found).toContainEqual(expect.stringMatching(/^peppers: passwords are stored under/))
  })

  test('names a Redis that throws away what it was given, and a secret that has ended', async ({
    signOn,
    find,
    run,
  }) => {
    const client = signOn.services.redis!.client
    await createCourt(signOn, 'nceb', { id: 'ending' })
    await signOn.services.db.prisma.clientSecret.updateMany({
      where: { clientId: 'ending' },
      data: { expiresAt: new Date(0) },
    })
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      const found = await find({})
      expect(found).toContainEqual(expect.stringMatching(/^Redis: maxmemory-policy is allkeys-lru/))
      expect(found).toContainEqual(expect.stringMatching(/secrets create ending$/))
      expect((await run('doctor')).status).toBe(1)
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction')
    }
  })
})

test('a check and a question migrate nothing', async ({ signOn, run }) => {
  const { db } = signOn.services
  const [{ name } = { name: '' }] = await db.query<{ name: string }>(
    {
      name: 'test-newest',
      text: `UPDATE _prisma_migrations SET rolled_back_at = now()
        WHERE id = (SELECT id FROM _prisma_migrations ORDER BY migration_name DESC LIMIT 1)
        RETURNING migration_name AS name`,
    },
    [],
  )
  for (const args of [
    ['clients', 'list'],
    ['apply', '--check', 'prisma/development.yaml'],
  ]) {
    const { status, stderr } = await run(...args)
    expect([status, stderr]).toEqual([
      1,
      'The database is not at this release. First: npm run cli -- migrate\n',
    ])
  }
  expect((await run('doctor')).stdout).toContain(`wrong    migrations: ${name} not applied`)
})
