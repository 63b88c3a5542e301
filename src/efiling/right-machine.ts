import type { RightState } from './right.ts'

// The machine of rights, written once: use cases, pages, the drawing in docs/rights.md and the tests read it.

/** Who causes a transition: of the court, the holder, an operator's file, or time alone. */
export type Causer = 'clerk' | 'court-manager' | 'holder' | 'operator' | 'time'

/** What a decision has to come with, or what has to be so. */
export type Need =
  /** An individual, upgraded account that is not closed. */
  | 'account'
  | 'role'
  | 'actions'
  | 'last-day'
  | 'reason'
  /** Something differs from what holds. */
  | 'difference'
  /** The person is admitted. */
  | 'admission'
  /** The person has a CM/ECF account there. */
  | 'filer'
  /** A decision waits for its moment. */
  | 'plan'
  /** It holds from now on. */
  | 'at-once'
  /** The account may file: while nobody knows whose it is, nothing of it is given away. */
  | 'not-held'

export type Transition = {
  readonly kind: string
  /** What is done, for the drawing and for pages of the court. */
  readonly label: string
  readonly who: readonly Causer[]
  /** From which states it leads, and to which. */
  readonly moves: Readonly<Partial<Record<RightState, RightState>>>
  /** From which of these its holder does not lead: the court decides there. */
  readonly notByHolder?: readonly RightState[]
  readonly needs: readonly Need[]
  /** `both-addresses`: the holder's, and that of the account of the court's old system (`linking/`). */
  readonly tells: readonly ('holder' | 'both-addresses')[]
  /** Takes the place of decisions that wait for their moment. */
  readonly supersedes: boolean
}

const court = ['clerk', 'court-manager'] as const

/** Each state stays what it is. */
const stays = {
  none: 'none',
  pending: 'pending',
  active: 'active',
  suspended: 'suspended',
  revoked: 'revoked',
  lapsed: 'lapsed',
  'given-up': 'given-up',
} as const

/** What is decided. */
export const decisions = {
  grant: {
    label: 'Grant',
    who: court,
    moves: {
      none: 'active',
      pending: 'active',
      lapsed: 'active',
      revoked: 'active',
      'given-up': 'active',
    },
    needs: ['account', 'role', 'actions'],
    tells: ['holder'],
    supersedes: false,
  },
  change: {
    label: 'Change role, actions or CM/ECF account',
    who: court,
    moves: { active: 'active', suspended: 'suspended' },
    needs: ['account', 'difference'],
    tells: ['holder'],
    supersedes: false,
  },
  extend: {
    label: 'Set the last day',
    who: court,
    moves: { active: 'active', suspended: 'suspended', lapsed: 'active' },
    needs: ['account', 'last-day', 'difference'],
    tells: ['holder'],
    supersedes: false,
  },
  suspend: {
    label: 'Suspend',
    who: court,
    moves: { active: 'suspended' },
    needs: ['reason'],
    tells: ['holder'],
    supersedes: false,
  },
  reinstate: {
    label: 'Reinstate',
    who: court,
    moves: { suspended: 'active' },
    needs: ['account'],
    tells: ['holder'],
    supersedes: false,
  },
  revoke: {
    label: 'Revoke',
    who: court,
    moves: { active: 'revoked', suspended: 'revoked', lapsed: 'revoked' },
    needs: ['reason'],
    tells: ['holder'],
    supersedes: true,
  },
  admit: {
    label: 'Admit to practice',
    who: court,
    moves: stays,
    needs: ['account', 'difference'],
    tells: ['holder'],
    supersedes: false,
  },
  'end-admission': {
    label: 'End the admission',
    who: court,
    moves: stays,
    needs: ['reason', 'admission'],
    tells: ['holder'],
    supersedes: false,
  },
  'free-filer': {
    label: 'Take the CM/ECF account away',
    who: court,
    moves: stays,
    needs: ['at-once', 'filer'],
    tells: ['holder'],
    supersedes: false,
  },
  withdraw: {
    label: 'Withdraw what was decided ahead',
    who: court,
    moves: stays,
    needs: ['at-once', 'plan'],
    tells: ['holder'],
    supersedes: true,
  },
  'give-up': {
    label: 'Give up',
    who: ['holder'],
    moves: { active: 'given-up' },
    needs: ['at-once', 'not-held'],
    tells: ['holder'],
    supersedes: true,
  },
  link: {
    label: 'Link an account of the old system',
    who: ['holder', ...court],
    moves: { none: 'active', pending: 'active', 'given-up': 'active' },
    // What was given up the court had decided, and may have been about to end.
    notByHolder: ['given-up'],
    needs: ['account', 'role', 'at-once', 'not-held'],
    tells: ['both-addresses'],
    supersedes: false,
  },
  'link-suspended': {
    label: 'Link an account that the old system says is suspended',
    who: ['holder', ...court],
    moves: { none: 'suspended', pending: 'suspended', 'given-up': 'suspended' },
    notByHolder: ['given-up'],
    needs: ['account', 'role', 'at-once', 'not-held'],
    tells: ['both-addresses'],
    supersedes: false,
  },
  contest: {
    label: 'Say that a link is wrong',
    who: ['holder'],
    // What is over stays over; what was decided ahead of time is superseded there, too.
    moves: { ...stays, active: 'suspended' },
    needs: ['at-once'],
    tells: ['both-addresses'],
    supersedes: true,
  },
  unlink: {
    label: 'Undo a link',
    who: court,
    moves: {
      none: 'none',
      pending: 'none',
      active: 'none',
      suspended: 'none',
      revoked: 'none',
      lapsed: 'none',
      'given-up': 'none',
    },
    needs: ['reason', 'at-once'],
    tells: ['both-addresses'],
    supersedes: true,
  },
} as const satisfies Readonly<Record<string, Omit<Transition, 'kind'>>>

export type DecisionKind = keyof typeof decisions
export const decisionKinds = Object.keys(decisions) as readonly DecisionKind[]

/** What is decided about a right with a link to an account of the court's old system, never by itself. */
export const linkKinds = ['link', 'link-suspended', 'contest', 'unlink'] as const
export type LinkKind = (typeof linkKinds)[number]

export function isLinkKind(kind: DecisionKind): kind is LinkKind {
  return (linkKinds as readonly string[]).includes(kind)
}

/** The transition that a decision of this kind makes. */
export function transitionOf(kind: DecisionKind): Transition {
  return { kind, ...decisions[kind] }
}

/** What nobody decides here: time, requests, and what an operator's file says was decided elsewhere. */
const happenings: readonly Transition[] = [
  {
    kind: 'lapse',
    label: 'The last day is over',
    who: ['time'],
    moves: { active: 'lapsed' },
    needs: [],
    tells: [],
    supersedes: false,
  },
  {
    kind: 'ask',
    label: 'A request is open',
    who: ['holder'],
    moves: { none: 'pending', 'given-up': 'pending' },
    needs: ['account'],
    tells: [],
    supersedes: false,
  },
  {
    kind: 'close',
    label: 'The request ends without a right',
    who: ['clerk', 'court-manager', 'holder'],
    moves: { pending: 'none' },
    needs: [],
    tells: [],
    supersedes: false,
  },
]

/** Every transition there is, except that a file of an operator leads from every state to every other one. */
export const transitions: readonly Transition[] = [
  ...decisionKinds.map(transitionOf),
  ...happenings,
]

/** What may be decided about a right in that state. */
export function decisionsFrom(state: RightState): readonly DecisionKind[] {
  return decisionKinds.filter((kind) => transitionOf(kind).moves[state] !== undefined)
}

/** Why a court takes something away, as it is told; with every one a message may say more. */
export const reasonLabels = {
  discipline: 'Discipline',
  'undeliverable-notices': 'Notices could not be delivered',
  'counsel-has-appeared': 'Counsel has appeared',
  retired: 'Retired',
  died: 'Died',
  'order-of-the-court': 'Order of the court',
  other: 'Another reason',
} as const
export type ReasonCode = keyof typeof reasonLabels
export const reasonCodes = Object.keys(reasonLabels) as readonly ReasonCode[]
