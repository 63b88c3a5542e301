import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import type { Log } from '../log.ts'
import { asUnavailable, isStorageFault, isWriteConflict } from './faults.ts'
import { type Prisma, PrismaClient } from './generated/client.ts'
import { type Counter, openPatientPool, openPool } from './postgres.ts'
import { createTurns } from './turns.ts'

export { isStorageFault } from './faults.ts'

/** A prepared statement; the name is unique in the program and at most 63 bytes long. */
export type Statement = { readonly name: string; readonly text: string }

/** What a store's function takes where it is called inside a transaction. */
export type Transaction = Prisma.TransactionClient

export type Database = {
  readonly kind: 'postgres' | 'embedded'
  readonly prisma: PrismaClient
  /**
   * Runs one prepared statement and gives its rows. int8 (`count(*)`, too) comes as a number, or as
   * a bigint where it would not be exact; `date` as `YYYY-MM-DD`; `timestamptz` as a Date; `bytea`
   * as bytes; json parsed. On the embedded database it waits for an open transaction to end, so it
   * must not be called from inside one.
   * @throws UnavailableError within a second when the database cannot answer; anything else that
   *   PostgreSQL refuses (a constraint, a cast) as the driver's error with its SQLSTATE in `code`.
   */
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  /** @throws UnavailableError when the database does not answer. */
  ping(): Promise<void>
  /** Runs several statements as one transaction, without a time limit: for migrations. */
  executeScript(sql: string): Promise<void>
  /**
   * Runs `work` while no other process (nor another call here) holds the lock `key`, a signed 64-bit
   * number; waits for it as long as it takes. Not re-entrant.
   */
  withAdvisoryLock<T>(key: bigint, work: () => Promise<T>): Promise<T>
  /**
   * How many SQL statements were sent for requests, BEGIN and COMMIT included: a test holds the
   * number per operation. Locks and scripts are not counted.
   */
  readonly statementCount: number
  close(): Promise<void>
}

const transactionOptions = { maxWait: 900, timeout: 5000 }

/**
 * Opens PostgreSQL at `url`, or without one the embedded database in `dataDir`. PostgreSQL is
 * connected to when it is first needed: a process may start before its database does.
 * @throws StartupError when the embedded database cannot be opened.
 */
export async function openDatabase(
  options: { url: string | undefined; dataDir: string; poolSize: number },
  log: Log,
): Promise<Database> {
  if (options.url) return overPostgres(options.url, options.poolSize, log)
  // Not before it is asked for: it is PostgreSQL once more, in WebAssembly.
  const { openEmbeddedDatabase } = await import('./embedded-database.ts')
  return openEmbeddedDatabase(options.dataDir)
}

/**
 * Runs `work` in one transaction, up to four times when it collides with another one; so `work` does
 * nothing but database work. It has five seconds, or as long as it is given.
 * @throws UnavailableError when the database fails or the collisions do not end.
 */
export async function inTransaction<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  limits: { readonly milliseconds?: number } = {},
): Promise<T> {
  const options = {
    ...transactionOptions,
    timeout: limits.milliseconds ?? transactionOptions.timeout,
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.prisma.$transaction(work, options)
    } catch (error) {
      if (attempt > 3 || !isWriteConflict(error)) throw asUnavailable(error)
      await sleep(Math.random() * 20 * 2 ** attempt)
    }
  }
}

function overPostgres(url: string, poolSize: number, log: Log): Database {
  const counter: Counter = { statements: 0 }
  const pool = openPool(url, poolSize, counter, log)
  const patientPool = openPatientPool(url, log)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' })
  const takeTurn = createTurns()

  // With callbacks, since this is the hottest path there is and each promise in it is one more turn.
  function query<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
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

  return {
    kind: 'postgres',
    prisma,
    query,
    async ping() {
      await query({ name: 'ping', text: 'SELECT 1' }, [])
    },
    async executeScript(sql) {
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
    withAdvisoryLock(key, work) {
      return takeTurn(key, async () => {
        const client = await patientPool.connect().catch((error) => {
          throw asUnavailable(error)
        })
        // Only a connection that is known to hold no lock goes back into the pool.
        let isClean = false
        try {
          await waitForLock(client, key)
          const value = await work()
          return value
        } finally {
          try {
            await askLock(client, 'SELECT pg_advisory_unlock($1) AS done', key)
            isClean = true
          } catch {
            // Closing the connection gives the lock free.
          }
          client.release(!isClean)
        }
      })
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
async function waitForLock(client: pg.PoolClient, key: bigint): Promise<void> {
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    if (await askLock(client, 'SELECT pg_try_advisory_lock($1) AS done', key)) return
    await sleep(pauseMs)
  }
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
