import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { accountUpgraded } from './events.ts'
import type { ChosenUsername } from './person/username.ts'
import { setPassword } from './set-password.ts'
import { markUpgraded, type UpgradeRefusal } from './store.ts'

/**
 * Makes a legacy account an upgraded one, once: with a username and a password of the present rules.
 * Number, history, billing and what courts know of it stay; nobody ever signs in with
 * the old username again, nor gets it.
 * @param upgrade.hash the stored form of the password, computed before the transaction.
 * Source: https://www.pacer.gov/announcements/general/improvements.html
 */
export async function upgradeAccount(
  tx: Transaction,
  upgrade: {
    readonly accountId: AccountId
    readonly username: ChosenUsername
    readonly hash: string
  },
  by: By,
): Promise<Outcome<void, UpgradeRefusal>> {
  const { accountId, username, hash } = upgrade
  const marked = await markUpgraded(tx, accountId, username)
  if (!marked.ok) return marked
  await recordEvent(tx, accountUpgraded({ accountId, by }))
  const set = await setPassword(tx, { accountId, hash, why: 'upgraded' }, by)
  if (!set.ok) return refused('not-legacy')
  return ok()
}
