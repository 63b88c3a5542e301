import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { dayAndTime } from '../time-in-words.ts'
import { may } from './account-state.ts'
import { usernameChanged } from './events.ts'
import { usernameChangedMail } from './mails.ts'
import type { ChosenUsername } from './person/username.ts'
import { forgetBrowsers } from './store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import type { CanonicalUsername } from './username.ts'
import { findUsernameOwner, lockUsername, writeUsername } from './username-store.ts'

export type UsernameRefusal =
  /** It is, or once was, another account's. */
  | 'username-taken'
  /** It is the present one, however it is written. */
  | 'same-username'
  /** This account had it before: a name that was given up is given to nobody again. */
  | 'had-before'
  /** The account has another one by now than the one that was to be replaced. */
  | 'changed-meanwhile'
  /** A legacy account gets another one with its upgrade; one that nobody signs in to gets none. */
  | 'not-possible'

/**
 * Gives an account another username. The one before opens nothing any more and is nobody's again, also not
 * this account's. Number, sessions, rights and links stay as they are: nothing hangs on the name but the
 * browsers that are known for it, which are strangers until the next sign-in. The holder is told.
 * @param change.from the one that it replaces: of twenty changes at once one is made.
 */
export async function changeUsername(
  tx: Transaction,
  change: {
    readonly accountId: AccountId
    readonly from: CanonicalUsername
    readonly to: ChosenUsername
  },
  by: By,
): Promise<Outcome<void, UsernameRefusal>> {
  const { accountId, from, to } = change
  const account = await lockUsername(tx, accountId)
  if (!account?.isUpgraded || !may(account, 'sign-in')) return refused('not-possible')
  if (account.usernameCanonical !== from) return refused('changed-meanwhile')
  if (account.usernameCanonical === to.usernameCanonical) return refused('same-username')
  const owner = await findUsernameOwner(tx, to.usernameCanonical)
  if (owner) return refused(owner === accountId ? 'had-before' : 'username-taken')
  // With the name of before, which the message names.
  const holder = await findHolder(tx, accountId)
  const written = await writeUsername(tx, accountId, to)
  if (!written.ok) return written
  await forgetBrowsers(tx, accountId)
  await recordEvent(tx, usernameChanged({ accountId, by }))
  await tellHolder(tx, holder, usernameChangedMail, {
    newUsername: to.username,
    at: dayAndTime(now()),
  })
  return ok()
}
