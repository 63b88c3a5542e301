import type { HolderFacts } from '../../accounts/state-mails.ts'
import type { MailWords } from '../../mail/words.ts'
import { paths } from '../../paths.ts'

type RequestFacts = HolderFacts & {
  /** The name of the court. */
  readonly court: string
  /** The number of the request. */
  readonly request: string
}

const about = ({ court, request, username, number }: RequestFacts) =>
  `This is about the request ${request} to the ${court}, made with the account with the username ${username}, account number ${number}.`
const seeRequest = (at: (path: string) => string) =>
  `To see the request, open ${at(paths.accountCourts)} and sign in.`
const unchanged = 'A right that you have at this court already stays as it is.'

export const requestSubmittedMail: MailWords<RequestFacts> = {
  name: 'filing-request-submitted',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'Your request was sent to the court',
    paragraphs: [
      about(facts),
      `The court has it, and its clerk decides. Until then nothing changes. ${unchanged}`,
      'We write to you when the court decides, or asks you something.',
    ],
    withoutLink: seeRequest(at),
  }),
}

export const requestAnsweredMail: MailWords<RequestFacts> = {
  name: 'filing-request-answered',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'Your answer was sent to the court',
    paragraphs: [
      about(facts),
      'The court has your answer, and the request waits for its clerk again.',
    ],
    withoutLink: seeRequest(at),
  }),
}

export const requestWithdrawnMail: MailWords<RequestFacts> = {
  name: 'filing-request-withdrawn',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'Your request was withdrawn',
    paragraphs: [
      about(facts),
      `The request is over: the court does not decide on it any more. ${unchanged}`,
      'You can ask the court again at any time.',
    ],
    withoutLink: seeRequest(at),
  }),
}

export const requestMails = [
  requestSubmittedMail,
  requestAnsweredMail,
  requestWithdrawnMail,
] as readonly MailWords[]
