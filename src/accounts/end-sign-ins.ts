import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { endAllOfAccount } from '../sessions/end-all-of-account.ts'
import { endOtherSessions } from '../sessions/end-other-sessions.ts'
import type { Ended } from '../sessions/ended.ts'
import type { Transaction } from '../storage/db.ts'
import { raiseSignInStand } from './sign-in-stand.ts'

// The stand comes first: a sign-in that comes to its end in the same moment either waits for it and is
// refused, or has begun a session by then, which ends with the others.

/**
 * Ends every sign-in of an account: sessions and grants, and what is under way with a password that was
 * typed before.
 * @returns how many sessions and grants were alive.
 */
export async function endAllSignIns(tx: Transaction, accountId: AccountId, by: By): Promise<Ended> {
  await raiseSignInStand(tx, accountId)
  return endAllOfAccount(tx, accountId, by)
}

/** The same for all but one session (`endOtherSessions`). */
export async function endOtherSignIns(
  tx: Transaction,
  deps: Parameters<typeof endOtherSessions>[1],
  account: Parameters<typeof endOtherSessions>[2],
  by: By,
): Promise<Ended> {
  await raiseSignInStand(tx, account.id)
  return endOtherSessions(tx, deps, account, by)
}
