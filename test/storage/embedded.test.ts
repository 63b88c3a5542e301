import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { StartupError } from '../../src/errors.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { refusalOf } from '../support/measure.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { silent } from './databases.ts'

function newFolder(): string {
  const folder = temporaryFolder('embedded')
  onTestFinished(() => folder.remove())
  return folder.path
}

const open = (dataDir: string) => openDatabase({ url: undefined, dataDir, poolSize: 1 }, silent)

/** Another process that has the database in `dataDir` open. */
async function startOwner(dataDir: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('migrating-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout!, 'data')
  return child
}

test('keeps what it was told between two starts', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await migrateDatabase(first)
  await first.prisma.rateLimit.create({ data: { key: 'kept' } })
  await first.close()
  const second = await open(folder)
  expect(await migrateDatabase(second)).toEqual([])
  expect(await second.prisma.rateLimit.count()).toBe(1)
  await second.close()
  expect(existsSync(join(folder, 'pglite.lock'))).toBe(false)
})

test('begins anew where a first start was killed before the database was whole', async () => {
  const folder = newFolder()
  const script = fileURLToPath(new URL('migrating-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '', folder], { stdio: 'ignore' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const begun = join(folder, 'pglite', 'base')
  while (!existsSync(begun)) await setImmediate()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(existsSync(join(folder, 'pglite.unfinished'))).toBe(true)

  const db = await open(folder)
  await migrateDatabase(db)
  expect(await db.prisma.rateLimit.count()).toBe(0)
  await db.close()
  expect(existsSync(join(folder, 'pglite.unfinished'))).toBe(false)
})

test('refuses a folder that another process has open, and says which and what to do', async () => {
  const folder = newFolder()
  const owner = await startOwner(folder)
  const { error } = await refusalOf(() => open(folder))
  expect(error).toBeInstanceOf(StartupError)
  const { problems } = error as StartupError
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`${folder} is in use by process ${owner.pid};`)
  expect(problems[0]).toContain('DATABASE_URL')
})

test('takes over the folder of a process that was killed, with what it had committed', async () => {
  const folder = newFolder()
  const owner = await startOwner(folder)
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(existsSync(join(folder, 'pglite.lock'))).toBe(true)
  const db = await open(folder)
  expect(await migrateDatabase(db)).toEqual([])
  await db.close()
})

test('refuses a second database on one folder within a process, and allows it after closing', async () => {
  const folder = newFolder()
  const first = await open(folder)
  expect((await refusalOf(() => open(folder))).error).toBeInstanceOf(StartupError)
  await first.close()
  await (await open(folder)).close()
})

test('takes a lock with its own pid for that of an earlier process, as in a container', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'pglite.lock'), `${process.pid}\n`)
  await (await open(folder)).close()
})

test('refuses a folder that is none', async () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  expect((await refusalOf(() => open(file))).error).toBeInstanceOf(StartupError)
})
