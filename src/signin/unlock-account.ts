import type { KeyObject } from 'node:crypto'
import type { CanonicalUsername } from '../accounts/username.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { accountUnlocked } from './events.ts'
import { failureSubject, forgetFailures } from './store.ts'

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
  const subject = failureSubject(deps.key, account.usernameCanonical)
  return inTransaction(deps.db, async (tx) => {
    const failures = await forgetFailures(tx, subject)
    if (failures === 0) return refused('not-locked')
    await recordEvent(tx, accountUnlocked({ accountId: account.id, failures, by }))
    return ok({ failures })
  })
}
