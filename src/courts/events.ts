import type { Actor, AuditEvent } from '../audit/event.ts'
import type { CourtId } from '../ids.ts'

export function courtGoLiveChanged(about: {
  courtId: CourtId
  goLiveOn: string | null
  by: Actor
}): AuditEvent {
  return {
    event: 'court.go-live-changed',
    outcome: 'success',
    courtId: about.courtId,
    detail: { goLiveOn: about.goLiveOn ?? 'unknown', actor: about.by },
  }
}
