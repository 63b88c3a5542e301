import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountDisabled } from './events.ts'
import { forgetBrowsers, markDisabled } from './store.ts'

/**
 * Lets nobody sign in to an account any more. Who ends its sessions does so in the same transaction.
 * @returns `already-disabled` where it was, and then nothing is written.
 */
export async function disableAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<void, 'already-disabled'>> {
  if (!(await markDisabled(tx, accountId))) return refused('already-disabled')
  await forgetBrowsers(tx, accountId)
  await recordEvent(tx, accountDisabled({ accountId, by }))
  return ok(undefined)
}
