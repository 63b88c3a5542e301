import { helpLine } from '../../help-line.ts'
import type { MailFacts, MailWords } from '../../mail/words.ts'
import { paths, resetPasswordPath } from '../../paths.ts'
import { resetPurpose } from '../set-password.ts'
import { stateWords } from '../state-words.ts'
import { type RecoverableAccount, resetMinutes } from './recovery.ts'

const notAsked = 'If you did not ask for this, do nothing: nothing has changed in your account.'
const call = `call the PACER Service Center, ${helpLine.phone}`

const link = {
  purpose: resetPurpose,
  lifeMinutes: resetMinutes,
  path: resetPasswordPath,
} as const

/** An account as a mail to its own mailbox names it. */
export type NamedInMail = {
  readonly username: string
  readonly number: string
  /** What can be done with it, as sentences. */
  readonly canDo: string
}

export function namedInMail(account: RecoverableAccount): NamedInMail {
  const { username, number, state } = account
  const { headline, meaning, help } = stateWords(account)
  const canDo =
    state === 'active'
      ? 'You can sign in with it.'
      : [`${headline}.`, meaning, help && `${help}, ${helpLine.phone}.`].filter(Boolean).join(' ')
  return { username, number, canDo }
}

export type UsernamesFacts = MailFacts & {
  readonly accounts: readonly { readonly [Member in keyof NamedInMail]: string }[]
}

/** To a mailbox: the accounts at it. */
export const usernamesMail: MailWords<UsernamesFacts> = {
  name: 'recovery-usernames',
  compose: ({ accounts }, { at }) => ({
    subject: 'Your username for PACER and the federal courts',
    paragraphs: [
      'Somebody, probably you, asked which accounts for PACER and the federal courts there are with this e-mail address.',
      ...accounts.map(
        ({ username, number, canDo }) => `Username ${username}, account number ${number}. ${canDo}`,
      ),
    ],
    withoutLink: `To sign in, open ${at(paths.account)}. If you do not know the password of one of them, open ${at(paths.recoverPassword)} and type its username. ${notAsked}`,
  }),
}

/** To an address with no account: only its reader learns that. */
export const noAccountMail: MailWords = {
  name: 'recovery-no-account',
  compose: (_, { at }) => ({
    subject: 'No account for PACER and the federal courts with this address',
    paragraphs: [
      'Somebody, probably you, asked for an account for PACER and the federal courts with this e-mail address. There is none, or its holder has never confirmed this address.',
      'If you have another e-mail address, try that one. Messages about an account go to the address that is kept with it.',
    ],
    withoutLink: `You can try again at ${at(paths.recover)}, or ${call}: they find your account by your name and account number. If you did not ask for this, do nothing.`,
  }),
}

export type ResetFacts = MailFacts & { readonly username: string; readonly number: string }

/** The link for a new password. */
export const resetMail: MailWords<ResetFacts> = {
  name: 'recovery-password',
  link,
  compose: ({ username, number }, { at }) => ({
    subject: 'Choose a new password for PACER and the federal courts',
    paragraphs: [
      `Somebody, probably you, asked for a new password for the account with the username ${username}, account number ${number}.`,
      'To choose one, open the link. Your present password holds until you have.',
    ],
    button: 'Choose a new password',
    withoutLink: `Without the link: open ${at(paths.recoverPassword)}, type your username, and use the next message. ${notAsked}`,
  }),
}

/** To the holder of an account for which nobody may choose a password now, for example a disabled one. */
export const notPossibleMail: MailWords<UsernamesFacts> = {
  name: 'recovery-not-possible',
  compose: ({ accounts }) => ({
    subject: 'Your account for PACER and the federal courts',
    paragraphs: [
      'Somebody, probably you, asked for a new password for your account. None can be chosen for it at present.',
      ...accounts.map(
        ({ username, number, canDo }) => `Username ${username}, account number ${number}. ${canDo}`,
      ),
    ],
    withoutLink: `If you did not ask for this, do nothing. To ask about your account, ${call}.`,
  }),
}

/** After "This was not me": the only way to a password. */
export const afterNotMeMail: MailWords<ResetFacts> = {
  name: 'recovery-after-not-me',
  link,
  compose: ({ username, number }, { at }) => ({
    subject: 'Choose a new password: your account was secured',
    paragraphs: [
      `“This was not me” was pressed for the account with the username ${username}, account number ${number}. Everybody who was signed in with it was signed out, at every court, and its password is not accepted any more.`,
      'To use the account again, open the link and choose a new password. Your rights to file are as they were.',
    ],
    button: 'Choose a new password',
    withoutLink: `If the link is too old: open ${at(paths.recoverPassword)}, type your username, and use the next message. If somebody else reads your e-mail, change your e-mail password first, or ${call}.`,
  }),
}

/** Every kind of message of the way back. */
export const recoveryMails = [
  usernamesMail,
  noAccountMail,
  resetMail,
  notPossibleMail,
  afterNotMeMail,
] as readonly MailWords[]
