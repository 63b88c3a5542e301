import { stateOf } from '../../accounts/account-state.ts'
import { type HoldReason, listHolds } from '../../accounts/hold.ts'
import { holdWords } from '../../accounts/state-words.ts'

/** What support does with an account. */
export const supportActs = [
  'unlock',
  'hold',
  'release-review',
  'release-recovery',
  'release-support',
  'release-holder',
  'disable',
  'enable',
  'close',
  'answer-alert',
] as const
export type SupportAct = (typeof supportActs)[number]

export function isSupportAct(text: string): text is SupportAct {
  return (supportActs as readonly string[]).includes(text)
}

/** The hold that an act lifts. */
export function liftedBy(act: SupportAct): HoldReason | undefined {
  return act.startsWith('release-') ? (act.slice('release-'.length) as HoldReason) : undefined
}

/**
 * What can be done with an account as it is now; nothing with a closed one.
 * @param failures wrong passwords in a row.
 * @param hasAlert a former address told support something that nobody has answered.
 */
export function actsFor(
  account: Parameters<typeof stateOf>[0] & Parameters<typeof listHolds>[0],
  failures: number,
  hasAlert: boolean,
): readonly SupportAct[] {
  const state = stateOf(account)
  if (state === 'closed') return []
  const holds = listHolds(account).map(({ reason }) => reason)
  return [
    ...(hasAlert ? (['answer-alert'] as const) : []),
    ...(failures > 0 ? (['unlock'] as const) : []),
    ...holds.map((reason) => `release-${reason}` as const),
    ...(holds.includes('support') ? [] : (['hold'] as const)),
    state === 'disabled' ? 'enable' : 'disable',
    'close',
  ]
}

/** An act in words. */
export type ActInWords = {
  /** On a button. */
  readonly label: string
  /** What was done, in the list of what support did. */
  readonly done: string
  /** What it does, as sentences. */
  readonly meaning: string
}

const told = 'The holder is told by e-mail.'

const words: Readonly<Record<Exclude<SupportAct, `release-${HoldReason}`>, ActInWords>> = {
  unlock: {
    label: 'Unlock',
    done: 'Unlocked',
    meaning: `Wrong passwords are forgotten, and the right one is taken again at once. Nothing else of the account changes. ${told}`,
  },
  hold: {
    label: 'Put on hold',
    done: 'Put on hold',
    meaning: `Nobody files with the account at any court until the hold is lifted. It can still be signed in to. ${told}`,
  },
  disable: {
    label: 'Disable',
    done: 'Disabled',
    meaning: `Nobody signs in to the account until it is enabled again; every session and what applications were allowed end at once. ${told}`,
  },
  enable: {
    label: 'Enable',
    done: 'Enabled',
    meaning: `The account can be signed in to again, with the password from before. What had ended stays ended. ${told}`,
  },
  close: {
    label: 'Close: its holder has died',
    done: 'Closed, as its holder has died',
    meaning:
      'The account is closed for good, and nobody can undo it: no sign-in, no message to its address from now on, not even about this. Number and username are given to nobody again.',
  },
  'answer-alert': {
    label: 'Answer the former address',
    done: 'What a former address told was looked into',
    meaning:
      'You have asked who has the account, by telephone for example, and nothing has to be done, or it was done. The account leaves the list. Nothing else of it changes, and nobody is told.',
  },
}

export function actWords(act: SupportAct): ActInWords {
  const reason = liftedBy(act)
  if (!reason) return words[act as keyof typeof words]
  const hold = holdWords[reason].label
  return {
    label: reason === 'review' ? 'End the review' : `Lift: ${hold}`,
    done: reason === 'review' ? 'The review was ended' : `Lifted: ${hold}`,
    meaning: `This hold ends; any other one stays. Without another one, and unless it is disabled, the account can be used again as the courts decided. ${told}`,
  }
}

/** What support did in another way than by an act of one press. */
const otherNotes = {
  'birth-date': 'The date of birth was corrected',
  'address-proposed': 'Another e-mail address was proposed',
  'address-approved': 'Another e-mail address was approved',
  'address-declined': 'Another e-mail address was declined',
  'address-stopped': 'Another e-mail address was stopped before it was used',
} as const
export type OtherNote = keyof typeof otherNotes

/** What was done, in the list of what support did. */
export function noteText(done: string): string {
  if (isSupportAct(done)) return actWords(done).done
  return (otherNotes as Readonly<Record<string, string | undefined>>)[done] ?? done
}
