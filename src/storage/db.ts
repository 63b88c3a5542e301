import { setTimeout as sleep } from 'node:timers/promises'
import { asUnavailable, isWriteConflict } from './faults.ts'
import type { Prisma } from './generated/client.ts'

export { isStorageFault } from './faults.ts'

/** A prepared statement; the name is unique in the program and at most 63 bytes long. */
export type Statement = { readonly name: string; readonly text: string }

/** Prisma's models without its calls for SQL text and for transactions of its own (`$queryRaw`, …). */
type Models = Omit<Prisma.TransactionClient, `$${string}`>

/** Both ways to the tables; which one is used when: docs/decisions/0050-one-transaction-for-both-ways.md. */
type BothWays = {
  readonly prisma: Models
  /**
   * Runs one prepared statement and gives its rows, the same on both databases, inside a transaction
   * and outside. int8 (`count(*)`, too) comes as a number, or as a bigint where it would not be exact;
   * `numeric` as text; `date` as `YYYY-MM-DD`; `timestamptz` as a Date; `bytea` as a Buffer; json
   * parsed; lists of all these as arrays. Of the values a Date is written in UTC, bytes are a Buffer or
   * a Uint8Array, an array is a list of PostgreSQL; json is given as its text.
   * @throws UnavailableError within a second when the database cannot answer; anything else that
   *   PostgreSQL refuses (a constraint, a cast) as the driver's error with its SQLSTATE in `code`.
   */
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
}

/**
 * An open transaction (`inTransaction`); what changes more than one thing takes this and nothing else.
 * Both ways go over its one connection. It is of no use any more when the transaction is over.
 */
export type Transaction = BothWays & { readonly kind: 'transaction' }

/** What a store reads from, or decides in one statement on: the database, or an open transaction. */
export type Queryable = Database | Transaction

/**
 * The database, each call for itself. Inside an open transaction every use of it is an error at once:
 * it would see another state than the transaction, wait for a second connection while it holds one,
 * and on the embedded database, which has one, wait for itself.
 */
export type Database = BothWays & {
  readonly kind: 'postgres' | 'embedded'
  /** @throws UnavailableError when the database does not answer. */
  ping(): Promise<void>
  /** Runs several statements as one transaction, without a time limit: for migrations. */
  executeScript(sql: string): Promise<void>
  /**
   * Runs `work` while no other process (nor another call here) holds the lock `key`, a signed 64-bit
   * number; waits for it as long as it takes. Not re-entrant.
   */
  withAdvisoryLock<T>(key: bigint, work: () => Promise<T>): Promise<T>
  /** The same without waiting: where somebody holds the lock, `work` does not run, and undefined comes. */
  tryAdvisoryLock<T>(key: bigint, work: () => Promise<T>): Promise<T | undefined>
  /**
   * Runs `work` once in a transaction that waits `maxWait` milliseconds for its connection and lasts
   * `timeout`, and each of whose statements has `statement`. For `inTransaction` alone.
   */
  startTransaction<T>(
    work: (tx: Transaction) => Promise<T>,
    limits: {
      readonly maxWait: number
      readonly timeout: number
      readonly statement?: number | undefined
    },
  ): Promise<T>
  /**
   * How many SQL statements were sent for requests, BEGIN and COMMIT included: a test holds the
   * number per operation. Locks and scripts are not counted.
   */
  readonly statementCount: number
  close(): Promise<void>
}

/** So long a transaction waits for its connection, and so long it has. */
const defaultLimits = { maxWait: 900, timeout: 5000 }

/**
 * Runs `work` in one transaction, up to four times when it collides with another one; so `work` does
 * nothing but database work, and all of it through its `tx`. It has five seconds, or as long as it is
 * given, and each statement less than a second; `statementMilliseconds` gives statements, and the time
 * between two, longer, for what nobody waits for at a page. When `work` answers with a refusal (an
 * `Outcome` whose `ok` is false), everything is rolled back and the refusal returned; so what is to
 * remain of a refusal, an audit row, is written afterwards.
 * There is one level: a use case that is a part of another one takes the `Transaction`.
 * @returns the value of `work`; it is committed, unless it is a refusal.
 * @throws what `work` throws, with everything rolled back; UnavailableError when the database fails or
 *   the collisions do not end.
 */
export async function inTransaction<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  limits: { readonly milliseconds?: number; readonly statementMilliseconds?: number } = {},
): Promise<T> {
  const timeout = limits.milliseconds ?? defaultLimits.timeout
  const refusable = async (tx: Transaction) => {
    const value = await work(tx)
    if (isRefusal(value)) throw new Refused(value)
    return value
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const statement = limits.statementMilliseconds
      return await db.startTransaction(refusable, { ...defaultLimits, timeout, statement })
    } catch (error) {
      if (error instanceof Refused) return error.value as T
      if (attempt > 3 || !isWriteConflict(error)) throw asUnavailable(error)
      await sleep(Math.random() * 20 * 2 ** attempt)
    }
  }
}

/** Carries a refusal past Prisma, which rolls back for an error only. */
class Refused extends Error {
  readonly value: unknown

  constructor(value: unknown) {
    super('refused')
    this.value = value
  }
}

function isRefusal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}
