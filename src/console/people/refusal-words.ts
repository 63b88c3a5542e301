import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { formatDay } from '../../days.ts'
import type { Decision } from '../../efiling/apply-decision.ts'
import type { SeenRefusal } from '../../efiling/decide-as-seen.ts'
import { findFilerAt } from '../../efiling/right-store.ts'
import type { Problem } from '../../problem.ts'
import type { Database } from '../../storage/db.ts'

export type DecideProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

export const notDecided = 'Nothing was decided'

/** Why the court cannot decide so now, at the field where it has one. */
export async function refusalInWords(
  db: Database,
  court: Court,
  decision: Decision,
  refusal: Exclude<SeenRefusal, { reason: 'decided-meanwhile' }>,
): Promise<DecideProblem> {
  const heading = notDecided
  const at = (field: string, message: string) => ({
    heading,
    problems: [{ path: [field], message }],
  })
  switch (refusal.reason) {
    case 'not-from-here':
      return {
        heading,
        text: 'What holds now does not allow it any more: it stands above the form.',
      }
    // Only a holder meets it, who gives up.
    case 'held':
    case 'no-rights':
      return {
        heading,
        text: 'A legacy, shared, firm or closed account has no right to file at any court. Its holder upgrades it first, or uses an account of one person.',
      }
    case 'waits-for-later':
      return {
        heading,
        text: `Something is decided already that holds from ${momentAtCourt(refusal.holdsFrom, court)} on. Withdraw it first.`,
      }
    case 'nothing-waits':
      return { heading, text: 'Nothing waits for its moment any more.' }
    case 'nothing-changes':
      return { heading, text: 'All of that holds already. Change something, or leave it as it is.' }
    case 'not-admitted':
      return { heading, text: 'This person is not admitted to practice at your court.' }
    case 'ends-admission':
      return at(
        'admitted',
        'Choose “Admitted”: this person is. To end the admission is a decision of its own, with its reason',
      )
    case 'role-missing':
      return at('role', 'Choose the role')
    case 'actions-missing':
      return at('grants', 'Choose what is granted')
    case 'last-day-missing':
      return at('endsOn', 'Enter the last day')
    case 'reason-missing':
      return at('reason', 'Choose the reason')
    case 'message-missing':
      return at('message', 'Say in a message what the reason is')
    case 'day-past':
      return at(
        decision.admittedUntil === refusal.day && decision.endsOn !== refusal.day
          ? 'admittedUntil'
          : 'endsOn',
        `Enter a day that is not over by then: ${formatDay(refusal.day)} is`,
      )
    case 'moment-past':
      return at('from', 'Enter a moment that is ahead, or choose “Now”')
    case 'not-ahead':
      return at('from', 'This holds at once: choose “Now”')
    case 'filer-not-ahead':
      return at('filerId', 'A CM/ECF account is changed at once and not ahead: choose “Now”')
    case 'filer-taken': {
      const number = decision.filerId && (await findFilerAt(db, court.id, decision.filerId))
      const whose = number ? `account number ${number}` : 'another account'
      return at(
        'filerId',
        `Enter another CM/ECF account: this one belongs to ${whose} here, and can be taken away on the page of that person`,
      )
    }
    case 'is-linked':
      return {
        heading,
        text: 'This CM/ECF account was linked by its holder or by your court. Undo or correct that link, among the links of your court.',
      }
    case 'not-own':
      return {
        heading,
        text: 'This account is your own, or may be: a colleague at your court decides about it.',
      }
    case 'not-yours':
      return { heading, text: 'You do not work at this court any more.' }
    case 'unknown-account':
    case 'unknown-court':
      return { heading, text: 'The account is not there any more.' }
  }
}
