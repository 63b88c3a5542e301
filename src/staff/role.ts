import type { AccountFacts } from '../accounts/account.ts'
import type { CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'

/** Held at one court: its clerk's office decides there and sees no other court. */
export const courtRoles = ['clerk', 'court-manager'] as const
/** Held for the whole judiciary, at no court. */
export const nationalRoles = ['registrar', 'security-officer', 'support', 'auditor'] as const
export const staffRoles = [...courtRoles, ...nationalRoles] as const

export type CourtRole = (typeof courtRoles)[number]
export type NationalRole = (typeof nationalRoles)[number]
export type StaffRole =
  | { readonly role: CourtRole; readonly courtId: CourtId }
  | { readonly role: NationalRole; readonly courtId: null }

/** What two registrars give; a clerk is made by a manager of the court. */
export const proposableRoles = [...nationalRoles, 'court-manager'] as const
export type ProposableRole = Extract<StaffRole, { readonly courtId: null }> | ManagerRole
type ManagerRole = { readonly role: 'court-manager'; readonly courtId: CourtId }

/** What somebody with the role is, as people read it. */
export const staffRoleLabels: Readonly<Record<CourtRole | NationalRole, string>> = {
  clerk: 'Clerk’s office',
  'court-manager': 'Manager of the court',
  registrar: 'Registrar, for all courts',
  'security-officer': 'Security officer, for all courts',
  support: 'PACER Service Center, for all courts',
  auditor: 'Auditor, for all courts',
}

/** The role with its court, or why the two do not belong together. */
export function staffRole(
  role: CourtRole | NationalRole,
  courtId: CourtId | null,
): Outcome<StaffRole, 'court-missing' | 'court-not-taken'> {
  if (isCourtRole(role)) {
    return courtId === null ? refused('court-missing') : ok({ role, courtId })
  }
  return courtId === null ? ok({ role, courtId }) : refused('court-not-taken')
}

function isCourtRole(role: CourtRole | NationalRole): role is CourtRole {
  return (courtRoles as readonly string[]).includes(role)
}

export type StaffRefusal = 'not-individual' | 'not-upgraded' | 'closed' | 'disabled' | 'held'

/**
 * Who may hold a staff role: one person, not several behind one password, whose account meets the
 * present rules for usernames and passwords, and of whom nobody doubts whose it is. One that its holder
 * has not confirmed yet may be given a role: nobody can sign in with it before.
 */
export function checkStaffAccount(
  account: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>,
): Outcome<void, StaffRefusal> {
  if (account.type !== 'individual') return refused('not-individual')
  if (!account.isUpgraded) return refused('not-upgraded')
  switch (account.state) {
    case 'closed':
    case 'disabled':
      return refused(account.state)
    case 'in-review':
    case 'held':
      return refused('held')
    case 'unconfirmed':
    case 'must-change-password':
    case 'active':
      return ok()
  }
}

/** Whether who has the account can sign in and do what the role is for; one that nobody confirmed cannot. */
export function canUseRole(account: Parameters<typeof checkStaffAccount>[0]): boolean {
  return checkStaffAccount(account).ok && account.state !== 'unconfirmed'
}

/** What a page for staff asks for: one of these roles, and at which court. */
export type NeededRole = {
  readonly roles: readonly StaffRole['role'][]
  /** The court that the page is about. A role of the whole judiciary counts at every court. */
  readonly courtId: CourtId | undefined
}

/** The first of the roles that somebody holds which opens the page; undefined where none does. */
export function findRoleFor(
  held: readonly StaffRole[],
  { roles, courtId }: NeededRole,
): StaffRole | undefined {
  return held.find(
    (one) => roles.includes(one.role) && (one.courtId === null || one.courtId === courtId),
  )
}
