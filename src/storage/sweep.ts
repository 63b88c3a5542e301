import { now } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Outages } from '../outages.ts'
import { type Database, isStorageFault, type Statement } from './db.ts'

/** Rows deleted by one statement: well within the time that a statement has. */
const batchSize = 500

/** One process sweeps a batch at a time; another that comes along leaves it alone. */
const sweepLock = 0x7377656570

/** What is past its time, per table; `$1` is the moment of the sweep. */
const rules = {
  // A refresh token lives at most twelve hours and asks whether its session was ended.
  sessions: { key: 'id', isOver: `expires_at < $1::timestamptz - interval '12 hours'` },
  grants: { key: 'id', isOver: 'expires_at < $1::timestamptz' },
  refresh_tokens: { key: 'id', isOver: 'expires_at < $1::timestamptz' },
  short_lived: { key: 'model, id', isOver: 'expires_at < $1::timestamptz' },
  // A session lives at most twelve hours; the day leaves room.
  redaction_acknowledgements: {
    key: 'session_uid',
    isOver: `acknowledged_at < $1::timestamptz - interval '24 hours'`,
  },
  known_browsers: {
    key: 'mark',
    isOver: `last_used_at < $1::timestamptz - interval '180 days'`,
  },
  // A hundred failures in a row disable the password until somebody unlocks it; that is never forgotten.
  sign_in_failures: {
    key: 'subject',
    isOver: `updated_at < $1::timestamptz - interval '24 hours'
      AND (locked_until IS NULL OR locked_until < $1::timestamptz) AND failures < 100`,
  },
  // Milliseconds since 1970, as rate-limiter-flexible writes them.
  rate_limits: {
    key: 'key',
    isOver: `expire < floor(extract(epoch FROM $1::timestamptz) * 1000)`,
  },
} as const

export type SweptTable = keyof typeof rules

const tables = Object.keys(rules) as SweptTable[]

/** A row that a request is just changing is skipped; the next sweep finds it if it is still due. */
function deleteBatch(table: SweptTable): Statement {
  const { key, isOver } = rules[table]
  return {
    name: `sweep-${table}`,
    text: `WITH gate AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${sweepLock}) AS is_open),
      due AS MATERIALIZED (SELECT ${key} FROM ${table}
        WHERE (SELECT is_open FROM gate) AND ${isOver} LIMIT ${batchSize} FOR UPDATE SKIP LOCKED),
      gone AS (DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM due) RETURNING 1)
      SELECT count(*) AS count FROM gone`,
  }
}

/**
 * Deletes everything that is past its time at `at`, in small batches, so that it never holds up a
 * request. Several processes may do it at once.
 * @returns how many rows went, per table.
 */
export async function sweepOnce(db: Database, at: Date): Promise<Record<SweptTable, number>> {
  const counts = {} as Record<SweptTable, number>
  for (const table of tables) {
    counts[table] = 0
    const statement = deleteBatch(table)
    for (;;) {
      const [row] = await db.query<{ count: number }>(statement, [at])
      const count = row?.count ?? 0
      counts[table] += count
      if (count < batchSize) break
    }
  }
  return counts
}

export type Sweeper = { stop(): Promise<void> }

/** Sweeps every `everySeconds`, the first time after a part of that, and tries again after a fault. */
export function startSweeper(
  db: Database,
  { log, outages }: { log: Log; outages: Outages },
  { everySeconds }: { everySeconds: number },
): Sweeper {
  let timer: NodeJS.Timeout
  let sweeping: Promise<void> = Promise.resolve()
  let isStopped = false

  const sweep = async () => {
    try {
      await sweepOnce(db, now())
    } catch (error) {
      if (isStopped && isStorageFault(error)) return
      if (isStorageFault(error)) outages.note(error)
      else log.warn({ error }, 'expired rows were not swept; trying again later')
    } finally {
      wait(everySeconds)
    }
  }
  const wait = (seconds: number) => {
    if (isStopped) return
    timer = setTimeout(() => {
      sweeping = sweep()
    }, seconds * 1000)
    timer.unref()
  }
  // Processes that start together do not sweep together.
  wait(everySeconds * Math.random())

  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await sweeping
    },
  }
}
