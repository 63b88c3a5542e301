import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { CourtId } from '../ids.ts'

/** A court's go-live is another version by now: what was done, and the moment. Why stands in the version. */
export function courtGoLiveChanged(about: {
  readonly courtId: CourtId
  readonly version: number
  readonly kind: string
  readonly liveAt: Date | null
  readonly goLiveOn: string | null
  readonly by: By
}): AuditEvent {
  const { version, kind, liveAt, goLiveOn, ...whose } = about
  return {
    event: 'court.go-live-changed',
    outcome: 'success',
    ...whose,
    detail: {
      version,
      kind,
      goLiveOn: goLiveOn ?? 'unknown',
      liveAt: liveAt?.toISOString() ?? 'unknown',
    },
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

/** A court checks old logins itself at another address by now, or no more. */
export function courtVerifierChanged(about: {
  readonly courtId: CourtId
  readonly isThere: boolean
  readonly by: By
}): AuditEvent {
  const { isThere, ...whose } = about
  return {
    event: 'court.verifier-changed',
    outcome: 'success',
    ...whose,
    detail: { isThere },
  }
}
