import type { AccountId } from '../ids.ts'
import type { AccountType, BilledTo, SearchStatus } from '../storage/generated/enums.ts'
import { type AccountState, may } from './account-state.ts'

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
] as const
export type UserType = (typeof userTypes)[number]

export const accountNumberPattern = /^\d{7}$/

/** The facts of an account that tokens and pages state. */
export type AccountFacts = {
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
  readonly searchStatus: SearchStatus
  readonly clientCode: string | null
  readonly billedTo: BilledTo
  readonly state: AccountState
  /** The day of the rules of use that its holder accepted (`rules-of-use.ts`). */
  readonly acceptedRules: string
}

/**
 * Only an individual, upgraded account files: a shared account may search, a PACER Administrative
 * Account pays and sees no case, a legacy account searches until it is upgraded.
 * Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */
export function canHoldFilingRights(
  account: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>,
): boolean {
  return may(account, 'file') && account.type === 'individual' && account.isUpgraded
}

/** Whether the account searches, in the words of its search status. */
export function searchStatusOf(
  account: Pick<AccountFacts, 'state' | 'searchStatus'>,
): SearchStatus {
  return may(account, 'search') ? account.searchStatus : 'inactive'
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
