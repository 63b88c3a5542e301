import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { staffRoleRevoked } from './events.ts'
import type { StaffRole } from './role.ts'
import { deleteStaffRole } from './store.ts'

/** Takes a staff role away, with its audit event; whatever became of the account, it can be taken. */
export async function revokeRole(
  tx: Transaction,
  accountId: AccountId,
  role: StaffRole,
  by: By,
): Promise<Outcome<void, 'not-held'>> {
  if (!(await deleteStaffRole(tx, accountId, role))) return refused('not-held')
  await recordEvent(
    tx,
    staffRoleRevoked({ accountId, courtId: role.courtId ?? undefined, role: role.role, by }),
  )
  return ok()
}
