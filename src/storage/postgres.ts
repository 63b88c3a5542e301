import pg from 'pg'
import type { Log } from '../log.ts'
import { decoders } from './wire-types.ts'

/**
 * A request waits at most this long for PostgreSQL in one operation, the wait for a connection
 * included, so that a hung server is answered for within a second.
 */
const operationMs = 800
const connectMs = 750
/** The server gives up before the client does, so that it does not work for nobody. */
const statementMs = 700
const idleInTransactionMs = 5000

/** A connection that has served an answer lately is kept; one that has not is given back. */
const idleMs = 30_000

export type Counter = { statements: number }

type Callback = (error: Error | null | undefined, ...rest: unknown[]) => void

/**
 * The pool of the requests. Against a plain one:
 * - every statement is counted, Prisma's too;
 * - time spent waiting for a connection is taken off the time its first statement has;
 * - a statement that is not answered in time costs the connection: the driver alone would put it
 *   back into the pool, where the next statement waits behind the one that hangs.
 */
export function openPool(url: string, size: number, counter: Counter, log: Log): pg.Pool {
  class RequestClient extends pg.Client {
    budgetMs = operationMs
    /** What each statement has, until the connection is given back. */
    statementMs = operationMs

    override query(...args: unknown[]): never {
      counter.statements += 1
      const budgetMs = this.budgetMs
      this.budgetMs = this.statementMs
      const timer = setTimeout(() => this.abandon(), budgetMs)
      const last = args.at(-1)
      const send = super.query as (...args: unknown[]) => unknown
      if (typeof last === 'function') {
        const done: Callback = (...answer) => {
          clearTimeout(timer)
          ;(last as Callback)(...answer)
        }
        return send.call(this, ...args.slice(0, -1), done) as never
      }
      const answer = send.call(this, ...args) as Promise<unknown>
      return answer.finally(() => clearTimeout(timer)) as never
    }

    /** Every statement on this connection fails now, and the pool drops it. */
    private abandon(): void {
      const error = Object.assign(new Error('Query read timeout'), {
        code: 'ETIMEDOUT',
        errno: -110,
        syscall: 'read',
      })
      const { stream } = (this as unknown as { connection: { stream: NodeJS.Socket } }).connection
      ;(stream as unknown as { destroy(error: Error): void }).destroy(error)
    }
  }

  class RequestPool extends pg.Pool {
    override connect(callback?: unknown): never {
      const startedAt = performance.now()
      const spend = (client: unknown) => {
        const spentMs = performance.now() - startedAt
        if (!client) return
        const ofPool = client as RequestClient
        ofPool.budgetMs = Math.max(50, operationMs - spentMs)
        ofPool.statementMs = operationMs
      }
      const connect = super.connect as (callback?: Callback) => unknown
      if (typeof callback === 'function') {
        return connect.call(this, (error, client, done) => {
          spend(client)
          ;(callback as Callback)(error, client, done)
        }) as never
      }
      const connecting = connect.call(this) as Promise<pg.PoolClient>
      return connecting.then((client) => {
        spend(client)
        return client
      }) as never
    }
  }

  const pool = new RequestPool({
    connectionString: url,
    application_name: 'central-sign-on',
    max: size,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: idleMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: decoders,
    Client: RequestClient as new () => pg.Client,
  })
  survive(pool, log)
  return pool
}

/** Gives the statements of a connection of the pool so long, until it is given back. */
export function allowStatements(client: pg.PoolClient, milliseconds: number): void {
  const ofPool = client as pg.PoolClient & { budgetMs: number; statementMs: number }
  ofPool.statementMs = milliseconds
  ofPool.budgetMs = milliseconds
}

/**
 * Connections without the time limits of requests, for what takes as long as it takes: migrations,
 * and holding an advisory lock. They are few and never serve a request.
 */
export function openPatientPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'central-sign-on patient',
    max: 8,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  survive(pool, log)
  return pool
}

/** A connection that breaks while nobody waits on it is an event without a listener: a crash. */
function survive(pool: pg.Pool, log: Log): void {
  pool.on('connect', (client) => client.on('error', () => {}))
  // With the server all of them are; that it is away is said by whoever needs it.
  pool.on('error', (error) => log.debug({ error }, 'an idle database connection was lost'))
}
