import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { findCourt } from '../courts/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { staffRoleGranted } from './events.ts'
import { checkStaffAccount, type StaffRefusal, type StaffRole } from './role.ts'
import { insertStaffRole } from './store.ts'

/** Gives a person a staff role, with its audit event. A refusal leaves nothing written. */
export async function grantRole(
  tx: Transaction,
  accountId: AccountId,
  role: StaffRole,
  by: By,
): Promise<Outcome<void, StaffRefusal | 'unknown-account' | 'unknown-court' | 'already-held'>> {
  const account = await lockAccount(tx, accountId)
  if (!account) return refused('unknown-account')
  const checked = checkStaffAccount(account)
  if (!checked.ok) return checked
  const { courtId } = role
  if (courtId !== null && !(await findCourt(tx, courtId))) return refused('unknown-court')
  if (!(await insertStaffRole(tx, accountId, role))) return refused('already-held')
  await recordEvent(
    tx,
    staffRoleGranted({ accountId, courtId: courtId ?? undefined, role: role.role, by }),
  )
  return ok()
}
