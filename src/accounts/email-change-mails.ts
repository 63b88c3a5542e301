import { helpLine } from '../help-line.ts'
import type { MailFacts, MailWords } from '../mail/words.ts'
import { confirmEmailPath, oldAddressPath, paths } from '../paths.ts'
import { emailChangePurpose, oldAddressPurpose } from './link-purposes.ts'

export type AddressMailFacts = MailFacts & { readonly username: string; readonly number: string }

/** The link for a new address holds so long after its mail was sent. */
const confirmMinutes = 60
/** So long the address before can tell support. */
export const oldAddressDays = 14

const named = ({ username, number }: AddressMailFacts) =>
  `the account with the username ${username}, account number ${number}`
const noCourt = `Courts send their notices to the addresses that they have themselves. They do not change with this: ask each court, or change them there.`

/**
 * To the new address: whoever reads its mail, and is signed in, confirms it. Until then it may be a
 * stranger's, mistyped, who learns neither username nor number.
 */
export const confirmNewAddressMail: MailWords<AddressMailFacts> = {
  name: 'email-confirm-new',
  link: {
    purpose: emailChangePurpose,
    lifeMinutes: confirmMinutes,
    path: confirmEmailPath,
  },
  compose: (_, { at }) => ({
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'Somebody, probably you, wants messages about an account for PACER and the federal courts to come to this address.',
      'To confirm, open the link and sign in to that account. Until then nothing changes.',
    ],
    button: 'Confirm the address',
    withoutLink: `Without the link: sign in, open ${at(paths.accountEmail)} and enter this address once more. If you have no such account, do nothing: nobody can confirm this without its password.`,
  }),
}

/** To the present address, as soon as another one is asked for. */
export const newAddressAskedMail: MailWords<AddressMailFacts> = {
  name: 'email-change-asked',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'Another e-mail address was asked for',
    paragraphs: [
      `Somebody who is signed in to ${named(facts)}, asked for another e-mail address. It takes the place of this one when it is confirmed. Until then nothing changes.`,
    ],
    withoutLink: `If it was you, there is nothing to do. You can withdraw it at ${at(paths.accountEmail)}.`,
  }),
}

/** To the new address, when it has become the account's. */
export const emailChangedMail: MailWords<AddressMailFacts> = {
  name: 'email-changed',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'This is your e-mail address now',
    paragraphs: [`Messages about ${named(facts)}, come to this address from now on.`, noCourt],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** To the address before: it is told, can tell support, and can do nothing else. */
export const oldAddressMail: MailWords<AddressMailFacts> = {
  name: 'email-changed-old-address',
  link: {
    purpose: oldAddressPurpose,
    lifeMinutes: oldAddressDays * 24 * 60,
    path: oldAddressPath,
  },
  compose: (facts) => ({
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `This is no longer the e-mail address of ${named(facts)}, for PACER and the federal courts. Messages about it go to another address, and nobody can get into the account with this one any more.`,
      'If you have changed it yourself, there is nothing to do. If you have not, tell the PACER Service Center: open the link, or call. They look into it.',
    ],
    button: 'Tell the PACER Service Center',
    withoutLink: `Without the link: call the PACER Service Center, ${helpLine.phone}, ${helpLine.hours}, and have the account number at hand.`,
  }),
}

/** Every kind of message about another address. */
export const emailChangeMails = [
  confirmNewAddressMail,
  newAddressAskedMail,
  emailChangedMail,
  oldAddressMail,
] as readonly MailWords[]
