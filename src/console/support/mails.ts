import type { HolderFacts } from '../../accounts/state-mails.ts'
import type { MailWords } from '../../mail/words.ts'
import { paths } from '../../paths.ts'

/** Tells the holder that wrong passwords were forgotten. */
export const unlockedMail: MailWords<HolderFacts> = {
  name: 'account-unlocked',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Your account can be signed in to again',
    paragraphs: [
      `This is about the account with the username ${username}, account number ${number}.`,
      'The PACER Service Center has ended the pause after wrong passwords. The password is the one from before.',
    ],
    withoutLink: `To see what happened to your account, open ${at(paths.account)} and sign in.`,
  }),
}
