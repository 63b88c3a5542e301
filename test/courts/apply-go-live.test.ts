import { describe, expect, test } from 'vitest'
import {
  applyGoLive,
  type GoLiveChange,
  type GoLiveRefusal,
} from '../../src/courts/apply-go-live.ts'
import type { Court } from '../../src/courts/court.ts'
import { goLiveDayText, goLiveText, isFilingClosed, liveMoment } from '../../src/courts/go-live.ts'
import {
  type GoLiveChangeKind,
  type GoLiveState,
  goLiveChangeKinds,
  goLiveChangesFrom,
  goLiveStates,
} from '../../src/courts/go-live-machine.ts'
import { type GoLivePlan, goLiveStateOf, noTerms } from '../../src/courts/go-live-plan.ts'
import { readCourts } from '../../src/courts/load-courts.ts'
import { parseDay } from '../../src/days.ts'

const day = (text: string) => parseDay(text)!
const at = new Date('2026-11-24T15:30:00Z')
const daysFrom = (days: number) => new Date(at.getTime() + days * 24 * 3600_000)

const known = (await readCourts()).find(({ id }) => id === 'ncwd')!
const waiting: Court = { ...known, goLiveOn: null, liveBy: null, hasGoLivePlan: true }

const planned = (change: Partial<GoLivePlan> = {}): GoLivePlan => ({
  ...noTerms,
  version: 3,
  kind: 'plan',
  reason: null,
  changedAt: daysFrom(-90),
  changedBy: null,
  ...change,
})

/** A court as the newest plan leaves it. */
const holding = (plan: GoLivePlan): Court => ({
  ...waiting,
  liveAt: plan.liveAt,
  filingClosedFrom: plan.filingClosed?.from ?? null,
  filingClosedUntil: plan.filingClosed?.until ?? null,
})

const plans: Readonly<Record<GoLiveState, GoLivePlan>> = {
  planned: planned({ liveAt: daysFrom(20) }),
  announced: planned({ liveAt: daysFrom(20), announcedAt: daysFrom(-40) }),
  live: planned({ liveAt: daysFrom(-3), announcedAt: daysFrom(-40) }),
  'legacy-closed': planned({ liveAt: daysFrom(-30), legacyClosesAt: daysFrom(-1) }),
}

/** With everything that each kind needs. */
const whole: Readonly<Record<GoLiveChangeKind, GoLiveChange>> = {
  plan: { kind: 'plan', liveAt: daysFrom(30) },
  announce: { kind: 'announce' },
  postpone: { kind: 'postpone', liveAt: daysFrom(30), reason: 'The servers are late.' },
  'go-live': { kind: 'go-live' },
  'roll-back': { kind: 'roll-back', reason: 'Nobody can file.' },
  'close-legacy': { kind: 'close-legacy' },
  change: { kind: 'change', emergencyWay: 'Call the clerk.' },
}

const apply = (change: GoLiveChange, plan: GoLivePlan | undefined, court = waiting) =>
  applyGoLive(plan ? holding(plan) : court, plan, change, at)

describe('the machine of a go-live', () => {
  test.each(
    goLiveStates.flatMap((state) => goLiveChangeKinds.map((kind) => [kind, state] as const)),
  )('takes %s where it is %s, or refuses it, as its table says', (kind, state) => {
    const plan = plans[state]
    expect(goLiveStateOf(holding(plan), plan, at)).toBe(state)
    // Closed is only what can no longer be rolled back.
    const since = kind === 'close-legacy' && state === 'live' ? { liveAt: daysFrom(-8) } : {}
    const done = apply(whole[kind], { ...plan, ...since })
    if (!goLiveChangesFrom(state).includes(kind)) {
      expect(done).toMatchObject({ reason: 'not-from-here' })
      return
    }
    if (!done.ok) throw new Error(done.reason)
    const after = planned({ ...done.value.terms })
    const to = { plan: 'planned', announce: 'announced', postpone: 'announced' } as const
    const states: Partial<Record<GoLiveChangeKind, GoLiveState>> = {
      ...to,
      'go-live': 'live',
      'roll-back': 'planned',
      'close-legacy': 'legacy-closed',
    }
    expect(goLiveStateOf(holding(after), after, at)).toBe(states[kind] ?? state)
  })

  test.each<[string, GoLiveChange, GoLivePlan | undefined, GoLiveRefusal]>([
    ['a moment that has passed', { ...whole.plan, liveAt: at }, plans.planned, 'moment-passed'],
    ['no moment', { kind: 'announce' }, planned(), 'no-moment'],
    [
      'the year 9999',
      { kind: 'plan', liveAt: new Date('9999-12-31T05:00:00Z') },
      undefined,
      'moment-too-far',
    ],
    [
      'a postponement without a reason',
      { ...whole.postpone, reason: ' ' },
      plans.announced,
      'no-reason',
    ],
    [
      'a postponement to the same moment',
      { ...whole.postpone, liveAt: daysFrom(20) },
      plans.announced,
      'nothing-differs',
    ],
    [
      'a plan that is there',
      { ...whole.plan, liveAt: daysFrom(20) },
      plans.planned,
      'nothing-differs',
    ],
    [
      'rolling back after eight days',
      whole['roll-back'],
      { ...plans.live, liveAt: daysFrom(-8) },
      'too-late-to-roll-back',
    ],
    ['rolling back without a reason', { kind: 'roll-back' }, plans.live, 'no-reason'],
    ['closing on the third day', whole['close-legacy'], plans.live, 'closes-too-early'],
    [
      'a closing that is planned for the third day',
      { kind: 'change', legacyClosesAt: daysFrom(23) },
      plans.planned,
      'closes-too-early',
    ],
    [
      'opening again what is erased',
      { kind: 'change', legacyClosesAt: null },
      plans['legacy-closed'],
      'closed-already',
    ],
    [
      'a window that ends before it begins',
      { kind: 'change', filingClosed: { from: daysFrom(2), until: daysFrom(1) } },
      plans.planned,
      'window-reversed',
    ],
    [
      'a window of a year',
      { kind: 'change', requestsClosed: { from: at, until: daysFrom(365) } },
      plans.planned,
      'window-too-long',
    ],
    [
      'half a day of notice',
      { kind: 'change', noticeDays: [-1.5] },
      plans.planned,
      'bad-notice-days',
    ],
    [
      'a day of notice that is named twice',
      { kind: 'change', noticeDays: [-3, -3] },
      plans.planned,
      'bad-notice-days',
    ],
    [
      'words without end',
      { kind: 'change', emergencyWay: 'x'.repeat(1001) },
      plans.planned,
      'text-too-long',
    ],
  ])('refuses %s', (_, change, plan, reason) => {
    expect(apply(change, plan)).toEqual({ ok: false, reason })
  })

  test('rolls back what was live by its day alone, and keeps the words and the days of notices', () => {
    const byDay: Court = { ...known, goLiveOn: day('2026-11-20') }
    const back = applyGoLive(byDay, undefined, whole['roll-back'], at)
    expect(back).toMatchObject({ ok: true, value: { goLiveOn: null, terms: { liveAt: null } } })
    const told = planned({
      ...plans.live,
      emergencyWay: 'Call the clerk.',
      filingClosed: { from: at, until: daysFrom(1) },
    })
    expect(apply(whole['roll-back'], told)).toMatchObject({
      value: { terms: { emergencyWay: 'Call the clerk.', filingClosed: null, announcedAt: null } },
    })
  })

  test('a court that was merely seen live stays live, and its day stays untold, whatever else is changed', () => {
    const seen: Court = { ...known, goLiveOn: null, liveBy: day('2023-01-10') }
    const done = applyGoLive(seen, undefined, whole.change, at)
    if (!done.ok) throw new Error(done.reason)
    expect(done.value.goLiveOn).toBeNull()
    const after: Court = { ...seen, hasGoLivePlan: true, liveAt: done.value.terms.liveAt }
    expect([goLiveText(seen, at), goLiveText(after, at)]).toEqual(['Live', 'Live'])
    expect(goLiveStateOf(seen, undefined, at)).toBe('live')
  })
})

describe('in words and moments', () => {
  test.each([
    ['2026-12-01T05:00:00Z', 'Goes live on December 1, 2026'],
    ['2026-12-01T13:00:00Z', 'Goes live on December 1, 2026, 8:00 a.m. Eastern time'],
    ['2021-08-30T16:00:00Z', 'Live since August 30, 2021, 12:00 p.m. Eastern time'],
  ])('%s: %s', (moment, words) => {
    const liveAt = new Date(moment)
    const court: Court = { ...waiting, liveAt, goLiveOn: day(moment.slice(0, 10)) }
    expect(goLiveText(court, at)).toBe(words)
    expect(goLiveDayText(court)).toBe(words.replace(/^Goes live on |^Live since /, ''))
    expect(liveMoment(court)).toEqual(liveAt)
  })

  test('a day of a court without a plan is midnight there, and the end of a window is no more of it', () => {
    expect(liveMoment(known)).toEqual(new Date('2021-08-30T04:00:00Z'))
    const court = { filingClosedFrom: at, filingClosedUntil: daysFrom(2) }
    const just = (moment: Date, by: number) => new Date(moment.getTime() + by)
    expect(
      [just(at, -1), at, just(daysFrom(2), -1), daysFrom(2)].map((each) =>
        isFilingClosed(court, each),
      ),
    ).toEqual([false, true, true, false])
  })
})
