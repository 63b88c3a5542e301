import { expect, test } from 'vitest'
import { usualNoticeDays } from '../../../src/courts/go-live-plan.ts'
import { dueWave, toldMoment } from '../../../src/efiling/go-live/waves.ts'

const eastern = 'America/New_York'
/** Noon in Charlotte. */
const noon = new Date('2026-12-01T17:00:00Z')
const plan = {
  liveAt: noon,
  announcedAt: new Date('2026-09-01T00:00:00Z'),
  legacyClosesAt: new Date('2027-03-01T05:00:00Z'),
  noticeDays: usualNoticeDays,
}

test.each([
  ['before the first of them', '2026-10-02T11:59:59Z', undefined, undefined],
  ['at eight o’clock of the court, sixty days before', '2026-10-02T12:00:00Z', -60, false],
  ['three days later', '2026-10-05T12:00:00Z', -60, false],
  ['much later', '2026-10-20T12:00:00Z', -60, true],
  // The clocks went back in between: eight o'clock is an hour later.
  ['two weeks before, after the clocks have changed', '2026-11-17T13:00:00Z', -14, false],
  ['a minute before that', '2026-11-17T12:59:00Z', -60, true],
  ['at eight o’clock of the day itself, before noon', '2026-12-01T13:00:00Z', 0, false],
  ['two weeks after', '2026-12-15T13:00:00Z', 14, false],
  ['a month after', '2026-12-31T13:00:00Z', 14, true],
  ['when linking by the old password has closed', '2027-03-01T05:00:00Z', undefined, undefined],
] as const)('of the waves of a court the last one is due: %s', (_, at, days, isLate) => {
  const due = dueWave(plan, new Date(at), eastern)
  expect(due && { days: due.days, isLate: due.isLate }).toEqual(
    days === undefined ? undefined : { days, isLate },
  )
})

test('days are counted where the court is', () => {
  // It is December 2 in Guam when it is December 1 in Charlotte.
  const midnight = new Date('2026-12-01T14:00:00Z')
  const guam = { ...plan, liveAt: midnight, noticeDays: [0] }
  expect(dueWave(guam, new Date('2026-12-01T21:59:59Z'), 'Pacific/Guam')).toBeUndefined()
  expect(dueWave(guam, new Date('2026-12-01T22:00:00Z'), 'Pacific/Guam')).toMatchObject({ days: 0 })
})

test('nobody is told of a moment that is not announced, or is taken back', () => {
  const at = new Date('2026-11-20T12:00:00Z')
  for (const each of [
    { ...plan, announcedAt: null },
    { ...plan, announcedAt: new Date('2026-11-21T12:00:00Z') },
    { ...plan, liveAt: null },
  ]) {
    expect(toldMoment(each, at)).toBeUndefined()
    expect(dueWave(each, at, eastern)).toBeUndefined()
  }
  expect(dueWave({ ...plan, noticeDays: [] }, at, eastern)).toBeUndefined()
})
