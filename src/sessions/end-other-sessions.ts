import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { type Ended, recordEnded } from './ended.ts'
import { revokeGrantsOfAccount } from './grant-store.ts'
import { grantIdsOf, markSessionsEnded } from './session-end-store.ts'
import { findLiveSession } from './session-store.ts'

/**
 * Ends every session of an account but one, and revokes every grant that was not given in that one,
 * each with its audit row: for a person who signs out everywhere else, or has a new password.
 * @param kept the stored uid of the session that goes on; one of somebody else's keeps nothing.
 * @param deps.storedId gives the stored form of a grant's identifier.
 * @returns how many were alive.
 */
export async function endOtherSessions(
  tx: Transaction,
  deps: { storedId(id: string): string },
  account: { readonly id: AccountId; readonly kept: string },
  by: By,
): Promise<Ended> {
  const sessions = await markSessionsEnded(tx, account.id, account.kept)
  const session = await findLiveSession(tx, account.kept)
  const isTheirs = session?.accountId === account.id
  const kept = isTheirs ? grantIdsOf(session).map(deps.storedId) : []
  const grants = await revokeGrantsOfAccount(tx, account.id, kept)
  return recordEnded(tx, { sessions, grants }, by)
}
