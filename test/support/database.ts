import { hash } from 'node:crypto'
import { inject } from 'vitest'
import type { Queryable, Statement } from '../../src/storage/db.ts'
import { createDatabase, dropDatabase, templates } from './postgres.ts'

/** A database for one test file, on the run's PostgreSQL. */
export async function cloneDatabase(
  kind: keyof typeof templates = 'migrated',
): Promise<{ url: string; drop(): Promise<void> }> {
  const url = await createDatabase(inject('postgresUrl'), templates[kind])
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
