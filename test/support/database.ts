import { hash } from 'node:crypto'
import { inject } from 'vitest'
import type { Queryable, Statement } from '../../src/storage/db.ts'
import { createDatabase, dropDatabase, templateName } from './postgres.ts'

/** A migrated database for one test file, on the run's PostgreSQL. */
export async function cloneDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = await createDatabase(inject('postgresUrl'), templateName)
  return { url, drop: () => dropDatabase(url) }
}

/** Runs SQL, for the tables that Prisma makes no client for. */
export function sql<Row>(
  db: Queryable,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  // A prepared statement's name stands for its text.
  const statement: Statement = { name: `test-${hash('sha256', text).slice(0, 32)}`, text }
  return db.query<Row>(statement, values)
}
