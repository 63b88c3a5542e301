import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, vi } from 'vitest'
import { updateAccount } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { applyFile } from '../../src/cli/apply.ts'
import { parseApplyFile } from '../../src/cli/apply-file.ts'
import { planLines, problemLine } from '../../src/cli/print-plan.ts'
import type { AccountId } from '../../src/ids.ts'
import { registrationRules } from '../../src/services.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { createCourt } from '../support/court.ts'
import { createHttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora, password, sharedAccount } from '../support/people.ts'

const test = kit()
  .extend(
    'prisma',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        signOn.services.db.prisma,
  )
  .extend('dump', { scope: 'file' }, ({ prisma }) => async () => ({
    accounts: await prisma().account.findMany({ orderBy: { number: 'asc' } }),
    standings: await prisma().standing.findMany({ orderBy: { courtId: 'asc' } }),
    clients: await prisma().client.findMany({ orderBy: { id: 'asc' } }),
    courts: await prisma().court.findMany({ orderBy: { id: 'asc' } }),
    // Mails that were queued before are sent, and recorded, whenever it is their turn.
    events: await prisma().auditEvent.count({ where: { NOT: { event: { startsWith: 'mail.' } } } }),
  }))
  /** What the command prints for a file, and whether anything is refused. */
  .extend(
    'run',
    { scope: 'file' },
    ({ signOn }) =>
      async (file: string | object, writes = true, environment = signOn.config.environment) => {
        const text = typeof file === 'string' ? file : JSON.stringify(file, undefined, 1)
        const { db, keys } = signOn.services
        const clientRules = registrationRules(signOn.config, keys)
        const config = { ...signOn.config, environment }
        const parsed = parseApplyFile(text)
        const plan = await applyFile(
          { db, config, peppers: keys.secrets.peppers, clientRules },
          parsed.ok ? parsed.value : parsed.rest,
          { by: byOperator('test'), writes: writes && parsed.ok },
        )
        const problems = [...(parsed.ok ? [] : parsed.problems), ...plan.problems]
        return {
          plan,
          problems: problems.map((problem) => problemLine('f', problem)),
          lines: [
            ...planLines('f', { ...plan, problems }, { isCheck: !writes, isWritten: parsed.ok }),
          ],
        }
      },
  )
  .extend(
    'stored',
    { scope: 'file' },
    ({ prisma }) =>
      (number: string) =>
        prisma().account.findUniqueOrThrow({ where: { number } }),
  )

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const client = {
  id: 'plan-client',
  kind: 'court',
  name: 'Planned',
  courts: ['ncwd'],
  metadata: {
    redirect_uris: ['https://ecf.ncwd.example/callback'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [publicKey.export({ format: 'jwk' })] },
  },
}
const basicClient = {
  ...client,
  secrets: [`${'s'.repeat(42)}A`],
  metadata: {
    redirect_uris: client.metadata.redirect_uris,
    token_endpoint_auth_method: 'client_secret_basic',
  },
}

describe('a file with something that can never work', () => {
  type Row = [what: string, file: object, problem: RegExp]
  const account = (more: object) => ({ accounts: [{ ...nora, ...more }] })
  const standing = (more: object) =>
    account({ standings: [{ court: 'ncwd', status: 'active', ...more }] })

  test.for<Row>([
    [
      'a password with a tab',
      account({ password: 'correct\thorse battery' }),
      /password: has a con/,
    ],
    ['a password that is too short', account({ password: 'short' }), /has at least 14 characters/],
    ['half of a character', account({ given_name: 'a\ud800' }), /given_name: has half of a char/],
    ['a name that turns text', account({ given_name: 'a\u202eb' }), /turns text around/],
    ['a blank before a name', account({ given_name: ' Jane' }), /begins or ends with a blank/],
    [
      'a day that is none',
      standing({ since: '2026-02-30' }),
      /since: must be a day of the calendar/,
    ],
    ['a month that is none', standing({ since: '2026-13-01' }), /since: must be a day of/],
    ['a day of the year 1', standing({ since: '0001-01-01' }), /since: must lie from 1900/],
    [
      'dates the wrong way round',
      standing({ since: '2026-02-02', ends_on: '2026-02-01' }),
      /ends_on: lies before since/,
    ],
    ['an unknown court', standing({ court: 'ncwx' }), /court: is no court.*did you mean "ncw/],
    ['a status that is none', standing({ status: 'activ' }), /did you mean "active"/],
    ['a person twice', { accounts: [nora, nora] }, /accounts\.1\.number: is the same as in/],
    [
      'a username twice',
      { accounts: [nora, { ...nora, number: '7000099', username: 'NORA-nowhere', email: null }] },
      /accounts\.1\.username: is the same as in accounts\.0/,
    ],
    [
      'a court twice for one person',
      account({ standings: Array(2).fill({ court: 'ncwd', status: 'active' }) }),
      /standings\.1\.court: is the same/,
    ],
    [
      'a CM/ECF account of two people',
      {
        accounts: [
          { ...nora, standings: [{ court: 'ncwd', status: 'active', filer_id: 'x' }] },
          { ...jane, standings: [{ court: 'ncwd', status: 'active', filer_id: 'X' }] },
        ],
      },
      /accounts\.1\.standings\.0\.filer_id: is the same/,
    ],
    ['a client twice', { clients: [client, client] }, /clients\.1\.id: is the same/],
    ['our own client', { clients: [{ ...client, id: 'portal' }] }, /id: is one of our own/],
    ['our own client, in part', { clients: [{ id: 'portal', active: false }] }, /one of our own/],
    ['an id that objects have', { clients: [{ ...client, id: 'constructor' }] }, /one of our own/],
    ['the id __proto__', { clients: [{ ...client, id: '__proto__' }] }, /id: begins with a letter/],
    ['no id at all', { clients: [{ ...client, id: '' }] }, /id: begins with a letter/],
    ['a client without a court', { clients: [{ ...client, courts: [] }] }, /acts for at least one/],
    ['no secret', { clients: [{ ...basicClient, secrets: undefined }] }, /secrets: is missing/],
    ['an empty list of secrets', { clients: [{ ...basicClient, secrets: [] }] }, /is missing/],
    [
      'the same secret twice',
      { clients: [{ ...basicClient, secrets: Array(2).fill(basicClient.secrets[0]) }] },
      /secrets\.1: is the same/,
    ],
    ['no name', { clients: [{ ...client, name: undefined }] }, /name: is missing/],
    ['an account without a username', account({ username: undefined }), /username: is missing/],
    ['a court mistyped', { clients: [{ ...client, courts: ['ncwdd'] }] }, /did you mean "ncwd"/],
    ['confirmed, and no address', account({ email: null, email_verified: true }), /no e-mail addr/],
  ])('is refused for %s, and nothing is written', async ([_, file, problem], { dump, run }) => {
    const before = await dump()
    const other = { number: '7000098', user_type: 'attorney', username: 'somebody-else' }
    const accounts = [...((file as { accounts?: object[] }).accounts ?? []), other]
    const { problems, lines } = await run({ ...file, accounts })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
    expect(problems[0]).toMatch(/^f:\d+:\d+: /)
    expect(lines.at(-1)).toMatch(/^f: nothing is written/)
    expect(await dump()).toEqual(before)
  })

  test('is refused in production for its passwords, which are not repeated', async ({ run }) => {
    const { problems } = await run({ accounts: [nora] }, true, 'production')
    expect(problems).toEqual([expect.stringMatching(/password: is not taken from a file/)])
    const wrong = await run({ accounts: [{ ...nora, password: 'hunter2' }] })
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
  })

  test('tells all of it at once, with line and column, clients and people alike', async ({
    run,
  }) => {
    const { problems } = await run(`
accounts:
  - number: "7000001"
    usrname: nora
    email: nobody
    standings:
      - { court: ncwdd, status: active }
clients:
  - id: first
    kind: cuort
    name: First
    courts: [ncwd]
    metadata:
      token_endpoint_auth_method: client_secret_basic
      redirect_uris: ["https://10.0.0.1/cb"]
`)
    expect(problems).toEqual([
      'f:10:5: clients.0.kind: must be one of court, vendor, national (did you mean "court"?)',
      'f:5:5: accounts.0.email: is not an e-mail address',
      'f:4:5: accounts.0.usrname: is not known here (did you mean "username"?)',
      'f:15:23: clients.0.metadata.redirect_uris.0: has a number as its host; a court has a name',
      'f:3:5: accounts.0.user_type: is missing, and the account is new',
      'f:3:5: accounts.0.username: is missing, and the account is new',
      'f:7:11: accounts.0.standings.0.court: is no court that is known here (did you mean "ncwd"?)',
    ])
  })

  test.for([
    ['neither YAML nor JSON', 'accounts: [', /^f:1:\d+: is neither YAML nor JSON/],
    ['a member given twice', 'accounts: []\naccounts: []\n', /^f:2:1: a member is given twice/],
    ['an alias', 'a: &a []\naccounts: *a\n', /^f:2:11: refers to another place/],
    ['a merge', 'accounts:\n - <<: {}\n', /^f:2:4: merges another place/],
    ['a number without quotes', 'accounts:\n - number: 7000001\n', /^f:2:4: .*put it in quotes/],
    ['a list instead', '- 1\n', /^f:1:1: must be a group of members, not a list/],
    ['nothing', '', /^f:1:1: must be a group of members/],
    ['the member __proto__', 'accounts:\n - __proto__: {}\n', /^f:2:4: "__proto__" is not known/],
  ] as const)('is refused for %s', async ([_, text, problem], { run }) => {
    const { problems } = await run(text)
    expect(problems[0]).toMatch(problem)
    expect(problems.join()).not.toMatch(/prisma|zod|undefined|object Object/i)
  })
})

describe('a check', () => {
  test('tells what would be done, never a secret, and writes nothing', async ({
    signOn,
    dump,
    run,
  }) => {
    await signOn.apply({ accounts: [jane], clients: [basicClient] })
    const before = await dump()
    const { lines } = await run(
      {
        accounts: [
          { number: jane.number, given_name: 'Janet', client_code: null, password: `${password}!` },
          nora,
          { number: jane.number.replace(/.$/, '9'), user_type: 'attorney', username: 'short' },
        ],
        clients: [
          { id: client.id, secrets: [`${'n'.repeat(42)}A`], metadata: { contacts: ['a@b.gov'] } },
        ],
        courts: [{ id: 'bap6', go_live_on: '2026-10-01' }],
      },
      false,
    )
    expect(lines).toEqual([
      'changed   court bap6',
      '            go_live_on: 2026-10-01',
      'changed   client plan-client',
      '            metadata.contacts: ["a@b.gov"]',
      '            secrets: 1 of them -> 1 of them',
      'changed   account 7123456',
      '            given_name: Jane -> Janet',
      '            client_code: SMITH-042 -> (taken away)',
      '            password: the one before -> the one in the file',
      expect.stringMatching(/^created {3}account 7000001/),
      ...Array(11).fill(expect.stringMatching(/^ {12}/)),
      'refused   account 7123459',
      'f: 1 created, 3 changed, 0 unchanged, 1 refused (only checked, nothing is written)',
    ])
    expect(JSON.stringify(lines)).not.toMatch(/correct horse|nnnn|ssss/)
    expect(await dump()).toEqual(before)
  })

  test('warns of what is taken and means little', async ({ run }) => {
    const { plan, problems } = await run({ accounts: [sharedAccount] }, false)
    expect(problems).toEqual([])
    expect(plan.items[0]?.warnings).toEqual([
      'standings: a shared account files nowhere, whatever its standings say',
    ])
  })
})

describe('a file that is applied', () => {
  test.beforeEach(({ signOn }) => signOn.apply({ accounts: [jane] }))

  test('counts what it wrote, and a second time nothing', async ({ run, dump }) => {
    const person = { ...nora, number: '7000011', username: 'nora-eleven', email: 'n11@example.com' }
    const file = { accounts: [person, jane] }
    expect((await run(file)).lines.at(-1)).toBe('f: 1 created, 0 changed, 1 unchanged')
    const before = await dump()
    expect((await run(file)).lines).toEqual(['f: 0 created, 0 changed, 2 unchanged'])
    expect(await dump()).toEqual(before)
  })

  test('leaves what it does not name, so that disabling somebody erases nothing', async ({
    stored,
    prisma,
    signOn,
  }) => {
    const before = await stored(jane.number)
    const standings = await prisma().standing.findMany({ where: { accountId: before.id } })
    await signOn.apply({ accounts: [{ number: jane.number, disabled: true }] })
    const after = await stored(jane.number)
    expect(after.disabledAt).not.toBeNull()
    const { signInStand, updatedAt } = before
    expect({ ...after, disabledAt: null, signInStand, updatedAt }).toEqual(before)
    expect(await prisma().standing.findMany({ where: { accountId: before.id } })).toEqual(standings)
    await signOn.apply({ accounts: [{ number: jane.number, disabled: false }] })
    expect((await stored(jane.number)).disabledAt).toBeNull()
  })

  test('takes away what it says is null', async ({ signOn, stored, prisma }) => {
    const standings = [{ court: 'ncwd', ends_on: '2030-01-31', since: null }]
    await signOn.apply({ accounts: [{ number: jane.number, family_name: null, standings }] })
    const { id, familyName, givenName } = await stored(jane.number)
    expect([familyName, givenName]).toEqual([null, 'Jane'])
    const where = { accountId_courtId: { accountId: id, courtId: 'ncwd' } }
    expect(await prisma().standing.findUnique({ where })).toMatchObject({
      status: 'active',
      filerId: 'jdoe-ecf',
      sinceOn: null,
      endsOn: new Date('2030-01-31T00:00:00Z'),
    })
  })

  test('takes another address for one that nobody has confirmed', async ({ signOn, stored }) => {
    await signOn.apply({ accounts: [{ number: jane.number, email: 'other@example.com' }] })
    expect((await stored(jane.number)).isEmailVerified).toBe(false)
  })

  test('is refused as a whole where a name is somebody else’s', async ({ dump, run }) => {
    const before = await dump()
    const taken = { number: '7000012', user_type: 'attorney', username: jane.username }
    const { problems } = await run({ accounts: [{ ...nora, given_name: 'New' }, taken] })
    expect(problems).toEqual([expect.stringMatching(/username: is that of account 7123456/)])
    expect(await dump()).toEqual(before)
  })

  test('gives one address to several accounts', async ({ signOn, stored }) => {
    const office = { user_type: 'trustee', email: 'Office@example.com', email_verified: true }
    const accounts = ['7000015', '7000016'].map((number, index) => ({
      ...office,
      number,
      username: `office-mailbox-${index}`,
    }))
    await signOn.apply({ accounts })
    for (const { number } of accounts) {
      expect(await stored(number)).toMatchObject({
        emailCanonical: 'office@example.com',
        isEmailVerified: true,
      })
    }
  })

  test('gives nobody a username that somebody has, or had, or gives up in it', async ({
    signOn,
    dump,
    run,
  }) => {
    const people = ['7000013', '7000014'].map((number, index) => ({
      number,
      user_type: 'attorney',
      username: `swapping-${index}`,
    }))
    await signOn.apply({ accounts: people })
    const swapped = people.map(({ number }, index) => ({
      number,
      username: `swapping-${1 - index}`,
    }))
    const before = await dump()
    expect((await run({ accounts: swapped })).problems).toEqual([
      expect.stringMatching(
        /^f:\d+:\d+: accounts\.0\.username: is that of account 7000014 already$/,
      ),
      expect.stringMatching(
        /^f:\d+:\d+: accounts\.1\.username: is that of account 7000013 already$/,
      ),
    ])
    expect(await dump()).toEqual(before)

    await signOn.apply({ accounts: [{ number: '7000013', username: 'swapped-at-last' }] })
    const { problems } = await run({
      accounts: [
        { number: '7000014', username: 'SWAPPING-0' },
        { number: '7000017', user_type: 'attorney', username: 'swapping-0.new' },
      ],
    })
    expect(problems).toEqual([
      expect.stringMatching(
        /accounts\.0\.username: was that of account 7000013, and is given to nobody else$/,
      ),
    ])
    await signOn.apply({ accounts: [{ number: '7000013', username: 'swapping-0' }] })
  })

  test('is refused as a whole where somebody was faster, without the words of the database', async ({
    signOn,
    stored,
    run,
  }) => {
    const { db } = signOn.services
    const id = (await stored(jane.number)).id as AccountId
    const rename = (username: string) => ({ username, usernameCanonical: username as never })
    const [written, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const faster = inTransaction(
      db,
      async (tx) => {
        await updateAccount(tx, id, rename('wanted-by-two'))
        written.resolve()
        await end.promise
      },
      { milliseconds: 20_000 },
    )
    await written.promise
    const accounts = [{ number: '7000018', user_type: 'attorney', username: 'wanted-by-two' }]
    const slower = run({ accounts })
    // The file was compared with what is stored, and now waits for the other transaction to end.
    await vi.waitFor(async () => {
      const text = `SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'transactionid'`
      expect(await db.query({ name: 'test-waiting', text }, [])).toHaveLength(1)
    })
    end.resolve()
    await faster
    const { problems } = await slower
    expect(problems).toEqual([
      expect.stringMatching(/^f:\d+:\d+: accounts\.0\.username: meets what was saved/),
    ])
    await inTransaction(db, (tx) => updateAccount(tx, id, rename(jane.username)))
  })

  test('names the operator in the audit', async ({ audited, signOn }) => {
    await signOn.apply({ accounts: [{ number: jane.number, given_name: 'Jo' }] })
    const event = (await audited()).at(-1)
    expect(event).toMatchObject({
      event: 'account.changed',
      actorKind: 'operator',
      actorId: 'test',
      detail: { fields: ['givenName'] },
    })
  })

  test('ends the sessions of whom it disables, and enabling revives none', async ({
    audited,
    signOn,
    stored,
  }) => {
    const court = await createCourt(signOn, 'ncwd')
    const browser = createHttpClient()
    await court.signIn(browser, jane.username)
    await signOn.apply({ accounts: [{ number: jane.number, disabled: true }] })
    await signOn.apply({ accounts: [{ number: jane.number, disabled: false }] })
    await expect(court.walkIn(browser)).rejects.toThrow()
    const { id } = await stored(jane.number)
    const where = { accountId: id, event: { in: ['session.ended', 'grant.revoked'] } }
    const events = await audited(undefined, where)
    expect(events.map(({ event, actorId, detail }) => [event, actorId, detail])).toEqual([
      ['session.ended', 'test', { clients: ['ncwd-cmecf'] }],
      ['grant.revoked', 'test', {}],
    ])
  })
})
