import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { grantRole } from './grant-role.ts'
import { revokeRole } from './revoke-role.ts'
import { checkStaffAccount, type StaffRefusal, type StaffRole } from './role.ts'
import { listStaffRoles } from './store.ts'

export type StaffRolesRefusal = StaffRefusal | 'unknown-account' | 'unknown-court' | 'already-held'

/**
 * Brings a person’s staff roles to the list of an apply file: what is missing is granted, what is too
 * much is revoked, and no difference writes nothing. An empty list can always be reached, whatever
 * became of the account.
 */
export async function syncStaffRoles(
  tx: Transaction,
  accountId: AccountId,
  roles: readonly StaffRole[],
  by: By,
): Promise<Outcome<void, StaffRolesRefusal>> {
  // The later of two that change the roles of one person waits, and compares with what the first wrote.
  const account = await lockAccount(tx, accountId)
  if (!account) return refused('unknown-account')
  if (roles.length > 0) {
    const checked = checkStaffAccount(account)
    if (!checked.ok) return checked
  }
  const before = byKey(await listStaffRoles(tx, accountId))
  const after = byKey(roles)
  for (const [key, role] of before) {
    if (!after.has(key)) await revokeRole(tx, accountId, role, by)
  }
  for (const [key, role] of after) {
    if (before.has(key)) continue
    const granted = await grantRole(tx, accountId, role, by)
    if (!granted.ok) return granted
  }
  return ok()
}

function byKey(roles: readonly StaffRole[]): Map<string, StaffRole> {
  return new Map(roles.map((role) => [`${role.role} ${role.courtId ?? ''}`, role]))
}
