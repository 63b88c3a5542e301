import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { createKeyFiles } from '../../src/cli/keys.ts'
import { makeCertificate } from '../support/certificate.ts'
import { cloneDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { nobodysMail } from '../support/mail-server.ts'
import { newKeyPrefix, startTlsRedis } from '../support/redis.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { runSignOn, type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'
import {
  production as wellFormed,
  wrongInProduction,
  wrongSettings,
} from '../support/wrong-settings.ts'

const configurationError = 78
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

let folder: ReturnType<typeof temporaryFolder>
let database: Awaited<ReturnType<typeof cloneDatabase>>
let clearDatabase: typeof database
let signingKeys: string
let secrets: string
let production: Record<string, string>

beforeAll(async () => {
  folder = temporaryFolder('start')
  ;[database, clearDatabase] = [await cloneDatabase(), await cloneDatabase()]
  const files = await createKeyFiles(join(folder.path, 'keys'))
  signingKeys = files.signingKeys.path
  secrets = files.secrets.path
  production = {
    CSO_ENVIRONMENT: 'production',
    CSO_ISSUER: 'https://login.test',
    CSO_TRUSTED_PROXIES: '127.0.0.0/8',
    ...nobodysMail,
    CSO_SIGNING_KEYS_FILE: signingKeys,
    CSO_SECRETS_FILE: secrets,
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
  }
})
afterAll(async () => {
  await Promise.all([database.drop(), clearDatabase.drop()])
  folder.remove()
})

/** Ends it as an operator does; its exit code. */
async function stop(child: SignOnProcess): Promise<number | string> {
  child.signal('SIGTERM')
  return child.exited
}

const linesOf = (text: string) => text.split('\n').filter(Boolean)

/** Refused processes are measured one after the other; of several runs the median. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/**
 * A second, in milliseconds; on a machine that is busy with something else as much longer as a bare
 * Node takes to start there (a twentieth of a second where nothing else runs).
 */
function aSecond(): number {
  const bare = [1, 2, 3].map(() => {
    const startedAt = performance.now()
    spawnSync(process.execPath, ['--eval', ''])
    return performance.now() - startedAt
  })
  return Math.max(1000, 20 * median(bare))
}

describe('a configuration with mistakes', () => {
  const cases = [
    ...wrongSettings.map(([what, settings, problem]) => ({ what, settings, problems: [problem] })),
    ...wrongInProduction.map(([what, settings, problem]) => ({
      what: `in production ${what}`,
      settings: { ...wellFormed, ...settings },
      problems: [problem],
    })),
    {
      what: 'several mistakes at once',
      settings: {
        CSO_ENVIRONMENT: 'production',
        CSO_CONFORMANCE: 'on',
        CSO_PORT: 'hunter2',
        CSO_SECERTS: 'hunter2',
        REDIS_URL: 'http://:hunter2@redis.test',
      },
      problems: [
        'CSO_PORT: ',
        'REDIS_URL: ',
        'CSO_SECERTS: is not a known setting',
        'CSO_ISSUER: ',
        'CSO_CONFORMANCE: ',
        'DATABASE_URL: ',
        'CSO_MAIL_URL: ',
        'CSO_SIGNING_KEYS_FILE: ',
        'CSO_SECRETS_FILE: ',
      ],
    },
  ]
  const times: number[] = []

  test.each(cases)('$what: exits 78, names it and shows no value', async (wrong) => {
    const { code, stdout, stderr, milliseconds } = await runSignOn(wrong.settings)
    expect(code).toBe(configurationError)
    expect(linesOf(stderr)).toEqual(
      wrong.problems.map((problem) => expect.stringContaining(`cannot start: ${problem}`)),
    )
    expect(stdout + stderr).not.toMatch(/hunter2/i)
    times.push(milliseconds)
  })

  test('is told within a second', () => {
    expect(times.length).toBeGreaterThanOrEqual(20)
    console.log(
      `${times.length} wrong configurations: refused after ${Math.round(median(times))} ms ` +
        `(median), ${Math.round(Math.max(...times))} ms at most`,
    )
    expect(median(times)).toBeLessThan(aSecond())
  })

  test.each([
    ['migrate'],
    ['apply', 'prisma/development.yaml'],
    ['audit', 'verify'],
    ['keys', 'list'],
  ])('the command line refuses it as well: %s', async (...args) => {
    const runs = []
    for (let run = 0; run < 3; run += 1) {
      runs.push(await runSignOn({ CSO_PORT: 'hunter2' }, ['src/cli/main.ts', ...args]))
    }
    for (const { code, stdout, stderr } of runs) {
      expect(code).toBe(configurationError)
      expect(linesOf(stderr)).toEqual([expect.stringContaining('cannot start: CSO_PORT: ')])
      expect(stdout + stderr).not.toContain('hunter2')
    }
    expect(median(runs.map(({ milliseconds }) => milliseconds))).toBeLessThan(aSecond())
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
  const times: number[] = []
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
    times.push(milliseconds)
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
  })

  test('are told within a second', () => {
    expect(times.length).toBeGreaterThan(0)
    expect(median(times)).toBeLessThan(aSecond())
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
    expect(await answer.json()).toEqual({ status: 'ok', version: manifest.version })
    expect(await stop(child)).toBe(0)
    expect(child.stderr()).toBe('')
  })

  test('production trusts the authority in NODE_EXTRA_CA_CERTS, and so its Redis over TLS', async () => {
    const certificate = makeCertificate({ withAddress: true })
    const redis = await startTlsRedis(certificate)
    onTestFinished(async () => {
      await redis.stop()
      certificate.remove()
    })
    const { child } = await measured({
      ...production,
      REDIS_URL: `rediss://127.0.0.1:${redis.tlsPort}`,
      NODE_EXTRA_CA_CERTS: certificate.authorityFile,
    })
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

  test('another installation’s secrets and issuer are refused before anybody is served', async () => {
    const { child } = await measured(production)
    expect(await stop(child)).toBe(0)
    const other = await createKeyFiles(join(folder.path, 'other-keys'))
    const { code, stderr } = await runSignOn({
      ...production,
      CSO_ISSUER: 'https://other.test',
      CSO_SECRETS_FILE: other.secrets.path,
    })
    expect(code).toBe(configurationError)
    expect(linesOf(stderr)).toEqual([
      'cannot start: CSO_ISSUER: this database belongs to https://login.test',
      expect.stringContaining('secrets: master is not the one'),
      expect.stringContaining('secrets: no key of cookies'),
      expect.stringMatching(/secrets: the pepper p-[0-9a-f]{16} is missing/),
      expect.stringMatching(/secrets: the sealing key s-[0-9a-f]{16} is missing/),
      expect.stringContaining('npm run cli -- keys accept'),
    ])
  })

  /** The same over plain http, which production refuses; with a database of its own, for its issuer. */
  const inTheClear = (port: number) => ({
    ...production,
    DATABASE_URL: clearDatabase.url,
    CSO_ENVIRONMENT: 'development',
    CSO_ISSUER: `http://localhost:${port}`,
  })

  test('SIGTERM answers what is under way, takes nothing new, and exits 0', async () => {
    const port = await freePort()
    const { child } = await startSignOnProcess(inTheClear(port), port)
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
