/** Works on the database of the first argument, writing each start of a job into `job_starts`, until it is killed. */
import { setTimeout as delay } from 'node:timers/promises'
import { startWorker } from '../../src/jobs/worker.ts'
import { createLog } from '../../src/log.ts'
import { createOutages } from '../../src/outages.ts'
import { openDatabase } from '../../src/storage/open-database.ts'

const [url = '', milliseconds = '0'] = process.argv.slice(2)
const log = createLog('silent')
const db = await openDatabase({ url, dataDir: '', poolSize: 4 }, log)
const note = {
  name: 'test-start',
  text: `INSERT INTO job_starts (n, pid, started_at) VALUES ($1::int, $2::int, clock_timestamp())`,
}
const run = async (payload: unknown) => {
  await db.query(note, [(payload as { n: number }).n, process.pid])
  await delay(Number(milliseconds))
}
await startWorker(
  db,
  { recurring: [], queued: [{ name: 'deliver', tries: 5, run }] },
  { log, outages: createOutages(log, String) },
  { lookEveryMilliseconds: 20, leaseSeconds: 1.5 },
)
console.log('working')
setInterval(() => {}, 1000)
