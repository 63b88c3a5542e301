import type { KeyObject } from 'node:crypto'
import type { CanonicalUsername } from '../accounts/username.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { accountUnlocked } from './events.ts'
import { failureSubject, forgetFailures } from './store.ts'

/** As much of an account as its failures are known by. */
type FailingAccount = { readonly id: AccountId; readonly usernameCanonical: string }

/**
 * Forgets the wrong passwords of an account, in the transaction of what makes them void: a new password
 * through the mailbox.
 * @param key that of the stored identifiers (`secrets.identifiers`).
 * @returns how many in a row there were; nothing is written where there were none.
 */
export function forgetFailuresOf(key: KeyObject) {
  return async (tx: Transaction, account: FailingAccount, by: By): Promise<number> => {
    const failures = await forgetFailures(tx, failureSubject(key, account.usernameCanonical))
    if (failures > 0) {
      await recordEvent(tx, accountUnlocked({ accountId: account.id, failures, by }))
    }
    return failures
  }
}

/**
 * Forgets the wrong passwords that were typed with a username while it was nobody's, in the transaction in
 * which somebody gets it: they were no guesses at that account, and would keep its holder out.
 * @param key that of the stored identifiers (`secrets.identifiers`).
 */
export function forgetFailuresBefore(key: KeyObject) {
  return async (tx: Transaction, username: CanonicalUsername): Promise<void> => {
    await forgetFailures(tx, failureSubject(key, username))
  }
}

/**
 * Lets an account try its password again: a pause ends, and so does the state after a hundred wrong
 * passwords in a row, which nothing else ends.
 * @param key that of the stored identifiers (`secrets.identifiers`).
 * @param by who asked for it, as it is to stand in the audit.
 * @returns how many failures in a row were forgotten; `not-locked` where there were none, and then
 *   nothing is written.
 */
export async function unlockAccount(
  deps: { db: Database; key: KeyObject },
  account: { readonly id: AccountId; readonly usernameCanonical: CanonicalUsername },
  by: By,
): Promise<Outcome<{ readonly failures: number }, 'not-locked'>> {
  return inTransaction(deps.db, async (tx) => {
    const failures = await forgetFailuresOf(deps.key)(tx, account, by)
    return failures === 0 ? refused('not-locked') : ok({ failures })
  })
}
