import { canHoldFilingRights } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import { type Circumstances, inForceAt, waitingOf } from './apply-decision.ts'
import { isAdmittedAt, noRight, stateOfRight } from './right.ts'
import {
  type Causer,
  type DecisionKind,
  decisionsFrom,
  isLinkKind,
  type LinkKind,
  transitionOf,
} from './right-machine.ts'

type PlainKind = Exclude<DecisionKind, LinkKind>

/**
 * What one of these can decide at this moment, as the machine has it, so that a page offers nothing that would be
 * refused whatever somebody types. Links are decided on pages of their own.
 */
export function listOpenDecisions(
  who: Causer,
  { history, holder, court, at }: Circumstances,
): readonly PlainKind[] {
  const right = inForceAt(history, at) ?? noRight
  const isWaiting = waitingOf(history, at).length > 0
  return decisionsFrom(stateOfRight(right, court, at)).filter((kind): kind is PlainKind => {
    if (isLinkKind(kind)) return false
    const { who: causers, needs, supersedes } = transitionOf(kind)
    if (!causers.includes(who)) return false
    if (isWaiting && !supersedes) return false
    if (needs.includes('plan') && !isWaiting) return false
    if (needs.includes('filer') && right.filerId === null) return false
    if (needs.includes('not-held') && !may(holder, 'file')) return false
    if (needs.includes('account') && !canHoldFilingRights(holder)) return false
    return !needs.includes('admission') || isAdmittedAt(right, court, at)
  })
}
