import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { revokeGrantsOf } from '../sessions/grant-store.ts'
import { endSessionsOf } from '../sessions/session-store.ts'
import type { Transaction } from '../storage/db.ts'
import { grantRevoked, sessionEnded } from './events.ts'

/**
 * Ends every session of an account and revokes every grant, each with its audit row: whoever is
 * signed in is signed out everywhere, and no token that is out is good any more.
 * @returns how many were alive.
 */
export async function endAllOfAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<{ readonly sessions: number; readonly grants: number }> {
  const sessions = await endSessionsOf(tx, accountId)
  for (const clients of sessions) {
    await recordEvent(tx, sessionEnded({ accountId, clients, by }))
  }
  const grants = await revokeGrantsOf(tx, accountId)
  for (const clientId of grants) {
    await recordEvent(tx, grantRevoked({ accountId, clientId, by }))
  }
  return { sessions: sessions.length, grants: grants.length }
}
