import { type Day, dayAt, parseDay } from '../../days.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, hasProblems, wrong } from '../../problem.ts'

export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

const longestLife = 120

/**
 * The fields `birthMonth` (1 to 12), `birthDay` and `birthYear`, as the memorable date of the design
 * system has them.
 * @param whose who types it: its owner, or somebody about another person.
 * Source: https://designsystem.digital.gov/components/memorable-date/
 */
export function readBirthDate(
  fields: Fields,
  at: Date,
  { whose = 'your' }: { readonly whose?: 'your' | 'the' } = {},
): Checked<Day> {
  const asked = [
    ['birthMonth', `Choose the month of ${whose} birth`],
    ['birthDay', `Enter the day of ${whose} birth`],
    ['birthYear', `Enter the year of ${whose} birth, with four digits`],
  ] as const
  const missing = asked.filter(([name]) => !/^\d{1,4}$/.test((fields[name] ?? '').trim()))
  if (missing.length > 0) {
    return hasProblems(missing.map(([name, message]) => ({ path: [name], message })))
  }
  const [month = 0, day = 0, year = 0] = asked.map(([name]) => Number(fields[name]))
  const today = dayAt(at, 'America/New_York')
  const thisYear = Number(today.slice(0, 4))
  if (year < thisYear - longestLife || year > thisYear) {
    return wrong('birthYear', `Check the year of ${whose} birth: write it with four digits`)
  }
  const born = parseDay(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
  if (!born) return wrong('birthDay', `Check ${whose} date of birth: there is no such day`)
  if (born > today) return wrong('birthYear', `Check ${whose} date of birth: it is in the future`)
  return ok(born)
}
