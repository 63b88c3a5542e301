import { randomUUID } from 'node:crypto'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { voidLinks } from '../mail/one-use-link.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { may } from './account-state.ts'
import { canonicalEmail } from './email-address.ts'
import { confirmNewAddressMail, newAddressAskedMail } from './email-change-mails.ts'
import { insertEmailChange, lockAddress, markEmailChangeWithdrawn } from './email-change-store.ts'
import { emailChangeAsked } from './events.ts'
import { emailChangePurpose } from './link-purposes.ts'

export type EmailChangeRefusal =
  /** It is the present address, and confirmed. */
  'same-address' | 'not-possible'

/**
 * Asks for another e-mail address. It is the account's when somebody who is signed in to it has pressed
 * the link that was sent there; until then nothing changes. An earlier one that still waits is withdrawn.
 * Both addresses are told.
 */
export async function askEmailChange(
  tx: Transaction,
  { accountId, email }: { readonly accountId: AccountId; readonly email: string },
  by: By,
): Promise<Outcome<void, EmailChangeRefusal>> {
  const account = await lockAddress(tx, accountId)
  if (!account || !may(account, 'be-written-to')) return refused('not-possible')
  const isSame = account.emailCanonical === canonicalEmail(email)
  if (isSame && account.isEmailVerified) return refused('same-address')
  await markEmailChangeWithdrawn(tx, accountId)
  await voidLinks(tx, accountId, [emailChangePurpose])
  const id = randomUUID()
  await insertEmailChange(tx, { id, accountId, fromEmail: account.email, toEmail: email })
  await recordEvent(tx, emailChangeAsked({ accountId, change: id, by }))
  const { username, number } = account
  const facts = { username, number }
  await queueMail(tx, {
    words: confirmNewAddressMail,
    to: email,
    accountId,
    facts,
    about: { change: id },
  })
  if (account.email && account.isEmailVerified && !isSame) {
    await queueMail(tx, { words: newAddressAskedMail, to: account.email, accountId, facts })
  }
  return ok()
}
