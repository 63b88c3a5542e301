import type { Actor, AuditEvent, Origin } from '../audit/event.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'

type AtClient = Origin & { clientId: ClientId }

export function redactionAcknowledged(
  about: AtClient & { accountId: AccountId; courtId: CourtId },
): AuditEvent {
  return { event: 'redaction.acknowledged', outcome: 'success', ...about }
}

export function standingChanged(about: {
  accountId: AccountId
  courtId: CourtId
  status: string
  version: number
  by: Actor
}): AuditEvent {
  return {
    event: 'standing.changed',
    outcome: 'success',
    accountId: about.accountId,
    courtId: about.courtId,
    detail: { status: about.status, version: about.version, actor: about.by },
  }
}
