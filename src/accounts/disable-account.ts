import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Ended } from '../sessions/ended.ts'
import type { Transaction } from '../storage/db.ts'
import { endAllSignIns } from './end-sign-ins.ts'
import { accountDisabled } from './events.ts'
import { disabledMail } from './state-mails.ts'
import { markDisabled } from './state-store.ts'
import { forgetBrowsers } from './store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Lets nobody sign in to an account any more, and ends its sessions and grants; its holder is told.
 * @returns how many were alive; `already-disabled` where it was, and then nothing is written.
 */
export async function disableAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<Ended, 'already-disabled'>> {
  if (!(await markDisabled(tx, accountId))) return refused('already-disabled')
  await tellHolder(tx, await findHolder(tx, accountId), disabledMail, {})
  await forgetBrowsers(tx, accountId)
  await recordEvent(tx, accountDisabled({ accountId, by }))
  return ok(await endAllSignIns(tx, accountId, by))
}
