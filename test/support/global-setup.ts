import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { createLog } from '../../src/log.ts'
import { createKeySet, serializeKeySet } from '../../src/signing/key-set.ts'
import type { Database } from '../../src/storage/db.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { makeCertificate } from './certificate.ts'
import { createDatabase, startPostgres, templates } from './postgres.ts'
import { startRedis } from './redis.ts'
import { temporaryFolder } from './server-process.ts'

/**
 * What is made once for the whole run, because a test proves nothing by waiting for it: PostgreSQL with
 * the databases that are copied for every file, Redis, signing keys and a certificate. Returns how to stop it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder('run')
  const [postgres, redis, keys] = await Promise.all([
    startPostgres(),
    startRedis(),
    createKeySet({ isDevelopment: true }),
  ])
  const stop = async () => {
    await Promise.all([postgres.stop(), redis.stop()])
    folder.remove()
  }
  try {
    await makeTemplates(postgres.url())
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', postgres.url())
  project.provide('redisUrl', redis.url)
  project.provide('signingKeys', serializeKeySet(keys))
  project.provide('runFolder', folder.path)
  project.provide('mailCertificate', mailCertificate())
  return stop
}

function mailCertificate() {
  const made = makeCertificate({ withAddress: true })
  const { authority, certificateFile, keyFile } = made
  const [certificate, key] = [certificateFile, keyFile].map((file) => readFileSync(file, 'utf8'))
  made.remove()
  return { authority, certificate: certificate!, key: key! }
}

async function makeTemplates(serverUrl: string): Promise<void> {
  const fill = async (url: string, work: (db: Database) => Promise<unknown>) => {
    const db = await openDatabase({ url, dataDir: '', poolSize: 1 }, createLog('error'))
    try {
      await work(db)
    } finally {
      await db.close()
    }
  }
  const { migrated, withCourts } = templates
  await fill(await createDatabase(serverUrl, 'template0', migrated), migrateDatabase)
  await fill(await createDatabase(serverUrl, migrated, withCourts), loadCourts)
}
