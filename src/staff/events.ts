import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, CourtId } from '../ids.ts'

type RoleOf = {
  accountId: AccountId
  /** Absent for a role of the whole judiciary. */
  courtId: CourtId | undefined
  role: string
  by: By
}

export function staffRoleGranted({ role, ...about }: RoleOf): AuditEvent {
  return { event: 'staff-role.granted', outcome: 'success', ...about, detail: { role } }
}

export function staffRoleRevoked({ role, ...about }: RoleOf): AuditEvent {
  return { event: 'staff-role.revoked', outcome: 'success', ...about, detail: { role } }
}
