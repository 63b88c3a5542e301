import { type Day, isInReach, parseDay } from '../days.ts'

/**
 * A day as it is typed at a court, `12/31/2029`, or as `2029-12-31`; undefined where there is no such day, or
 * where nobody can mean it.
 */
export function typedDay(text: string): Day | undefined {
  const [, month = '', dayOfMonth = '', year = ''] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim()) ?? []
  const day = parseDay(
    year === '' ? text.trim() : `${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`,
  )
  return day && isInReach(day) ? day : undefined
}

/** As it is typed, `12/31/2029`; empty where there is none. */
export function dayTyped(day: Day | null | undefined): string {
  const [year, month, dayOfMonth] = day?.split('-') ?? []
  return year ? `${Number(month)}/${Number(dayOfMonth)}/${year}` : ''
}
