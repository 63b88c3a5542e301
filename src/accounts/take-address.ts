import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { notMePurpose, voidLinks } from '../mail/one-use-link.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { Transaction } from '../storage/db.ts'
import { type CanonicalEmail, canonicalEmail } from './email-address.ts'
import { emailChangedMail, oldAddressMail } from './email-change-mails.ts'
import { type AddressFacts, writeConfirmedAddress } from './email-change-store.ts'
import { emailChanged } from './events.ts'
import { noteNewTwins } from './note-new-twins.ts'
import { resetPurpose } from './set-password.ts'

/**
 * Makes a confirmed address that of an account that is locked. What was sent to the address before gives
 * nobody anything any more: links for a new password and "This was not me" are void. Both are told.
 * @param about.change the row in which it was asked for.
 */
export async function takeAddress(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly before: AddressFacts
    readonly email: string
    readonly change: string
  },
  by: By,
): Promise<void> {
  const { accountId, before, email: to, change } = about
  await writeConfirmedAddress(tx, accountId, to)
  await voidLinks(tx, accountId, [resetPurpose, notMePurpose])
  await recordEvent(tx, emailChanged({ accountId, change, by }))
  const { username, number, email, isEmailVerified } = before
  const facts = { username, number }
  await queueMail(tx, { words: emailChangedMail, to, accountId, facts })
  const isOther = email && canonicalEmail(email) !== canonicalEmail(to)
  // Nobody has said that the one before was the holder's: its reader learns of no account.
  if (isOther && isEmailVerified) {
    await queueMail(tx, { words: oldAddressMail, to: email, accountId, facts, about: { change } })
  }
  const emailCanonical = before.emailCanonical as CanonicalEmail | null
  await noteNewTwins(tx, accountId, { emailCanonical }, by)
}
