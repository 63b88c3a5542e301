import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { passwordRequired } from './events.ts'
import { passwordRequiredMail } from './state-mails.ts'
import { markPasswordRequired, type StateRefusal } from './state-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Makes a new password due; rights and sessions stay as they are, and the caller ends those that have to.
 * @param chosen `at-sign-in`: whoever knows the present password chooses; `by-mail`: it is forgotten at
 *   once, since somebody else may know it, and only the mailbox lets anybody in.
 */
export async function requirePasswordChange(
  tx: Transaction,
  accountId: AccountId,
  chosen: 'at-sign-in' | 'by-mail',
  by: By,
): Promise<Outcome<void, StateRefusal | 'already-required'>> {
  const required = await markPasswordRequired(tx, accountId, chosen === 'by-mail')
  if (!required.ok) return required
  await recordEvent(tx, passwordRequired({ accountId, chosen, by }))
  // By mail: the message with the way to the new password is the caller's.
  if (chosen === 'at-sign-in') {
    await tellHolder(tx, await findHolder(tx, accountId), passwordRequiredMail, {})
  }
  return ok()
}
