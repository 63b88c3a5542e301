import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { test as base, describe, expect, inject, onTestFinished } from 'vitest'
import { StartupError, UnavailableError } from '../../src/errors.ts'
import type { Database } from '../../src/storage/db.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { freePort } from '../support/free-port.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { silent } from './databases.ts'
import { engineForPglite, engineForPostgres } from './schema-engine.ts'

const ours = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const ourNames = readdirSync(ours)
  .filter((name) => !name.includes('.'))
  .sort()

/** Each test has an empty PostgreSQL database and a folder of migrations of its own to spoil. */
const test = base.extend<{ url: string; db: Database; folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
  url: async ({}, use) => {
    const url = await createDatabase(inject('postgresUrl'))
    await use(url)
    await dropDatabase(url)
  },
  db: async ({ url }, use) => {
    const db = await openDatabase({ url, dataDir: '', poolSize: 2 }, silent)
    await use(db)
    await db.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
  folder: async ({}, use) => {
    const folder = temporaryFolder('migrations')
    cpSync(ours, folder.path, { recursive: true })
    await use(folder.path)
    folder.remove()
  },
})

function addMigration(folder: string, name: string, sql: string) {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'migration.sql'), sql)
}

async function records(db: Database) {
  return db.query<Record<string, unknown>>(
    { name: 'records', text: 'SELECT * FROM _prisma_migrations ORDER BY started_at' },
    [],
  )
}

describe('migrating PostgreSQL', () => {
  test('gives exactly the tables, types and indexes of prisma/schema', async ({ url, db }) => {
    expect(await migrateDatabase(db)).toEqual(ourNames)
    const engine = await engineForPostgres(url)
    expect(await engine.differences()).toEqual({ missing: '', surplus: '' })
  })

  test('a drift between schema and database would be seen in both directions', async ({
    url,
    db,
  }) => {
    await migrateDatabase(db)
    await db.executeScript('ALTER TABLE courts ADD COLUMN motto text; DROP INDEX sessions_uid_idx')
    const { missing, surplus } = await (await engineForPostgres(url)).differences()
    expect(missing).toContain('CREATE INDEX "sessions_uid_idx"')
    expect(missing).toContain('DROP COLUMN "motto"')
    expect(surplus).toContain('ADD COLUMN     "motto" TEXT')
  })

  test('a drift is seen in a table that Prisma makes no client for', async ({ url, db }) => {
    await migrateDatabase(db)
    await db.executeScript(`ALTER TABLE audit_links ADD COLUMN motto text;
      DROP INDEX short_lived_expires_at_idx; DROP TABLE audit_checkpoints`)
    const { missing } = await (await engineForPostgres(url)).differences()
    expect(missing).toContain('DROP COLUMN "motto"')
    expect(missing).toContain('CREATE INDEX "short_lived_expires_at_idx"')
    expect(missing).toContain('CREATE TABLE "audit_checkpoints"')
  })

  test('leaves nothing for `prisma migrate deploy` to do', async ({ url, db }) => {
    await migrateDatabase(db)
    const engine = await engineForPostgres(url)
    expect(await engine.diagnose()).toEqual({
      editedMigrationNames: [],
      failedMigrationNames: [],
      hasMigrationsTable: true,
      history: null,
    })
    expect(await engine.deploy()).toEqual([])
  })

  test('finds nothing to do where `prisma migrate deploy` was first', async ({ url, db }) => {
    expect(await (await engineForPostgres(url)).deploy()).toEqual(ourNames)
    expect(await migrateDatabase(db)).toEqual([])
  })

  test('records a migration as Prisma does', async ({ db }) => {
    await migrateDatabase(db)
    const other = await createDatabase(inject('postgresUrl'))
    onTestFinished(() => dropDatabase(other))
    await (await engineForPostgres(other)).deploy()
    const theirs = await openDatabase({ url: other, dataDir: '', poolSize: 1 }, silent)
    onTestFinished(() => theirs.close())

    const columns = {
      name: 'columns',
      text: `SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
        FROM information_schema.columns WHERE table_name = '_prisma_migrations'
        ORDER BY ordinal_position`,
    }
    expect(await db.query(columns, [])).toEqual(await theirs.query(columns, []))
    const told = (rows: Record<string, unknown>[]) =>
      rows.map(({ id, started_at, finished_at, ...rest }) => ({
        ...rest,
        idLength: String(id).length,
        isInOrder: (started_at as Date) <= (finished_at as Date),
      }))
    expect(told(await records(db))).toEqual(told(await records(theirs)))
  })

  test('by several processes that start at once happens once', async ({ url, db }) => {
    const script = fileURLToPath(new URL('migrating-process.ts', import.meta.url))
    const migrate = () => promisify(execFile)(process.execPath, [script, url])
    const answers = await Promise.all([migrate(), migrate(), migrate()])
    const applied = answers.map(({ stdout }) => JSON.parse(stdout) as string[])
    expect(applied.sort((a, b) => b.length - a.length)).toEqual([ourNames, [], []])
    expect(await records(db)).toHaveLength(ourNames.length)
  })

  test('keeps the newest refresh token of a family, and the row the release before reads', async ({
    db,
    folder,
  }) => {
    const mine = '20261127010000_refresh_tokens_without_rotation'
    const later = temporaryFolder('later')
    onTestFinished(later.remove)
    for (const name of ourNames.filter((each) => each >= mine)) {
      renameSync(join(folder, name), join(later.path, name))
    }
    await migrateDatabase(db, folder)
    await db.executeScript(`INSERT INTO refresh_tokens (id, newest, payload, expires_at)
      VALUES ('family', 'token', '{"scope":"openid"}', now()), ('used up', NULL, '{}', now())`)
    expect(await migrateDatabase(db)).toContain(mine)
    const rows = {
      name: 'rows',
      text: 'SELECT id, newest, payload FROM refresh_tokens ORDER BY id',
    }
    const payload = { scope: 'openid' }
    expect(await db.query(rows, [])).toEqual([
      { id: 'family', newest: 'token', payload },
      { id: 'token', newest: null, payload },
      { id: 'used up', newest: null, payload: {} },
    ])
  })

  test('waits for another migration that is under way', async ({ db, folder, url }) => {
    addMigration(folder, '29990101000000_slow', 'CREATE TABLE slow (id int); SELECT pg_sleep(2)')
    const second = await openDatabase({ url, dataDir: '', poolSize: 2 }, silent)
    onTestFinished(() => second.close())
    const first = migrateDatabase(db, folder)
    const answers = await Promise.all([first, migrateDatabase(second, folder)])
    expect(answers.map((names) => names.length).sort()).toEqual([0, ourNames.length + 1])
  })

  test('a migration may take longer than a request may', async ({ db, folder }) => {
    addMigration(folder, '29990101000000_slow', 'SELECT pg_sleep(1.5)')
    expect(await migrateDatabase(db, folder)).toContain('29990101000000_slow')
  })

  test('refuses when an applied migration was changed', async ({ db, folder }) => {
    await migrateDatabase(db)
    writeFileSync(join(folder, ourNames[0]!, 'migration.sql'), 'SELECT 1')
    await expect(migrateDatabase(db, folder)).rejects.toThrow(
      new StartupError([`migration ${ourNames[0]} was changed after it was applied`]),
    )
  })

  test('takes the same file with other line endings for the same', async ({ db, folder }) => {
    addMigration(folder, '29990101000000_lines', 'SELECT 1;\nSELECT 2;\n')
    await migrateDatabase(db, folder)
    writeFileSync(join(folder, '29990101000000_lines/migration.sql'), 'SELECT 1;\r\nSELECT 2;\r\n')
    expect(await migrateDatabase(db, folder)).toEqual([])
  })

  test('refuses when an applied migration is missing', async ({ db, folder }) => {
    await migrateDatabase(db)
    renameSync(join(folder, ourNames[0]!), join(folder, '29990101000000_renamed'))
    await expect(migrateDatabase(db, folder)).rejects.toThrow(
      new StartupError([`migration ${ourNames[0]} was applied but is missing here`]),
    )
  })

  test('leaves the finished migrations of a newer version alone', async ({ db, folder }) => {
    addMigration(folder, '29990101000000_newer', 'CREATE TABLE newer (id int)')
    await migrateDatabase(db, folder)
    expect(await migrateDatabase(db)).toEqual([])
  })

  test('refuses when a migration is recorded as failed, known or not', async ({ db }) => {
    await migrateDatabase(db)
    await db.executeScript(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', '2999_newer')`,
    )
    await expect(migrateDatabase(db)).rejects.toThrow(
      new StartupError(['migration 2999_newer is recorded as failed; resolve it by hand first']),
    )
    await db.executeScript(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = '1'`)
    expect(await migrateDatabase(db)).toEqual([])
  })

  test('a migration that fails leaves no trace, and those before it stay', async ({
    db,
    folder,
  }) => {
    addMigration(folder, '29990101000000_wrong', 'CREATE TABLE half (id int); SELECT 1 / 0')
    await expect(migrateDatabase(db, folder)).rejects.toThrow(
      /^migration 29990101000000_wrong failed: error: division by zero$/,
    )
    expect((await records(db)).map((row) => row['migration_name'])).toEqual(ourNames)
    const half = { name: 'half', text: `SELECT to_regclass('half') IS NULL AS "isGone"` }
    expect(await db.query(half, [])).toEqual([{ isGone: true }])
  })

  test('a server that is away is a fault, not a reason to give up starting', async () => {
    const url = `postgresql://postgres@127.0.0.1:${await freePort()}/nothing`
    const db = await openDatabase({ url, dataDir: '', poolSize: 1 }, silent)
    onTestFinished(() => db.close())
    await expect(migrateDatabase(db)).rejects.toThrow(UnavailableError)
  })
})

describe('migrating the embedded database', () => {
  base(
    'gives the schema of prisma/schema, and nothing is left for Prisma to do',
    async () => {
      const folder = temporaryFolder('embedded')
      onTestFinished(() => folder.remove())
      const options = { url: undefined, dataDir: folder.path, poolSize: 1 }
      const db = await openDatabase(options, silent)
      expect(await migrateDatabase(db)).toEqual(ourNames)
      await db.close()

      const pglite = await PGlite.create(join(folder.path, 'pglite'))
      onTestFinished(() => pglite.close())
      const engine = await engineForPglite(pglite)
      expect(await engine.differences()).toEqual({ missing: '', surplus: '' })
      expect(await engine.deploy()).toEqual([])
      expect(await engine.diagnose()).toMatchObject({ editedMigrationNames: [], history: null })
      // On a busy machine both databases take ten seconds each to be made.
    },
    60_000,
  )
})
