import { findOpenProposal } from '../../accounts/address-proposal-store.ts'
import { closeAccount } from '../../accounts/close-account.ts'
import type { HoldReason } from '../../accounts/hold.ts'
import { listHoldReasons } from '../../accounts/state-store.ts'
import { lockAccount } from '../../accounts/store.ts'
import { byAccount, type Origin } from '../../audit/by.ts'
import { endRequestsOfClosed } from '../../efiling/requests/end-requests.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { listStaffRoles } from '../../staff/store.ts'
import { type Database, inTransaction, type Queryable } from '../../storage/db.ts'

/**
 * Why a holder cannot close an account alone. `several-people`: whoever types the password of a shared
 * account is one of many, and a firm's account pays for others. `staff`: a role would end without anybody
 * who gave it knowing. `held`, `mailbox-lost`: it is not certain yet whose account it is, and nobody can undo a
 * closing.
 */
export type ClosingBar = 'several-people' | 'staff' | 'held' | 'mailbox-lost'

/** Holds under which somebody else still looks into whose account it is, or what happened to it. */
const barringHolds: readonly HoldReason[] = ['recovery', 'support']

/** What stands against closing, as it is now; undefined where its holder can close the account. */
export async function findClosingBar(
  db: Queryable,
  account: { readonly id: AccountId; readonly type: string },
): Promise<ClosingBar | undefined> {
  if (account.type !== 'individual') return 'several-people'
  if ((await listStaffRoles(db, account.id)).length > 0) return 'staff'
  const holds = await listHoldReasons(db, account.id)
  if (holds.some((reason) => barringHolds.includes(reason))) return 'held'
  // Whoever is signed in may not be the one who told support that the mailbox is lost.
  return (await findOpenProposal(db, account.id)) ? 'mailbox-lost' : undefined
}

/**
 * Closes the account of somebody who has just proved to be its holder: for good, with everything that ends
 * with it and the last mail about it, all of it or nothing. Of twenty at once one does it. While the account
 * is looked at nobody gives it a role or holds it.
 */
export async function closeOwnAccount(
  db: Database,
  accountId: AccountId,
  origin: Origin,
): Promise<Outcome<void, ClosingBar | 'already-closed'>> {
  return inTransaction(db, async (tx) => {
    const account = await lockAccount(tx, accountId)
    if (!account || account.state === 'closed') return refused('already-closed')
    const bar = await findClosingBar(tx, { id: accountId, type: account.type })
    if (bar) return refused(bar)
    const by = byAccount(accountId, origin)
    const closed = await closeAccount(tx, accountId, by)
    if (!closed.ok) return refused('already-closed')
    await endRequestsOfClosed(tx, accountId, by)
    return ok()
  })
}
