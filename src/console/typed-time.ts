/**
 * A time of day as it is typed at a court, `9:00 a.m.`, `5 pm` or `17:30`, as `17:30`; undefined where there is no
 * such time.
 */
export function typedTime(text: string): string | undefined {
  const [, hourText, minutes = '00', half] =
    /^(\d{1,2})(?::(\d{2}))?\s*(?:([ap])\.?\s?m\.?)?$/i.exec(text.trim()) ?? []
  if (hourText === undefined || Number(minutes) > 59) return undefined
  const hour = Number(hourText)
  if (half === undefined) {
    // A number alone may mean either half of the day.
    return hour < 24 && text.includes(':') ? `${hourText.padStart(2, '0')}:${minutes}` : undefined
  }
  if (hour < 1 || hour > 12) return undefined
  const isAfternoon = half.toLowerCase() === 'p'
  return `${String((hour % 12) + (isAfternoon ? 12 : 0)).padStart(2, '0')}:${minutes}`
}

/** The time that a clock of that zone shows at a moment, as it is typed: `9:00 a.m.`. */
export function timeTyped(at: Date, timeZone: string): string {
  const clock = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone })
  return clock
    .format(at)
    .replace(/\s?AM$/, ' a.m.')
    .replace(/\s?PM$/, ' p.m.')
}
