import type { KeyObject } from 'node:crypto'
import { byAccount, type Origin } from '../../audit/by.ts'
import {
  type DeadLinkFound,
  findLink,
  type LinkRefusal,
  notMePurpose,
  useLink,
  voidLinks,
} from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { may } from '../account-state.ts'
import {
  type AddressProposal,
  findOpenProposal,
  markProposalEnded,
} from '../address-proposal-store.ts'
import { canonicalEmail } from '../email-address.ts'
import { markEmailChangeWithdrawn } from '../email-change-store.ts'
import { endAllSignIns } from '../end-sign-ins.ts'
import { holdAccount } from '../hold-account.ts'
import { emailChangePurpose, recoveredAddressPurpose } from '../link-purposes.ts'
import { requirePasswordChange } from '../require-password-change.ts'
import { resetPurpose } from '../set-password.ts'
import { forgetBrowsers } from '../store.ts'
import { putAddress } from '../take-address.ts'
import { printResetLink } from './print-reset-link.ts'
import type { RecoverableAccount } from './recovery.ts'
import { findRecoverable, lockRecoverable } from './store.ts'

export type RecoveredAddressDeps = {
  readonly db: Database
  readonly key: KeyObject
  /** Account numbers that were tried with one link. */
  readonly numberTries: Pick<WindowCounter, 'count'>
}

/** So many account numbers are tried with the link to a new address. */
export const numberTries = { points: 5, seconds: 3600 } as const

/** `over`: it was stopped, or the account has had another address or state since. */
export type RecoveredAddressRefusal = Exclude<LinkRefusal, 'voided'> | 'over'

type OpenRecovery = { readonly proposal: AddressProposal; readonly account: RecoverableAccount }

/** For the page of the link: changes nothing and uses nothing up. */
export async function findRecoveredAddress(
  { db, key }: Pick<RecoveredAddressDeps, 'db' | 'key'>,
  token: string,
): Promise<Outcome<OpenRecovery, RecoveredAddressRefusal>> {
  const link = await findLink(db, key, recoveredAddressPurpose, token)
  if (!link.ok) return refused(reasonOf(link))
  const { accountId, about } = link.value
  if (!accountId) return refused('unknown')
  const proposal = await findOpenProposal(db, accountId)
  return stands(proposal, about['proposal'], await findRecoverable(db, accountId))
}

function reasonOf({ reason }: DeadLinkFound): RecoveredAddressRefusal {
  return reason === 'voided' ? 'over' : reason
}

/** The proposal, where it is approved, and the account as it was when it was proposed. */
function stands(
  proposal: AddressProposal | undefined,
  named: string | undefined,
  account: RecoverableAccount | undefined,
): Outcome<OpenRecovery, 'over'> {
  if (!proposal?.approvedAt || proposal.id !== named) return refused('over')
  if (!account || !may(account, 'recover')) return refused('over')
  const from = proposal.fromEmail && canonicalEmail(proposal.fromEmail)
  return account.emailCanonical === from ? ok({ proposal, account }) : refused('over')
}

/**
 * Makes the address that two people of support found right the account's, by a press of its reader who
 * knows the account number. What went before ends: sessions, grants, the password, every link that was sent.
 * The account is held until support has lifted that, so that a mistake of the two files nothing. The
 * former address is told, and for fourteen days can tell support.
 * @returns the path where the new password is chosen.
 */
export async function confirmRecoveredAddress(
  deps: RecoveredAddressDeps,
  { token, number }: { readonly token: string; readonly number: string },
  origin: Origin,
): Promise<
  Outcome<
    { readonly resetPath: string; readonly username: string },
    | { readonly reason: RecoveredAddressRefusal | 'other-number' }
    | { readonly reason: 'too-many'; readonly retryAfterSeconds: number }
  >
> {
  const { db, key } = deps
  const found = await findRecoveredAddress(deps, token)
  if (!found.ok) return refused(found.reason, {})
  const { id: accountId } = found.value.account
  const { retryAfterSeconds } = await deps.numberTries.count(found.value.proposal.id)
  if (retryAfterSeconds !== undefined) return refused('too-many', { retryAfterSeconds })
  if (number !== found.value.account.number) return refused('other-number', {})
  return inTransaction(db, async (tx) => {
    const account = await lockRecoverable(tx, accountId)
    const link = await useLink(tx, key, recoveredAddressPurpose, token)
    if (!link.ok) return refused(reasonOf(link), {})
    const proposal = await findOpenProposal(tx, accountId)
    const open = stands(proposal, link.value.about['proposal'], account)
    if (!open.ok) return refused(open.reason, {})
    if (!(await markProposalEnded(tx, open.value.proposal.id, 'confirmed'))) {
      return refused('over', {})
    }
    await giveBack(tx, open.value, origin)
    const resetPath = await printResetLink(tx, key, accountId)
    return ok({ resetPath, username: open.value.account.username })
  })
}

async function giveBack(
  tx: Transaction,
  { proposal, account }: OpenRecovery,
  origin: Origin,
): Promise<void> {
  const { id: accountId } = account
  const by = byAccount(accountId, origin)
  const { id: change, toEmail: email } = proposal
  await putAddress(tx, { accountId, before: account, email, change }, by)
  // Whoever reads the former mailbox may have chosen the present one.
  await requirePasswordChange(tx, accountId, 'by-mail', by)
  await endAllSignIns(tx, accountId, by)
  await forgetBrowsers(tx, accountId)
  await markEmailChangeWithdrawn(tx, accountId)
  await voidLinks(tx, accountId, [resetPurpose, notMePurpose, emailChangePurpose])
  await holdAccount(tx, accountId, 'recovery', by)
}
