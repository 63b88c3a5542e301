import type { Passwords } from '../../accounts/password.ts'
import { setPassword } from '../../accounts/set-password.ts'
import type { By } from '../../audit/by.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok } from '../../outcome.ts'
import { endOtherSessions } from '../../sessions/end-other-sessions.ts'
import { type Database, inTransaction } from '../../storage/db.ts'

export type ChangePasswordDeps = {
  readonly db: Database
  readonly passwords: Pick<Passwords, 'hash'>
  /** The stored form of an identifier that the authorization server knows. */
  storedId(id: string): string
}

/**
 * Gives an account the password that its holder chose, who has just proved to know the one before. With
 * it end, where the holder wants so, all other sessions and what was allowed in them: all of it or nothing.
 * The hash is computed before the transaction begins, which therefore holds nothing up.
 * @param change.from the stored form of the one before: of twenty changes at once one is made.
 * @param change.kept the stored uid of the session that goes on.
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  change: {
    readonly accountId: AccountId
    readonly from: string
    /** As `PasswordPolicy` took it. */
    readonly to: string
    readonly endsOthers: boolean
    readonly kept: string
  },
  by: By,
): Promise<Outcome<void, 'changed-meanwhile'>> {
  const { accountId, from, to, endsOthers, kept } = change
  const hash = await deps.passwords.hash(to)
  return inTransaction(deps.db, async (tx) => {
    const set = await setPassword(tx, { accountId, hash, from, why: 'changed' }, by)
    if (!set.ok) return set
    if (endsOthers) await endOtherSessions(tx, deps, { id: accountId, kept }, by)
    return ok()
  })
}
