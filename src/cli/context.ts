import type { Config } from '../config/config.ts'
import { createLog } from '../log.ts'
import { prepareDatabase } from '../services.ts'
import type { Keys } from '../signing/key-store.ts'
import type { Database } from '../storage/db.ts'
import { listPendingMigrations } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open-database.ts'

/** What the commands on the database work with; most return the exit code. */
export type Context = { readonly config: Config; readonly keys: Keys; readonly db: Database }

/**
 * Opens the database and closes it after the work: `prepared` brings it to this release before, for
 * `as it is` it must be there already, since who only asks does not migrate.
 */
export async function withDatabase<Answer>(
  config: Config,
  keys: Keys,
  state: 'prepared' | 'as it is',
  work: (context: Context) => Promise<Answer>,
): Promise<Answer> {
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    if (state === 'prepared') await prepareDatabase(db, config, keys)
    else if ((await listPendingMigrations(db)).length > 0) {
      throw new Error('The database is not at this release. First: npm run cli -- migrate')
    }
    return await work({ config, keys, db })
  } finally {
    await db.close()
  }
}

/** Rows as columns of the same width. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

export function dayText(date: Date): string {
  return date.toISOString().slice(0, 10)
}
