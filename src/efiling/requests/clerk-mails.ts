import type { HolderFacts } from '../../accounts/state-mails.ts'
import type { MailWords } from '../../mail/words.ts'
import { paths } from '../../paths.ts'
import {
  type DenialReason,
  denialReasons,
  type QuestionReason,
  questionReasons,
} from './decision-reasons.ts'

/** The request that a message is about, and the clerk's own words. */
type RequestFacts = HolderFacts & {
  /** The name of the court. */
  readonly court: string
  /** The number of the request. */
  readonly request: string
  readonly message: string
}

const about = ({ court, request, username, number }: RequestFacts) =>
  `This is about your request ${request} to the ${court}, made with the account with the username ${username}, account number ${number}.`
const words = ({ message }: RequestFacts) =>
  message === '' ? [] : [`The court writes: “${message}”`]
const unchanged = 'If you have a right at this court already, it stays as it is.'
const seeRequest = (at: (path: string) => string) =>
  `To see your request, open ${at(paths.accountCourts)} and sign in.`

/** The clerk asks for something; the answer goes into the same request. */
export const requestQuestionMail: MailWords<RequestFacts & { readonly asked: QuestionReason }> = {
  name: 'filing-request-question',
  compose: (facts, { at }) => ({
    subject: 'The court has a question about your request',
    paragraphs: [
      about(facts),
      questionReasons[facts.asked].told,
      ...words(facts),
      'Answer in the request itself: you do not have to ask again. The court goes on when your answer is there.',
    ],
    withoutLink: `To answer, open ${at(paths.accountCourts)} and sign in.`,
  }),
}

export const requestDeniedMail: MailWords<RequestFacts & { readonly denied: DenialReason }> = {
  name: 'filing-request-denied',
  compose: (facts, { at }) => ({
    subject: 'The court has denied your request',
    paragraphs: [
      about(facts),
      `The court has denied it. ${denialReasons[facts.denied].told}`,
      ...words(facts),
      `${unchanged} If you have questions, ask the clerk of this court.`,
    ],
    withoutLink: seeRequest(at),
  }),
}

/** What a request waits for beside its filer, in a mail. */
export const toldWaits = {
  clerk: 'It waits for the clerk of the court again. You have nothing to do.',
  fee: 'It waits for your fee. The court goes on when it is paid.',
  judge: 'It waits for a judge. You have nothing to do.',
  training:
    'It waits for the training that this court asks for. The court goes on when you have taken it.',
} as const

export const requestWaitsMail: MailWords<
  RequestFacts & { readonly waitsFor: keyof typeof toldWaits }
> = {
  name: 'filing-request-waits',
  compose: (facts, { at }) => ({
    subject: 'What your request waits for',
    paragraphs: [about(facts), toldWaits[facts.waitsFor], ...words(facts)],
    withoutLink: seeRequest(at),
  }),
}

export const clerkMails = [
  requestQuestionMail,
  requestDeniedMail,
  requestWaitsMail,
] as readonly MailWords[]
