/** Sends the mails of the database of its argument, by the mail server of its environment, until it is killed. */
import { loadConfig } from '../../src/config/config.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { createLog } from '../../src/log.ts'
import { sendMail } from '../../src/mail/send-mail.ts'
import { createSmtpTransport } from '../../src/mail/transport.ts'
import { createOutages } from '../../src/outages.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { issuer, key, notice, reset } from './kinds-of-mail.ts'

const log = createLog('silent')
const db = await openDatabase({ url: process.argv[2]!, dataDir: '', poolSize: 4 }, log)
const sending = sendMail({
  db,
  issuer,
  key,
  transport: createSmtpTransport(loadConfig(process.env).mail!),
  words: [notice, reset],
  markAddressRefused: async () => {},
  markRefusedAtCourt: async () => {},
})
await startWorker(
  db,
  { recurring: [], queued: [sending] },
  { log, outages: createOutages(log, String) },
  { lookEveryMilliseconds: 20, leaseSeconds: 2 },
)
console.log('working')
setInterval(() => {}, 1000)
