import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { voidLinks } from '../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { lockAddress, markEmailChangeWithdrawn } from './email-change-store.ts'
import { emailChangeWithdrawn } from './events.ts'
import { emailChangePurpose } from './link-purposes.ts'

/** Ends a change of the address that still waits: the link that was sent there is void. */
export async function withdrawEmailChange(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<void, 'none-open'>> {
  await lockAddress(tx, accountId)
  const change = await markEmailChangeWithdrawn(tx, accountId)
  if (change === undefined) return refused('none-open')
  await voidLinks(tx, accountId, [emailChangePurpose])
  await recordEvent(tx, emailChangeWithdrawn({ accountId, change, by }))
  return ok()
}
