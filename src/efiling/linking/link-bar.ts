import type { AccountFacts } from '../../accounts/account.ts'
import { may } from '../../accounts/account-state.ts'
import type { Court } from '../../courts/court.ts'
import { isLive } from '../../courts/go-live.ts'
import { type Right, type RightState, stateOfRight } from '../right.ts'
import { transitionOf } from '../right-machine.ts'
import type { RightDecision } from '../right-store.ts'
import { wasRightDecided } from './decided-here.ts'
import type { Link } from './link.ts'

/** Why nobody links with this account at this court now, whatever is typed. */
export type LinkBar =
  /** It has no rights anywhere. */
  | { readonly reason: 'no-rights'; readonly kind: 'legacy' | 'shared' | 'firm' | 'closed' }
  /** The account is held, or in review: whose it is has to be certain first. */
  | { readonly reason: 'held' }
  | { readonly reason: 'not-live' }
  /** One PACER account has one CM/ECF account at a court. */
  | { readonly reason: 'linked-already'; readonly link: Link }
  /** The court has decided about this person already; the clerk puts both together. */
  | { readonly reason: 'has-right'; readonly state: RightState }

export type Linking = {
  readonly court: Parameters<typeof isLive>[0] & Pick<Court, 'timeZone'>
  readonly holder: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>
  readonly right: Right | undefined
  readonly link: Link | undefined
  /** Who links. */
  readonly by: 'holder' | 'clerk'
  /** Everything that the court decided about the holder; left out in lists, where the press says it. */
  readonly history?: readonly RightDecision[]
  readonly at: Date
}

/** From what linking leads. */
const { moves, notByHolder = [] } = transitionOf('link')

/** Why the account cannot be linked there; undefined where it can, if the old account can be shown to be its holder's. */
export function findLinkBar(linking: Linking): LinkBar | undefined {
  const { court, holder, right, link, by, history = [], at } = linking
  if (holder.state === 'closed') return { reason: 'no-rights', kind: 'closed' }
  if (holder.type !== 'individual') return { reason: 'no-rights', kind: holder.type }
  if (!holder.isUpgraded) return { reason: 'no-rights', kind: 'legacy' }
  if (!may(holder, 'file')) return { reason: 'held' }
  if (!isLive(court, at)) return { reason: 'not-live' }
  if (link) return { reason: 'linked-already', link }
  const state = stateOfRight(right, court, at)
  const isOfCourt = by === 'holder' && (notByHolder.includes(state) || wasRightDecided(history))
  return moves[state] === undefined || isOfCourt ? { reason: 'has-right', state } : undefined
}
