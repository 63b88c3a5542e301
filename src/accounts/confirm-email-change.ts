import type { KeyObject } from 'node:crypto'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import {
  type DeadLinkFound,
  findLink,
  type LinkRefusal,
  notMePurpose,
  useLink,
  voidLinks,
} from '../mail/one-use-link.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { type CanonicalEmail, canonicalEmail } from './email-address.ts'
import { emailChangedMail, oldAddressMail } from './email-change-mails.ts'
import {
  type EmailChange,
  findOpenEmailChange,
  lockAddress,
  markEmailChangeConfirmed,
  writeConfirmedAddress,
} from './email-change-store.ts'
import { emailChanged } from './events.ts'
import { emailChangePurpose } from './link-purposes.ts'
import { noteNewTwins } from './note-new-twins.ts'
import { resetPurpose } from './set-password.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/** `other-account`: of somebody else than who is signed in. `withdrawn`: it waits no more. */
export type EmailLinkRefusal = Exclude<LinkRefusal, 'voided'> | 'other-account' | 'withdrawn'

/** For the page of a link: changes nothing and uses nothing up. */
export async function findEmailChangeLink(
  { db, key }: Deps,
  { accountId, token }: { readonly accountId: AccountId; readonly token: string },
): Promise<Outcome<EmailChange, EmailLinkRefusal>> {
  const link = await findLink(db, key, emailChangePurpose, token)
  if (!link.ok) return refused(reasonOf(link))
  if (link.value.accountId !== accountId) return refused('other-account')
  const open = await findOpenEmailChange(db, accountId)
  return open && open.id === link.value.about['change'] ? ok(open) : refused('withdrawn')
}

function reasonOf({ reason }: DeadLinkFound): EmailLinkRefusal {
  return reason === 'voided' ? 'withdrawn' : reason
}

/**
 * Makes the new address the account's, once. What was sent to the address before gives nobody anything any
 * more: links for a new password and "This was not me" are void. It is told, and for fourteen days can
 * tell support; it can do nothing else.
 */
export async function confirmEmailChange(
  { db, key }: Deps,
  { accountId, token }: { readonly accountId: AccountId; readonly token: string },
  by: By,
): Promise<Outcome<string, EmailLinkRefusal>> {
  const found = await findEmailChangeLink({ db, key }, { accountId, token })
  if (!found.ok) return found
  return inTransaction(db, async (tx) => {
    const account = await lockAddress(tx, accountId)
    if (!account) return refused('unknown')
    const link = await useLink(tx, key, emailChangePurpose, token)
    if (!link.ok) return refused(reasonOf(link))
    const { id, toEmail } = found.value
    if (!(await markEmailChangeConfirmed(tx, id))) return refused('withdrawn')
    await writeConfirmedAddress(tx, accountId, toEmail)
    await voidLinks(tx, accountId, [resetPurpose, notMePurpose])
    await recordEvent(tx, emailChanged({ accountId, change: id, by }))
    const { username, number, email } = account
    const facts = { username, number }
    await queueMail(tx, { words: emailChangedMail, to: toEmail, accountId, facts })
    if (email && canonicalEmail(email) !== canonicalEmail(toEmail)) {
      const about = { change: id }
      await queueMail(tx, { words: oldAddressMail, to: email, accountId, facts, about })
    }
    const emailCanonical = account.emailCanonical as CanonicalEmail | null
    await noteNewTwins(tx, accountId, { emailCanonical }, by)
    return ok(toEmail)
  })
}
