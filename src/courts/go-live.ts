import { dayAt, formatDay } from '../days.ts'
import type { Court } from './court.ts'

type GoLive = Pick<Court, 'goLiveOn' | 'liveBy' | 'timeZone'>

/**
 * Whether a court is on NextGen at the given moment. Before its go-live day its old CM/ECF logins
 * still apply there; a court of which neither the day nor any sighting is known counts as not live.
 * The day begins at midnight in the court's own time zone (Fed. R. Civ. P. 6(a)(4)).
 * Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */
export function isLive(court: GoLive, at: Date): boolean {
  const day = court.goLiveOn ?? court.liveBy
  return day !== null && day <= dayAt(at, court.timeZone)
}

/** The go-live in words, for the directory; a day that is not known is not spoken of. */
export function goLiveText(court: GoLive, at: Date): string {
  if (court.goLiveOn) {
    return `${isLive(court, at) ? 'Live since' : 'Goes live on'} ${formatDay(court.goLiveOn)}`
  }
  return court.liveBy && isLive(court, at) ? 'Live' : 'Not live yet'
}
