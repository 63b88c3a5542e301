import type { Log } from '../log.ts'
import type { Database } from './db.ts'
import { openPostgresDatabase } from './postgres-database.ts'

/**
 * Opens PostgreSQL at `url`, or without one the embedded database in `dataDir`. PostgreSQL is
 * connected to when it is first needed: a process may start before its database does.
 * @throws StartupError when the embedded database cannot be opened.
 */
export async function openDatabase(
  options: { url: string | undefined; dataDir: string; poolSize: number },
  log: Log,
): Promise<Database> {
  if (options.url) return openPostgresDatabase(options.url, options.poolSize, log)
  // Not before it is asked for: it is PostgreSQL once more, in WebAssembly.
  const { openEmbeddedDatabase } = await import('./embedded-database.ts')
  return openEmbeddedDatabase(options.dataDir)
}
