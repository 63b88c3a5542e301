import { now } from '../clock.ts'
import type { Database, Statement } from '../storage/db.ts'
import type { RecurringJob } from './job.ts'

/** What of a table is past its time: stands with the slice that owns the table. */
export type SweepRule = {
  readonly table: string
  /** The columns of its key, as SQL. */
  readonly key: string
  /** A condition as SQL; `$1` is the moment of the sweep. */
  readonly isOver: string
}

/** Rows deleted by one statement: well within the time that a statement has. */
const batchSize = 500

const sweepEverySeconds = 60

/** A row that a request is just changing is skipped; the next sweep finds it if it is still due. */
function deleteBatch({ table, key, isOver }: SweepRule): Statement {
  return {
    name: `sweep-${table}`,
    text: `WITH due AS MATERIALIZED (SELECT ${key} FROM ${table}
        WHERE ${isOver} LIMIT ${batchSize} FOR UPDATE SKIP LOCKED),
      gone AS (DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM due) RETURNING 1)
      SELECT count(*) AS count FROM gone`,
  }
}

/**
 * Deletes what is past its time at `at`, in small batches, so that it never holds up a request.
 * @returns how many rows went.
 */
export async function sweepTable(db: Database, rule: SweepRule, at: Date): Promise<number> {
  const statement = deleteBatch(rule)
  let gone = 0
  for (;;) {
    const [row] = await db.query<{ count: number }>(statement, [at])
    const count = row?.count ?? 0
    gone += count
    if (count < batchSize) return gone
  }
}

/** A job for each table, so that one that fails shows by itself and keeps the others. */
export function sweepingJobs(db: Database, rules: readonly SweepRule[]): RecurringJob[] {
  return rules.map((rule) => ({
    name: `sweep-${rule.table.replaceAll('_', '-')}`,
    everySeconds: sweepEverySeconds,
    run: () => sweepTable(db, rule, now()),
  }))
}
