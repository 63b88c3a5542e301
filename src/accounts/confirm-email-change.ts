import type { KeyObject } from 'node:crypto'
import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type DeadLinkFound, findLink, type LinkRefusal, useLink } from '../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import {
  type EmailChange,
  findOpenEmailChange,
  lockAddress,
  markEmailChangeConfirmed,
} from './email-change-store.ts'
import { emailChangePurpose } from './link-purposes.ts'
import { takeAddress } from './take-address.ts'

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
 * Makes the new address the account's, once. The one before is told, and for fourteen days can tell
 * support; it can do nothing else.
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
    await takeAddress(tx, { accountId, before: account, email: toEmail, change: id }, by)
    return ok(toEmail)
  })
}
