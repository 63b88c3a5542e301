import { expect, test } from 'vitest'
import { typedDay } from '../../src/console/typed-day.ts'
import { typedTime } from '../../src/console/typed-time.ts'

test.each([
  ['9:00 a.m.', '09:00'],
  ['9 AM', '09:00'],
  [' 5:05pm ', '17:05'],
  ['12:00 a.m.', '00:00'],
  ['12:30 p.m.', '12:30'],
  ['17:30', '17:30'],
  ['0:00', '00:00'],
  ['9', undefined],
  ['13 p.m.', undefined],
  ['0 a.m.', undefined],
  ['24:00', undefined],
  ['9:60 a.m.', undefined],
  ['noon', undefined],
])('the time %o is %o', (typed, time) => {
  expect(typedTime(typed)).toBe(time)
})

test.each([
  ['12/31/2029', '2029-12-31'],
  ['1/2/2029', '2029-01-02'],
  ['2029-12-31', '2029-12-31'],
  ['2/30/2029', undefined],
  ['31/12/2029', undefined],
  ['12/31/29', undefined],
  ['', undefined],
])('the day %o is %o', (typed, day) => {
  expect(typedDay(typed)).toBe(day)
})
