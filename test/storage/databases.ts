import { createLog } from '../../src/log.ts'
import type { Database } from '../../src/storage/db.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
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
