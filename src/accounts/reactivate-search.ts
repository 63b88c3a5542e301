import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { searchStatusOf } from './account.ts'
import { may } from './account-state.ts'
import { searchReactivated } from './events.ts'
import { lockSearch, writeSearchUsed } from './state-store.ts'

/** `state`: no account in its state searches. `switched-off`: billing is not arranged, which its holder cannot mend here. */
export type ReactivationRefusal = 'unknown-account' | 'state' | 'switched-off' | 'already-active'

/** Lets an account search again that nobody searched with for six months. Filing never depends on it. */
export async function reactivateSearch(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<Outcome<void, ReactivationRefusal>> {
  const account = await lockSearch(tx, accountId)
  if (!account) return refused('unknown-account')
  if (!may(account, 'search')) return refused('state')
  if (account.searchStatus === 'inactive') return refused('switched-off')
  const at = now()
  if (searchStatusOf(account, at) === 'active') return refused('already-active')
  await writeSearchUsed(tx, accountId, at)
  await recordEvent(tx, searchReactivated({ accountId, by }))
  return ok()
}
