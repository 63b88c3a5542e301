import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { mailDropped } from './events.ts'
import { markDropped } from './store.ts'

/**
 * What waits to be sent to an account is not sent any more: what is found when a mail is to be sent is that
 * it was dropped, however long the mail server was away. One that a mail server has in its hands at that
 * moment is not called back.
 */
export async function dropMails(tx: Transaction, accountId: AccountId): Promise<void> {
  for (const { id, kind } of await markDropped(tx, accountId)) {
    await recordEvent(tx, mailDropped({ accountId, id, kind }))
  }
}
