import { describe, expect, test } from 'vitest'
import {
  addMonths,
  dateColumn,
  dayAt,
  dayOfColumn,
  formatDay,
  isInReach,
  momentIn,
  momentsIn,
  parseDay,
} from '../src/days.ts'

describe('a calendar day', () => {
  test.each([
    ['Charlotte', 'America/New_York', '2026-11-24T23:59:59.999-05:00', '2026-11-24'],
    ['Charlotte', 'America/New_York', '2026-11-25T00:00:00-05:00', '2026-11-25'],
    // 2:00 becomes 3:00: the day has 23 hours.
    ['Charlotte', 'America/New_York', '2026-03-08T00:00:00-05:00', '2026-03-08'],
    ['Charlotte', 'America/New_York', '2026-03-08T23:59:59-04:00', '2026-03-08'],
    ['Charlotte', 'America/New_York', '2026-03-09T00:00:00-04:00', '2026-03-09'],
    // 2:00 becomes 1:00: the day has 25 hours.
    ['Charlotte', 'America/New_York', '2026-11-01T23:59:59-05:00', '2026-11-01'],
    ['Charlotte', 'America/New_York', '2026-11-02T00:00:00-05:00', '2026-11-02'],
    ['Guam', 'Pacific/Guam', '2026-11-24T23:59:59+10:00', '2026-11-24'],
    ['Guam', 'Pacific/Guam', '2026-11-25T00:00:00+10:00', '2026-11-25'],
    ['Honolulu', 'Pacific/Honolulu', '2026-07-01T23:59:59-10:00', '2026-07-01'],
    ['Honolulu', 'Pacific/Honolulu', '2026-07-02T00:00:00-10:00', '2026-07-02'],
    ['Phoenix', 'America/Phoenix', '2026-07-02T00:00:00-07:00', '2026-07-02'],
    ['Indianapolis', 'America/Indiana/Indianapolis', '2026-07-02T00:00:00-04:00', '2026-07-02'],
  ])('in %s (%s) at %s is %s', (_, timeZone, at, day) => {
    expect(dayAt(new Date(at), timeZone)).toBe(day)
  })

  test.each([
    ['Guam', 'Pacific/Guam', '2026-11-25', '00:00', '2026-11-25T00:00:00+10:00'],
    ['Honolulu', 'Pacific/Honolulu', '2026-07-02', '23:59', '2026-07-02T23:59:00-10:00'],
    ['Charlotte', 'America/New_York', '2026-11-25', '09:30', '2026-11-25T09:30:00-05:00'],
    ['Charlotte', 'America/New_York', '2026-07-04', '09:30', '2026-07-04T09:30:00-04:00'],
    // 2:00 becomes 3:00: nobody's clock shows 2:30.
    ['Charlotte', 'America/New_York', '2026-03-08', '00:00', '2026-03-08T00:00:00-05:00'],
    ['Charlotte', 'America/New_York', '2026-03-08', '02:30', '2026-03-08T03:30:00-04:00'],
    ['Charlotte', 'America/New_York', '2026-03-08', '03:00', '2026-03-08T03:00:00-04:00'],
    // 2:00 becomes 1:00: 1:30 comes twice, and the first is meant.
    ['Charlotte', 'America/New_York', '2026-11-01', '00:00', '2026-11-01T00:00:00-04:00'],
    ['Charlotte', 'America/New_York', '2026-11-01', '01:30', '2026-11-01T01:30:00-04:00'],
    ['Charlotte', 'America/New_York', '2026-11-01', '02:00', '2026-11-01T02:00:00-05:00'],
  ])('begins, in %s (%s) on %s at %s, at the moment %s', (_, timeZone, day, time, at) => {
    expect(momentIn(parseDay(day)!, time, timeZone)).toEqual(new Date(at))
  })

  test('has no moment in an hour that is skipped, two in one that comes twice, and one in any other year', () => {
    const count = (day: string, time: string, zone = 'America/New_York') =>
      momentsIn(parseDay(day)!, time, zone).length
    expect(count('2026-03-08', '02:30')).toBe(0)
    expect(count('2026-11-01', '01:30')).toBe(2)
    expect(count('2026-11-01', '02:00')).toBe(1)
    expect(count('2026-03-08', '02:30', 'America/Phoenix')).toBe(1)
    expect(count('9999-12-31', '23:59')).toBe(1)
    expect(isInReach(parseDay('2199-12-31')!)).toBe(true)
    expect(isInReach(parseDay('2200-01-01')!)).toBe(false)
  })

  test.each([
    ['2026-05-27', 6, '2026-11-27'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-12-31', 1, '2027-01-31'],
    ['2028-02-29', 12, '2029-02-28'],
  ])('%s and %i months are %s', (day, months, later) => {
    expect(addMonths(parseDay(day)!, months)).toBe(later)
  })

  test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '26-01-01', '2026-1-1', ''])(
    'is not %o',
    (text) => {
      expect(parseDay(text)).toBeUndefined()
    },
  )

  test('is kept by the database and by the words it is shown in', () => {
    const day = parseDay('2024-02-29')!
    expect(dayOfColumn(dateColumn(day))).toBe('2024-02-29')
    expect(formatDay(day)).toBe('February 29, 2024')
  })

  test('belongs to a place: a name that is no time zone is refused', () => {
    expect(() => dayAt(new Date(), 'America/Charlotte')).toThrow(RangeError)
  })
})
