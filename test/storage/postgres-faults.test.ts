import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { UnavailableError } from '../../src/errors.ts'
import { type Database, inTransaction, isStorageFault } from '../../src/storage/db.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { freePort } from '../support/free-port.ts'
import { measured, refusalOf, timeUntil } from '../support/measure.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { silent } from './databases.ts'

const poolSize = 4

let postgres: PostgresServer
let db: Database
beforeAll(async () => {
  postgres = await startPostgres()
  db = await openDatabase({ url: postgres.url(), dataDir: '', poolSize }, silent)
  await migrateDatabase(db)
  // Prisma's query compiler is loaded with its first query, as it is at the start of the server.
  for (const way of Object.values(ways)) await way(db)
})
afterAll(async () => {
  await db?.close()
  await postgres?.stop()
})
beforeEach(async () => {
  const fill = () => Promise.all(Array.from({ length: poolSize }, () => db.ping()))
  // A test that failed may have left it dead.
  await timeUntil(fill, 5000).catch(() => postgres.restart())
  await timeUntil(fill)
})

/** Every way to the database that a request takes. */
const ways: Record<string, (db: Database) => Promise<unknown>> = {
  query: (db) => db.ping(),
  prisma: (db) => db.prisma.court.count(),
  transaction: (db) => inTransaction(db, (tx) => tx.prisma.court.count()),
}

/**
 * More requests than connections, by every way, all refused in time. A timer of ours says how long
 * that is here: it is late where the machine is busy, as the requests' own are.
 */
async function expectRefusedInTime(database: Database, limitMs = 1000) {
  const requests = Object.values(ways).flatMap((way) => [way, way, way])
  const [limit, ...refusals] = await Promise.all([
    measured(limitMs),
    ...requests.map((way) => refusalOf(() => way(database))),
  ])
  for (const { error, milliseconds } of refusals) {
    expect(isStorageFault(error), String(error)).toBe(true)
    expect(milliseconds).toBeLessThan(limit + 150)
  }
  for (const way of [ways['query']!, ways['transaction']!]) {
    const { error } = await refusalOf(() => way(database))
    expect(error).toBeInstanceOf(UnavailableError)
  }
}

/** Backends that were idle outlive the postmaster by the moment they need to notice. */
async function killPostgres() {
  await postgres.kill()
  await timeUntil(() => refusalOf(() => Promise.all(Array.from({ length: 20 }, () => db.ping()))))
}

describe('PostgreSQL that fails', () => {
  test('hangs: everybody is refused within a second, again and again, until it goes on', async () => {
    postgres.pause()
    try {
      await expectRefusedInTime(db)
      await expectRefusedInTime(db)
    } finally {
      postgres.resume()
    }
    expect(await timeUntil(() => db.ping())).toBeLessThan(5000)
    expect(await timeUntil(() => ways['transaction']!(db))).toBeLessThan(5000)
  })

  test('is killed: everybody is refused at once, and served soon after it is back', async () => {
    await killPostgres()
    await expectRefusedInTime(db, 500)
    await postgres.restart()
    expect(await timeUntil(() => db.ping())).toBeLessThan(5000)
    for (const way of Object.values(ways)) await way(db)
  })

  test('is killed in the middle of a transaction: nothing of it is there afterwards', async () => {
    const { error } = await refusalOf(() =>
      inTransaction(db, async (tx) => {
        await tx.prisma.rateLimit.create({ data: { key: 'half' } })
        await postgres.kill()
        await tx.prisma.rateLimit.create({ data: { key: 'whole' } })
      }),
    )
    expect(error).toBeInstanceOf(UnavailableError)
    await postgres.restart()
    await timeUntil(() => db.ping())
    expect(await db.prisma.rateLimit.count()).toBe(0)
  })

  test('a connection that the network forgot is given up for a new one', async () => {
    const proxy = await startFaultProxy(postgres.url())
    const url = `postgresql://postgres@${proxy.host}/postgres`
    const behind = await openDatabase({ url, dataDir: '', poolSize: 1 }, silent)
    onTestFinished(async () => {
      await proxy.pass()
      await behind.close()
      await proxy.stop()
    })
    for (const way of Object.values(ways)) await way(behind)
    const connections = proxy.connectionCount
    await proxy.blackhole()
    for (const way of Object.values(ways)) {
      const [limit, { error, milliseconds }] = await Promise.all([
        measured(1000),
        refusalOf(() => way(behind)),
      ])
      expect(isStorageFault(error)).toBe(true)
      expect(milliseconds).toBeLessThan(limit + 150)
    }
    await proxy.pass()
    expect(await timeUntil(() => behind.ping())).toBeLessThan(5000)
    expect(proxy.connectionCount).toBeGreaterThan(connections)

    await proxy.reset()
    expect((await refusalOf(() => behind.ping())).error).toBeInstanceOf(UnavailableError)
    await proxy.pass()
    expect(await timeUntil(() => behind.ping())).toBeLessThan(5000)
  })

  test('a locked table holds up those who need it, for less than a second, and nobody else', async () => {
    const lock = db.executeScript('LOCK TABLE courts; SELECT pg_sleep(2)')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const text = 'SELECT count(*) FROM courts'
    const blocked = refusalOf(() => db.query({ name: 'blocked', text }, []))
    const startedAt = performance.now()
    await db.query({ name: 'free', text: 'SELECT count(*) FROM accounts' }, [])
    expect(performance.now() - startedAt).toBeLessThan(500)
    const { error, milliseconds } = await blocked
    expect(error).toBeInstanceOf(UnavailableError)
    expect(milliseconds).toBeLessThan(1000)
    await lock
  })

  test('neither the pool nor the server has more connections after all of it', async () => {
    const count = {
      name: 'connections',
      text: `SELECT count(*) AS count FROM pg_stat_activity
        WHERE application_name = 'central-sign-on'`,
    }
    await Promise.all(Array.from({ length: 50 }, () => db.ping()))
    const [row] = await db.query<{ count: number }>(count, [])
    expect(row!.count).toBeLessThanOrEqual(poolSize)
  })

  test('a process may start before it: opening does not fail, and it is found when it comes', async () => {
    const early = await openDatabase(
      { url: `postgresql://postgres@127.0.0.1:${await freePort()}/x`, dataDir: '', poolSize: 1 },
      silent,
    )
    onTestFinished(() => early.close())
    expect((await refusalOf(() => early.ping())).error).toBeInstanceOf(UnavailableError)

    await killPostgres()
    const late = await openDatabase({ url: postgres.url(), dataDir: '', poolSize: 1 }, silent)
    onTestFinished(() => late.close())
    expect((await refusalOf(() => late.ping())).error).toBeInstanceOf(UnavailableError)
    await postgres.restart()
    expect(await timeUntil(() => late.ping())).toBeLessThan(5000)
  })

  test('a lock that waits on a server that hangs is refused, not kept waiting for ever', async () => {
    postgres.pause()
    try {
      const { error } = await refusalOf(() => db.withAdvisoryLock(3n, async () => {}))
      expect(error).toBeInstanceOf(UnavailableError)
    } finally {
      postgres.resume()
    }
    expect(await db.withAdvisoryLock(3n, async () => 'in')).toBe('in')
  })
})
