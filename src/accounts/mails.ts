import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { HolderFacts } from './state-mails.ts'

type PasswordChangedFacts = HolderFacts & {
  /** As words: `November 3, 2026, 3:45 p.m. Eastern time`. */
  readonly at: string
}

/** Tells the holder that the account has another password. */
export const passwordChangedMail: MailWords<PasswordChangedFacts> = {
  name: 'password-changed',
  hasNotMe: true,
  compose: ({ username, number, at }, context) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of the account with the username ${username}, account number ${number}, was changed on ${at}.`,
      'If that was you, there is nothing that you have to do. Use the new password from now on, here and at every court.',
    ],
    withoutLink: `To see what happened to your account, type this address into your browser and sign in: ${context.at(paths.account)}`,
  }),
}
