import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountReleased } from './events.ts'
import type { HoldReason } from './hold.ts'
import { releasedMail } from './state-mails.ts'
import { findBarring, findHold, markReleased, type StateRefusal } from './state-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Lifts the hold of one reason; the account files again when it was the last one. Its holder is told.
 * @returns `not-held` where it is not held for that reason, and then nothing is written.
 */
export async function releaseAccount(
  tx: Transaction,
  accountId: AccountId,
  reason: HoldReason,
  by: By,
): Promise<Outcome<void, StateRefusal | 'not-held'>> {
  const released = await markReleased(tx, accountId, reason)
  if (!released.ok) return released
  await recordEvent(tx, accountReleased({ accountId, reason, by }))
  const left = (await findHold(tx, accountId)) ?? null
  const barring = (await findBarring(tx, accountId)) ?? null
  await tellHolder(tx, await findHolder(tx, accountId), releasedMail, { reason, left, barring })
  return ok()
}
