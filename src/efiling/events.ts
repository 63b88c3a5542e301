import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Decision, NextDecision } from './apply-decision.ts'

type AtClient = { by: By; clientId: ClientId }

export function redactionAcknowledged(
  about: AtClient & { accountId: AccountId; courtId: CourtId },
): AuditEvent {
  return { event: 'redaction.acknowledged', outcome: 'success', ...about }
}

/** A court decided about somebody's right, or its holder gave it up. What was written to the holder is not here. */
export function rightDecided(about: {
  accountId: AccountId
  courtId: CourtId
  decision: Decision
  next: NextDecision
  by: By
}): AuditEvent {
  const { accountId, courtId, decision, next, by } = about
  return {
    event: 'right.decided',
    outcome: 'success',
    accountId,
    courtId,
    detail: {
      decision: decision.kind,
      state: next.state,
      version: next.version,
      ordinal: next.ordinal,
      ...(decision.reason && { reason: decision.reason }),
      ...(decision.holdsFrom && { holdsFrom: decision.holdsFrom.toISOString() }),
    },
    by,
  }
}

/** An operator's file said what a court had decided. */
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
