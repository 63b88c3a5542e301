import { type AccountFacts, canHoldFilingRights } from '../../accounts/account.ts'
import { may } from '../../accounts/account-state.ts'
import type { Practice, RequestKind } from '../../courts/practice.ts'
import type { Role } from '../../courts/roles.ts'
import type { Day } from '../../days.ts'
import type { EfilingEntry } from '../standing.ts'
import { roleOfKind } from './request.ts'

/** What is asked of a court: a kind of request, and the role that it is about. */
export type Asked = { readonly kind: RequestKind; readonly role: Role }

/** Why a person cannot ask anything of a court now. */
export type CourtBar =
  /** A legacy, shared or firm account has no right anywhere. */
  | { readonly reason: 'needs-upgraded-individual' }
  /** The account is held, or in review: whose it is has to be certain first. */
  | { readonly reason: 'account-held' }
  | { readonly reason: 'not-live' }
  | { readonly reason: 'files-here-since'; readonly since: Day | null }
  | { readonly reason: 'suspended' }
  | { readonly reason: 'takes-no-requests' }
  /** For its go-live, until that moment. */
  | { readonly reason: 'requests-closed'; readonly until: Date }

/** Why a person cannot ask for this at a court that takes requests from that person. */
export type AskedBar =
  | { readonly reason: 'kind-not-taken' }
  | { readonly reason: 'role-not-taken' }
  /** The right that is there says the same already. */
  | { readonly reason: 'has-it-already'; readonly since: Day | null }

/** One court's entry of the claim, as it is for this person now. */
type Entry = Pick<EfilingEntry, 'status' | 'role' | 'actions' | 'admitted' | 'since'>
type Person = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>

/**
 * What keeps a person from asking a court for anything; undefined where it may be asked. The account
 * comes first, as what is wrong with it is the same at every court. Nothing of it tells whether the court
 * has an account of that person from before.
 * @param closedUntil the moment until which the court takes no new requests now (`requestsClosedUntil`).
 */
export function findCourtBar(
  person: Person,
  entry: Entry,
  practice: Pick<Practice, 'takes' | 'roles'>,
  closedUntil?: Date,
): CourtBar | undefined {
  if (!canHoldFilingRights(person)) return { reason: 'needs-upgraded-individual' }
  if (!may(person, 'file')) return { reason: 'account-held' }
  if (entry.status === 'not-live') return { reason: 'not-live' }
  if (entry.status === 'suspended') return { reason: 'suspended' }
  if (hasEverything(entry)) return { reason: 'files-here-since', since: entry.since ?? null }
  if (listAskable(practice).length === 0) return { reason: 'takes-no-requests' }
  return closedUntil && { reason: 'requests-closed', until: closedUntil }
}

/** What keeps a person from asking for this, where the court can be asked; undefined where nothing does. */
export function findAskedBar(
  { kind, role }: Asked,
  entry: Entry,
  practice: Pick<Practice, 'takes' | 'roles'>,
): AskedBar | undefined {
  if (!practice.takes.includes(kind)) return { reason: 'kind-not-taken' }
  const fixed = roleOfKind(kind)
  if (fixed ? fixed !== role : !practice.roles.includes(role)) return { reason: 'role-not-taken' }
  const isSame = entry.status === 'active' && entry.role === role && entry.actions.includes('file')
  const isForAdmission = kind === 'admission-and-filing' && entry.admitted !== true
  return isSame && !isForAdmission
    ? { reason: 'has-it-already', since: entry.since ?? null }
    : undefined
}

/** Everything that a court can be asked for, in the order of the kinds and of the court's roles. */
export function listAskable({ takes, roles }: Pick<Practice, 'takes' | 'roles'>): Asked[] {
  return takes.flatMap((kind): Asked[] => {
    const role = roleOfKind(kind)
    return role ? [{ kind, role }] : roles.map((one) => ({ kind, role: one }))
  })
}

/** An attorney who is admitted and files has all that a court gives. */
function hasEverything({ status, role, actions, admitted }: Entry): boolean {
  return status === 'active' && role === 'attorney' && admitted === true && actions.includes('file')
}
