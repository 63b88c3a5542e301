import type { AccountState, StateFacts } from './account-state.ts'
import type { HoldReason } from './hold.ts'

/** A state as its holder and the PACER Service Center read it: every page has the same words from here. */
export type StateInWords = {
  /** One or two words, for a list. */
  readonly label: string
  /** One sentence without its period, for a heading. */
  readonly headline: string
  /** What that means, as sentences. */
  readonly meaning: string
  /** What its holder does, and who can help; a telephone number follows. Absent where there is nothing to do. */
  readonly help?: string
}

const underReview: StateInWords = {
  label: 'In review',
  headline: 'This account is in review',
  meaning:
    'It looks like another account of the same person. Until somebody has compared the two, it can be signed in to, but not used to search or to file.',
  help: 'Nothing has to be done again. To ask how far the review is, call the PACER Service Center',
}

/** The words of `held`, by the reason that courts are told. */
export const holdWords: Readonly<Record<HoldReason, StateInWords>> = {
  review: underReview,
  recovery: {
    label: 'On hold after recovery',
    headline: 'This account is on hold after it was recovered',
    meaning:
      'It can be used to search, but not to file at any court, until somebody has made sure that it was given back to the right person.',
    help: 'To have it lifted, call the PACER Service Center',
  },
  support: {
    label: 'On hold',
    headline: 'The PACER Service Center has put this account on hold',
    meaning: 'It can be used to search, but not to file at any court.',
    help: 'To learn why, and what to do, call the PACER Service Center',
  },
  holder: {
    label: 'On hold by its holder',
    headline: 'The holder of this account has put it on hold',
    meaning: 'It can be used to search, but not to file at any court.',
    help: 'To end the hold, call the PACER Service Center',
  },
}

/** The words of every state but `held`, whose words are those of its reason. */
const words: Readonly<Record<Exclude<AccountState, 'held'>, StateInWords>> = {
  closed: {
    label: 'Closed',
    headline: 'This account is closed',
    meaning: 'Nobody can sign in with it again, and its username is given to nobody else.',
    help: 'To use PACER again, register a new account. To ask about the closed one, call the PACER Service Center',
  },
  disabled: {
    label: 'Disabled',
    headline: 'This account is disabled',
    meaning: 'Nobody can sign in with it, here or at any court. The courts cannot enable it.',
    help: 'To ask why, and what to do, call the PACER Service Center',
  },
  unconfirmed: {
    label: 'Not confirmed',
    headline: 'This account is not confirmed yet',
    meaning:
      'Nobody can sign in with it until its holder has confirmed the e-mail address. The link for that is in a message to that address.',
    help: 'If there is no such message, call the PACER Service Center',
  },
  'in-review': underReview,
  'must-change-password': {
    label: 'New password needed',
    headline: 'This account needs a new password',
    meaning: 'The next sign-in asks for one. What courts decided stays as it is.',
    help: 'If the present password is not known, choose a new one by e-mail, or call the PACER Service Center',
  },
  active: {
    label: 'Active',
    headline: 'This account is active',
    meaning: 'It can be signed in to. Whether it searches and files is said beside it.',
  },
}

/** The words for the state of an account. */
export function stateWords({ state, held }: Pick<StateFacts, 'state' | 'held'>): StateInWords {
  return state === 'held' ? holdWords[held?.reason ?? 'support'] : words[state]
}
