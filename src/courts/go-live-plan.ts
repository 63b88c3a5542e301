import { type GoLive, isLive } from './go-live.ts'
import type { GoLiveKind, GoLiveState } from './go-live-machine.ts'

/** From then until before then. */
export type Window = { readonly from: Date; readonly until: Date }

/** What a court planned for its go-live, in one version; the newest one counts. */
export type GoLivePlan = GoLiveTerms & {
  /** From 1 on, without a gap. */
  readonly version: number
  readonly kind: GoLiveKind
  readonly reason: string | null
  readonly changedAt: Date
  /** The account of who changed it; null: the command line. */
  readonly changedBy: string | null
}

export type GoLiveTerms = {
  /** The old login ends and the new one begins; null: not known. */
  readonly liveAt: Date | null
  /** Since when the moment is told to filers; null: it is not. */
  readonly announcedAt: Date | null
  /** From then on nobody links by the old password, and the hashes of it are erased. */
  readonly legacyClosesAt: Date | null
  /** Nobody files there. */
  readonly filingClosed: Window | null
  /** The court takes no new requests. */
  readonly requestsClosed: Window | null
  /** What to do in an emergency while nobody files there, in the court's words. */
  readonly emergencyWay: string | null
  /** On which days filers are told, counted from the go-live: -60 is 60 days before it. */
  readonly noticeDays: readonly number[]
}

export const goLiveLimits = {
  /** A go-live can be rolled back so long, and linking by the old password be closed only after that. */
  rollBackDays: 7,
  /** Real courts close for one to four days; what is much longer is a slip of the pen. */
  windowDays: 31,
  yearsAhead: 5,
  emergencyLength: 1000,
  reasonLength: 500,
  notices: 12,
  noticeDaysBefore: 365,
  noticeDaysAfter: 365,
} as const

/** The days of notices of a court that has set none. */
export const usualNoticeDays: readonly number[] = [-60, -14, -3, 0, 14]

/** As of a court of which nothing is planned here. */
export const noTerms: GoLiveTerms = {
  liveAt: null,
  announcedAt: null,
  legacyClosesAt: null,
  filingClosed: null,
  requestsClosed: null,
  emergencyWay: null,
  noticeDays: usualNoticeDays,
}

/**
 * Where a court stands at a moment. One without a plan is live by its day, or by having been seen live, and
 * its old accounts are linked by the old password for as long as it says nothing else.
 */
export function goLiveStateOf(
  court: GoLive,
  plan: Pick<GoLivePlan, 'announcedAt' | 'legacyClosesAt'> | undefined,
  at: Date,
): GoLiveState {
  if (isLive(court, at)) {
    const closes = plan?.legacyClosesAt ?? null
    return closes !== null && closes <= at ? 'legacy-closed' : 'live'
  }
  return plan?.announcedAt ? 'announced' : 'planned'
}

/** Until when the court takes no new requests; undefined where it takes them at that moment. */
export function requestsClosedUntil(
  plan: Pick<GoLivePlan, 'requestsClosed'> | undefined,
  at: Date,
): Date | undefined {
  const closed = plan?.requestsClosed
  return closed && closed.from <= at && at < closed.until ? closed.until : undefined
}
