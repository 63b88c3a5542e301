import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import { listNewestGoLivePlans } from '../../courts/go-live-store.ts'
import type { RecurringJob } from '../../jobs/job.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { oldPasswordsErased } from '../events.ts'
import { erasePasswordsOf } from '../imported/store.ts'
import { atEachCourt } from './each-court.ts'

/** A court has a hundred thousand accounts at most. */
const longestMilliseconds = 60_000

/**
 * The job that erases the hashes of a court's old passwords once nobody links by them any more: all of a court
 * at once, with one audit row that says how many. What is imported with a hash later goes within the minute.
 */
export function eraseOldPasswords(db: Database): RecurringJob {
  return { name: 'erase-old-passwords', everySeconds: 60, run: () => eraseClosed(db, now()) }
}

async function eraseClosed(db: Database, at: Date): Promise<void> {
  await atEachCourt(await listNewestGoLivePlans(db), async (courtId, { legacyClosesAt }) => {
    if (!legacyClosesAt || legacyClosesAt > at) return
    await inTransaction(
      db,
      async (tx) => {
        const count = await erasePasswordsOf(tx, courtId)
        if (count > 0) await recordEvent(tx, oldPasswordsErased({ courtId, count }))
      },
      { milliseconds: longestMilliseconds },
    )
  })
}
