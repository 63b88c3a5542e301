import { dayAt, formatDay, momentIn } from '../days.ts'
import type { Court } from './court.ts'
import { momentAtCourt } from './court-time.ts'

/** What decides when a court is live. */
export type GoLive = Pick<Court, 'hasGoLivePlan' | 'liveAt' | 'goLiveOn' | 'liveBy' | 'timeZone'>
/** When nobody files at a court. */
export type ClosedFiling = Pick<Court, 'filingClosedFrom' | 'filingClosedUntil'>

/**
 * Whether a court is on NextGen at the given moment. Before it goes live its old CM/ECF logins still
 * apply there. A plan that is kept here alone decides, to the moment; a court without one is known by its
 * day, or by a day on which it was seen live, and such a day begins at midnight in the court's own time
 * zone (Fed. R. Civ. P. 6(a)(4)). One of which neither is known counts as not live.
 * Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */
export function isLive(court: GoLive, at: Date): boolean {
  if (court.hasGoLivePlan) return court.liveAt !== null && court.liveAt <= at
  const day = court.goLiveOn ?? court.liveBy
  return day !== null && day <= dayAt(at, court.timeZone)
}

/** The moment from which a court is live, past or to come; undefined where it is not known. */
export function liveMoment(court: GoLive): Date | undefined {
  if (court.hasGoLivePlan) return court.liveAt ?? undefined
  const day = court.goLiveOn ?? court.liveBy
  return day === null ? undefined : momentIn(day, '00:00', court.timeZone)
}

/** The same as far as it is told: neither a moment that is not announced, nor a day on which a court was seen live. */
export function toldLiveMoment(court: GoLive): Date | undefined {
  return court.goLiveOn === null ? undefined : liveMoment(court)
}

/** Whether nobody files there at that moment, whatever was granted: a court closes filing to change over. */
export function isFilingClosed(court: ClosedFiling, at: Date): boolean {
  const { filingClosedFrom: from, filingClosedUntil: until } = court
  return from !== null && until !== null && from <= at && at < until
}

/** How many moments of the court have passed: the go-live, and both ends of the days without filing. */
export function momentsPassed(court: GoLive & ClosedFiling, at: Date): number {
  const { filingClosedFrom: from, filingClosedUntil: until } = court
  return Number(isLive(court, at)) + Number(isPast(from, at)) + Number(isPast(until, at))
}

function isPast(moment: Date | null, at: Date): boolean {
  return moment !== null && moment <= at
}

/**
 * The day of go-live in words, with the time where it is not midnight: `December 1, 2026, 8:00 a.m. Eastern
 * time`. Undefined where it is not known; a day on which a court was merely seen live is not spoken of.
 */
export function goLiveDayText(court: GoLive): string | undefined {
  if (!court.goLiveOn) return undefined
  const moment = liveMoment(court)
  const isMidnight =
    moment?.getTime() === momentIn(court.goLiveOn, '00:00', court.timeZone).getTime()
  return moment && !isMidnight ? momentAtCourt(moment, court) : formatDay(court.goLiveOn)
}

/** The go-live in words, for the directory; a day that is not known is not spoken of. */
export function goLiveText(court: GoLive, at: Date): string {
  const day = goLiveDayText(court)
  if (day) return `${isLive(court, at) ? 'Live since' : 'Goes live on'} ${day}`
  return isLive(court, at) ? 'Live' : 'Not live yet'
}
