import { isDeepStrictEqual } from 'node:util'
import { dayAt, momentIn } from '../days.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Court } from './court.ts'
import { liveMoment } from './go-live.ts'
import { type GoLiveKind, type GoLiveNeed, goLiveTransitionOf } from './go-live-machine.ts'
import {
  type GoLivePlan,
  type GoLiveTerms,
  goLiveLimits,
  goLiveStateOf,
  noTerms,
  type Window,
} from './go-live-plan.ts'

/** What somebody does with a court's go-live. What is undefined stays as it is. */
export type GoLiveChange = {
  readonly kind: GoLiveKind
  /** Of `plan`, `announce`, `postpone` and `set`; null: it is not known. */
  readonly liveAt?: Date | null | undefined
  readonly legacyClosesAt?: Date | null | undefined
  readonly filingClosed?: Window | null | undefined
  readonly requestsClosed?: Window | null | undefined
  readonly emergencyWay?: string | null | undefined
  readonly noticeDays?: readonly number[] | undefined
  readonly reason?: string | undefined
}

/** Why a change is not made. */
export type GoLiveRefusal =
  /** Not from the state in which the court is. */
  | 'not-from-here'
  | 'no-moment'
  | 'moment-passed'
  | 'moment-too-far'
  | 'no-reason'
  | 'text-too-long'
  | 'nothing-differs'
  | 'too-late-to-roll-back'
  /** Linking by the old password ends no earlier than a go-live can be rolled back. */
  | 'closes-too-early'
  /** The hashes are erased: linking by the old password does not open again. */
  | 'closed-already'
  | 'window-reversed'
  | 'window-too-long'
  | 'bad-notice-days'

/** What a court's go-live is after a change. */
export type GoLiveAfter = {
  readonly terms: GoLiveTerms
  /** The day of go-live that is told; null where none is known. */
  readonly goLiveOn: Court['goLiveOn']
}

const dayMilliseconds = 24 * 3600_000

/** What holds of a court's go-live, also of one of which no plan is kept here. */
export function termsOf(court: Court, plan: GoLivePlan | undefined): GoLiveTerms {
  return plan ?? { ...noTerms, liveAt: liveMoment(court) ?? null }
}

/** What a change makes of a court's go-live, or why it is not made. Nothing is read or written. */
export function applyGoLive(
  court: Court,
  plan: GoLivePlan | undefined,
  change: GoLiveChange,
  at: Date,
): Outcome<GoLiveAfter, GoLiveRefusal> {
  const before = pickTerms(termsOf(court, plan))
  const isUnknown = change.kind === 'set' && change.liveAt === null
  const after = termsAfter(before, change, at)
  // Of a court that was seen live only the day is not known.
  const seen = court.liveBy && momentIn(court.liveBy, '00:00', court.timeZone)
  const terms = isUnknown ? { ...after, liveAt: seen } : after
  const problem =
    stepProblem(change, { court, plan, before, terms }, at) ??
    textProblem(terms, change.reason) ??
    momentProblem(before, terms, at) ??
    (change.kind === 'set' ? undefined : distanceProblem(terms, at))
  if (problem) return refused(problem)
  const isMoved = terms.liveAt?.getTime() !== before.liveAt?.getTime()
  return ok({ terms, goLiveOn: isUnknown ? null : dayToTell(court, change, terms, isMoved) })
}

/**
 * A moment that is planned and not announced is nobody's to read yet. A day on which a court was merely seen
 * live stays untold, as long as nobody moves it.
 */
function dayToTell(
  court: Court,
  { kind }: GoLiveChange,
  { liveAt, announcedAt }: GoLiveTerms,
  isMoved: boolean,
): Court['goLiveOn'] {
  if (!isMoved && kind !== 'announce') return court.goLiveOn
  const isTold = announcedAt !== null || kind === 'set'
  return isTold && liveAt ? dayAt(liveAt, court.timeZone) : null
}

function pickTerms(terms: GoLiveTerms): GoLiveTerms {
  const { liveAt, announcedAt, legacyClosesAt, filingClosed, requestsClosed } = terms
  const { emergencyWay, noticeDays } = terms
  return {
    liveAt,
    announcedAt,
    legacyClosesAt,
    filingClosed,
    requestsClosed,
    emergencyWay,
    noticeDays,
  }
}

function termsAfter(before: GoLiveTerms, change: GoLiveChange, at: Date): GoLiveTerms {
  const { kind, reason: _, liveAt, ...members } = change
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  const terms: GoLiveTerms = { ...before, ...Object.fromEntries(given) }
  switch (kind) {
    case 'plan':
    case 'postpone':
      return liveAt === undefined ? terms : { ...terms, liveAt }
    case 'set':
      return liveAt === null
        ? { ...terms, liveAt, announcedAt: null, legacyClosesAt: null }
        : { ...terms, liveAt: liveAt ?? terms.liveAt }
    case 'announce':
      return { ...terms, liveAt: liveAt ?? terms.liveAt, announcedAt: at }
    case 'go-live':
      // Whoever files there is told that it has, also where nothing was announced.
      return { ...terms, liveAt: at, announcedAt: terms.announcedAt ?? at }
    case 'roll-back':
      // What belonged to that go-live ends with it; links, rights and requests are no part of a plan.
      return {
        ...terms,
        liveAt: null,
        announcedAt: null,
        legacyClosesAt: null,
        filingClosed: null,
        requestsClosed: null,
      }
    case 'close-legacy':
      return { ...terms, legacyClosesAt: at }
    case 'change':
      return terms
  }
}

type Step = {
  readonly court: Court
  readonly plan: GoLivePlan | undefined
  readonly before: GoLiveTerms
  readonly terms: GoLiveTerms
}

/** Why the machine does not let this be done; a file of an operator is no step of it. */
function stepProblem(
  change: GoLiveChange,
  { court, plan, before, terms }: Step,
  at: Date,
): GoLiveRefusal | undefined {
  if (change.kind === 'set') return undefined
  const { moves, needs } = goLiveTransitionOf(change.kind)
  if (!moves[goLiveStateOf(court, plan, at)]) return 'not-from-here'
  const rollBackEnds = (before.liveAt?.getTime() ?? 0) + goLiveLimits.rollBackDays * dayMilliseconds
  const problems: Readonly<Record<GoLiveNeed, () => GoLiveRefusal | undefined>> = {
    moment: () => {
      if (terms.liveAt === null) return 'no-moment'
      return terms.liveAt <= at ? 'moment-passed' : undefined
    },
    reason: () => (change.reason?.trim() ? undefined : 'no-reason'),
    difference: () => (isDeepStrictEqual(before, terms) ? 'nothing-differs' : undefined),
    'other-moment': () =>
      before.liveAt?.getTime() === terms.liveAt?.getTime() ? 'nothing-differs' : undefined,
    'within-seven-days': () => (at.getTime() > rollBackEnds ? 'too-late-to-roll-back' : undefined),
    'after-seven-days': () => (at.getTime() < rollBackEnds ? 'closes-too-early' : undefined),
  }
  for (const need of needs) {
    const problem = problems[need]()
    if (problem) return problem
  }
  return undefined
}

function textProblem(terms: GoLiveTerms, reason: string | undefined): GoLiveRefusal | undefined {
  const { emergencyLength, reasonLength, notices, noticeDaysBefore, noticeDaysAfter } = goLiveLimits
  if ((terms.emergencyWay?.length ?? 0) > emergencyLength) return 'text-too-long'
  if ((reason?.length ?? 0) > reasonLength) return 'text-too-long'
  const days = terms.noticeDays
  const isTold = (day: number) =>
    Number.isInteger(day) && day >= -noticeDaysBefore && day <= noticeDaysAfter
  const isGood = days.length <= notices && new Set(days).size === days.length && days.every(isTold)
  return isGood ? undefined : 'bad-notice-days'
}

/** What the moments of a go-live have to be among one another. */
function momentProblem(
  before: GoLiveTerms,
  terms: GoLiveTerms,
  at: Date,
): GoLiveRefusal | undefined {
  const { liveAt, legacyClosesAt, filingClosed, requestsClosed } = terms
  const windows = [filingClosed, requestsClosed].filter((window) => window !== null)
  if (windows.some(({ from, until }) => from >= until)) return 'window-reversed'
  const longest = goLiveLimits.windowDays * dayMilliseconds
  if (windows.some(({ from, until }) => until.getTime() - from.getTime() > longest)) {
    return 'window-too-long'
  }
  if (legacyClosesAt === null || liveAt === null) {
    return legacyClosesAt !== null ? 'no-moment' : closedAlready(before, terms, at)
  }
  const earliest = liveAt.getTime() + goLiveLimits.rollBackDays * dayMilliseconds
  if (legacyClosesAt.getTime() < earliest) return 'closes-too-early'
  return closedAlready(before, terms, at)
}

/** A year with a slip of the pen is no plan; a file of an operator says what was decided elsewhere. */
function distanceProblem(terms: GoLiveTerms, at: Date): GoLiveRefusal | undefined {
  const latest = at.getTime() + goLiveLimits.yearsAhead * 366 * dayMilliseconds
  const ends = [terms.liveAt, terms.legacyClosesAt, terms.filingClosed?.until]
  const isTooFar = [...ends, terms.requestsClosed?.until].some(
    (one) => (one?.getTime() ?? 0) > latest,
  )
  return isTooFar ? 'moment-too-far' : undefined
}

/** What is erased does not come back: that moment has passed for good, as long as the court is live. */
function closedAlready(
  before: GoLiveTerms,
  terms: GoLiveTerms,
  at: Date,
): GoLiveRefusal | undefined {
  const isClosed = before.legacyClosesAt !== null && before.legacyClosesAt <= at
  const isSame = before.legacyClosesAt?.getTime() === terms.legacyClosesAt?.getTime()
  return isClosed && !isSame && terms.liveAt !== null ? 'closed-already' : undefined
}
