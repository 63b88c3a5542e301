import type { KeyObject } from 'node:crypto'
import { closeAccount } from '../../accounts/close-account.ts'
import { disableAccount } from '../../accounts/disable-account.ts'
import { enableAccount } from '../../accounts/enable-account.ts'
import { holdAccount } from '../../accounts/hold-account.ts'
import { releaseAccount } from '../../accounts/release-account.ts'
import { lockAccount } from '../../accounts/store.ts'
import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { endRequestsOfClosed } from '../../efiling/requests/end-requests.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { forgetFailuresOf } from '../../signin/unlock-account.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { liftedBy, type SupportAct } from './acts.ts'
import { findOpenAlert } from './alert-store.ts'
import { unlockedMail } from './mails.ts'
import { insertNote } from './store.ts'

export type ActDeps = {
  readonly db: Database
  /** That of the stored identifiers. */
  readonly key: KeyObject
}

/** An act with why it is done. */
export type WantedAct = {
  readonly account: { readonly id: AccountId; readonly usernameCanonical: string }
  readonly act: SupportAct
  /** Kept, and shown to support alone. */
  readonly reason: string
}

/** `not-now`: it was done already, or the account is in a state by now in which it cannot be done. */
export type ActRefusal = 'own-account' | 'not-now'

/**
 * Does what support decided about an account: the change with its event, the reason, and the mail to the
 * holder are one transaction. Of twenty at once one is done.
 * @param by who of the PACER Service Center; nobody acts on an account of one's own.
 */
export async function takeAct(
  deps: ActDeps,
  { account, act, reason }: WantedAct,
  staffId: AccountId,
  by: By,
): Promise<Outcome<void, ActRefusal>> {
  if (staffId === account.id) return refused('own-account')
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockAccount(tx, account.id)
    if (!locked || locked.state === 'closed') return refused('not-now')
    if (!(await perform(tx, deps, account, act, by))) return refused('not-now')
    await insertNote(tx, { accountId: account.id, staffId, act, reason })
    return ok()
  })
}

/** @returns false where there was nothing to do. */
async function perform(
  tx: Transaction,
  { key }: ActDeps,
  account: WantedAct['account'],
  act: SupportAct,
  by: By,
): Promise<boolean> {
  const { id } = account
  const lifted = liftedBy(act)
  if (lifted) return (await releaseAccount(tx, id, lifted, by)).ok
  switch (act) {
    case 'hold':
      return (await holdAccount(tx, id, 'support', by)).ok
    case 'disable':
      return (await disableAccount(tx, id, by)).ok
    case 'enable':
      return (await enableAccount(tx, id, by)).ok
    case 'close':
      if (!(await closeAccount(tx, id, by, { isTold: false })).ok) return false
      await endRequestsOfClosed(tx, id, by)
      return true
    case 'answer-alert':
      return (await findOpenAlert(tx, id)) !== undefined
    case 'unlock': {
      if ((await forgetFailuresOf(key)(tx, account, by)) === 0) return false
      await tellHolder(tx, await findHolder(tx, id), unlockedMail, {})
      return true
    }
    default:
      throw new Error(`there is no act ${act}`)
  }
}
