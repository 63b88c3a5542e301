import type { KeyObject } from 'node:crypto'
import { helpLine } from '../../help-line.ts'
import type { MailWords, QueuedMail } from '../../mail/words.ts'
import { paths, registrationConfirmPath } from '../../paths.ts'
import type { Transaction } from '../../storage/db.ts'
import { canonicalEmail } from '../email-address.ts'
import type { HolderFacts } from '../state-mails.ts'
import { listConfirmedAt } from '../store.ts'
import { codeMark, codeOfMail, holdsMinutes, registrationPurpose } from './registration.ts'
import { writeCode } from './store.ts'

type Account = { readonly username: string; readonly number: string }

const makeCode = async (tx: Transaction, { id, about }: QueuedMail, key: KeyObject) => {
  const { registration = '' } = about
  const code = codeOfMail(key, id)
  await writeCode(tx, registration, codeMark(key, registration, code))
  return { code }
}

/**
 * To an address that asks for an account. Which accounts there are already is looked up when the mail is
 * sent, so that whoever asks waits equally long for every address; the reader learns it, and nobody else.
 */
export const addressMail: MailWords = {
  name: 'registration-address',
  link: {
    purpose: registrationPurpose,
    lifeMinutes: holdsMinutes,
    path: registrationConfirmPath,
  },
  async make(tx, mail, key) {
    const { to } = mail
    const { code } = await makeCode(tx, mail, key)
    const accounts: readonly Account[] = await listConfirmedAt(tx, canonicalEmail(to))
    return { code, accounts: JSON.stringify(accounts) }
  },
  compose(_, { at, made }) {
    const accounts = JSON.parse(made['accounts'] ?? '[]') as readonly Account[]
    const words = accounts.length === 0 ? wordsForNew : wordsForKnown(accounts, at)
    return {
      ...words,
      code: made['code'] ?? '',
      withoutLink:
        `Without the link: open ${at(paths.register)}, enter this address again, and type the code from the next message. ` +
        'If you did not ask for an account, do nothing: none is created without you.',
    }
  },
}

const theCode = `It works there for ${holdsMinutes} minutes:`

const wordsForNew = {
  subject: 'Confirm your e-mail address for PACER and the federal courts',
  paragraphs: [
    'Somebody, probably you, wants to create an account for PACER and the federal courts with this e-mail address.',
    `To confirm that the address is yours, open the link on any device. Or type this code into the page that asked for your address. ${theCode}`,
  ],
  button: 'Confirm the address',
}

function wordsForKnown(accounts: readonly Account[], at: (path: string) => string) {
  return {
    subject: 'You have an account for PACER and the federal courts already',
    paragraphs: [
      `Somebody, probably you, wants to create an account for PACER and the federal courts with this e-mail address. There ${accounts.length === 1 ? 'is one' : `are ${accounts.length}`} with it already:`,
      ...accounts.map(({ username, number }) => `Username ${username}, account number ${number}`),
      `To use what you have, sign in at ${at(paths.account)}. If you do not know the password any more, choose a new one at ${at(paths.recover)}.`,
      `If you need another account, for example because you are also a trustee, open the link, or type this code into the page that asked for your address. ${theCode}`,
    ],
    button: 'Create another account',
  }
}

/** To the address that the holder of an account gives in the middle of a sign-in. */
export const signInCodeMail: MailWords<HolderFacts> = {
  name: 'sign-in-address',
  make: makeCode,
  // Until the code is typed the address may be a stranger's, mistyped.
  compose: (_, { at, made }) => ({
    subject: 'The code for your e-mail address',
    paragraphs: [
      'Somebody, probably you, is signing in to an account for PACER and the federal courts, and wants messages about it to come to this address.',
      `To confirm that the address is yours, type this code into the page that asked for it, on whichever device that is. ${theCode}`,
    ],
    code: made['code'] ?? '',
    withoutLink: `If the page is there no longer, sign in once more at ${at(paths.account)}, and a new code is sent. If you have no such account, do nothing, and tell nobody the code: without it nothing comes of this.`,
  }),
}

/** To the holder of a new account. */
export const welcomeMail: MailWords<HolderFacts> = {
  name: 'account-registered',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Your account for PACER and the federal courts',
    paragraphs: [
      `Your account has been created. Your username is ${username}, your account number ${number}. Keep this message: you are asked for the number when you call us.`,
      'To file documents, sign in at the court and ask for the right to file there: each court decides for itself.',
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** To the holder of an account that a new one is just like. */
export const twinMail: MailWords<HolderFacts> = {
  name: 'account-like-yours-registered',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Another account like yours was created',
    paragraphs: [
      `Somebody, perhaps you, has created another account for PACER and the federal courts with the name, the date of birth and the e-mail address of your account with the username ${username}, account number ${number}.`,
      'The new account is in review: nobody can search or file with it until somebody at the PACER Service Center has compared the two. Nothing has changed in your account.',
      `If you created it by mistake, or did not create it, call the PACER Service Center, ${helpLine.phone}.`,
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** Every kind of message of a registration. */
export const registrationMails = [
  addressMail,
  signInCodeMail,
  welcomeMail,
  twinMail,
] as readonly MailWords[]
