import type { HolderFacts } from '../accounts/state-mails.ts'
import { helpLine } from '../help-line.ts'
import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import { type StaffRole, staffRoleLabels } from './role.ts'

/** A role, and the court that it is of. */
type RoleFacts = HolderFacts & {
  readonly staffRole: StaffRole['role']
  readonly courtName: string | null
}

const about = ({ username, number }: HolderFacts) =>
  `This is about the account with the username ${username}, account number ${number}.`
const named = ({ staffRole, courtName }: RoleFacts) =>
  courtName ? `${staffRoleLabels[staffRole]}, ${courtName}` : staffRoleLabels[staffRole]
const unexpected = `If you did not expect this, call the PACER Service Center, ${helpLine.phone}.`

export const roleGrantedMail: MailWords<RoleFacts> = {
  name: 'staff-role-granted',
  compose: (facts, { at }) => ({
    subject: 'You were given a role for your work',
    paragraphs: [
      about(facts),
      `It has a role now: ${named(facts)}.`,
      'From now on you are signed out sooner: after 15 minutes without use, and after 8 hours.',
      unexpected,
    ],
    withoutLink: `To begin, open ${at(paths.staff)} and sign in.`,
  }),
}

export const roleRevokedMail: MailWords<RoleFacts> = {
  name: 'staff-role-revoked',
  compose: (facts) => ({
    subject: 'A role was taken from your account',
    paragraphs: [
      about(facts),
      `It does not have this role any more: ${named(facts)}.`,
      'Everything else of the account stays as it is, and so does what courts decided about you.',
    ],
    withoutLink: `If you need the role for your work, ask the head of your office. ${unexpected}`,
  }),
}

type ToRegistrarFacts = RoleFacts & {
  /** The account whose role it is. */
  readonly of: string
  /** The username of who did it; null where it was an operator. */
  readonly doneBy: string | null
}

/** To every other registrar, when one proposes a role. */
export const roleProposedMail: MailWords<ToRegistrarFacts & { readonly until: string }> = {
  name: 'staff-role-proposed',
  compose: (facts, { at }) => ({
    subject: 'A role waits for a second registrar',
    paragraphs: [
      `${facts.doneBy} proposed a role for the account with the number ${facts.of}: ${named(facts)}.`,
      `A second registrar approves or declines it, until ${facts.until}. Then it runs out. Make sure yourself who it is.`,
    ],
    withoutLink: `To decide, open ${at(paths.staffRoles)} and sign in.`,
  }),
}

/** To every other registrar, when somebody gave or took a role alone. */
export const roleNoticeMail: MailWords<ToRegistrarFacts & { readonly change: RoleChange }> = {
  name: 'staff-role-notice',
  compose: (facts, { at }) => ({
    subject: facts.change === 'granted' ? 'A role was given' : 'A role was taken away',
    paragraphs: [
      `${facts.doneBy ?? 'An operator of this service'} ${facts.change === 'granted' ? 'gave a role to' : 'took a role from'} the account with the number ${facts.of}: ${named(facts)}.`,
      'You are told since you are a registrar. If it is right, there is nothing to do.',
    ],
    withoutLink: `If it is not right, take the role away: open ${at(paths.staffRoles)} and sign in.`,
  }),
}

export type RoleChange = 'granted' | 'revoked'

export const roleMails = [
  roleGrantedMail,
  roleRevokedMail,
  roleProposedMail,
  roleNoticeMail,
] as readonly MailWords[]
