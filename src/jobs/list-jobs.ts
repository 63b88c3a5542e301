import type { Queryable, Statement } from '../storage/db.ts'

/** A job that comes again. */
export type RecurringState = {
  readonly name: string
  readonly everySeconds: number
  readonly isRunning: boolean
  readonly dueAt: Date
  readonly doneAt: Date | null
  /** How often in a row it failed, and why at last. */
  readonly failures: number
  readonly problem: string | null
}

/** Jobs of one name that were asked for and are not done. */
export type WaitingJobs = {
  readonly name: string
  readonly count: number
  readonly running: number
  /** How many of them have failed before. */
  readonly failed: number
  readonly oldest: Date
}

export type DeadJob = {
  readonly id: string
  readonly name: string
  readonly tries: number
  readonly diedAt: Date
  readonly problem: string
}

const isRunning = 'lease IS NOT NULL AND leased_until > now()'

const selectRecurring: Statement = {
  name: 'jobs-list-recurring',
  text: `SELECT name, every_seconds AS "everySeconds", ${isRunning} AS "isRunning", run_at AS "dueAt",
      done_at AS "doneAt", CASE WHEN problem IS NULL THEN 0 ELSE tries END AS failures, problem
    FROM jobs WHERE every_seconds IS NOT NULL ORDER BY name`,
}

export function listRecurring(db: Queryable): Promise<RecurringState[]> {
  return db.query<RecurringState>(selectRecurring, [])
}

const selectWaiting: Statement = {
  name: 'jobs-list-waiting',
  text: `SELECT name, count(*) AS count, count(*) FILTER (WHERE ${isRunning}) AS running,
      count(problem) AS failed, min(created_at) AS oldest
    FROM jobs WHERE every_seconds IS NULL AND died_at IS NULL GROUP BY name ORDER BY name`,
}

export function listWaiting(db: Queryable): Promise<WaitingJobs[]> {
  return db.query<WaitingJobs>(selectWaiting, [])
}

const selectDead: Statement = {
  name: 'jobs-list-dead',
  text: `SELECT id::text AS id, name, tries, died_at AS "diedAt", problem FROM jobs
    WHERE died_at IS NOT NULL ORDER BY died_at DESC LIMIT $1`,
}

/** Those that died last, the latest first. */
export function listDead(db: Queryable, limit: number): Promise<DeadJob[]> {
  return db.query<DeadJob>(selectDead, [limit])
}
