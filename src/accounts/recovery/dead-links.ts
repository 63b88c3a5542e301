import { paths } from '../../paths.ts'
import type { RecoveredAddressRefusal } from './confirm-recovered-address.ts'
import type { NotMeRefusal } from './report-not-me.ts'
import type { OldAddressRefusal } from './report-old-address.ts'
import type { ResetLinkRefusal } from './reset-password.ts'

/** What is said of a link that does nothing, and where to go on from it. */
export type DeadLink = {
  readonly heading: string
  readonly text: string
  readonly action?: { readonly url: string; readonly label: string }
  /** What helps, where the first does not. */
  readonly other?: { readonly url: string; readonly label: string }
}

const askAgain = { url: paths.recoverPassword, label: 'Ask for a new link' }
const signIn = { url: paths.account, label: 'Sign in' }
const account = { url: paths.account, label: 'Go to your account' }

const unknown = {
  heading: 'This link does not work',
  text: 'It is not complete, or too old. Open it from the message itself, or copy the whole address.',
}

export const deadResetLinks: Readonly<Record<ResetLinkRefusal, DeadLink>> = {
  used: {
    heading: 'This link has been used',
    text: 'A link works once, and only the newest one of several counts. If you have just chosen a new password with it, sign in with that. If not, ask for a new link.',
    action: signIn,
    other: askAgain,
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for 30 minutes after we sent the message. Your password has not been changed. Ask for a new link.',
    action: askAgain,
  },
  superseded: {
    heading: 'This link does not count any more',
    text: 'Since it was sent, the password or the e-mail address of the account has been changed. If you do not know the present password, ask for a new link.',
    action: askAgain,
  },
  'not-possible': {
    heading: 'No new password can be chosen for this account at present',
    text: 'Nothing has been changed. The PACER Service Center can say why, and what to do.',
  },
  unknown: { ...unknown, action: askAgain },
}

export const deadNotMeLinks: Readonly<Record<NotMeRefusal, DeadLink>> = {
  used: {
    heading: 'This was done already',
    text: '“This was not me” was pressed before, or the same was done with another message. The account is secured: look for our message with the link for a new password. If it is too old, ask for another one.',
    action: askAgain,
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for 14 days. If somebody else is using your account, choose a new password: everybody who is signed in with it is signed out by that.',
    action: askAgain,
  },
  'other-address': {
    heading: 'This link does not count any more',
    text: 'Since it was sent, the account has had another e-mail address, and this link was sent to the one before. If that change was not yours, tell the PACER Service Center: call, or use the link in our message “Your e-mail address was changed”.',
  },
  'not-possible': {
    heading: 'Nobody can sign in with this account',
    text: 'There is nothing to secure. The PACER Service Center can say what happened to it.',
  },
  unknown: { ...unknown, action: account },
}

export const deadOldAddressLinks: Readonly<Record<OldAddressRefusal, DeadLink>> = {
  'present-address': {
    heading: 'The account has this address again',
    text: 'The change that our message told of was undone: messages about the account come to this address. Nobody was told anything by you. If somebody else uses your account, choose a new password: everybody who is signed in with it is signed out by that.',
    action: askAgain,
  },
  used: {
    heading: 'The PACER Service Center has been told',
    text: 'This was pressed before, here or in another message. Nothing more has to be done. If it is urgent, call.',
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for 14 days. To tell the PACER Service Center now, call.',
  },
  voided: unknown,
  unknown,
}

export const deadRecoveredAddressLinks: Readonly<Record<RecoveredAddressRefusal, DeadLink>> = {
  used: {
    heading: 'This was done already',
    text: 'The address is that of your account. If you have not chosen a new password yet, ask for a link.',
    action: askAgain,
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for a day after we sent the message, and nothing has been changed. Call the PACER Service Center: they begin anew.',
  },
  over: {
    heading: 'This link does not count any more',
    text: 'The PACER Service Center has stopped this, or the account has been changed since. Nothing has been changed by you. Call them to ask why.',
  },
  unknown,
}
