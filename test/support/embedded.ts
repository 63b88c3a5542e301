import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { createLog } from '../../src/log.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import type { templates } from './postgres.ts'
import { temporaryFolder } from './server-process.ts'

/**
 * A data folder for an embedded database that is migrated already, empty or with the courts: opening a
 * copy takes a fifth of making one. The first to ask for a kind makes what is copied.
 */
export async function copyEmbedded(
  kind: keyof typeof templates,
): Promise<ReturnType<typeof temporaryFolder>> {
  const template = join(inject('runFolder'), kind)
  if (!existsSync(template)) await makeTemplate(template, kind)
  const folder = temporaryFolder('embedded')
  execFileSync('cp', ['-R', `${template}/.`, folder.path])
  return folder
}

async function makeTemplate(path: string, kind: keyof typeof templates): Promise<void> {
  // Under a name of its own until it is whole: another test file may be making one, too.
  const draft = `${path}.${process.pid}`
  mkdirSync(draft)
  const db = await openDatabase({ url: undefined, dataDir: draft, poolSize: 1 }, createLog('error'))
  await migrateDatabase(db)
  if (kind === 'withCourts') await loadCourts(db)
  await db.close()
  try {
    renameSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
    rmSync(draft, { recursive: true })
  }
}
