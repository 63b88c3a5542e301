import { type Day, formatDay, momentIn, nextDay } from '../days.ts'
import type { DecidedRight } from './apply-decision.ts'

/** What time alone made of a right: nobody decided it, and no row says it. */
export type Lapse = {
  /** The midnight at the court with which the last day was over. */
  readonly at: Date
  /** As a sentence without its period. */
  readonly sentence: string
}

/**
 * When last days ended a right or an admission, in the order of time, made from the days that were decided.
 * @param decisions of `listDecisions`: in the order of deciding.
 * @param at what is over by then.
 */
export function listLapses(
  decisions: readonly DecidedRight[],
  { timeZone }: { readonly timeZone: string },
  at: Date,
): readonly Lapse[] {
  const held = decisions.filter(
    ({ holdsFrom }, index) =>
      !decisions.slice(index + 1).some((later) => later.holdsFrom <= holdsFrom),
  )
  const over = (day: Day) => momentIn(nextDay(day), '00:00', timeZone)
  /** The moments at which that day came to its end while a decision held that had it. */
  const endsOf = (
    dayOf: (decision: DecidedRight) => Day | null,
    sentence: (day: Day) => string,
  ): Lapse[] =>
    held.flatMap((decision, index) => {
      const day = dayOf(decision)
      const moment = day && over(day)
      const next = held[index + 1]
      const isOver = moment && moment <= at && moment > decision.holdsFrom
      return isOver && !(next && next.holdsFrom <= moment)
        ? [{ at: moment, sentence: sentence(day) }]
        : []
    })
  return [
    ...endsOf(
      ({ state, endsOn }) => (state === 'active' ? endsOn : null),
      (day) => `The right lapsed: its last day was ${formatDay(day)}`,
    ),
    ...endsOf(
      ({ isAdmitted, admittedUntil }) => (isAdmitted ? admittedUntil : null),
      (day) => `The admission to practice ended: its last day was ${formatDay(day)}`,
    ),
  ].sort((one, other) => one.at.getTime() - other.at.getTime())
}
