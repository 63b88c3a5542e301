import { inForceAt, waitingOf } from '../apply-decision.ts'
import { type RightState, stateOfRight } from '../right.ts'
import type { RightDecision } from '../right-store.ts'

/** What letting a disputed link stand does to the right. */
export type Settlement = {
  /** The press stopped the right, and nothing else has since: it comes back. */
  readonly givesBack: boolean
  /** What the right was when the link was said to be wrong; undefined where no such decision is known. */
  readonly before: RightState | undefined
  /** A suspension kept the notices, and the press took them. */
  readonly lostNotices: boolean
  /** What had been decided ahead and does not come any more, since the link was said to be wrong. */
  readonly stopped: readonly RightDecision[]
}

/** What leaves a right that is suspended as it is, so that only the press stops it. */
const leavesSuspended: readonly RightDecision['kind'][] = [
  'change',
  'extend',
  'admit',
  'end-admission',
  'free-filer',
  'withdraw',
]

/**
 * What letting the link stand brings back: what was in force when it was said to be wrong, as far as the court has
 * decided nothing since that ends it.
 * @param history everything that the court decided about the person, in the order of deciding.
 */
export function findSettlement(
  history: readonly RightDecision[],
  court: { readonly timeZone: string },
  at: Date,
): Settlement {
  const place = history.findLastIndex(({ kind }) => kind === 'contest')
  const contest = history[place]
  if (!contest) return { givesBack: false, before: undefined, lostNotices: false, stopped: [] }
  const earlier = history.slice(0, place)
  const right = inForceAt(earlier, contest.decidedAt)
  const before = stateOfRight(right, court, contest.decidedAt)
  const since = history.slice(place + 1)
  const isOfPress = since
    .filter((row, index) => hasHeld(row, since.slice(index + 1), at))
    .every(({ kind, state }) => state === 'suspended' && leavesSuspended.includes(kind))
  return {
    givesBack: before === 'active' && contest.state === 'suspended' && isOfPress,
    before,
    lostNotices: isOfPress && before === 'suspended' && right?.keepsNotices === true,
    stopped: waitingOf(earlier, contest.decidedAt) as readonly RightDecision[],
  }
}

/** Whether a row has been in force by then: what was decided ahead may have been superseded before it came. */
function hasHeld(row: RightDecision, later: readonly RightDecision[], at: Date): boolean {
  if (row.holdsFrom <= row.decidedAt) return true
  return row.holdsFrom <= at && !later.some(({ holdsFrom }) => holdsFrom <= row.holdsFrom)
}
