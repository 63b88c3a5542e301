import { inject } from 'vitest'
import { createDatabase, dropDatabase, templateName } from './postgres.ts'

/** A migrated database for one test file, on the run's PostgreSQL. */
export async function cloneDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = await createDatabase(inject('postgresUrl'), templateName)
  return { url, drop: () => dropDatabase(url) }
}
