import type { KeyObject } from 'node:crypto'
import { byAccount, type Origin } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { AccountId } from '../../ids.ts'
import {
  addressMark,
  type DeadLinkFound,
  findLink,
  type LinkRefusal,
  notMePurpose,
  useLink,
  voidLinks,
} from '../../mail/one-use-link.ts'
import { queueMail } from '../../mail/queue-mail.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Ended } from '../../sessions/ended.ts'
import { type Database, inTransaction, type Queryable } from '../../storage/db.ts'
import { may } from '../account-state.ts'
import { markEmailChangeWithdrawn } from '../email-change-store.ts'
import { endAllSignIns } from '../end-sign-ins.ts'
import { notMeReported } from '../events.ts'
import { emailChangePurpose } from '../link-purposes.ts'
import { requirePasswordChange } from '../require-password-change.ts'
import { resetPurpose } from '../set-password.ts'
import { forgetBrowsers } from '../store.ts'
import { afterNotMeMail } from './mails.ts'
import { mailboxOf, type RecoverableAccount, standMark } from './recovery.ts'
import { findRecoverable, lockRecoverable } from './store.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/** `other-address`: the account has another one by now, and the one before can only tell support. */
export type NotMeRefusal = Exclude<LinkRefusal, 'voided'> | 'other-address' | 'not-possible'

/** For the page of the link, which says what it will do: changes nothing and uses nothing up. */
export async function findNotMe(
  { db, key }: Deps,
  token: string,
): Promise<Outcome<RecoverableAccount, NotMeRefusal>> {
  const link = await findLink(db, key, notMePurpose, token)
  if (!link.ok) return refused(await reasonOf(db, key, link))
  const { accountId, about } = link.value
  const account = accountId && (await findRecoverable(db, accountId))
  const whyNot = whyNotFor(key, account, about['to'])
  return account && !whyNot ? ok(account) : refused(whyNot!)
}

/**
 * What is so of the account comes before what became of the link: nobody is told that the account is secured
 * where somebody gave it another address. Only with that a link is voided.
 */
async function reasonOf(db: Queryable, key: KeyObject, dead: DeadLinkFound): Promise<NotMeRefusal> {
  if (dead.reason === 'unknown') return dead.reason
  const { accountId, about } = dead.was
  const account = accountId && (await findRecoverable(db, accountId))
  const whyNot = whyNotFor(key, account, about['to'])
  return whyNot ?? (dead.reason === 'voided' ? 'other-address' : dead.reason)
}

function whyNotFor(
  key: KeyObject,
  account: RecoverableAccount | undefined,
  to: string | undefined,
): 'other-address' | 'not-possible' | undefined {
  if (!account || !may(account, 'recover')) return 'not-possible'
  const mailbox = mailboxOf(account)
  return mailbox && addressMark(key, mailbox) === to ? undefined : 'other-address'
}

/**
 * Whoever reads the mailbox says that somebody else was at the account: every session and every grant
 * ends, the password is forgotten, links that were sent and a change of the address that waits are void, and
 * the way to a new password goes to the mailbox. Rights to file stay as they are: it may have been a helper,
 * on the last day to file.
 * @returns how many sessions and grants were alive, and of which account.
 */
export async function reportNotMe(
  { db, key }: Deps,
  token: string,
  origin: Origin,
): Promise<Outcome<Ended & { readonly accountId: AccountId }, NotMeRefusal>> {
  const found = await findNotMe({ db, key }, token)
  if (!found.ok) return found
  const accountId = found.value.id
  const by = byAccount(accountId, origin)
  return inTransaction(db, async (tx) => {
    const before = await lockRecoverable(tx, accountId)
    const link = await useLink(tx, key, notMePurpose, token)
    if (!link.ok) return refused(await reasonOf(tx, key, link))
    const whyNot = whyNotFor(key, before, link.value.about['to'])
    if (whyNot) return refused(whyNot)
    const notice = link.value.about['notice'] ?? ''
    await recordEvent(tx, notMeReported({ accountId, notice, by }))
    // It may be due already: what counts is that nobody gets in with the present password.
    await requirePasswordChange(tx, accountId, 'by-mail', by)
    const ended = await endAllSignIns(tx, accountId, by)
    await forgetBrowsers(tx, accountId)
    await markEmailChangeWithdrawn(tx, accountId)
    await voidLinks(tx, accountId, [resetPurpose, emailChangePurpose])
    const account = await lockRecoverable(tx, accountId)
    const to = account && mailboxOf(account)
    if (!to) throw new Error('an account is without a mailbox within one transaction')
    const { username, number } = account
    const facts = { username, number }
    const about = { stands: standMark(key, account) }
    await queueMail(tx, { words: afterNotMeMail, to, accountId, facts, about })
    return ok({ ...ended, accountId })
  })
}
