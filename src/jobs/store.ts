import type { Queryable, Statement } from '../storage/db.ts'

// Time is the database's: processes whose clocks differ agree on what is due and whose lease is over.

// What is due does not move for a process that starts, unless the new period ends before.
const upsertRecurring: Statement = {
  name: 'jobs-recurring',
  text: `INSERT INTO jobs AS j (name, every_seconds, run_at)
    SELECT name, seconds, now() + seconds * interval '1 second'
      FROM unnest($1::text[], $2::float8[]) AS given(name, seconds)
    ON CONFLICT (name) WHERE every_seconds IS NOT NULL DO UPDATE
      SET every_seconds = EXCLUDED.every_seconds, run_at = least(j.run_at, EXCLUDED.run_at)
      WHERE j.every_seconds <> EXCLUDED.every_seconds`,
}

/** Sees to it that each of these stands in the table, once; the first run is after a period. */
export async function registerRecurring(
  db: Queryable,
  jobs: readonly { readonly name: string; readonly everySeconds: number }[],
): Promise<void> {
  await db.query(upsertRecurring, [
    jobs.map(({ name }) => name),
    jobs.map(({ everySeconds }) => everySeconds),
  ])
}

// The column has milliseconds, and rounds: what is asked for at once would be due in the next one.
const insertJob: Statement = {
  name: 'jobs-enqueue',
  text: `INSERT INTO jobs (name, payload, run_at)
    VALUES ($1, $2::jsonb, date_trunc('milliseconds', now()) + $3::float8 * interval '1 second')`,
}

/**
 * Asks for work, in the transaction of what makes it necessary: the job is there when that is
 * committed, and not before.
 * @param name of a `QueuedJob` that the processes are started with.
 * @param payload ids; a secret or what a person is called has its place in a table of its owner.
 */
export async function enqueue(
  db: Queryable,
  name: string,
  payload: Readonly<Record<string, unknown>>,
  { afterSeconds = 0 }: { readonly afterSeconds?: number } = {},
): Promise<void> {
  await db.query(insertJob, [name, JSON.stringify(payload), afterSeconds])
}

const insertJobs: Statement = {
  name: 'jobs-enqueue-many',
  text: `INSERT INTO jobs (name, payload, run_at)
    SELECT $1, payload, date_trunc('milliseconds', now()) FROM jsonb_array_elements($2::jsonb) AS given(payload)`,
}

/** The same of many, in one statement. */
export async function enqueueMany(
  db: Queryable,
  name: string,
  payloads: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await db.query(insertJobs, [name, JSON.stringify(payloads)])
}

/** A job in the hands of a process. */
export type TakenJob = {
  readonly id: string
  readonly name: string
  readonly payload: unknown
  /** The try that begins; of a job that comes again, since it was last done. */
  readonly tries: number
  readonly lease: string
}

const takeDue: Statement = {
  name: 'jobs-take',
  text: `WITH due AS MATERIALIZED (SELECT id FROM jobs
      WHERE died_at IS NULL AND run_at <= now() AND name = ANY($1::text[])
        AND (leased_until IS NULL OR leased_until <= now())
      ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    UPDATE jobs j SET tries = tries + 1, lease = gen_random_uuid(),
      leased_until = now() + $3::float8 * interval '1 second'
    FROM due WHERE j.id = due.id
    RETURNING j.id::text AS id, j.name, j.payload, j.tries, j.lease::text AS lease`,
}

/** Takes up to `limit` due jobs of these names; nobody else gets them before the lease is over. */
export function takeJobs(
  db: Queryable,
  names: readonly string[],
  limit: number,
  leaseSeconds: number,
): Promise<TakenJob[]> {
  return db.query<TakenJob>(takeDue, [names, limit, leaseSeconds])
}

// Everything that follows is done by who has the lease: who lost it has nothing more to say.

const extendLease: Statement = {
  name: 'jobs-extend',
  text: `UPDATE jobs SET leased_until = now() + $3::float8 * interval '1 second'
    WHERE id = $1::bigint AND lease = $2::uuid RETURNING 1`,
}

/** @returns whether the job was still in these hands. */
export async function extendJob(
  db: Queryable,
  { id, lease }: TakenJob,
  leaseSeconds: number,
): Promise<boolean> {
  return (await db.query(extendLease, [id, lease, leaseSeconds])).length === 1
}

const removeDone: Statement = {
  name: 'jobs-done',
  text: 'DELETE FROM jobs WHERE id = $1::bigint AND lease = $2::uuid',
}

export async function removeJob(db: Queryable, { id, lease }: TakenJob): Promise<void> {
  await db.query(removeDone, [id, lease])
}

// Counted from when it was due, so that it comes as often as was said; what was missed is not made up for.
const againInTime = `CASE WHEN run_at + every_seconds * interval '1 second' > now()
  THEN run_at + every_seconds * interval '1 second'
  ELSE now() + every_seconds * interval '1 second' END`

const rescheduleDone: Statement = {
  name: 'jobs-again',
  text: `UPDATE jobs SET lease = NULL, leased_until = NULL, run_at = ${againInTime},
      tries = CASE WHEN $3::text IS NULL THEN 0 ELSE tries END, problem = $3::text,
      done_at = CASE WHEN $3::text IS NULL THEN now() ELSE done_at END
    WHERE id = $1::bigint AND lease = $2::uuid`,
}

/** Of a job that comes again: until its next time. @param problem why it failed, if it did. */
export async function rescheduleJob(
  db: Queryable,
  { id, lease }: TakenJob,
  problem?: string,
): Promise<void> {
  await db.query(rescheduleDone, [id, lease, problem])
}

const failTry: Statement = {
  name: 'jobs-failed',
  text: `UPDATE jobs SET lease = NULL, leased_until = NULL, problem = $3,
      run_at = now() + coalesce($4::float8, 0) * interval '1 second',
      died_at = CASE WHEN $4::float8 IS NULL THEN now() END
    WHERE id = $1::bigint AND lease = $2::uuid`,
}

/** @param pauseSeconds until the next try; without it there is none, and the job is dead. */
export async function failJob(
  db: Queryable,
  { id, lease }: TakenJob,
  problem: string,
  pauseSeconds?: number,
): Promise<void> {
  await db.query(failTry, [id, lease, problem, pauseSeconds])
}

const reviveDead: Statement = {
  name: 'jobs-revive',
  text: `UPDATE jobs SET died_at = NULL, tries = 0, run_at = now()
    WHERE id = $1::bigint AND died_at IS NOT NULL RETURNING name`,
}

/** @returns the name of the job; undefined where there is no dead one of that id. */
export async function reviveJob(db: Queryable, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>(reviveDead, [id])
  return row?.name
}
