import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { endOtherSignIns } from './end-sign-ins.ts'
import type { Passwords } from './password.ts'
import { setPassword } from './set-password.ts'
import { getSignInStand } from './sign-in-stand.ts'
import { withdrawEmailChange } from './withdraw-email-change.ts'

export type ChangePasswordDeps = {
  readonly db: Database
  readonly passwords: Pick<Passwords, 'hash'>
  /** The stored form of an identifier that the authorization server knows. */
  storedId(id: string): string
}

/**
 * Gives an account the password that its holder chose, who has just proved to know the one before. With
 * it end, where `endsOthers`, all other sessions, what was allowed in them, and another e-mail address that
 * waits to be confirmed: all of it or nothing. The
 * hash is computed before the transaction begins, which therefore holds nothing up.
 * @param change.from the stored form of the one before: of twenty changes at once one is made.
 * @param change.kept the stored uid of the session that goes on, where there is one.
 * @returns the stand of the account (`sign-in-stand.ts`) from now on.
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  change: {
    readonly accountId: AccountId
    readonly from: string
    /** As `checkNewPassword` took it. */
    readonly to: string
    readonly why: 'changed' | 'required'
    readonly endsOthers: boolean
    readonly kept: string | undefined
  },
  by: By,
): Promise<Outcome<number, 'changed-meanwhile'>> {
  const { accountId, from, to, why, endsOthers, kept = '' } = change
  const hash = await deps.passwords.hash(to)
  return inTransaction(deps.db, async (tx) => {
    const set = await setPassword(tx, { accountId, hash, from, why }, by)
    if (!set.ok) return set
    if (endsOthers) {
      await endOtherSignIns(tx, deps, { id: accountId, kept }, by)
      // One of them may have asked for it.
      await withdrawEmailChange(tx, accountId, by)
    }
    return ok(await getSignInStand(tx, accountId))
  })
}
