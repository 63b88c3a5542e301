import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { notMePurpose, voidLinks } from '../mail/one-use-link.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { Transaction } from '../storage/db.ts'
import { recordEmailChange } from './account-changes.ts'
import { type CanonicalEmail, canonicalEmail } from './email-address.ts'
import { emailChangedMail, oldAddressMail } from './email-change-mails.ts'
import { type AddressFacts, writeConfirmedAddress } from './email-change-store.ts'
import { emailChanged } from './events.ts'
import { noteNewTwins } from './note-new-twins.ts'
import { resetPurpose } from './set-password.ts'

/** An address that somebody who reads its mail has confirmed. */
type ConfirmedAddress = {
  readonly accountId: AccountId
  readonly before: Pick<AddressFacts, 'username' | 'number' | 'email' | 'isEmailVerified'>
  readonly email: string
  /** The row in which it was asked for. */
  readonly change: string
}

/**
 * Makes a confirmed address that of an account that is locked. What was sent to the address before gives
 * nobody anything any more: links for a new password and "This was not me" are void. Both are told.
 */
export async function takeAddress(
  tx: Transaction,
  about: ConfirmedAddress & { readonly before: Pick<AddressFacts, 'emailCanonical'> },
  by: By,
): Promise<void> {
  const { accountId, before } = about
  await putAddress(tx, about, by)
  await voidLinks(tx, accountId, [resetPurpose, notMePurpose])
  const emailCanonical = before.emailCanonical as CanonicalEmail | null
  await noteNewTwins(tx, accountId, { emailCanonical }, by)
}

/** The part of it that is the address: stored, recorded, and told to both. What was sent before is the caller's. */
export async function putAddress(
  tx: Transaction,
  { accountId, before, email: to, change }: ConfirmedAddress,
  by: By,
): Promise<void> {
  await writeConfirmedAddress(tx, accountId, to)
  await recordEvent(tx, emailChanged({ accountId, change, by }))
  const { username, number, email, isEmailVerified } = before
  const facts = { username, number }
  await queueMail(tx, { words: emailChangedMail, to, accountId, facts })
  const isOther = email && canonicalEmail(email) !== canonicalEmail(to)
  if (isOther) await recordEmailChange(tx, accountId, { before: email, after: to })
  // Nobody has said that the one before was the holder's: its reader learns of no account.
  if (isOther && isEmailVerified) {
    await queueMail(tx, { words: oldAddressMail, to: email, accountId, facts, about: { change } })
  }
}
