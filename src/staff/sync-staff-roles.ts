import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { findCourt } from '../courts/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { staffRoleChanged } from './events.ts'
import { checkStaffAccount, type StaffRefusal, type StaffRole } from './role.ts'
import { deleteStaffRole, insertStaffRole, listStaffRoles } from './store.ts'

/**
 * Brings a person’s staff roles to the list of an apply file, with an audit event per role that is granted or
 * revoked; no difference writes nothing. An empty list can always be reached, whatever became of the
 * account.
 */
export async function syncStaffRoles(
  tx: Transaction,
  accountId: AccountId,
  roles: readonly StaffRole[],
  by: By,
): Promise<Outcome<void, StaffRefusal | 'unknown-account' | 'unknown-court'>> {
  const account = await lockAccount(tx, accountId)
  if (!account) return refused('unknown-account')
  if (roles.length > 0) {
    const checked = checkStaffAccount(account)
    if (!checked.ok) return checked
  }

  const before = byKey(await listStaffRoles(tx, accountId))
  const after = byKey(roles)
  const granted = [...after].filter(([key]) => !before.has(key)).map(([, role]) => role)
  const revoked = [...before].filter(([key]) => !after.has(key)).map(([, role]) => role)
  for (const { courtId } of granted) {
    if (courtId !== null && !(await findCourt(tx, courtId))) return refused('unknown-court')
  }

  for (const role of revoked) {
    await deleteStaffRole(tx, accountId, role)
    await recordEvent(tx, changeOf(accountId, role, 'revoked', by))
  }
  for (const role of granted) {
    await insertStaffRole(tx, accountId, role)
    await recordEvent(tx, changeOf(accountId, role, 'granted', by))
  }
  return ok(undefined)
}

function byKey(roles: readonly StaffRole[]): Map<string, StaffRole> {
  return new Map(roles.map((role) => [`${role.role} ${role.courtId ?? ''}`, role]))
}

function changeOf(
  accountId: AccountId,
  { role, courtId }: StaffRole,
  change: 'granted' | 'revoked',
  by: By,
) {
  return staffRoleChanged({ accountId, courtId: courtId ?? undefined, role, change, by })
}
