import { execFileSync } from 'node:child_process'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWarning, findWarnings } from '../../src/warnings.ts'
import { createHttpClient, type HttpClient } from '../support/http-client.ts'
import { becomes } from '../support/measure.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { startRedis } from '../support/redis.ts'
import { temporaryFolder, unprivilegedUser } from '../support/server-process.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

let postgres: PostgresServer
let browser: HttpClient

beforeAll(async () => {
  postgres = await startPostgres()
  browser = createHttpClient()
})
afterAll(async () => {
  await browser.stop()
  await postgres.stop()
})

const readiness = async ({ config }: SignOn) => {
  const answer = await browser.get(`http://127.0.0.1:${config.listen.port}/readyz`)
  return { status: answer.status, body: answer.json() }
}

type Line = { level: string; msg?: string; furtherFaults?: number; path?: string }

const linesOf = (signOn: SignOn) =>
  signOn.logLines.map((line) => JSON.parse(line) as Line).filter(({ level }) => level !== 'debug')

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: postgres.url() })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

describe('a database that is away', () => {
  test('is one line at first, however many requests fail, and one when it is back', async () => {
    const url = await postgres.createDatabase()
    const signOn = await startSignOn({ settings: { DATABASE_URL: url } })
    try {
      await postgres.kill()
      const before = linesOf(signOn).length
      // More than two seals, and requests of both kinds.
      for (let round = 0; round < 5; round += 1) {
        await browser.get(`${signOn.issuer}/courts`)
        await delay(500)
      }
      const away = linesOf(signOn)
        .slice(before)
        .filter(({ path }) => path === undefined)
      expect(away.map(({ msg }) => msg)).toEqual(['the database does not answer'])
      await postgres.restart()
      await becomes('back', 10_000, async () =>
        linesOf(signOn).some(({ msg }) => msg === 'the database answers again'),
      )
      const back = linesOf(signOn).find(({ msg }) => msg === 'the database answers again')
      expect(back?.furtherFaults).toBeGreaterThan(0)
    } finally {
      await postgres.restart()
      await signOn.stop()
    }
  })
})

describe('a full disk', () => {
  const isRoot = process.getuid?.() === 0

  // Only the superuser may mount the small disk that is filled here.
  test.runIf(isRoot)(
    'of the database is seen by /readyz, and so is room that was made',
    async () => {
      const owner = unprivilegedUser()
      const folder = temporaryFolder('small-disk', owner)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder.path])
      try {
        if (owner) chownSync(folder.path, owner.uid, owner.gid)
        await onServer(`CREATE TABLESPACE small LOCATION '${folder.path}'`)
        await onServer('CREATE DATABASE on_small_disk TEMPLATE template0 TABLESPACE small')
        const signOn = await startSignOn({
          settings: { DATABASE_URL: postgres.url('on_small_disk') },
        })
        try {
          expect(await readiness(signOn)).toMatchObject({
            status: 200,
            body: { checks: { disk: true } },
          })
          const ballast = join(folder.path, 'ballast')
          expect(() => {
            for (let size = 1; size <= 64; size += 1) {
              writeFileSync(ballast, Buffer.alloc(1024 * 1024), { flag: 'a' })
            }
          }).toThrow('ENOSPC')
          await becomes('not ready', 10_000, async () => (await readiness(signOn)).status === 503)
          expect((await readiness(signOn)).body).toMatchObject({
            checks: { database: true, disk: false },
          })
          writeFileSync(ballast, '')
          await becomes('ready', 10_000, async () => (await readiness(signOn)).status === 200)
        } finally {
          await signOn.stop()
        }
      } finally {
        await onServer('DROP DATABASE IF EXISTS on_small_disk WITH (FORCE)')
        await onServer('DROP TABLESPACE IF EXISTS small')
        execFileSync('umount', [folder.path])
        folder.remove()
      }
    },
    60_000,
  )
})

describe('a full Redis', () => {
  test('is seen by /readyz', async () => {
    const redis = await startRedis()
    const signOn = await startSignOn({ settings: { REDIS_URL: redis.url } })
    try {
      expect((await readiness(signOn)).status).toBe(200)
      await redis.command('config set maxmemory 1')
      expect(await readiness(signOn)).toMatchObject({
        status: 503,
        body: { checks: { redis: false, database: true } },
      })
      await redis.command('config set maxmemory 0')
      expect((await readiness(signOn)).status).toBe(200)
    } finally {
      await signOn.stop()
      await redis.stop()
    }
  })
})

describe('a clock that is not the database’s', () => {
  /** The time of the database, so many seconds away from this machine's. */
  const shiftedTime = (seconds: number) => `CREATE SCHEMA shifted;
    CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
      $$ SELECT pg_catalog.clock_timestamp() + interval '${seconds} seconds' $$`

  test('is said, and past ten seconds nobody is served', async () => {
    const url = new URL(await postgres.createDatabase())
    const client = new Client({ connectionString: url.href })
    await client.connect()
    await client.query(shiftedTime(90))
    await client.query(
      `ALTER DATABASE ${url.pathname.slice(1)} SET search_path = public, shifted, pg_catalog`,
    )
    await client.end()
    const signOn = await startSignOn({
      settings: { DATABASE_URL: url.href, CSO_CLOCK_TOLERANCE: '10' },
    })
    try {
      await becomes('known', 5000, async () => (await readiness(signOn)).status === 503)
      expect((await readiness(signOn)).body).toMatchObject({
        checks: { clock: false, database: true },
      })
      const said = signOn.logLines.filter((line) => line.includes('clock is not the database'))
      expect(JSON.parse(said[0]!)).toMatchObject({ level: 'error', toleranceSeconds: 10 })
      expect(Math.round(JSON.parse(said[0]!).offsetSeconds)).toBe(-90)
      const refused = await browser.get(`${signOn.issuer}/courts`, { accept: 'text/html' })
      expect(refused.status).toBe(503)
      expect(refused.headers['retry-after']).toBeDefined()
      const discovery = `${signOn.issuer}/.well-known/openid-configuration`
      expect((await browser.get(discovery)).status).toBe(200)
      const [, stylesheet] = /href="(\/assets\/[^"]+)"/.exec(refused.text) ?? []
      expect((await browser.get(`${signOn.issuer}${stylesheet}`)).status).toBe(200)
    } finally {
      await signOn.stop()
    }
  })
})

describe('what ends soon', () => {
  test('is in the log and in the warnings of /readyz: secrets and signing keys', async () => {
    const signOn = await startSignOn()
    try {
      const { db, keys } = signOn.services
      const client = (id: string) => ({
        id,
        kind: 'court',
        name: id,
        courts: ['ncwd'],
        secrets: [`${id}-`.padEnd(43, 'x')],
        metadata: {
          redirect_uris: ['https://ecf.ncwd.uscourts.gov/callback'],
          token_endpoint_auth_method: 'client_secret_basic',
        },
      })
      await signOn.apply({ clients: [client('ncwd-old'), client('ncwd-rotating')] })
      const at = new Date()
      expect(await findWarnings(db, keys.signing, at)).toEqual([])
      const inDays = (days: number) => new Date(at.getTime() + days * 86_400_000)
      await db.prisma.clientSecret.updateMany({ data: { expiresAt: inDays(20) } })
      await db.prisma.clientSecret.create({
        data: { clientId: 'ncwd-rotating', digest: 'next', expiresAt: inDays(300) },
      })
      const inTwoMonths = inDays(61)
      const warnings = await findWarnings(db, keys.signing, at)
      expect(warnings).toMatchObject([{ kind: 'client-secret', id: 'ncwd-old' }])
      expect(describeWarning(warnings[0]!, at)).toMatch(
        /^the last secret of the client ncwd-old ends on \d{4}-\d\d-\d\d$/,
      )
      const later = await findWarnings(db, keys.signing, inTwoMonths)
      const ofKeys = later.filter(({ kind }) => kind === 'signing-key').map(({ id }) => id)
      expect(ofKeys.sort()).toEqual(keys.signing.keys.map(({ kid }) => kid).sort())

      // The next process finds it at its start.
      const beside = await startSignOn({ beside: signOn })
      await becomes('warned', 20_000, async () => {
        const { body } = await readiness(beside)
        return (body['warnings'] as string[]).some((warning) => warning.includes('ncwd-old'))
      })
      expect((await readiness(beside)).status).toBe(200)
      const logged = linesOf(beside).filter(({ msg }) => msg?.includes('ncwd-old'))
      expect(logged).toMatchObject([{ level: 'warn' }])
      await beside.stop()
    } finally {
      await signOn.stop()
    }
  })
})

test('a page brings its files with it without a line for each', async () => {
  const signOn = await startSignOn()
  try {
    const page = await browser.get(`${signOn.issuer}/courts`)
    const [, stylesheet] = /href="(\/assets\/[^"]+)"/.exec(page.text) ?? []
    await browser.get(`${signOn.issuer}${stylesheet}`)
    const paths = linesOf(signOn).flatMap(({ path }) => path ?? [])
    expect(paths).toContain('/courts')
    expect(paths).not.toContain(stylesheet)
  } finally {
    await signOn.stop()
  }
})
