import type { TestProject } from 'vitest/node'
import { createLog } from '../../src/log.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { createDatabase, startPostgres, templateName } from './postgres.ts'
import { startRedis } from './redis.ts'

/** One PostgreSQL and one Redis for the whole run; returns how to stop them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const stop = async () => {
    await Promise.all([postgres.stop(), redis.stop()])
  }
  try {
    const url = await createDatabase(postgres.url(), 'template0', templateName)
    const db = await openDatabase({ url, dataDir: '', poolSize: 1 }, createLog('error'))
    try {
      await migrateDatabase(db)
    } finally {
      await db.close()
    }
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', postgres.url())
  project.provide('redisUrl', redis.url)
  return stop
}
