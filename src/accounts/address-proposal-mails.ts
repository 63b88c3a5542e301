import { helpLine } from '../help-line.ts'
import type { MailWords } from '../mail/words.ts'
import { oldAddressPath, recoveredAddressPath } from '../paths.ts'
import { type AddressMailFacts, oldAddressDays } from './email-change-mails.ts'
import { oldAddressPurpose, recoveredAddressPurpose } from './link-purposes.ts'

const call = `call the PACER Service Center, ${helpLine.phone}, ${helpLine.hours}`

/** To the present address, as soon as support proposes another one: it may be a theft. */
export const addressProposedMail: MailWords<AddressMailFacts> = {
  name: 'email-proposed-by-support',
  link: {
    purpose: oldAddressPurpose,
    lifeMinutes: oldAddressDays * 24 * 60,
    path: oldAddressPath,
  },
  compose: ({ username, number }) => ({
    subject: 'Somebody says that you cannot read this e-mail any more',
    paragraphs: [
      `Somebody called the PACER Service Center about the account with the username ${username}, account number ${number}, and said that its holder cannot read messages at this address any more. Another address is to take its place. Two people there have to find that right, and nothing has changed yet.`,
      'If you are the holder and have not asked for that, tell them now: open the link, or call. If you have asked for it, or are not the holder, there is nothing to do.',
    ],
    button: 'Tell the PACER Service Center',
    withoutLink: `Without the link: ${call}, and have the account number at hand.`,
  }),
}

/** The link for the new address holds so long after its mail was sent. */
const pressMinutes = 24 * 60

/**
 * To the new address, when the second person has approved it. It names no account: its reader has to
 * know the number, so that an address that was heard wrong gives nobody an account.
 */
export const recoveredAddressMail: MailWords = {
  name: 'email-approved-by-support',
  link: {
    purpose: recoveredAddressPurpose,
    lifeMinutes: pressMinutes,
    path: recoveredAddressPath,
  },
  compose: () => ({
    subject: 'Get back into your account',
    paragraphs: [
      'The PACER Service Center was asked to use this e-mail address for an account for PACER and the federal courts, and has agreed.',
      'To make it the address of your account, open the link and enter your account number: the PACER Service Center has told you it on the telephone. Then choose a new password. Until then nothing changes.',
    ],
    button: 'Use this address',
    withoutLink: `Without the link, or without the number: ${call}. If you have not asked for this, do nothing.`,
  }),
}

export const addressProposalMails = [
  addressProposedMail,
  recoveredAddressMail,
] as readonly MailWords[]
