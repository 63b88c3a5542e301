/** Migrates the database of the first argument and prints which migrations it applied, as JSON. */
import { createLog } from '../../src/log.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'

const [url, dataDir = ''] = process.argv.slice(2)
const options = { url: url || undefined, dataDir, poolSize: 2 }
const db = await openDatabase(options, createLog('silent'))
console.log(JSON.stringify(await migrateDatabase(db)))
if (dataDir) {
  // Keeps the folder until it is killed.
  setInterval(() => {}, 1000)
} else {
  await db.close()
}
