import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import type { Log } from '../log.ts'
import type { Database, Statement } from './db.ts'
import { asUnavailable, isStorageFault } from './faults.ts'
import { PrismaClient } from './generated/client.ts'
import { allowStatements, type Counter, openPatientPool, openPool } from './postgres.ts'
import { createTransactions } from './transactions.ts'
import { createTurns } from './turns.ts'

/** PostgreSQL at `url`; it is connected to when it is first needed. */
export function openPostgresDatabase(url: string, poolSize: number, log: Log): Database {
  const counter: Counter = { statements: 0 }
  const pool = openPool(url, poolSize, counter, log)
  const patientPool = openPatientPool(url, log)
  const transactions = createTransactions<pg.PoolClient>(sendOver, allowStatements)
  const adapter = transactions.follow(new PrismaPg(pool))
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' })
  const turns = createTurns()

  // With callbacks, since this is the hottest path there is and each promise in it is one more turn.
  function query<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      transactions.refuseInside()
      const fail = (error: unknown) => reject(asUnavailable(error))
      pool.connect((problem, client, release) => {
        if (problem || !client) return fail(problem)
        client.query({ name, text, values: values as unknown[] }, (error, result) => {
          release(error ? isStorageFault(error) : undefined)
          if (error) fail(error)
          else resolve(result.rows as Row[])
        })
      })
    })
  }

  /** Runs `work` once `lock` has it; where that gives up, nothing runs. */
  async function whileLocked<T>(
    key: bigint,
    lock: (client: pg.PoolClient, key: bigint) => Promise<boolean>,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    const client = await patientPool.connect().catch((error) => {
      throw asUnavailable(error)
    })
    // Only a connection that is known to hold no lock goes back into the pool.
    let isClean = false
    try {
      if (await lock(client, key)) return await work()
      isClean = true
      return undefined
    } finally {
      try {
        if (!isClean) await askLock(client, 'SELECT pg_advisory_unlock($1) AS done', key)
        isClean = true
      } catch {
        // Closing the connection gives the lock free.
      }
      client.release(!isClean)
    }
  }

  return {
    kind: 'postgres',
    get prisma() {
      transactions.refuseInside()
      return prisma
    },
    query,
    startTransaction: transactions.over(prisma),
    async ping() {
      await query({ name: 'ping', text: 'SELECT 1' }, [])
    },
    async executeScript(sql) {
      transactions.refuseInside()
      try {
        await withClient(patientPool, async (client) => {
          await client.query('BEGIN')
          try {
            await client.query(sql)
            await client.query('COMMIT')
          } catch (error) {
            await client.query('ROLLBACK')
            throw error
          }
        })
      } catch (error) {
        throw asUnavailable(error)
      }
    },
    async withAdvisoryLock<T>(key: bigint, work: () => Promise<T>) {
      transactions.refuseInside()
      return turns.take(key, () => whileLocked(key, waitForLock, work) as Promise<T>)
    },
    async tryAdvisoryLock(key, work) {
      transactions.refuseInside()
      return turns.isTaken(key) ? undefined : turns.take(key, () => whileLocked(key, tryLock, work))
    },
    get statementCount() {
      return counter.statements
    },
    async close() {
      await prisma.$disconnect()
      await Promise.all([pool.end(), patientPool.end()])
    },
  }
}

async function sendOver(
  client: pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<unknown[]> {
  return (await client.query({ name, text, values: values as unknown[] })).rows
}

/** A connection survives a refusal by the server, not a fault of its own. */
async function withClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    const value = await work(client)
    client.release()
    return value
  } catch (error) {
    client.release(isStorageFault(error))
    throw error
  }
}

/** Asks again and again instead of blocking, so that a server that hangs is noticed. */
async function waitForLock(client: pg.PoolClient, key: bigint): Promise<true> {
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    if (await tryLock(client, key)) return true
    await sleep(pauseMs)
  }
}

function tryLock(client: pg.PoolClient, key: bigint): Promise<boolean> {
  return askLock(client, 'SELECT pg_try_advisory_lock($1) AS done', key)
}

async function askLock(client: pg.PoolClient, text: string, key: bigint): Promise<boolean> {
  try {
    const config = { text, values: [key.toString()], query_timeout: 2000 }
    const { rows } = await client.query<{ done: boolean }>(config)
    return rows[0]?.done === true
  } catch (error) {
    throw asUnavailable(error)
  }
}
