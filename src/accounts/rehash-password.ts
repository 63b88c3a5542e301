import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { passwordRehashed } from './events.ts'
import type { Passwords } from './password.ts'
import { replacePasswordHash } from './store.ts'

/**
 * Stores a password anew under the present parameters and pepper; it has just been verified against
 * `outdated`. A password that was changed in the meantime is left alone.
 * @returns what is stored for that password now; `outdated` where another one is.
 */
export async function rehashPassword(
  deps: { db: Database; passwords: Passwords },
  account: { id: AccountId; outdated: string; password: string },
  by: By,
): Promise<string> {
  const passwordHash = await deps.passwords.hash(account.password)
  return inTransaction(deps.db, async (tx) => {
    const isReplaced = await replacePasswordHash(tx, account.id, account.outdated, passwordHash)
    if (!isReplaced) return account.outdated
    await recordEvent(tx, passwordRehashed({ by, accountId: account.id }))
    return passwordHash
  })
}
