declare const brand: unique symbol

/**
 * A calendar day, `2026-11-24`. Days sort as text. By itself a day is no moment: when it begins and
 * ends depends on where it is asked for (`dayAt`).
 */
export type Day = string & { readonly [brand]: 'Day' }

/** The courts' systems began in the 1990s, and nothing in them is older or lasts longer than two lives. */
export const firstYear = 1900
export const lastYear = 2199

/** Whether a day is one that somebody may mean. */
export function isInReach(day: Day): boolean {
  const year = Number(day.slice(0, 4))
  return year >= firstYear && year <= lastYear
}

/** The day as written, or undefined where there is no such day (`2026-02-30`). */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return undefined
  return date.toISOString().startsWith(text) ? (text as Day) : undefined
}

/**
 * The calendar day that a clock on the wall shows at this moment: a day begins and ends at midnight
 * there, also in the nights in which the clocks change.
 * @param timeZone a name of the IANA time zone database, for example `America/New_York`.
 * @throws RangeError for a name that is none.
 */
export function dayAt(at: Date, timeZone: string): Day {
  const zone = inZone(timeZone)
  const quarter = Math.floor(at.getTime() / quarterMilliseconds)
  if (zone.quarter !== quarter) {
    zone.day = zone.format.format(at) as Day
    zone.quarter = quarter
  }
  return zone.day
}

/** The same day so many months later, or the last of that month where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  last.setUTCDate(Math.min(dayOfMonth, last.getUTCDate()))
  return dayOfColumn(last)
}

export function nextDay(day: Day): Day {
  return dayOfColumn(new Date(dateColumn(day).getTime() + 24 * 3600_000))
}

/**
 * The moment at which a clock on the wall of that zone shows that time of that day. In the night in which an
 * hour is skipped it is the time after it; of an hour that comes twice it is the first.
 * @param time hours and minutes, `00:00` to `23:59`.
 */
export function momentIn(day: Day, time: string, timeZone: string): Date {
  const { shown, before } = momentsOf(day, time, timeZone)
  return new Date(shown[0] ?? before)
}

/**
 * The moments at which a clock on the wall of that zone shows that time of that day: none in an hour that is
 * skipped, two in one that comes twice.
 */
export function momentsIn(day: Day, time: string, timeZone: string): readonly Date[] {
  return momentsOf(day, time, timeZone).shown.map((at) => new Date(at))
}

/** Also the moment as the clocks went before that day. */
function momentsOf(day: Day, time: string, timeZone: string) {
  const wall = Date.parse(`${day}T${time}:00Z`)
  const dayMilliseconds = 24 * 3600_000
  const [before, after] = [-dayMilliseconds, dayMilliseconds].map(
    (distance) => wall - aheadOfUtc(new Date(wall + distance), timeZone),
  ) as [number, number]
  const isShown = (at: number) => at + aheadOfUtc(new Date(at), timeZone) === wall
  const shown = [...new Set([before, after])].sort((one, other) => one - other).filter(isShown)
  return { shown, before }
}

/** How many milliseconds the clocks of a zone are ahead of UTC at a moment. */
function aheadOfUtc(at: Date, timeZone: string): number {
  // Sweden writes days and times as ISO 8601 does.
  const shown = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone,
  }).format(at)
  // Read by its numbers: a year of five digits is none to Date.parse.
  const [year = 0, month = 0, dayOfMonth, hour, minute, second] = shown.split(/\D+/).map(Number)
  const wall = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second)
  return wall - Math.floor(at.getTime() / 1000) * 1000
}

/** The day as people write it: `August 30, 2021`. */
export function formatDay(day: Day): string {
  return inWords.format(dateColumn(day))
}

/** The day as the driver takes it for a column of type DATE. */
export function dateColumn(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

/** The day of a column of type DATE, as the driver gives it: midnight UTC of that day. */
export function dayOfColumn(date: Date): Day {
  return date.toISOString().slice(0, 10) as Day
}

const inWords = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' })

/** Midnight is on a quarter of an hour in every zone, so that within one no day begins. */
const quarterMilliseconds = 15 * 60_000

/** A zone's formatter, and the day it gave last: most questions are about now. */
type Zone = { readonly format: Intl.DateTimeFormat; quarter: number; day: Day }

const zones = new Map<string, Zone>()

/** One formatter per zone: making one takes hundreds of times as long as using it. */
function inZone(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known) return known
  // Sweden writes days as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone })
  const made: Zone = { format, quarter: Number.NaN, day: '' as Day }
  zones.set(timeZone, made)
  return made
}
