import type { HolderFacts } from '../../accounts/state-mails.ts'
import type { MailWords } from '../../mail/words.ts'
import { paths } from '../../paths.ts'
import { serviceAddressWords } from './words.ts'

/** To whoever asked a court to take over a change. To what it changed is not written. */
export const noticeDecidedMail: MailWords<
  HolderFacts & {
    readonly court: string
    /** `name`, `postal address`: what was changed. */
    readonly fact: string
    readonly state: 'taken-over' | 'declined'
    readonly reason: string | null
  }
> = {
  name: 'notice-of-change-decided',
  compose: ({ username, number, court, fact, state, reason }, { at }) => {
    const isTaken = state === 'taken-over'
    const what = isTaken ? 'took over your change' : 'declined your change'
    return {
      subject: `The court ${what}: ${court}`,
      paragraphs: [
        `This is about the account with the username ${username}, account number ${number}, at the ${court}.`,
        `You had asked this court to take over a change: ${fact}. ${
          isTaken
            ? 'It says that its own records have the change now.'
            : 'It declined, and its own records stay as they were.'
        }`,
        ...(reason ? [`The court writes: ${reason}`] : []),
        serviceAddressWords,
        `If you have a question about it, ask the clerk of the court: ${court}.`,
      ],
      withoutLink: `To see what you asked of which court, open ${at(paths.accountCourtChanges)} and sign in.`,
    }
  },
}
