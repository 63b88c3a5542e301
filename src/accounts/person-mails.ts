import { helpLine } from '../help-line.ts'
import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { HolderFacts } from './state-mails.ts'

/** What of a person was changed, in words; a name is changed as one. */
const memberWords: Readonly<Record<string, string>> = {
  givenName: 'the name',
  familyName: 'the name',
  phone: 'the telephone number',
  barNumbers: 'the bar numbers',
  address: 'the postal address',
}

/** Tells the holder that something was changed, and never to what. */
export const personChangedMail: MailWords<HolderFacts & { readonly fields: readonly string[] }> = {
  name: 'person-changed',
  hasNotMe: true,
  compose: ({ username, number, fields }, { at }) => {
    const what = [...new Set(fields.map((field) => memberWords[field] ?? field))]
    return {
      subject: 'What your account says about you was changed',
      paragraphs: [
        `Somebody who is signed in to the account with the username ${username}, account number ${number}, changed ${what.join(', ')}.`,
        'If that was you, there is nothing that you have to do here. Each court has a name and addresses of its own for you, and they do not change with this: ask each court where they have to change, too.',
      ],
      withoutLink: `To see what is there now, type this address into your browser and sign in: ${at(paths.accountMaintenance)}`,
    }
  },
}

/** To the holder of an account that another one is just like since that was changed. */
export const twinByChangeMail: MailWords<HolderFacts> = {
  name: 'account-like-yours-changed',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Another account is like yours now',
    paragraphs: [
      `The holder of another account for PACER and the federal courts, perhaps you, has changed it. It now has the name, the date of birth and the e-mail address of your account with the username ${username}, account number ${number}.`,
      'Nothing has changed in your account. The PACER Service Center sees that the two are alike.',
      `If both are yours and you do not need both, or if the other one is not yours, call the PACER Service Center, ${helpLine.phone}.`,
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** To the holder of an account that a legacy account is just like since it was upgraded. */
export const twinByUpgradeMail: MailWords<HolderFacts> = {
  name: 'account-like-yours-upgraded',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Another account like yours was upgraded',
    paragraphs: [
      `Somebody, perhaps you, has upgraded another account for PACER and the federal courts. It has the name, the date of birth and the e-mail address of your account with the username ${username}, account number ${number}.`,
      'The other account is in review until somebody at the PACER Service Center has compared the two. Nothing has changed in your account.',
      `If you do not need both, or if the other one is not yours, call the PACER Service Center, ${helpLine.phone}.`,
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** Every kind of message about what an account says of its person. */
export const personMails = [
  personChangedMail,
  twinByChangeMail,
  twinByUpgradeMail,
] as readonly MailWords[]
