import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../errors.ts'
import { type Database, isStorageFault, type Statement } from './db.ts'
import { settingProblem } from './faults.ts'

/** The lock that Prisma's own `migrate` takes, so that it and we wait for one another. */
const migrationLock = 72_707_369n

const defaultDirectory = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/**
 * Prisma's bookkeeping, column by column.
 * @see https://github.com/prisma/prisma-engines/blob/main/schema-engine/ARCHITECTURE.md
 */
const createTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`

const findTable: Statement = {
  name: 'migrations-table',
  text: `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
}

const listRecords: Statement = {
  name: 'migrations-list',
  text: `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
}

type Migration = { readonly name: string; readonly sql: string }
type MigrationRecord = { name: string; checksum: string; isFinished: boolean }

/**
 * Brings the database to the newest schema: applies what is not yet applied, in name order, each
 * migration in a transaction of its own together with its record. Of several processes that start at
 * once one applies and the others wait. The records are Prisma's, so `prisma migrate deploy` finds
 * nothing left to do.
 *
 * Migrations that are newer than any of ours and finished are another version's, in the middle of an
 * upgrade, and left alone.
 * @param directory one folder per migration, holding `migration.sql`.
 * @returns the names of the migrations it applied.
 * @throws StartupError when an applied migration was changed or is gone, or when one failed, now or
 *   in an earlier attempt with another tool; also when the settings do not open the database.
 * @throws UnavailableError when the database does not answer.
 */
export async function migrateDatabase(
  db: Database,
  directory = defaultDirectory,
): Promise<readonly string[]> {
  try {
    return await applyMissing(db, readMigrations(directory))
  } catch (error) {
    const problem = settingProblem(error)
    throw problem ? new StartupError([problem]) : error
  }
}

async function applyMissing(
  db: Database,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const pending = async () => findPending(migrations, await readRecords(db))
  if ((await pending())?.length === 0) return []

  return db.withAdvisoryLock(migrationLock, async () => {
    const missing = await pending()
    if (!missing) await db.executeScript(createTable)
    const applied: string[] = []
    for (const migration of missing ?? migrations) {
      await applyMigration(db, migration)
      applied.push(migration.name)
    }
    return applied
  })
}

/** The names of the migrations that the database has not seen yet. */
export async function listPendingMigrations(
  db: Database,
  directory = defaultDirectory,
): Promise<readonly string[]> {
  const migrations = readMigrations(directory)
  const pending = findPending(migrations, await readRecords(db)) ?? migrations
  return pending.map(({ name }) => name)
}

function readMigrations(directory: string): Migration[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({
        name,
        sql: readFileSync(join(directory, name, 'migration.sql'), 'utf8'),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new StartupError([`the migrations cannot be read: ${error}`])
  }
}

/** Undefined where no migration was ever recorded: there is no table yet. */
async function readRecords(db: Database): Promise<MigrationRecord[] | undefined> {
  const [table] = await db.query<{ exists: boolean }>(findTable, [])
  return table?.exists ? db.query<MigrationRecord>(listRecords, []) : undefined
}

/** Those of ours without a record, or undefined where there are no records at all. */
function findPending(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[] | undefined,
): Migration[] | undefined {
  if (!records) return undefined
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const newest = migrations.at(-1)?.name ?? ''
  const problems = records.flatMap(({ name, checksum, isFinished }) => {
    const migration = known.get(name)
    if (!isFinished) return [`migration ${name} is recorded as failed; resolve it by hand first`]
    if (!migration)
      return name > newest ? [] : [`migration ${name} was applied but is missing here`]
    if (checksumsOf(migration.sql).includes(checksum)) return []
    return [`migration ${name} was changed after it was applied`]
  })
  if (problems.length > 0) throw new StartupError(problems)
  const recorded = new Set(records.map((record) => record.name))
  return migrations.filter((migration) => !recorded.has(migration.name))
}

async function applyMigration(db: Database, { name, sql }: Migration): Promise<void> {
  const record = [randomUUID(), checksum(sql), name].map(
    (text) => `'${text.replaceAll("'", "''")}'`,
  )
  try {
    await db.executeScript(`${sql}
;
INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
  VALUES (${record.join(', ')}, clock_timestamp(), 1);`)
  } catch (error) {
    if (isStorageFault(error) || settingProblem(error)) throw error
    throw new StartupError([`migration ${name} failed: ${error}`])
  }
}

function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}

/** As written, and with either line ending: a check-out on Windows is the same migration. */
function checksumsOf(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map(checksum)
}
