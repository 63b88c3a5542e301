import { createLog } from '../../src/log.ts'
import { type Database, openDatabase } from '../../src/storage/db.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { cloneDatabase } from '../support/database.ts'

export const silent = createLog('silent')

type Opened = { db: Database; close(): Promise<void> }

/** The two kinds of database under the same code: what holds for one must hold for the other. */
export const kinds: readonly { kind: Database['kind']; open(): Promise<Opened> }[] = [
  {
    kind: 'postgres',
    async open() {
      const { url, drop } = await cloneDatabase()
      const db = await openDatabase({ url, dataDir: '', poolSize: 4 }, silent)
      return { db, close: () => db.close().then(drop) }
    },
  },
  {
    kind: 'embedded',
    async open() {
      const db = await openDatabase({ url: undefined, dataDir: ':memory:', poolSize: 1 }, silent)
      await migrateDatabase(db)
      return { db, close: () => db.close() }
    },
  },
]

/** How long `work` took, in milliseconds, and what it was refused with. */
export async function refusalOf(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  try {
    await work()
  } catch (error) {
    return { error, milliseconds: performance.now() - startedAt }
  }
  throw new Error('it was not refused')
}

/** Milliseconds until `work` first succeeds. */
export async function timeUntil(work: () => Promise<unknown>, giveUpMs = 15_000): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    try {
      await work()
      return performance.now() - startedAt
    } catch (error) {
      if (performance.now() - startedAt > giveUpMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** What `milliseconds` come to on this machine now: a timer is as late as everything else here. */
export async function measured(milliseconds: number): Promise<number> {
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  return performance.now() - startedAt
}
