import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { dropMails } from '../mail/drop-mails.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Ended } from '../sessions/ended.ts'
import type { Transaction } from '../storage/db.ts'
import { endAllSignIns } from './end-sign-ins.ts'
import { accountClosed } from './events.ts'
import { closedMail } from './state-mails.ts'
import { markClosed } from './state-store.ts'
import { forgetBrowsers } from './store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import { withdrawEmailChange } from './withdraw-email-change.ts'

/**
 * Closes an account for good, and ends its sessions and grants, and another e-mail address that waits to
 * be confirmed. What courts decided stays stored and is held no more; number and username are given to
 * nobody again.
 * @param options.isTold false where its holder has died: nobody is written to, not even what was queued before.
 * @returns how many sessions and grants were alive.
 */
export async function closeAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
  { isTold = true }: { readonly isTold?: boolean } = {},
): Promise<Outcome<Ended, 'unknown-account' | 'already-closed'>> {
  const holder = isTold ? await findHolder(tx, accountId) : undefined
  const closed = await markClosed(tx, accountId)
  if (!closed.ok) return closed
  await forgetBrowsers(tx, accountId)
  // Where none waits there is nothing to withdraw.
  await withdrawEmailChange(tx, accountId, by)
  await recordEvent(tx, accountClosed({ accountId, by }))
  if (isTold) await tellHolder(tx, holder, closedMail, {})
  else await dropMails(tx, accountId)
  return ok(await endAllSignIns(tx, accountId, by))
}
