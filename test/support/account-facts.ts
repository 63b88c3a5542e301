import type { AccountFacts } from '../../src/accounts/account.ts'
import type { AccountId } from '../../src/ids.ts'

/** The facts of an account in which everything is in order, for rules and pages. */
export const accountInOrder: AccountFacts = {
  id: '0b2f4a6e-1c3d-4e5f-8a9b-0c1d2e3f4a5b' as AccountId,
  number: '7123456',
  type: 'individual',
  userType: 'attorney',
  isUpgraded: true,
  username: 'jdoe-carolina',
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  email: 'jane.quincy.doe@example.com',
  isEmailVerified: true,
  searchStatus: 'active',
  searchUsedAt: new Date(),
  clientCode: null,
  billedTo: 'self',
  state: 'active',
  held: null,
  mustChangePassword: false,
  holdVersion: 0,
  acceptedRules: '2026-11-27',
  signInStand: 0,
}
