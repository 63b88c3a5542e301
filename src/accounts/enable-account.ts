import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountEnabled } from './events.ts'
import { enabledMail } from './state-mails.ts'
import { markEnabled } from './state-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Lets an account sign in again. What had ended when it was disabled stays ended. Its holder is told.
 * @returns `not-disabled` where it was not, and then nothing is written.
 */
export async function enableAccount(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<void, 'not-disabled'>> {
  if (!(await markEnabled(tx, accountId))) return refused('not-disabled')
  await recordEvent(tx, accountEnabled({ accountId, by }))
  await tellHolder(tx, await findHolder(tx, accountId), enabledMail, {})
  return ok()
}
