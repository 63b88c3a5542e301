import { expect, test } from 'vitest'
import { parseDay } from '../../src/days.ts'
import { noRight } from '../../src/efiling/right.ts'
import { tellDecisions } from '../../src/efiling/right-history.ts'
import type { RightDecision } from '../../src/efiling/right-store.ts'

const court = { timeZone: 'America/New_York' }
const noon = (day: string) => new Date(`${day}T17:00:00Z`)
const day = (text: string) => parseDay(text)!

/** Decisions in their order, each from that day's noon on. */
const history = (
  ...decisions: readonly (Partial<RightDecision> & { readonly on: string })[]
): RightDecision[] =>
  decisions.map(({ on, ...decision }, index) => ({
    ...noRight,
    state: 'active',
    kind: 'grant',
    ordinal: index + 1,
    version: index + 1,
    holdsFrom: noon(on),
    decidedAt: noon(on),
    decidedBy: null,
    reason: null,
    message: null,
    ...decision,
  }))

/** What stands in the history at that day's noon, oldest first: what time made, and else the kind. */
const told = (decisions: RightDecision[], on: string) =>
  tellDecisions(decisions, court, noon(on))
    .map(({ by, sentence, at }) => (by === 'time' ? `${sentence} (${at})` : 'decided'))
    .reverse()

const ended = 'The right lapsed: its last day was June 30, 2026'
const lapsed = `${ended} (July 1, 2026, 12:00 a.m. Eastern time)`
const endsOn = day('2026-06-30')

test('a right that lapsed has a line for it, from the midnight at the court on', () => {
  const granted = history({ on: '2026-01-05', endsOn })
  expect(told(granted, '2026-06-30')).toEqual(['decided'])
  expect(tellDecisions(granted, court, new Date('2026-07-01T03:59:59Z'))).toHaveLength(1)
  expect(tellDecisions(granted, court, new Date('2026-07-01T04:00:00Z'))).toHaveLength(2)
  expect(told(granted, '2027-06-30')).toEqual(['decided', lapsed])
})

test('it has one line for each time that it lapsed, between the decisions', () => {
  const again = { kind: 'extend', endsOn: day('2026-08-31') } as const
  const extended = history({ on: '2026-01-05', endsOn }, { on: '2026-07-20', ...again })
  expect(told(extended, '2026-09-15')).toEqual([
    'decided',
    lapsed,
    'decided',
    'The right lapsed: its last day was August 31, 2026 (September 1, 2026, 12:00 a.m. Eastern time)',
  ])
  const inTime = history({ on: '2026-01-05', endsOn }, { on: '2026-06-20', ...again })
  expect(told(inTime, '2026-07-15')).toEqual(['decided', 'decided'])
  const noted = history(
    { on: '2026-01-05', endsOn },
    { on: '2026-07-20', kind: 'admit', endsOn, isAdmitted: true },
  )
  expect(told(noted, '2026-09-15')).toEqual(['decided', lapsed, 'decided'])
})

test('what does not hold any more lapses no more, and what waits has not lapsed', () => {
  const revoked = history(
    { on: '2026-01-05', endsOn },
    { on: '2026-03-01', kind: 'revoke', state: 'revoked', endsOn },
  )
  expect(told(revoked, '2026-09-15')).toEqual(['decided', 'decided'])
  const suspended = history({ on: '2026-01-05', kind: 'suspend', state: 'suspended', endsOn })
  expect(told(suspended, '2026-09-15')).toEqual(['decided'])
  const ahead = history(
    { on: '2026-01-05', endsOn },
    { on: '2026-02-01', holdsFrom: noon('2026-06-01'), endsOn: null, kind: 'extend' },
  )
  expect(told(ahead, '2026-09-15')).toEqual(['decided', 'decided'])
  const withdrawn = [
    ...ahead,
    ...history({ on: '2026-02-10', kind: 'withdraw', ordinal: 3, endsOn }),
  ]
  expect(told(withdrawn, '2026-09-15')).toEqual(['decided', 'decided', 'decided', lapsed])
})

test('an admission that ended by its last day has a line of its own', () => {
  const admitted = history({
    on: '2026-01-05',
    isAdmitted: true,
    admittedUntil: day('2026-03-31'),
    endsOn,
  })
  expect(told(admitted, '2026-09-15')).toEqual([
    'decided',
    'The admission to practice ended: its last day was March 31, 2026 (April 1, 2026, 12:00 a.m. Eastern time)',
    lapsed,
  ])
})
