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
type Proposed = RoleOf & { proposal: string }

export function staffRoleGranted({ role, ...about }: RoleOf): AuditEvent {
  return { event: 'staff-role.granted', outcome: 'success', ...about, detail: { role } }
}

export function staffRoleRevoked({ role, ...about }: RoleOf): AuditEvent {
  return { event: 'staff-role.revoked', outcome: 'success', ...about, detail: { role } }
}

/** A registrar proposed a role for somebody; a second one decides. */
export function staffRoleProposed({ role, proposal, ...about }: Proposed): AuditEvent {
  const detail = { role, proposal }
  return { event: 'staff-role.proposed', outcome: 'success', ...about, detail }
}

/** A second registrar approved what a first one proposed. */
export function staffRoleApproved({ role, proposal, ...about }: Proposed): AuditEvent {
  const detail = { role, proposal }
  return { event: 'staff-role.approved', outcome: 'success', ...about, detail }
}

/** What was proposed was declined by a second registrar, or taken back by the first. */
export function roleProposalEnded({
  role,
  proposal,
  ending,
  ...about
}: Proposed & { ending: 'declined' | 'taken-back' }): AuditEvent {
  const detail = { role, proposal, ending }
  return { event: 'staff-role.proposal-ended', outcome: 'success', ...about, detail }
}

/** Somebody wanted to do with a role what that person may not. */
export function staffRoleRefused({
  role,
  act,
  reason,
  ...about
}: RoleOf & { act: string; reason: string }): AuditEvent {
  const detail = { role, act, reason }
  return { event: 'staff-role.refused', outcome: 'refused', ...about, detail }
}
