import { type AccountFacts, canHoldFilingRights } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import type { Held } from '../accounts/hold.ts'
import type { Court, CourtType } from '../courts/court.ts'
import { isLive } from '../courts/go-live.ts'
import type { Role } from '../courts/roles.ts'
import { type Day, dayAt } from '../days.ts'
import type { StandingStatus } from '../storage/generated/enums.ts'

export const actions = ['file', 'receive-notices'] as const
export type Action = (typeof actions)[number]

/** What a court decided about a person, as its row says. */
export type Standing = {
  readonly status: StandingStatus
  readonly role: Role | null
  readonly filerId: string | null
  readonly isAdmitted: boolean
  readonly actions: readonly Action[]
  /** The first and the last day of the right, in the court's own time zone. */
  readonly sinceOn: Day | null
  readonly endsOn: Day | null
  readonly version: number
}

export type EfilingStatus =
  | 'not-live'
  | 'none'
  | 'pending'
  | 'active'
  | 'suspended'
  | 'revoked'
  | 'lapsed'

/** One court's entry in the `efiling` claim; see `docs/integrate.md`. */
export type EfilingEntry = {
  court_type: CourtType
  status: EfilingStatus
  role?: Role
  filer_id?: string
  admitted?: boolean
  actions: readonly Action[]
  /** The account is held: a fact of the account and not of the court, whose `status` stays. */
  held?: Held
  since?: Day
  until?: Day
  redaction_acknowledged_at?: number
  version: number
}

type StandingCourt = Pick<Court, 'type' | 'goLiveOn' | 'liveBy' | 'timeZone'>
export type Holder = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state' | 'held' | 'holdVersion'>

/**
 * The status of a person at a court now. A court that is not live yet has no NextGen standing to
 * state; a shared, firm or legacy account has none above `none` anywhere; a right whose last day has
 * passed has lapsed, whoever forgot to end it.
 */
export function efilingStatus(
  court: StandingCourt,
  holder: Holder,
  standing: Standing | undefined,
  at: Date,
): EfilingStatus {
  if (!isLive(court, at)) return 'not-live'
  if (!standing || !canHoldFilingRights(holder)) return 'none'
  if (standing.status === 'active' && hasEnded(standing, court, at)) return 'lapsed'
  return standing.status
}

/**
 * `endsOn` is the last day on which the right holds: until midnight in the court's own time zone.
 * Source: Fed. R. Civ. P. 6(a)(4); Fed. R. Bankr. P. 9006(a)(4) and Fed. R. App. P. 26(a)(4) likewise.
 */
function hasEnded(
  standing: Pick<Standing, 'endsOn'>,
  court: Pick<Court, 'timeZone'>,
  at: Date,
): boolean {
  return standing.endsOn !== null && standing.endsOn < dayAt(at, court.timeZone)
}

/** What the person may do there: as granted when active, notices at most when suspended. */
export function permittedActions(
  status: EfilingStatus,
  standing: Pick<Standing, 'actions'> | undefined,
): readonly Action[] {
  if (!standing) return []
  if (status === 'active') return standing.actions
  if (status === 'suspended')
    return standing.actions.filter((action) => action === 'receive-notices')
  return []
}

/** The entry of the `efiling` claim for one court. */
export function efilingEntry(
  court: StandingCourt,
  holder: Holder,
  standing: Standing | undefined,
  redactionAcknowledgedAt: number | undefined,
  at: Date,
): EfilingEntry {
  const status = efilingStatus(court, holder, standing, at)
  const entry: EfilingEntry = {
    court_type: court.type,
    status,
    actions: may(holder, 'file') ? permittedActions(status, standing) : [],
    version: (standing?.version ?? 0) + holder.holdVersion,
  }
  if (holder.held) entry.held = holder.held
  if (status === 'not-live' || status === 'none' || !standing) return entry
  if (standing.role) entry.role = standing.role
  if (standing.filerId) entry.filer_id = standing.filerId
  entry.admitted = standing.isAdmitted
  if (standing.sinceOn) entry.since = standing.sinceOn
  if (standing.endsOn) entry.until = standing.endsOn
  if (status === 'active' && redactionAcknowledgedAt !== undefined) {
    entry.redaction_acknowledged_at = redactionAcknowledgedAt
  }
  return entry
}

/** Whether the entry lets its holder file documents there. */
export function mayFile(entry: Pick<EfilingEntry, 'actions'>): boolean {
  return entry.actions.includes('file')
}
