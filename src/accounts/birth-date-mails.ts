import { helpLine } from '../help-line.ts'
import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { HolderFacts } from './state-mails.ts'

/** Tells the holder that support corrected the date of birth; no date is in it. */
export const birthDateCorrectedMail: MailWords<HolderFacts> = {
  name: 'birth-date-corrected',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Your date of birth was corrected',
    paragraphs: [
      `This is about the account with the username ${username}, account number ${number}.`,
      'The PACER Service Center has corrected the date of birth that is kept sealed with it. It tells two people of one name apart, and proves who you are when you call. Nothing else has changed.',
      `If you did not ask for that, call the PACER Service Center, ${helpLine.phone}.`,
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

/** To the holder of an account that another one is just like since its date of birth was corrected. */
export const twinByCorrectionMail: MailWords<HolderFacts> = {
  name: 'account-like-yours-corrected',
  hasNotMe: true,
  compose: ({ username, number }, { at }) => ({
    subject: 'Another account is like yours',
    paragraphs: [
      `Another account for PACER and the federal courts was corrected, and has the name, the date of birth and the e-mail address of your account with the username ${username}, account number ${number}.`,
      'The other account is in review: nobody can search or file with it until somebody at the PACER Service Center has compared the two. Nothing has changed in your account.',
      `If the other one is not yours, call the PACER Service Center, ${helpLine.phone}.`,
    ],
    withoutLink: `Your account is at ${at(paths.account)}.`,
  }),
}

export const birthDateMails: readonly MailWords[] = [birthDateCorrectedMail, twinByCorrectionMail]
