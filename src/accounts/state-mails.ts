import { helpLine } from '../help-line.ts'
import type { MailFacts, MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { BarringState } from './account-state.ts'
import type { HoldReason } from './hold.ts'
import { holdWords, type StateInWords, stateWords } from './state-words.ts'

/** The account that a message is about: several may have one mailbox. */
export type HolderFacts = MailFacts & { readonly username: string; readonly number: string }
export type HoldFacts = HolderFacts & { readonly reason: HoldReason }

const about = ({ username, number }: HolderFacts) =>
  `This is about the account with the username ${username}, account number ${number}.`
const inWords = ({ headline, meaning }: StateInWords) => `${headline}. ${meaning}`
const ask = ({ help }: StateInWords) => (help ? [`${help}, ${helpLine.phone}.`] : [])
const seeAccount = (at: (path: string) => string) =>
  `To see your account and what courts decided about you, open ${at(paths.account)} and sign in.`
const callUs = `If you did not expect this, call the PACER Service Center, ${helpLine.phone}.`

export const heldMail: MailWords<HoldFacts> = {
  name: 'account-held',
  hasNotMe: true,
  compose: (facts, { at }) => {
    const words = holdWords[facts.reason]
    return {
      subject: words.headline,
      paragraphs: [
        about(facts),
        inWords(words),
        'No court has decided this, and what courts decided about you stays as it is.',
        ...ask(words),
      ],
      withoutLink: seeAccount(at),
    }
  },
}

type ReleasedFacts = HoldFacts & {
  /** The hold that is told now, where there is another one. */
  readonly left: HoldReason | null
  /** Nobody signs in, hold or not. The release before does not say it. */
  readonly barring?: BarringState | null
}

export const releasedMail: MailWords<ReleasedFacts> = {
  name: 'account-released',
  hasNotMe: true,
  compose: (facts, { at }) => {
    const { left, reason, barring } = facts
    const other = barring ? stateWords({ state: barring, held: null }) : undefined
    const ended = reason === 'review' ? 'The review of your account is over' : 'A hold was lifted'
    const whatIsLeft = () => {
      if (other) return [`${ended}.`, inWords(other), ...ask(other)]
      if (!left) {
        return [`${ended}. Where a court has given you the right to file, you can use it again.`]
      }
      const words = holdWords[left]
      return [`${ended}, and another one stays.`, inWords(words), ...ask(words)]
    }
    return {
      subject: left ? 'One hold on your account was lifted' : 'Your account is no longer on hold',
      paragraphs: [about(facts), ...whatIsLeft()],
      withoutLink: seeAccount(at),
    }
  },
}

export const disabledMail: MailWords<HolderFacts> = {
  name: 'account-disabled',
  compose: (facts) => {
    const words = stateWords({ state: 'disabled', held: null })
    return {
      subject: words.headline,
      paragraphs: [about(facts), inWords(words), 'Whoever was signed in with it is signed out.'],
      withoutLink: ask(words).join(' '),
    }
  },
}

export const enabledMail: MailWords<HolderFacts> = {
  name: 'account-enabled',
  hasNotMe: true,
  compose: (facts, { at }) => ({
    subject: 'Your account can be used again',
    paragraphs: [
      about(facts),
      'It was disabled, and is enabled again. Its password is the one from before.',
    ],
    withoutLink: seeAccount(at),
  }),
}

export const closedMail: MailWords<HolderFacts> = {
  name: 'account-closed',
  compose: (facts) => {
    const words = stateWords({ state: 'closed', held: null })
    return {
      subject: words.headline,
      paragraphs: [
        about(facts),
        inWords(words),
        'Whoever was signed in with it is signed out, and applications that you allowed to act with it can no longer do so. What you filed stays filed. This is the last message about it.',
      ],
      withoutLink: callUs,
    }
  },
}

export const passwordRequiredMail: MailWords<HolderFacts> = {
  name: 'password-required',
  hasNotMe: true,
  compose: (facts, { at }) => {
    const words = stateWords({ state: 'must-change-password', held: null })
    return {
      subject: words.headline,
      paragraphs: [about(facts), inWords(words), ...ask(words)],
      withoutLink: `To choose it now, open ${at(paths.account)} and sign in.`,
    }
  },
}

/** All of them, for the list that the processes are started with. */
export const stateMails: readonly MailWords[] = [
  heldMail,
  releasedMail,
  disabledMail,
  enabledMail,
  closedMail,
  passwordRequiredMail,
]
