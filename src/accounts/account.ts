import { addMonths, type Day, dayAt } from '../days.ts'
import type { AccountId } from '../ids.ts'
import type { AccountType, BilledTo, SearchStatus } from '../storage/generated/enums.ts'
import { may, type StateFacts } from './account-state.ts'

export type { AccountType, BilledTo, SearchStatus }

/**
 * What PACER asks an account holder to be: an attorney, or a person or office of another kind.
 * Source: https://pacer.uscourts.gov/register-account/non-attorney-filers-cmecf
 */
export const userTypes = [
  'attorney',
  'individual',
  'government',
  'filing-agent',
  'trustee',
  'firm',
  'search-only',
] as const
export type UserType = (typeof userTypes)[number]

export const accountNumberPattern = /^\d{7}$/

/** The facts of an account that tokens and pages state. */
export type AccountFacts = StateFacts & {
  readonly id: AccountId
  /** Seven digits. */
  readonly number: string
  readonly type: AccountType
  readonly userType: string
  readonly isUpgraded: boolean
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly email: string | null
  readonly isEmailVerified: boolean
  /** Whether searching is switched on; `searchStatusOf` says whether the account searches. */
  readonly searchStatus: SearchStatus
  /** When the account last signed in to search, or was told to search again. */
  readonly searchUsedAt: Date
  readonly clientCode: string | null
  readonly billedTo: BilledTo
  /** The day of the rules of use that its holder accepted (`rules-of-use.ts`). */
  readonly acceptedRules: string
  /** What a password that was proved is bound to (`sign-in-stand.ts`). */
  readonly signInStand: number
}

/**
 * Only an individual, upgraded account has rights to file: a shared account may search, a PACER
 * Administrative Account pays and sees no case, a legacy account searches until it is upgraded. A closed
 * one has none any more; what courts decided about it is history. One that is held keeps its rights, and
 * cannot use them.
 * Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */
export function canHoldFilingRights(
  account: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>,
): boolean {
  return account.state !== 'closed' && account.type === 'individual' && account.isUpgraded
}

type SearchUse = Pick<AccountFacts, 'searchUsedAt'>

const searchMonths = 6
/** Six months have 181 days at least; no calendar is asked about fewer. */
const certainlyActiveMilliseconds = 180 * 24 * 3600_000
/** Where PACER counts its days. */
const timeZone = 'America/New_York'

/**
 * Whether the account searches now: where searching is switched on, its state allows it, and it was used
 * for it within six months. On the day six months later it still is active. Filing never depends on it.
 */
export function searchStatusOf(
  account: Pick<AccountFacts, 'state' | 'searchStatus' | 'searchUsedAt'>,
  at: Date,
): SearchStatus {
  if (!may(account, 'search') || account.searchStatus === 'inactive') return 'inactive'
  return isSearchUnused(account, at) ? 'inactive' : 'active'
}

/** Whether six months have passed since somebody searched. */
export function isSearchUnused(use: SearchUse, at: Date): boolean {
  if (at.getTime() - use.searchUsedAt.getTime() < certainlyActiveMilliseconds) return false
  return dayAt(at, timeZone) > searchDays(use).last
}

/** From which day the six months count, and the last one on which the account searches. */
export function searchDays({ searchUsedAt }: SearchUse): {
  readonly from: Day
  readonly last: Day
} {
  const from = dayAt(searchUsedAt, timeZone)
  return { from, last: addMonths(from, searchMonths) }
}

/** Whether it is of the same day that somebody searched. */
export function isSearchUsedToday({ searchUsedAt }: SearchUse, at: Date): boolean {
  return dayAt(at, timeZone) === dayAt(searchUsedAt, timeZone)
}

export function displayName(account: Pick<AccountFacts, 'givenName' | 'familyName' | 'username'>) {
  const name = [account.givenName, account.familyName].filter(Boolean).join(' ')
  return name || account.username
}

/** The kind of an account in the words of Manage My Account. */
export function accountTypeLabel({
  type,
  isUpgraded,
}: Pick<AccountFacts, 'type' | 'isUpgraded'>): string {
  if (type === 'firm') return 'PACER Administrative Account'
  const kind = type === 'shared' ? 'shared account (search only)' : 'individual account'
  return `${isUpgraded ? 'Upgraded' : 'Legacy'} ${kind}`
}
