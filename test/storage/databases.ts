import { createLog } from '../../src/log.ts'
import type { Database } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { cloneDatabase } from '../support/database.ts'
import { copyEmbedded } from '../support/embedded.ts'

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
      const { path, remove } = await copyEmbedded('migrated')
      const db = await openDatabase({ url: undefined, dataDir: path, poolSize: 1 }, silent)
      return { db, close: () => db.close().then(remove) }
    },
  },
]
