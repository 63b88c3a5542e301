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
 * Source: https://designsystem.digital.gov/components/memorable-date/
 */
export function readBirthDate(fields: Fields, at: Date): Checked<Day> {
  const asked = [
    ['birthMonth', 'Choose the month of your birth'],
    ['birthDay', 'Enter the day of your birth'],
    ['birthYear', 'Enter the year of your birth, with four digits'],
  ] as const
  const missing = asked.filter(([name]) => !/^\d{1,4}$/.test((fields[name] ?? '').trim()))
  if (missing.length > 0) {
    return hasProblems(missing.map(([name, message]) => ({ path: [name], message })))
  }
  const [month = 0, day = 0, year = 0] = asked.map(([name]) => Number(fields[name]))
  const today = dayAt(at, 'America/New_York')
  const thisYear = Number(today.slice(0, 4))
  if (year < thisYear - longestLife || year > thisYear) {
    return wrong('birthYear', 'Check the year of your birth: write it with four digits')
  }
  const born = parseDay(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
  if (!born) return wrong('birthDay', 'Check your date of birth: there is no such day')
  if (born > today) return wrong('birthYear', 'Check your date of birth: it is in the future')
  return ok(born)
}
