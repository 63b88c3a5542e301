import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, CourtId } from '../ids.ts'

/** `courtId` is absent for a role of the whole judiciary. */
export function staffRoleChanged(about: {
  accountId: AccountId
  courtId: CourtId | undefined
  role: string
  change: 'granted' | 'revoked'
  by: By
}): AuditEvent {
  const { role, change, by, ...rest } = about
  return { event: `staff-role.${change}`, outcome: 'success', ...rest, by, detail: { role } }
}
