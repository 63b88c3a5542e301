import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { may } from './account-state.ts'
import { recoveredAddressMail } from './address-proposal-mails.ts'
import { type AddressProposal, markApproved } from './address-proposal-store.ts'
import { canonicalEmail } from './email-address.ts'
import { lockAddress } from './email-change-store.ts'
import { addressApproved } from './events.ts'

/**
 * The second person finds a proposal right: its address gets the link that makes it the account's. Until
 * somebody who reads its mail has pressed that, nothing changes. The caller makes sure that it is
 * a second person (`console/support/take-address.ts`).
 * @returns `not-now` where somebody else decided, it waited too long, or the account is another by now.
 */
export async function approveAddress(
  tx: Transaction,
  { proposal, approvedBy }: { readonly proposal: AddressProposal; readonly approvedBy: AccountId },
  by: By,
): Promise<Outcome<void, 'not-now'>> {
  const { id, accountId, fromEmail, toEmail } = proposal
  const account = await lockAddress(tx, accountId)
  if (!account || !may(account, 'recover')) return refused('not-now')
  // Its holder was there, and has changed it.
  if (account.emailCanonical !== (fromEmail && canonicalEmail(fromEmail))) return refused('not-now')
  if (!(await markApproved(tx, id, approvedBy))) return refused('not-now')
  await recordEvent(tx, addressApproved({ accountId, proposal: id, by }))
  await queueMail(tx, {
    words: recoveredAddressMail,
    to: toEmail,
    accountId,
    facts: {},
    about: { proposal: id },
  })
  return ok()
}
