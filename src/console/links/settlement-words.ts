import type { Court } from '../../courts/court.ts'
import type { Settlement } from '../../efiling/linking/settlement.ts'
import { noRight, type Right } from '../../efiling/right.ts'
import { tellDecision } from '../../efiling/right-history.ts'

/** What letting a disputed link stand does to the right, and what it does not, as sentences. */
export function settlementText(
  settlement: Settlement,
  right: Right | undefined,
  court: Pick<Court, 'timeZone'>,
): readonly string[] {
  const stopped = stoppedText(settlement, right, court)
  return [
    effectText(settlement),
    ...(stopped ? [`${stopped} Decide it again on the page of the person if it still holds.`] : []),
  ]
}

/** What had been decided ahead and was superseded when the link was disputed; undefined where nothing was. */
export function stoppedText(
  { stopped }: Settlement,
  right: Right | undefined,
  court: Pick<Court, 'timeZone'>,
): string | undefined {
  if (stopped.length === 0) return undefined
  const told = stopped.map((decision) => tellDecision(decision, right ?? noRight, court))
  return `Your court had decided ahead: ${told.join('; ')}. That was stopped when the link was disputed, and does not come by itself any more.`
}

function effectText({ givesBack, before, lostNotices }: Settlement): string {
  if (givesBack) {
    return 'The right that was stopped comes back at once, with what your court has changed of it since.'
  }
  if (lostNotices) {
    return 'The right was suspended before the link was disputed, and stays so. It had kept the notices; they do not come back by themselves.'
  }
  return before === 'active'
    ? 'Your court has decided about the right since the link was disputed: it stays as it is now.'
    : 'No right was stopped when the link was disputed: it stays as it is now.'
}
