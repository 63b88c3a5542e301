import { describe, expect, test } from 'vitest'
import { parseDay } from '../../src/days.ts'
import {
  applyDecision,
  type DecidedRight,
  type Decision,
  inForceAt,
  waitingOf,
} from '../../src/efiling/apply-decision.ts'
import { noRight, type Right, type RightState, rightStates } from '../../src/efiling/right.ts'
import {
  type DecisionKind,
  decisionKinds,
  decisionsFrom,
  transitionOf,
} from '../../src/efiling/right-machine.ts'

const day = (text: string) => parseDay(text)!
const at = new Date('2026-11-24T15:30:00Z')
const court = { timeZone: 'America/New_York' }
const holder = { type: 'individual', isUpgraded: true, state: 'active' } as const

const decided = (change: Partial<DecidedRight> = {}): DecidedRight => ({
  ...noRight,
  state: 'active',
  role: 'attorney',
  actions: ['file', 'receive-notices'],
  sinceOn: day('2021-09-02'),
  ordinal: 3,
  version: 7,
  holdsFrom: new Date('2021-09-02T04:00:00Z'),
  decidedAt: new Date('2021-09-02T04:00:00Z'),
  ...change,
})

/** A history that leaves somebody in that state. */
const historyIn = (state: RightState): DecidedRight[] => {
  if (state === 'lapsed') return [decided({ endsOn: day('2026-11-23') })]
  return state === 'none' ? [] : [decided({ state })]
}

/** With everything that each kind needs. */
const whole: Readonly<Record<DecisionKind, Decision>> = {
  grant: { kind: 'grant', role: 'attorney', actions: ['file'] },
  change: { kind: 'change', role: 'trustee' },
  extend: { kind: 'extend', endsOn: day('2027-06-30') },
  suspend: { kind: 'suspend', reason: 'discipline' },
  reinstate: { kind: 'reinstate' },
  revoke: { kind: 'revoke', reason: 'retired' },
  admit: { kind: 'admit', admittedUntil: day('2029-11-24') },
  'end-admission': { kind: 'end-admission', reason: 'order-of-the-court' },
  'free-filer': { kind: 'free-filer' },
  withdraw: { kind: 'withdraw' },
  'give-up': { kind: 'give-up' },
  link: { kind: 'link', role: 'attorney', actions: ['file'], filerId: 'jdoe-ecf' },
  'link-suspended': { kind: 'link-suspended', role: 'attorney', actions: ['file'] },
  contest: { kind: 'contest' },
  unlink: { kind: 'unlink', reason: 'other', message: 'Another person of that name' },
}

const apply = (decision: Decision, history: readonly DecidedRight[], who: object = {}) =>
  applyDecision(decision, { history, holder: { ...holder, ...who }, court, at })

describe('the machine of rights', () => {
  test.each(rightStates.flatMap((state) => decisionKinds.map((kind) => [kind, state] as const)))(
    '%s from %s leads where the table says, or nowhere',
    (kind, state) => {
      const history = historyIn(state).map((row) =>
        kind === 'end-admission' || kind === 'free-filer'
          ? { ...row, isAdmitted: true, filerId: 'jdoe-ecf' }
          : row,
      )
      const answer = apply(whole[kind], history)
      const to = transitionOf(kind).moves[state]
      if (to === undefined) expect(answer).toEqual({ ok: false, reason: 'not-from-here', state })
      else if (kind === 'free-filer' && state === 'none') {
        expect(answer).toMatchObject({ reason: 'nothing-changes' })
      } else if (kind === 'withdraw') expect(answer).toMatchObject({ reason: 'nothing-waits' })
      else if (kind === 'end-admission' && state === 'none') {
        expect(answer).toMatchObject({ reason: 'not-admitted' })
      } else {
        // That it has lapsed is no decision: the row is the active one.
        expect(answer).toMatchObject({
          ok: true,
          value: { state: to === 'lapsed' ? 'active' : to },
        })
      }
    },
  )

  test('what may be decided is asked of the same table', () => {
    expect(decisionsFrom('suspended')).toEqual([
      'change',
      'extend',
      'reinstate',
      'revoke',
      'admit',
      'end-admission',
      'free-filer',
      'withdraw',
      'contest',
      'unlink',
    ])
  })

  test.each<[string, Decision, DecidedRight[], object]>([
    ['role-missing', { kind: 'grant', actions: ['file'] }, [], {}],
    ['actions-missing', { kind: 'grant', role: 'attorney' }, [], {}],
    ['actions-missing', { kind: 'grant', role: 'attorney', actions: [] }, [], {}],
    ['last-day-missing', { kind: 'extend' }, [decided()], {}],
    ['reason-missing', { kind: 'suspend' }, [decided()], {}],
    ['reason-missing', { kind: 'revoke' }, [decided()], {}],
    ['message-missing', { kind: 'revoke', reason: 'other' }, [decided()], {}],
    ['nothing-changes', { kind: 'change', role: 'attorney' }, [decided()], {}],
    ['nothing-changes', { kind: 'extend', endsOn: null }, [decided()], {}],
    ['nothing-changes', { kind: 'admit' }, [decided({ isAdmitted: true })], {}],
    ['day-past', { ...whole.grant, endsOn: day('2026-11-23') }, [], {}],
    ['day-past', { kind: 'extend', endsOn: day('2026-11-23') }, [decided()], {}],
    ['day-past', { kind: 'admit', admittedUntil: day('2026-11-23') }, [], {}],
    [
      'day-past',
      { kind: 'reinstate' },
      [decided({ state: 'suspended', endsOn: day('2026-11-23') })],
      {},
    ],
    ['not-ahead', { kind: 'give-up', holdsFrom: new Date('2026-12-01') }, [decided()], {}],
    ['held', { kind: 'give-up' }, [decided()], { state: 'held' }],
    ['held', { kind: 'give-up' }, [decided()], { state: 'in-review' }],
    ['moment-past', { ...whole.grant, holdsFrom: new Date(at.getTime() - 1) }, [], {}],
    [
      'filer-not-ahead',
      { kind: 'change', filerId: 'other', holdsFrom: new Date('2026-12-01T05:00:00Z') },
      [decided({ filerId: 'jdoe-ecf' })],
      {},
    ],
    ['not-ahead', { kind: 'free-filer', holdsFrom: new Date('2026-12-01') }, [decided()], {}],
    ['nothing-changes', { kind: 'free-filer' }, [decided()], {}],
    ['not-ahead', { ...whole.link, holdsFrom: new Date('2026-12-01') }, [], {}],
    ['held', whole.link, [], { state: 'held' }],
    ['no-rights', whole.link, [], { isUpgraded: false }],
    ['no-rights', whole['link-suspended'], [], { type: 'shared' }],
    ['reason-missing', { kind: 'unlink' }, [decided()], {}],
    ['no-rights', whole.grant, [], { isUpgraded: false }],
    ['no-rights', whole.grant, [], { type: 'shared' }],
    ['no-rights', whole.admit, [], { type: 'firm' }],
    ['no-rights', whole.reinstate, [decided({ state: 'suspended' })], { state: 'closed' }],
  ])('refuses with %s: %o', (reason, decision, history, who) => {
    expect(apply(decision, history, who)).toMatchObject({ ok: false, reason })
  })

  test('takes a right from an account that could be given none', () => {
    expect(apply(whole.revoke, [decided()], { state: 'closed' }).ok).toBe(true)
  })

  test('gives back at a reinstatement what was granted before', () => {
    const granted = decided({ endsOn: day('2027-06-30'), filerId: 'jdoe-ecf', isAdmitted: true })
    const suspended = apply({ ...whole.suspend, keepsNotices: true }, [granted])
    expect(suspended).toMatchObject({ ok: true, value: { state: 'suspended', keepsNotices: true } })
    if (!suspended.ok) return
    const row = { ...suspended.value, decidedAt: at }
    const again = apply(whole.reinstate, [row])
    const { ordinal: _, version: __, holdsFrom: ___, decidedAt: ____, ...before } = granted
    expect(again).toMatchObject({ ok: true, value: before })
  })

  test('an extension of what has lapsed makes it active again, with what was granted', () => {
    const [lapsed] = historyIn('lapsed')
    const answer = apply(whole.extend, [lapsed!])
    expect(answer).toMatchObject({
      ok: true,
      value: { state: 'active', endsOn: '2027-06-30', sinceOn: '2021-09-02', version: 9 },
    })
  })
})

describe('a decision ahead of its moment', () => {
  const soon = new Date('2026-12-01T05:00:00Z')
  const later = new Date('2026-12-08T05:00:00Z')
  const planned = (change: Partial<DecidedRight>) =>
    decided({ ordinal: 4, version: 8, holdsFrom: soon, decidedAt: at, ...change })

  test('waits, and another one is refused that would come between', () => {
    const history = [decided(), planned({ state: 'suspended' })]
    expect(inForceAt(history, at)?.ordinal).toBe(3)
    expect(inForceAt(history, soon)?.ordinal).toBe(4)
    expect(apply(whole.change, history)).toEqual({
      ok: false,
      reason: 'waits-for-later',
      holdsFrom: soon,
    })
  })

  test('is withdrawn by one that says what holds, and then waits no more', () => {
    const history = [decided(), planned({ state: 'suspended' })]
    const withdrawn = apply(whole.withdraw, history)
    expect(withdrawn).toMatchObject({
      ok: true,
      value: { state: 'active', ordinal: 5, version: 9 },
    })
    if (!withdrawn.ok) return
    const after = [...history, { ...withdrawn.value, decidedAt: at }]
    expect(waitingOf(after, at)).toEqual([])
    expect(inForceAt(after, later)?.ordinal).toBe(5)
  })

  test('gives way to the end of the right, not to a later end', () => {
    const history = [decided(), planned({ endsOn: day('2027-06-30') })]
    expect(apply(whole.revoke, history)).toMatchObject({ ok: true, value: { ordinal: 5 } })
    const ahead = apply({ ...whole.revoke, holdsFrom: later }, history)
    expect(ahead).toMatchObject({ ok: true, value: { state: 'revoked', version: 10 } })
    if (!ahead.ok) return
    const after = [...history, { ...ahead.value, decidedAt: at }]
    expect([at, soon, later].map((moment) => inForceAt(after, moment)?.ordinal)).toEqual([3, 4, 5])
  })

  test('is decided on what will hold then: after the last day there is nothing to suspend', () => {
    const history = [decided({ endsOn: day('2026-11-30') })]
    expect(apply({ ...whole.suspend, holdsFrom: soon }, history)).toEqual({
      ok: false,
      reason: 'not-from-here',
      state: 'lapsed',
    })
  })

  test('of another process whose clock is ahead holds at once', () => {
    const ahead = new Date(at.getTime() + 300)
    const history: readonly (Right & DecidedRight)[] = [
      decided({ state: 'suspended', ordinal: 4, holdsFrom: ahead, decidedAt: ahead }),
    ]
    expect(inForceAt(history, at)?.state).toBe('suspended')
    expect(apply(whole.reinstate, history).ok).toBe(true)
  })
})
