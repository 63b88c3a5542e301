import { type AccountFacts, canHoldFilingRights } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import type { Role } from '../courts/roles.ts'
import { type Day, dayAt } from '../days.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import {
  type Action,
  isAdmittedAt,
  noRight,
  type Right,
  type RightState,
  stateOfRight,
  versionAfter,
} from './right.ts'
import {
  type DecisionKind,
  isLinkKind,
  type Need,
  type ReasonCode,
  transitionOf,
} from './right-machine.ts'

/** What somebody decides; what is left out stays as it is. */
export type Decision = {
  readonly kind: DecisionKind
  readonly role?: Role | undefined
  readonly actions?: readonly Action[] | undefined
  readonly isAdmitted?: boolean | undefined
  /** The last day of the admission; null: it does not end. */
  readonly admittedUntil?: Day | null | undefined
  /** The last day of the right; null: it has none. */
  readonly endsOn?: Day | null | undefined
  /** The CM/ECF account there; null: none from now on, and it may be somebody else's. */
  readonly filerId?: string | null | undefined
  /** Absent: at once. Never in the past. */
  readonly holdsFrom?: Date | undefined
  /** Of a suspension; false where it is left out. */
  readonly keepsNotices?: boolean | undefined
  readonly reason?: ReasonCode | undefined
  /** What the holder is told beside the reason. */
  readonly message?: string | undefined
}

/** A row of the history, as far as the next decision depends on it. */
export type DecidedRight = Right & {
  readonly ordinal: number
  readonly holdsFrom: Date
  readonly decidedAt: Date
}

/** Why a decision does not fit what holds. */
export type DecidingRefusal =
  | { readonly reason: 'not-from-here'; readonly state: RightState }
  /** A legacy, shared, firm or closed account has no right anywhere. */
  | { readonly reason: 'no-rights' }
  /** The account is held, or in review, and gives nothing up. */
  | { readonly reason: 'held' }
  | { readonly reason: 'waits-for-later'; readonly holdsFrom: Date }
  | { readonly reason: 'nothing-waits' }
  | { readonly reason: 'nothing-changes' }
  | { readonly reason: 'not-admitted' }
  /** An admission ends by a decision of its own, which has a reason. */
  | { readonly reason: 'ends-admission' }
  | { readonly reason: 'role-missing' }
  | { readonly reason: 'actions-missing' }
  | { readonly reason: 'last-day-missing' }
  | { readonly reason: 'reason-missing' }
  /** The reason is another one, and nobody says which. */
  | { readonly reason: 'message-missing' }
  | { readonly reason: 'day-past'; readonly day: Day }
  | { readonly reason: 'moment-past' }
  | { readonly reason: 'not-ahead' }
  /** A CM/ECF account belongs to somebody at once; it is not changed ahead. */
  | { readonly reason: 'filer-not-ahead' }

/** What the next row of the history says. */
export type NextDecision = Right & { readonly ordinal: number; readonly holdsFrom: Date }

/** What a decision meets. */
export type Circumstances = {
  /** From the row in force on, in the order of their ordinals (`listFromInForce`). */
  readonly history: readonly DecidedRight[]
  readonly holder: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>
  readonly court: { readonly timeZone: string }
  readonly at: Date
  /** The holder decides, about the own right. */
  readonly isHolder?: boolean
}

/** The rows that are in force later than that moment, if nothing is decided until then. */
export function waitingOf(history: readonly DecidedRight[], at: Date): readonly DecidedRight[] {
  return history.filter(
    (row, index) =>
      isAhead(row, at) &&
      !history.slice(index + 1).some((later) => later.holdsFrom <= row.holdsFrom),
  )
}

/** The row in force at a moment: the newest of those that hold by then. */
export function inForceAt(history: readonly DecidedRight[], at: Date): DecidedRight | undefined {
  return history.findLast((row) => !isAhead(row, at))
}

// What was decided at once holds at once, also on a process whose clock is a little behind.
function isAhead({ holdsFrom, decidedAt }: DecidedRight, at: Date): boolean {
  return holdsFrom > at && holdsFrom > decidedAt
}

/** What a decision makes of what holds, or why it cannot be made; the machine decides, nothing is written. */
export function applyDecision(
  decision: Decision,
  { history, holder, court, at, isHolder = false }: Circumstances,
): Outcome<NextDecision, DecidingRefusal> {
  const transition = transitionOf(decision.kind)
  const from = decision.holdsFrom ?? at
  if (from < at) return refused('moment-past')
  const waiting = waitingOf(history, at)
  const [first] = waiting
  if (first && !transition.supersedes) {
    return refused('waits-for-later', { holdsFrom: first.holdsFrom })
  }
  const before: Right = inForceAt(history, from) ?? noRight
  const state = stateOfRight(before, court, from)
  const isBarred = isHolder && transition.notByHolder?.includes(state)
  if (isBarred || transition.moves[state] === undefined) return refused('not-from-here', { state })

  const day = dayAt(from, court.timeZone)
  const after = membersAfter(decision, before, day)
  if (decision.holdsFrom && before.filerId !== null && after.filerId !== before.filerId) {
    return refused('filer-not-ahead')
  }
  const endsWithLink = decision.kind === 'unlink'
  if (decision.isAdmitted === false && !endsWithLink && isAdmittedAt(before, court, from)) {
    return refused('ends-admission')
  }
  const isMissing: Readonly<Record<Need, () => DecidingRefusal | undefined>> = {
    account: () => (canHoldFilingRights(holder) ? undefined : { reason: 'no-rights' }),
    role: () => (after.role ? undefined : { reason: 'role-missing' }),
    actions: () => (decision.actions?.length ? undefined : { reason: 'actions-missing' }),
    'last-day': () => (decision.endsOn !== undefined ? undefined : { reason: 'last-day-missing' }),
    reason: () => (decision.reason ? undefined : { reason: 'reason-missing' }),
    difference: () => (isSame(before, after) ? { reason: 'nothing-changes' } : undefined),
    admission: () => (isAdmittedAt(before, court, from) ? undefined : { reason: 'not-admitted' }),
    filer: () => (before.filerId ? undefined : { reason: 'nothing-changes' }),
    'at-once': () => (decision.holdsFrom ? { reason: 'not-ahead' } : undefined),
    'not-held': () => (may(holder, 'file') ? undefined : { reason: 'held' }),
    plan: () => (first ? undefined : { reason: 'nothing-waits' }),
  }
  for (const need of transition.needs) {
    const missing = isMissing[need]()
    if (missing) return refused(missing.reason, missing)
  }
  if (decision.reason === 'other' && !decision.message) return refused('message-missing')
  const past = pastDay(decision, after, day)
  if (past) return refused('day-past', { day: past })

  const newest = history.at(-1)
  return ok({
    ...after,
    ordinal: (newest?.ordinal ?? 0) + 1,
    version: newest ? versionAfter(newest) : 1,
    holdsFrom: from,
  })
}

/**
 * A last day that would be over from the beginning on: a new one, or the old one of a right that begins again.
 * What the old system says has ended comes over as it is.
 */
function pastDay(decision: Decision, after: Right, day: Day): Day | undefined {
  if (isLinkKind(decision.kind)) return undefined
  const begins = decision.kind === 'grant' || decision.kind === 'reinstate'
  const days = [
    (begins || decision.endsOn) && after.endsOn,
    decision.admittedUntil && after.admittedUntil,
  ]
  return days.find((last): last is Day => Boolean(last) && (last as Day) < day)
}

/** The whole right after the decision, its version aside. */
function membersAfter(decision: Decision, before: Right, day: Day): Right {
  const named: Right = {
    ...before,
    role: decision.role ?? before.role,
    actions: decision.actions ?? before.actions,
    filerId: decision.filerId === undefined ? before.filerId : decision.filerId,
    endsOn: decision.endsOn === undefined ? before.endsOn : decision.endsOn,
    ...admissionAfter(decision, before),
  }
  switch (decision.kind) {
    case 'grant':
      return {
        ...named,
        state: 'active',
        keepsNotices: true,
        sinceOn: day,
        endsOn: decision.endsOn ?? null,
      }
    case 'change':
      return named
    case 'extend':
      return { ...before, endsOn: named.endsOn }
    case 'suspend':
      return { ...before, state: 'suspended', keepsNotices: decision.keepsNotices ?? false }
    case 'reinstate':
      return { ...before, state: 'active', keepsNotices: true, endsOn: named.endsOn }
    case 'revoke':
      return { ...before, state: 'revoked', filerId: named.filerId }
    case 'give-up':
      return { ...before, state: 'given-up' }
    case 'admit':
      return {
        ...before,
        isAdmitted: true,
        admittedUntil: decision.admittedUntil ?? null,
      }
    case 'end-admission':
      return { ...before, isAdmitted: false, admittedUntil: null }
    case 'free-filer':
      return { ...before, filerId: null }
    case 'withdraw':
      return before
    case 'link':
    case 'link-suspended':
      return {
        ...named,
        state: decision.kind === 'link' ? 'active' : 'suspended',
        actions: decision.actions ?? [],
        keepsNotices: decision.kind === 'link',
        sinceOn: day,
        endsOn: decision.endsOn ?? null,
      }
    case 'contest': {
      const isOver = before.endsOn !== null && before.endsOn < day
      const state = before.state === 'active' && !isOver ? 'suspended' : before.state
      return { ...before, state, keepsNotices: before.keepsNotices && state !== 'suspended' }
    }
    case 'unlink':
      return { ...noRight, ...admissionAfter(decision, before) }
  }
}

function admissionAfter(
  { isAdmitted, admittedUntil }: Decision,
  before: Right,
): Pick<Right, 'isAdmitted' | 'admittedUntil'> {
  const admitted = isAdmitted ?? (admittedUntil ? true : before.isAdmitted)
  if (!admitted) return { isAdmitted: false, admittedUntil: null }
  return {
    isAdmitted: true,
    admittedUntil: admittedUntil === undefined ? before.admittedUntil : admittedUntil,
  }
}

function isSame(before: Right, after: Right): boolean {
  const text = (right: Right) =>
    JSON.stringify([
      right.state,
      right.role,
      right.filerId,
      right.isAdmitted,
      right.admittedUntil,
      [...right.actions].sort(),
      right.endsOn,
    ])
  return text(before) === text(after)
}
