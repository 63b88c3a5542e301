// The zone is named in the text, since the server does not know the reader's.
const easternZone = 'America/New_York'
const toTheMinute = new Intl.DateTimeFormat('en-US', {
  hour: 'numeric',
  minute: '2-digit',
  timeZone: easternZone,
})
const toTheSecond = new Intl.DateTimeFormat('en-US', {
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  timeZone: easternZone,
})

/** A time of day as courts write it: `3:45 p.m. Eastern time`; with seconds `3:45:30 p.m. Eastern time`. */
export function timeOfDay(at: Date, options: { hasSeconds?: boolean } = {}): string {
  const text = (options.hasSeconds ? toTheSecond : toTheMinute).format(at)
  return `${text.replace(/\s?AM$/, ' a.m.').replace(/\s?PM$/, ' p.m.')} Eastern time`
}

const easternDay = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: easternZone })

/** `November 3, 2026, 3:45 p.m. Eastern time`. */
export function dayAndTime(at: Date): string {
  return `${easternDay.format(at)}, ${timeOfDay(at)}`
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/**
 * A moment by the clock of another place: `November 3, 2026, 3:45 p.m. Chamorro time`.
 * @param timeZone a name of the IANA time zone database.
 * @param called what people call its clock.
 */
export function dayAndTimeIn(at: Date, timeZone: string, called: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeStyle: 'short', timeZone })
  clocks.set(timeZone, clock)
  const text = clock.format(at).replace(' at ', ', ')
  return `${text.replace(/\s?AM$/, ' a.m.').replace(/\s?PM$/, ' p.m.')} ${called}`
}

/** A waiting time, rounded up: `30 seconds`, `2 minutes`, `1 hour`. */
export function inWords(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds))
  if (whole < 90) return count(whole, 'second')
  if (whole <= 90 * 60) return count(Math.ceil(whole / 60), 'minute')
  return count(Math.ceil(whole / 3600), 'hour')
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
