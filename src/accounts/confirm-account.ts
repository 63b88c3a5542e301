import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountConfirmed } from './events.ts'
import { markConfirmed, type StateRefusal } from './state-store.ts'

/**
 * Takes an account that somebody else made as its holder's own, who has shown to read the mail of its
 * address: by the link of the first mail, or by that of a new password.
 */
export async function confirmAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<void, StateRefusal | 'already-confirmed'>> {
  const confirmed = await markConfirmed(tx, accountId)
  if (!confirmed.ok) return confirmed
  await recordEvent(tx, accountConfirmed({ accountId, by }))
  return ok()
}
