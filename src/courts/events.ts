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

/** What a court takes, asks and says is another version by now; which members differ. */
export function courtPracticeChanged(about: {
  readonly courtId: CourtId
  readonly version: number
  readonly members: readonly string[]
  readonly by: By
}): AuditEvent {
  const { version, members, ...whose } = about
  return {
    event: 'court.practice-changed',
    outcome: 'success',
    ...whose,
    detail: { version, members },
  }
}

/** A court's list of offices is another version by now. */
export function courtOfficesChanged(about: {
  readonly courtId: CourtId
  readonly version: number
  /** So many there are now. */
  readonly count: number
  readonly by: By
}): AuditEvent {
  const { version, count, ...whose } = about
  return {
    event: 'court.offices-changed',
    outcome: 'success',
    ...whose,
    detail: { version, count },
  }
}
