import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { type Ended, recordEnded } from './ended.ts'
import { revokeGrantsOfAccount } from './grant-store.ts'
import { markSessionsEnded } from './session-end-store.ts'

/**
 * Ends every session of an account and revokes every grant, each with its audit row: whoever is
 * signed in is signed out everywhere, and no token that is out is good any more.
 * @returns how many were alive.
 */
export async function endAllOfAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Ended> {
  const sessions = await markSessionsEnded(tx, accountId)
  const grants = await revokeGrantsOfAccount(tx, accountId)
  return recordEnded(tx, { sessions, grants }, by)
}
