import { now } from '../clock.ts'
import type { Queryable } from '../storage/db.ts'
import { type AccountFacts, isSearchUnused, isSearchUsedToday } from './account.ts'
import { writeSearchUsed } from './state-store.ts'

/**
 * Notes that somebody signed in to search; once a day, since the months count from a day. After six months without it this is not enough: the holder
 * says so (`reactivateSearch`).
 */
export async function noteSearch(
  db: Queryable,
  account: Pick<AccountFacts, 'id' | 'searchUsedAt'>,
): Promise<void> {
  const at = now()
  if (isSearchUsedToday(account, at) || isSearchUnused(account, at)) return
  await writeSearchUsed(db, account.id, at)
}
