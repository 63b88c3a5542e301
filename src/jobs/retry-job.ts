import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { jobRetried } from './events.ts'
import { reviveJob } from './store.ts'

/**
 * Has a dead job done after all, with as many tries as a new one.
 * @param id a number, as `jobs list` shows it.
 * @returns the name of the job.
 */
export function retryJob(
  db: Database,
  id: string,
  by: By,
): Promise<Outcome<string, 'no-dead-job'>> {
  return inTransaction(db, async (tx) => {
    const name = await reviveJob(tx, id)
    if (name === undefined) return refused('no-dead-job')
    await recordEvent(tx, jobRetried({ id, name, by }))
    return ok(name)
  })
}
