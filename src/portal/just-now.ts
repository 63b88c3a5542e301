import { findRecentEvent } from '../audit/account-history.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Database } from '../storage/db.ts'

/** A change that is so recent is the one that the person has just made. */
const justNowMilliseconds = 600_000

/** Whether a change of that moment is the one that the person has just made. */
export function isJustNow(at: Date | null | undefined): boolean {
  return at != null && now().getTime() - at.getTime() < justNowMilliseconds
}

/**
 * What the holder has just done, from the audit: a page says that something was changed where that is
 * true, and not because its address says so.
 * @param event the name of it.
 */
export function findJustNow(db: Database, accountId: AccountId, event: string) {
  const since = new Date(now().getTime() - justNowMilliseconds)
  return findRecentEvent(db, accountId, { event, since })
}
