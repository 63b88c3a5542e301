import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createKeyFiles } from '../../src/cli/keys.ts'
import { cloneDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { runSignOn, type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'

const configurationError = 78

let folder: ReturnType<typeof temporaryFolder>
let database: Awaited<ReturnType<typeof cloneDatabase>>
let signingKeys: string
let secrets: string
let production: Record<string, string>

beforeAll(async () => {
  folder = temporaryFolder('start')
  database = await cloneDatabase()
  ;[signingKeys = '', secrets = ''] = await createKeyFiles(join(folder.path, 'keys'))
  production = {
    CSO_ENVIRONMENT: 'production',
    CSO_ISSUER: 'https://login.test',
    CSO_TRUSTED_PROXIES: '127.0.0.0/8',
    CSO_SIGNING_KEYS_FILE: signingKeys,
    CSO_SECRETS_FILE: secrets,
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
  }
})
afterAll(async () => {
  await database.drop()
  folder.remove()
})

/** Ends it as an operator does; its exit code. */
async function stop(child: SignOnProcess): Promise<number | string> {
  child.signal('SIGTERM')
  return child.exited
}

const linesOf = (text: string) => text.split('\n').filter(Boolean)

describe('a configuration with mistakes', () => {
  const cases: Record<
    string,
    { settings: Record<string, string>; named: string[]; secret?: string }
  > = {
    'an unknown name': { settings: { CSO_ISUER: 'http://localhost:1' }, named: ['CSO_ISUER'] },
    'an issuer with a path': {
      settings: { CSO_ISSUER: 'https://login.test/sso' },
      named: ['CSO_ISSUER'],
    },
    'an http issuer outside loopback': {
      settings: { CSO_ISSUER: 'http://login.test' },
      named: ['CSO_ISSUER'],
    },
    'numbers that are none': {
      settings: { CSO_PORT: '99999', CSO_DATABASE_POOL: 'many', CSO_PASSWORD_QUEUE: '0' },
      named: ['CSO_PORT', 'CSO_DATABASE_POOL', 'CSO_PASSWORD_QUEUE'],
    },
    'limits and networks that cannot be read': {
      settings: { CSO_LIMIT_PAGES_PER_ADDRESS: '20 per minute', CSO_TRUSTED_PROXIES: 'proxy.test' },
      named: ['CSO_LIMIT_PAGES_PER_ADDRESS', 'CSO_TRUSTED_PROXIES'],
    },
    'addresses of stores that are of another kind': {
      settings: {
        DATABASE_URL: 'mysql://cso:hunter2-database@db.test/cso',
        REDIS_URL: 'http://:hunter2-database@redis.test',
      },
      named: ['DATABASE_URL', 'REDIS_URL'],
      secret: 'hunter2-database',
    },
    'production without anything of its own': {
      settings: { CSO_ENVIRONMENT: 'production', CSO_CONFORMANCE: 'on' },
      named: [
        'CSO_ISSUER',
        'CSO_CONFORMANCE',
        'DATABASE_URL',
        'CSO_SIGNING_KEYS_FILE',
        'CSO_SECRETS_FILE',
      ],
    },
    'production with the benchmark’s stub': {
      settings: { CSO_ENVIRONMENT: 'production', CSO_BENCHMARK_STUB_PASSWORDS: 'on' },
      named: ['CSO_BENCHMARK_STUB_PASSWORDS'],
    },
  }

  test.each(Object.entries(cases))('%s: exits 78 naming every problem', async (_, expected) => {
    const { code, stdout, stderr, milliseconds } = await runSignOn(expected.settings)
    expect(code).toBe(configurationError)
    const lines = linesOf(stderr)
    for (const line of lines) expect(line).toMatch(/^cannot start: [A-Z_]+: /)
    for (const name of expected.named) {
      expect(
        lines.some((line) => line.startsWith(`cannot start: ${name}: `)),
        name,
      ).toBe(true)
    }
    if (expected.secret) expect(stdout + stderr).not.toContain(expected.secret)
    expect(milliseconds).toBeLessThan(5000)
  })

  test('secrets in variables that cannot be read are named and never shown', async () => {
    const secret = 'c2VjcmV0LW9mLXRoZS10ZXN0LXRoYXQtaXMtbm90LWEta2V5'
    const { code, stdout, stderr } = await runSignOn({
      ...production,
      CSO_SECRETS: `{"master":"${secret}"}`,
      CSO_SIGNING_KEYS: `{"keys":[{"kty":"EC","d":"${secret}"}]}`,
    })
    expect(code).toBe(configurationError)
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/^cannot start: the signing keys in the environment: is not a private/),
      expect.stringMatching(/^cannot start: the secrets in the environment: needs master, cookies/),
    ])
    expect(stdout + stderr).not.toContain(secret)
  })
})

describe('signing keys that cannot be used', () => {
  const withoutD = ({ d: _, ...publicKey }: Record<string, string>) => publicKey
  const withKeys = (text: string | undefined, mode = 0o600) => {
    const path = join(folder.path, `keys-${Math.random().toString(36).slice(2)}.json`)
    if (text !== undefined) {
      writeFileSync(path, text)
      chmodSync(path, mode)
    }
    return path
  }
  const good = () => readFileSync(signingKeys, 'utf8')
  const changed = (
    change: (file: { development: boolean; keys: Record<string, string>[] }) => void,
  ) => {
    const file = JSON.parse(good())
    change(file)
    return JSON.stringify(file)
  }

  test.each([
    ['missing', () => withKeys(undefined), 'does not exist'],
    ['empty', () => withKeys(''), 'is not JSON'],
    ['cut short', () => withKeys(good().slice(0, 400)), 'is not JSON'],
    [
      'of public keys',
      () => withKeys(changed((file) => Object.assign(file, { keys: file.keys.map(withoutD) }))),
      'is not a private JSON Web Key Set with kid, alg and use on every key',
    ],
    [
      'damaged inside a key',
      () => withKeys(changed((file) => Object.assign(file.keys[0]!, { x: 'AAAA' }))),
      /^key \S+: is corrupt$/,
    ],
    [
      'without a key for RS256',
      () => withKeys(changed((file) => file.keys.pop())),
      'has no RS256 key',
    ],
    [
      'readable by everyone',
      () => withKeys(good(), 0o644),
      'can be read by everyone on this machine; allow only its owner (chmod 600)',
    ],
    [
      'made for development',
      () => withKeys(changed((file) => Object.assign(file, { development: true }))),
      'was made for development and is refused in production',
    ],
  ] as const)('%s: one clear line and exit 78', async (_, make, problem) => {
    const path = make()
    const { code, stdout, stderr, milliseconds } = await runSignOn({
      ...production,
      CSO_SIGNING_KEYS_FILE: path,
    })
    expect(code).toBe(configurationError)
    const [line = '', ...others] = linesOf(stderr)
    expect(others).toEqual([])
    const prefix = `cannot start: signing keys file ${path}: `
    expect(line.startsWith(prefix), line).toBe(true)
    const said = line.slice(prefix.length)
    if (typeof problem === 'string') expect(said).toBe(problem)
    else expect(said).toMatch(problem)
    const [key] = JSON.parse(good()).keys
    expect(stdout + stderr).not.toContain(key.d)
    expect(milliseconds).toBeLessThan(5000)
  })

  test('secrets that everyone can read are refused as well', async () => {
    const path = join(folder.path, 'open-secrets.json')
    cpSync(secrets, path)
    chmodSync(path, 0o644)
    const { code, stderr } = await runSignOn({ ...production, CSO_SECRETS_FILE: path })
    expect(code).toBe(configurationError)
    expect(linesOf(stderr)).toEqual([
      `cannot start: secrets file ${path}: can be read by everyone on this machine; ` +
        'allow only its owner (chmod 600)',
    ])
  })

  test('in development they are made at the first start, for their owner only, and kept', async () => {
    const settings = {
      CSO_KEYS_DIR: join(folder.path, 'first-start'),
      CSO_DATA_DIR: ':memory:',
    }
    const port = await freePort()
    const started = { ...settings, CSO_ISSUER: `http://localhost:${port}` }
    const first = await startSignOnProcess(started, port)
    const before = readFileSync(join(settings.CSO_KEYS_DIR, 'signing-keys.json'), 'utf8')
    expect(readdirSync(settings.CSO_KEYS_DIR).sort()).toEqual(['secrets.json', 'signing-keys.json'])
    expect(await stop(first.child)).toBe(0)
    const second = await startSignOnProcess(started, port)
    expect(readFileSync(join(settings.CSO_KEYS_DIR, 'signing-keys.json'), 'utf8')).toBe(before)
    expect(await stop(second.child)).toBe(0)
  }, 90_000)
})

describe('starting and stopping', () => {
  const measured = async (settings: Record<string, string>) => {
    const port = await freePort()
    const { child, milliseconds } = await startSignOnProcess(settings, port)
    return { child, milliseconds: Math.round(milliseconds) }
  }

  test('production on PostgreSQL and Redis starts with its own keys', async () => {
    const { child, milliseconds } = await measured(production)
    console.log(`start to first answer on PostgreSQL: ${milliseconds} ms`)
    const answer = await fetch(`http://127.0.0.1:${child.port}/healthz`)
    expect(await answer.json()).toEqual({ status: 'ok' })
    expect(await stop(child)).toBe(0)
    expect(child.stderr()).toBe('')
  })

  test('the embedded database starts on an empty folder, and again on its own files', async () => {
    const dataDir = join(folder.path, 'embedded')
    mkdirSync(dataDir)
    const settings = {
      CSO_KEYS_DIR: join(folder.path, 'embedded-keys'),
      CSO_DATA_DIR: dataDir,
    }
    const first = await measured(settings)
    expect(await stop(first.child)).toBe(0)
    const second = await measured(settings)
    console.log(
      `start to first answer on the embedded database: ${first.milliseconds} ms with keys and ` +
        `database made, ${second.milliseconds} ms afterwards`,
    )

    const refused = await runSignOn({ ...settings, CSO_PORT: String(await freePort()) })
    expect(refused.code).toBe(configurationError)
    expect(linesOf(refused.stderr)).toEqual([
      expect.stringContaining(
        `cannot start: the data folder ${dataDir} is in use by process ${second.child.pid}`,
      ),
    ])
    // The refused process left the one that runs alone.
    const answer = await fetch(`http://127.0.0.1:${second.child.port}/readyz`)
    expect(answer.status).toBe(200)

    second.child.signal('SIGKILL')
    expect(await second.child.exited).toBe('SIGKILL')
    const third = await measured(settings)
    expect(await stop(third.child)).toBe(0)
  }, 90_000)

  test('a port that is taken is said in one line, and the process does not stay', async () => {
    const { child } = await measured(production)
    const { code, stderr } = await runSignOn({ ...production, CSO_PORT: String(child.port) })
    expect(code).toBe(configurationError)
    expect(linesOf(stderr)).toEqual([
      `cannot start: CSO_HOST, CSO_PORT: 127.0.0.1:${child.port} cannot be listened on (EADDRINUSE)`,
    ])
    expect(await stop(child)).toBe(0)
  })

  test('SIGTERM answers what is under way, takes nothing new, and exits 0', async () => {
    const port = await freePort()
    const settings = {
      ...production,
      CSO_ENVIRONMENT: 'development',
      CSO_ISSUER: `http://localhost:${port}`,
    }
    const { child } = await startSignOnProcess(settings, port)
    const body = 'grant_type=authorization_code'
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    socket.write(
      `POST /oidc/token HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: ${body.length}\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\n\r\n${body.slice(0, 10)}`,
    )
    // A second connection that was used and is kept open must not hold the end up.
    await fetch(`http://127.0.0.1:${port}/healthz`).then((each) => each.text())
    child.signal('SIGTERM')
    await expect.poll(() => child.stdout()).toContain('no new connections')
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()

    const finishedAt = performance.now()
    socket.write(body.slice(10))
    await ended
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /)
    expect(answer).toMatch(/invalid_client|invalid_request/)
    expect(await child.exited).toBe(0)
    expect(performance.now() - finishedAt).toBeLessThan(3000)
    expect(child.stdout()).toContain('"msg":"stopped"')
    expect(child.stderr()).toBe('')
  })
})
