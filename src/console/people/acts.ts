import type { Action } from '../../efiling/right.ts'
import {
  type DecisionKind,
  decisionKinds,
  isLinkKind,
  type LinkKind,
} from '../../efiling/right-machine.ts'

/** What a court decides; giving up is its holder's, and links have pages of their own. */
export type PersonAct = Exclude<DecisionKind, 'give-up' | LinkKind>
export const personActs = decisionKinds.filter(
  (kind): kind is PersonAct => kind !== 'give-up' && !isLinkKind(kind),
)

export type ActField =
  | 'role'
  | 'grants'
  | 'filerId'
  | 'endsOn'
  | 'admitted'
  | 'admittedUntil'
  | 'notices'
  | 'when'

type ActOnPage = {
  /** What it means, as sentences. */
  readonly meaning: string
  readonly button: string
  /** Every form has a reason and a message, too. */
  readonly fields: readonly ActField[]
  /** Gives rights to somebody who had none, or ends them: only in a sign-in of a moment ago. */
  readonly isFresh: boolean
}

/** Each decision as the clerk meets it; what may be decided when, and by whom, says the machine. */
export const acts: Readonly<Record<PersonAct, ActOnPage>> = {
  grant: {
    meaning:
      'This person has no right at your court. What you grant here is what your court is told from then on.',
    button: 'Grant the right',
    fields: ['role', 'grants', 'filerId', 'endsOn', 'admitted', 'admittedUntil', 'when'],
    isFresh: true,
  },
  change: {
    meaning: 'What you leave as it is stays.',
    button: 'Change the right',
    fields: ['role', 'grants', 'filerId', 'when'],
    isFresh: false,
  },
  extend: {
    meaning:
      'The right holds until midnight of its last day at your court, and then lapses by itself.',
    button: 'Set the last day',
    fields: ['endsOn', 'when'],
    isFresh: false,
  },
  suspend: {
    meaning:
      'This person cannot file any more, until the right is given back. What was granted is kept for that.',
    button: 'Suspend the right',
    fields: ['notices', 'when'],
    isFresh: false,
  },
  reinstate: {
    meaning: 'What was granted before the suspension comes back.',
    button: 'Give the right back',
    fields: ['endsOn', 'when'],
    isFresh: false,
  },
  revoke: {
    meaning:
      'The right ends. To have one again, this person is granted a new one. The admission to practice is another decision.',
    button: 'End the right',
    fields: ['when'],
    isFresh: true,
  },
  admit: {
    meaning:
      'To be admitted to practice and to file electronically are two decisions: this one grants no filing.',
    button: 'Admit to practice',
    fields: ['admittedUntil', 'when'],
    isFresh: false,
  },
  'end-admission': {
    meaning:
      'The right to file electronically stays as it is: suspend or revoke it, too, if it is to end.',
    button: 'End the admission',
    fields: ['when'],
    isFresh: false,
  },
  'free-filer': {
    meaning:
      'This person has no CM/ECF account at your court any more, and it can be given to somebody else. The right and the admission stay as they are.',
    button: 'Take the CM/ECF account away',
    fields: [],
    isFresh: false,
  },
  withdraw: {
    meaning: 'What was decided ahead does not happen, and what holds now stays.',
    button: 'Withdraw it',
    fields: [],
    isFresh: false,
  },
}

/** What is granted, in one choice: a court gives these together. */
export const grants = {
  file: ['file', 'receive-notices'],
  notices: ['receive-notices'],
  apply: ['apply'],
} as const satisfies Readonly<Record<string, readonly Action[]>>
export type Grant = keyof typeof grants

/** The choice that stands for these actions; undefined where somebody granted something else. */
export function grantOf(actions: readonly Action[]): Grant | undefined {
  const sorted = [...actions].sort().join()
  const names = Object.keys(grants) as Grant[]
  return names.find((name) => [...grants[name]].sort().join() === sorted)
}
