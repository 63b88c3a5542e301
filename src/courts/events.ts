import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { CourtId } from '../ids.ts'

export function courtGoLiveChanged(about: {
  courtId: CourtId
  goLiveOn: string | null
  by: By
}): AuditEvent {
  return {
    event: 'court.go-live-changed',
    outcome: 'success',
    courtId: about.courtId,
    detail: { goLiveOn: about.goLiveOn ?? 'unknown' },
    by: about.by,
  }
}
