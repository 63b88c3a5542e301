import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm'
import { Pool, types } from 'pg'
import { PrismaPGlite } from 'pglite-prisma-adapter'

const root = fileURLToPath(new URL('../..', import.meta.url))
const migrationsDirectory = join(root, 'prisma/migrations')
const schemaDirectory = join(root, 'prisma/schema')
const schemaFiles = readdirSync(schemaDirectory).map((path) => ({
  path,
  content: readFileSync(join(schemaDirectory, path), 'utf8'),
}))
const filters = { externalTables: [], externalEnums: [] }
const everything = { tag: 'schemaDatamodel' as const, files: schemaFiles }
// The engine takes the database from its adapter; the schema only names its kind.
const database = { tag: 'schemaDatasource' as const, files: schemaFiles, configDir: root }

/** What Prisma's own engine, without the command line that downloads it, says of a database. */
export type SchemaEngine = {
  /** SQL from the database to `prisma/schema`, and back; '' where they agree. */
  differences(): Promise<{ missing: string; surplus: string }>
  /** As `prisma migrate deploy`: the names of the migrations that it applied. */
  deploy(): Promise<string[]>
  /** As `prisma migrate status`. */
  diagnose(): Promise<engine.DiagnoseMigrationHistoryOutput>
}

export function engineForPostgres(url: string): Promise<SchemaEngine> {
  return openEngine(new PrismaPg({ connectionString: url, max: 2 }))
}

export function engineForPglite(pglite: PGlite): Promise<SchemaEngine> {
  return openEngine(new PrismaPGlite(pglite))
}

async function openEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  const adapter = bindMigrationAwareSqlAdapterFactory(forTheEngine(factory))
  const schemas = {
    datamodels: schemaFiles.map(({ path, content }): [string, string] => [path, content]),
  }
  const instance = await engine.SchemaEngine.new(schemas, () => {}, adapter)
  const migrationsList = readMigrations()
  const diff = async (from: engine.DiffTarget, to: engine.DiffTarget) => {
    const options = { from, to, script: true, shadowDatabaseUrl: null, exitCode: null, filters }
    const { stdout } = await instance.diff(options)
    return (stdout ?? '').replace(/^-- This is an empty migration\.$/m, '').trim()
  }
  return {
    async differences() {
      return {
        missing: await diff(database, everything),
        surplus: await diff(everything, database),
      }
    },
    async deploy() {
      return (await instance.applyMigrations({ migrationsList, filters })).appliedMigrationNames
    },
    diagnose: () =>
      instance.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
  }
}

/**
 * Neither adapter says which schema it works in unless it is told, and the engine asks. The one for
 * PostgreSQL does not know the one-letter type of the system catalogues, and the engine reads it;
 * and it cuts a script at every semicolon, where Prisma's own command line sends it whole.
 */
function forTheEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
): SqlMigrationAwareDriverAdapterFactory {
  type Answer = { fields: { dataTypeID: number }[]; rows: object }
  const complete = (adapter: SqlDriverAdapter) => {
    adapter.getConnectionInfo = () => ({ schemaName: 'public', supportsRelationJoins: true })
    const letters = new WeakMap<object, boolean[]>()
    const inner = adapter as unknown as { performIO(query: unknown): Promise<Answer> }
    const performIO = inner.performIO.bind(adapter)
    inner.performIO = async (query) => {
      const { fields, rows, ...rest } = await performIO(query)
      const isLetter = fields.map((field) => field.dataTypeID === types.builtins.CHAR)
      letters.set(rows, isLetter)
      const readable = fields.map((field, index) =>
        isLetter[index] ? { ...field, dataTypeID: types.builtins.TEXT } : field,
      )
      return { ...rest, fields: readable, rows }
    }
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const answer = await queryRaw(query)
      const columnTypes = answer.columnTypes.map((type, index) =>
        letters.get(answer.rows)?.[index] ? ColumnTypeEnum.Character : type,
      )
      return { ...answer, columnTypes }
    }
    const pool = (adapter as { underlyingDriver?(): unknown }).underlyingDriver?.()
    if (pool instanceof Pool) {
      adapter.executeScript = async (script) => {
        await pool.query(script)
      }
    }
    return adapter
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => complete(await factory.connect()),
    connectToShadowDb: async () => complete(await factory.connectToShadowDb()),
  }
}

function readMigrations(): engine.MigrationList {
  return {
    baseDir: migrationsDirectory,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(join(migrationsDirectory, 'migration_lock.toml'), 'utf8'),
    },
    migrationDirectories: readdirSync(migrationsDirectory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: readFileSync(join(migrationsDirectory, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    shadowDbInitScript: '',
  }
}
