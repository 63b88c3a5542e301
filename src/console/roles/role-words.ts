import { paths } from '../../paths.ts'
import type { DecideRoleRefusal } from '../../staff/decide-role-proposal.ts'
import type { GrantClerkRefusal } from '../../staff/grant-clerk.ts'
import type { ProposeRefusal } from '../../staff/propose-role.ts'
import { type StaffRefusal, type StaffRole, staffRoleLabels } from '../../staff/role.ts'
import type { WithdrawRefusal } from '../../staff/withdraw-role.ts'

/** A role as lists name it; the court beside one that is of a court. */
export function roleName(role: StaffRole['role'], courtName: string | null): string {
  return courtName ? `${staffRoleLabels[role]}, ${courtName}` : staffRoleLabels[role]
}

/** Why the account may have no role now. */
const accountRefusals: Readonly<Record<StaffRefusal, string>> = {
  'not-individual':
    'This account is not one person’s: several people share its password. Ask for the number of the account that the person alone has.',
  'not-upgraded': `This account is a legacy one. Its holder upgrades it first, at ${paths.account}.`,
  closed: 'This account is closed, for good. The person needs another one.',
  disabled: 'This account is disabled. The PACER Service Center can say why, and enable it.',
  held: 'This account is on hold, or in review. The PACER Service Center can say why, and lift that.',
}

const notRegistrar = 'Your account is not a registrar’s any more.'
const nobodySuch =
  'No account has that number together with that last name. Ask the person for the account number, which stands above the username on the account page, and for the last name as it is written there'

/** What is wrong, at a field of the form where it has to do with one. */
export type RoleProblem = { readonly field?: string; readonly text: string }

export const proposeRefusals: Readonly<Record<ProposeRefusal, RoleProblem>> = {
  ...about('number', accountRefusals),
  'not-registrar': { text: notRegistrar },
  'own-stake': {
    field: 'number',
    text: 'This account may be your own: it has your name and date of birth, or your e-mail address. Two other registrars do this',
  },
  'unknown-account': { field: 'number', text: nobodySuch },
  'unknown-court': { field: 'court', text: 'Choose the court from the list' },
  'already-held': { field: 'role', text: 'This person has that role already' },
  'already-proposed': {
    field: 'role',
    text: 'Somebody has proposed this already: it waits for a second registrar',
  },
}

/** Why nothing was decided. */
export const decideRefusals: Readonly<Record<DecideRoleRefusal, string>> = {
  ...accountRefusals,
  'not-registrar': notRegistrar,
  'own-stake':
    'The role may be for yourself: the account has your name and date of birth, or your e-mail address. Another registrar decides.',
  'own-proposal':
    'You proposed this yourself, or from another account of the same person. Another registrar approves it.',
  'proposer-left':
    'Who proposed this is no registrar any more. Decline it, and propose it again if it is right.',
  'already-held':
    'This person has that role by now. Decline the proposal: it is of no use any more.',
  'not-now':
    'It is not as it was when you opened this page: somebody else has decided, or it has run out.',
}

/** Why the role was not taken away. */
export const withdrawRefusals: Readonly<Record<WithdrawRefusal, string>> = {
  'not-registrar': notRegistrar,
  'not-manager': 'A manager takes away the role of a clerk of the same court, and no other.',
  'own-stake':
    'The role may be your own: the account has your name and date of birth, or your e-mail address. Somebody else takes it away.',
  'too-few-registrars':
    'Fewer than two registrars would be left who can sign in, and nobody could make another one. Make one first. An operator of this service can take it away all the same.',
  'not-held': 'It has been taken away already.',
}

/** Why nobody became a clerk. */
export const clerkRefusals: Readonly<Record<GrantClerkRefusal, RoleProblem>> = {
  ...about('number', accountRefusals),
  'not-manager': { text: 'You are not a manager of this court any more.' },
  'own-stake': {
    field: 'number',
    text: 'This account may be your own. A manager may do all that a clerk may; another manager can make you a clerk',
  },
  'unknown-account': { field: 'number', text: nobodySuch },
  'unknown-court': { text: 'This court is not known any more.' },
  'already-held': { field: 'number', text: 'This person is a clerk of the court already' },
}

function about<Reason extends string>(field: string, texts: Readonly<Record<Reason, string>>) {
  const entries = Object.entries<string>(texts).map(([reason, text]) => [reason, { field, text }])
  return Object.fromEntries(entries) as Record<Reason, RoleProblem>
}
