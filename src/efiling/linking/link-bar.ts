import type { AccountFacts } from '../../accounts/account.ts'
import { may } from '../../accounts/account-state.ts'
import type { Court } from '../../courts/court.ts'
import { isLive } from '../../courts/go-live.ts'
import { type Right, type RightState, stateOfRight } from '../right.ts'
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
  readonly at: Date
}

/** From what linking leads (`right-machine.ts`). */
const linkable: readonly RightState[] = ['none', 'pending', 'given-up']

/** Why the account cannot be linked there; undefined where it can, if the old account can be shown to be its holder's. */
export function findLinkBar({ court, holder, right, link, at }: Linking): LinkBar | undefined {
  if (holder.state === 'closed') return { reason: 'no-rights', kind: 'closed' }
  if (holder.type !== 'individual') return { reason: 'no-rights', kind: holder.type }
  if (!holder.isUpgraded) return { reason: 'no-rights', kind: 'legacy' }
  if (!may(holder, 'file')) return { reason: 'held' }
  if (!isLive(court, at)) return { reason: 'not-live' }
  if (link) return { reason: 'linked-already', link }
  const state = stateOfRight(right, court, at)
  return linkable.includes(state) ? undefined : { reason: 'has-right', state }
}
