import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { dayAndTime } from '../time-in-words.ts'
import { accountUpgraded } from './events.ts'
import { accountUpgradedMail } from './mails.ts'
import type { ChosenUsername } from './person/username.ts'
import { twinByUpgradeMail } from './person-mails.ts'
import { reviewTwins } from './review-twins.ts'
import { setPassword } from './set-password.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import { findLikeness, listSame, lockTwins } from './twins.ts'
import { markUpgraded, type UpgradeRefusal } from './upgrade-store.ts'

/**
 * Makes a legacy account an upgraded one, once: with a username and a password of the present rules.
 * Number, history, billing and what courts know of it stay; nobody ever signs in with
 * the old username again, nor gets it. Its holder is told, and a twin is looked at as at a registration.
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
  const holder = await findHolder(tx, accountId)
  await tellHolder(tx, holder, accountUpgradedMail, { at: dayAndTime(now()) })
  // An address that nobody has confirmed says nothing of its holder.
  if (holder) await lookForTwins(tx, accountId, by)
  return ok()
}

/** What it is compared by is there since its forms: as a new account it is held where another is just like it. */
async function lookForTwins(tx: Transaction, accountId: AccountId, by: By): Promise<void> {
  const like = await findLikeness(tx, accountId)
  if (!like) return
  await lockTwins(tx, like)
  const others = await listSame(tx, accountId, like)
  if (others.length > 0) await reviewTwins(tx, { accountId, others, words: twinByUpgradeMail }, by)
}
