import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountHeld } from './events.ts'
import type { HoldReason } from './hold.ts'
import { heldMail } from './state-mails.ts'
import { markHeld, type StateRefusal } from './state-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Holds an account: nobody files with it at any court until each hold is lifted (`releaseAccount`). What
 * courts decided stays, and so do its sessions. Its holder is told.
 * @returns `already-held` where it is held for that reason, and then nothing is written.
 */
export async function holdAccount(
  tx: Transaction,
  accountId: AccountId,
  reason: HoldReason,
  by: By,
): Promise<Outcome<void, StateRefusal | 'already-held'>> {
  const held = await markHeld(tx, accountId, reason)
  if (!held.ok) return held
  await recordEvent(tx, accountHeld({ accountId, reason, by }))
  await tellHolder(tx, await findHolder(tx, accountId), heldMail, { reason })
  return ok()
}
