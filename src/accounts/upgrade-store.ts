import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { unlessRefused } from '../storage/constraints.ts'
import type { Transaction } from '../storage/db.ts'
import type { CanonicalUsername } from './username.ts'

export type UpgradeRefusal = 'not-legacy' | 'username-taken'

/** Gives a legacy account of one person a username of the present rules; once. */
export async function markUpgraded(
  tx: Transaction,
  id: AccountId,
  username: { readonly username: string; readonly usernameCanonical: CanonicalUsername },
): Promise<Outcome<void, UpgradeRefusal>> {
  const changed = await unlessRefused(
    { accounts_username_canonical_key: 'username-taken' as const },
    async () =>
      tx.prisma.account.updateMany({
        where: { id, isUpgraded: false, type: 'individual' },
        data: { ...username, isUpgraded: true, holdVersion: { increment: 1 } },
      }),
  )
  if (!changed.ok) return changed
  return changed.value.count === 1 ? ok() : refused('not-legacy')
}
