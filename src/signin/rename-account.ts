import type { KeyObject } from 'node:crypto'
import { changeUsername, type UsernameRefusal } from '../accounts/change-username.ts'
import { browserMark, isKnownBrowser, rememberKnownBrowser } from '../accounts/known-browsers.ts'
import type { ChosenUsername } from '../accounts/person/username.ts'
import type { CanonicalUsername } from '../accounts/username.ts'
import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { forgetFailuresBefore } from './unlock-account.ts'

/**
 * Gives an account another username, with what a sign-in knows by the name. Wrong passwords that somebody
 * typed with the new name while it was nobody's are forgotten. Those with the old name stay, so that the answer to it says nothing of the change. The
 * browser in which it is done stays known, if it was; all others are strangers until the next sign-in.
 * @param change.browser the identifier of that browser, where it has one.
 */
export async function renameAccount(
  deps: { readonly db: Database; readonly identifierKey: KeyObject },
  change: {
    readonly accountId: AccountId
    readonly from: CanonicalUsername
    readonly to: ChosenUsername
    readonly browser: string | undefined
  },
  by: By,
): Promise<Outcome<void, UsernameRefusal>> {
  const { db, identifierKey: key } = deps
  const { accountId, browser, from, to } = change
  return inTransaction(db, async (tx) => {
    const isKnown =
      browser !== undefined && (await isKnownBrowser(tx, browserMark(key, browser, from)))
    const changed = await changeUsername(tx, { accountId, from, to }, by)
    if (!changed.ok) return changed
    await forgetFailuresBefore(key)(tx, to.usernameCanonical)
    if (isKnown) {
      await rememberKnownBrowser(tx, browserMark(key, browser, to.usernameCanonical), accountId)
    }
    return ok()
  })
}
