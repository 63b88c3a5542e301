import type { Court } from './court.ts'

/**
 * Whether a court is on NextGen at the given moment. Before its go-live day its old CM/ECF logins
 * still apply there; a court of which neither the day nor any sighting is known counts as not live.
 * Days begin at midnight UTC. Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */
export function isLive(court: Pick<Court, 'goLiveOn' | 'liveBy'>, at: Date): boolean {
  const day = court.goLiveOn ?? court.liveBy
  return day !== null && day.getTime() <= at.getTime()
}

/** The go-live in words, for the directory. */
export function goLiveText(court: Pick<Court, 'goLiveOn' | 'liveBy'>, at: Date): string {
  if (court.goLiveOn) {
    return `${isLive(court, at) ? 'Live since' : 'Goes live on'} ${formatDay(court.goLiveOn)}`
  }
  if (court.liveBy) return `Live (seen by ${formatDay(court.liveBy)}; the day is not known)`
  return 'Not known to be live'
}

/** A calendar day for people, for example `August 30, 2021`. */
export function formatDay(day: Date): string {
  return day.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
}
