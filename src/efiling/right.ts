import type { Role } from '../courts/roles.ts'
import { type Day, dayAt } from '../days.ts'

/** What a court may grant. `apply` alone: to hand in an application to it, and nothing else. */
export const actions = ['file', 'receive-notices', 'apply'] as const
export type Action = (typeof actions)[number]

/** What a decision says of a right; that one has lapsed says the calendar. */
export const decidedStates = [
  'none',
  'pending',
  'active',
  'suspended',
  'revoked',
  'given-up',
] as const
export type DecidedState = (typeof decidedStates)[number]

export const rightStates = [...decidedStates, 'lapsed'] as const
export type RightState = (typeof rightStates)[number]

/** Everything that a court decided about a person, as it holds from the moment of one decision on. */
export type Right = {
  readonly state: DecidedState
  readonly role: Role | null
  /** The CM/ECF account at that court. */
  readonly filerId: string | null
  /** To practise there: another fact than the right to file electronically. */
  readonly isAdmitted: boolean
  /** The last day of the admission, where it ends. */
  readonly admittedUntil: Day | null
  /** What was granted; a suspended right keeps it, and gets it back. */
  readonly actions: readonly Action[]
  /** Whether notices stay while the right is suspended. */
  readonly keepsNotices: boolean
  /** The first and the last day of the right, in the court's own time zone. */
  readonly sinceOn: Day | null
  readonly endsOn: Day | null
  /** Of the decision. What a court is told grows with time, too (`standing.ts`). */
  readonly version: number
}

/** By which a CM/ECF account is compared: the old systems do not tell small letters from capital ones. */
export function canonicalFiler(filerId: string): string {
  return filerId.toLowerCase()
}

/** What a person has at a court of which nothing was decided. */
export const noRight: Right = {
  state: 'none',
  role: null,
  filerId: null,
  isAdmitted: false,
  admittedUntil: null,
  actions: [],
  keepsNotices: true,
  sinceOn: null,
  endsOn: null,
  version: 0,
}

/** Where days begin and end at midnight. */
type InZone = { readonly timeZone: string }

/**
 * Whether a last day is over: it lasts until midnight in the court's own time zone.
 * Source: Fed. R. Civ. P. 6(a)(4); Fed. R. Bankr. P. 9006(a)(4) and Fed. R. App. P. 26(a)(4) likewise.
 */
export function isOver(lastDay: Day | null, { timeZone }: InZone, at: Date): boolean {
  return lastDay !== null && lastDay < dayAt(at, timeZone)
}

/** The state at a moment: an active right whose last day is over has lapsed, whoever forgot to end it. */
export function stateOfRight(
  right: Pick<Right, 'state' | 'endsOn'> | undefined,
  court: InZone,
  at: Date,
): RightState {
  if (!right) return 'none'
  return right.state === 'active' && isOver(right.endsOn, court, at) ? 'lapsed' : right.state
}

/** Whether the person is admitted to practise there at that moment. */
export function isAdmittedAt(
  right: Pick<Right, 'isAdmitted' | 'admittedUntil'>,
  court: InZone,
  at: Date,
): boolean {
  return right.isAdmitted && !isOver(right.admittedUntil, court, at)
}

/** How often time alone has changed what a decision says: it ends a right and an admission. */
export function changesByTime(
  right: Pick<Right, 'endsOn' | 'admittedUntil'>,
  court: InZone,
  at: Date,
): number {
  return Number(isOver(right.endsOn, court, at)) + Number(isOver(right.admittedUntil, court, at))
}

/** The version of the decision after this one: above all that time can make of this one. */
export function versionAfter(right: Pick<Right, 'version' | 'endsOn' | 'admittedUntil'>): number {
  return right.version + 1 + Number(right.endsOn !== null) + Number(right.admittedUntil !== null)
}
