import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'

type AtClient = { by: By; clientId: ClientId }

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
  by: By
}): AuditEvent {
  return {
    event: 'standing.changed',
    outcome: 'success',
    accountId: about.accountId,
    courtId: about.courtId,
    detail: { status: about.status, version: about.version },
    by: about.by,
  }
}
