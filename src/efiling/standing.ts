import { type AccountFacts, canHoldFilingRights } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import type { Held } from '../accounts/hold.ts'
import type { CourtType } from '../courts/court.ts'
import {
  type ClosedFiling,
  type GoLive,
  isFilingClosed,
  isLive,
  momentsPassed,
} from '../courts/go-live.ts'
import type { Role } from '../courts/roles.ts'
import type { Day } from '../days.ts'
import { type Action, changesByTime, isAdmittedAt, type Right, stateOfRight } from './right.ts'

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
  admitted_until?: Day
  actions: readonly Action[]
  /** The account is held: a fact of the account and not of the court, whose `status` stays. */
  held?: Held
  since?: Day
  until?: Day
  redaction_acknowledged_at?: number
  version: number
}

type StandingCourt = GoLive &
  ClosedFiling & {
    readonly type: CourtType
    /** Grows with every change of the go-live and of the days without filing. */
    readonly goLiveVersion: number
    /** Grows with every request of the person that opens there or ends. */
    readonly requestVersion: number
    readonly hasOpenRequest: boolean
  }
export type Holder = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state' | 'held' | 'holdVersion'>

/**
 * The status of a person at a court now. A court that is not live yet has no NextGen right to state; a
 * shared, firm or legacy account has none above `none` anywhere. A request is told where there is no
 * right, and never touches one.
 */
export function efilingStatus(
  court: StandingCourt,
  holder: Holder,
  right: Right | undefined,
  at: Date,
): EfilingStatus {
  if (!isLive(court, at)) return 'not-live'
  if (!canHoldFilingRights(holder)) return 'none'
  const state = stateOfRight(right, court, at)
  if (state !== 'none' && state !== 'given-up') return state
  return court.hasOpenRequest ? 'pending' : 'none'
}

/** What the person may do there: as granted when active, notices at most when suspended. */
export function permittedActions(
  status: EfilingStatus,
  right: Pick<Right, 'actions' | 'keepsNotices'> | undefined,
): readonly Action[] {
  if (!right) return []
  if (status === 'active') return right.actions
  if (status === 'suspended' && right.keepsNotices) {
    return right.actions.filter((action) => action === 'receive-notices')
  }
  return []
}

/** The entry of the `efiling` claim for one court. */
export function efilingEntry(
  court: StandingCourt,
  holder: Holder,
  right: Right | undefined,
  redactionAcknowledgedAt: number | undefined,
  at: Date,
): EfilingEntry {
  const status = efilingStatus(court, holder, right, at)
  const permitted = may(holder, 'file') ? permittedActions(status, right) : []
  const entry: EfilingEntry = {
    court_type: court.type,
    status,
    actions: isFilingClosed(court, at)
      ? permitted.filter((action) => action !== 'file')
      : permitted,
    version: entryVersion(court, holder, right, at),
  }
  if (holder.held) entry.held = holder.held
  if (status === 'not-live' || !right || !canHoldFilingRights(holder)) return entry
  const isAdmitted = isAdmittedAt(right, court, at)
  const hasNoRight = right.state === 'none' || right.state === 'given-up'
  if (hasNoRight && !isAdmitted) return entry
  entry.admitted = isAdmitted
  if (right.admittedUntil) entry.admitted_until = right.admittedUntil
  if (hasNoRight) return entry
  if (right.role) entry.role = right.role
  if (right.filerId) entry.filer_id = right.filerId
  if (right.sinceOn) entry.since = right.sinceOn
  if (right.endsOn) entry.until = right.endsOn
  if (status === 'active' && redactionAcknowledgedAt !== undefined) {
    entry.redaction_acknowledged_at = redactionAcknowledgedAt
  }
  return entry
}

/** Each of what changes an entry only grows: the decision in force, time, requests, the go-live and filing's being
 * closed for it, and holds. */
function entryVersion(
  court: StandingCourt,
  holder: Holder,
  right: Right | undefined,
  at: Date,
): number {
  const decided = right ? right.version + changesByTime(right, court, at) : 0
  const ofCourt = court.goLiveVersion + momentsPassed(court, at) + court.requestVersion
  return decided + ofCourt + holder.holdVersion
}

/** Whether the entry lets its holder file documents there. */
export function mayFile(entry: Pick<EfilingEntry, 'actions'>): boolean {
  return entry.actions.includes('file')
}
