import type { Court } from '../courts/court.ts'
import { momentAtCourt } from '../courts/court-time.ts'
import { roleLabel } from '../courts/roles.ts'
import { formatDay } from '../days.ts'
import type { AccountId } from '../ids.ts'
import { listLapses } from './lapses.ts'
import { noRight, type Right } from './right.ts'
import { reasonLabels } from './right-machine.ts'
import type { RightDecision } from './right-store.ts'
import { actionLabel, stateLabel } from './standing-words.ts'

/** One decision, or the end of a last day, as a sentence without its period, for the court and for the holder alike. */
export type ToldDecision = {
  readonly sentence: string
  /** Why, where a reason was chosen that says something. */
  readonly reason: string | undefined
  /** In the words of who decided. */
  readonly message: string | null
  /** When it was decided, by the clock of the court. */
  readonly at: string
  readonly by: ToldDecider
}

/**
 * Null for a file of the operator; `time` where a last day was over, and nobody decided; `old-address` for the
 * reader of the mail to an account of the court's old system, of whom nothing else is known.
 */
export type ToldDecider = AccountId | 'time' | 'old-address' | null

/** What is said of whoever said by that mail that a link is wrong. */
export const oldAddressWords = 'whoever reads the e-mail address of the old account'

type TellingCourt = Pick<Court, 'timeZone'>

/**
 * What one court decided about one person, and what time made of it, newest first, each as what it changed.
 * @param decisions of `listDecisions`: in the order of deciding.
 */
export function tellDecisions(
  decisions: readonly RightDecision[],
  court: TellingCourt,
  at: Date,
): readonly ToldDecision[] {
  const lapses = listLapses(decisions, court, at).map((lapse) => ({
    moment: lapse.at,
    sentence: lapse.sentence,
    reason: undefined,
    message: null,
    by: 'time' as const,
  }))
  return [...decisions.map(told), ...lapses]
    .sort((one, other) => one.moment.getTime() - other.moment.getTime())
    .map(({ moment, ...each }) => ({ ...each, at: momentAtCourt(moment, court) }))
    .reverse()

  function told(decision: RightDecision, index: number) {
    const { kind, reason, message, decidedAt, decidedBy } = decision
    const earlier = decisions.slice(0, index)
    const before = earlier.findLast((each) => each.holdsFrom <= decision.holdsFrom) ?? noRight
    const isReplaced =
      isAhead(decision) &&
      decisions.slice(index + 1).some(({ holdsFrom }) => holdsFrom <= decision.holdsFrom)
    return {
      moment: decidedAt,
      sentence: [
        tellDecision(decision, before, court),
        isReplaced ? ' (another decision took its place before it held)' : '',
      ].join(''),
      reason: reason && reason !== 'other' ? reasonLabels[reason] : undefined,
      message,
      by: decidedBy ?? (kind === 'contest' ? ('old-address' as const) : null),
    }
  }
}

/** One decision as what it changes, with the moment from which it holds where that was not at once. */
export function tellDecision(decision: RightDecision, before: Right, court: TellingCourt): string {
  const from = isAhead(decision) ? `, from ${momentAtCourt(decision.holdsFrom, court)} on` : ''
  return `${whatIsDecided(decision, before)}${from}`
}

function isAhead({ kind, holdsFrom, decidedAt }: RightDecision): boolean {
  return kind !== 'migrate' && holdsFrom > decidedAt
}

function whatIsDecided(after: RightDecision, before: Right): string {
  switch (after.kind) {
    case 'grant':
      return `The right was granted: ${rightInWords(after)}`
    case 'change':
      return `The right was changed: ${differenceInWords(before, after)}`
    case 'extend':
      return after.endsOn
        ? `The last day of the right was set to ${formatDay(after.endsOn)}`
        : 'The right has no last day any more'
    case 'suspend':
      return after.keepsNotices
        ? 'The right was suspended; notices stay'
        : 'The right was suspended, and with it the notices'
    case 'reinstate':
      return `The right was given back: ${rightInWords(after)}`
    case 'revoke':
      return 'The right was ended'
    case 'admit':
      return after.admittedUntil
        ? `Admitted to practice until ${formatDay(after.admittedUntil)}`
        : 'Admitted to practice'
    case 'end-admission':
      return 'The admission to practice was ended'
    case 'free-filer':
      return `The CM/ECF account ${before.filerId} was taken away`
    case 'withdraw':
      return 'What had been decided ahead was withdrawn'
    case 'give-up':
      return 'The right was given up by its holder'
    case 'link':
      return `An account of the old system was linked: ${rightInWords(after)}`
    case 'link-suspended':
      return `An account that the old system says is suspended was linked: ${rightInWords(after)}`
    case 'contest':
      return 'Somebody said that the link is wrong; nobody files with it until the court has looked at it'
    case 'unlink':
      return 'The link was undone'
    case 'apply':
    case 'migrate':
      return `Recorded by the operator of this service: ${stateLabel(after.state).toLowerCase()}`
  }
}

/** Everything that a right grants, in words. */
export function rightInWords(right: Right): string {
  const { role, actions, filerId, endsOn } = right
  return [
    role && roleLabel(role),
    ...actions.map(actionLabel),
    filerId && `CM/ECF account ${filerId}`,
    endsOn && `last day ${formatDay(endsOn)}`,
    right.isAdmitted && admissionInWords(right),
  ]
    .filter(Boolean)
    .join('; ')
}

function admissionInWords({ isAdmitted, admittedUntil }: Right): string {
  if (!isAdmitted) return 'not admitted to practice'
  return admittedUntil
    ? `admitted to practice until ${formatDay(admittedUntil)}`
    : 'admitted to practice'
}

function differenceInWords(before: Right, after: Right): string {
  const actionsOf = ({ actions }: Right) => actions.map(actionLabel).sort().join('; ')
  return [
    after.role !== before.role && after.role && `now ${roleLabel(after.role)}`,
    actionsOf(after) !== actionsOf(before) && `now ${actionsOf(after)}`,
    after.filerId !== before.filerId &&
      (after.filerId ? `CM/ECF account ${after.filerId}` : 'no CM/ECF account'),
    after.endsOn !== before.endsOn &&
      (after.endsOn ? `last day ${formatDay(after.endsOn)}` : 'no last day'),
    (after.isAdmitted !== before.isAdmitted || after.admittedUntil !== before.admittedUntil) &&
      admissionInWords(after),
  ]
    .filter(Boolean)
    .join('; ')
}
