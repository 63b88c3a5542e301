// The machine of a court's go-live, written once: use cases, pages, the drawing in docs/go-live.md and the tests
// read it.

/** Where a court stands on its way from its old system to NextGen. */
export const goLiveStates = ['planned', 'announced', 'live', 'legacy-closed'] as const
export type GoLiveState = (typeof goLiveStates)[number]

/** Who causes a transition: of the court, who runs this, or time alone. */
export type GoLiveCauser = 'court-manager' | 'operator' | 'time'

/** What a change has to come with, or what has to be so. */
export type GoLiveNeed =
  /** A moment that is still to come. */
  | 'moment'
  | 'reason'
  /** Something differs from what holds. */
  | 'difference'
  /** The moment is another one than before. */
  | 'other-moment'
  /** The go-live was at most seven days ago. */
  | 'within-seven-days'
  /** The go-live was at least seven days ago, so that it can no longer be rolled back. */
  | 'after-seven-days'

export type GoLiveTransition = {
  readonly kind: string
  /** What is done, for the drawing and for pages of the court. */
  readonly label: string
  readonly who: readonly GoLiveCauser[]
  /** From which states it leads, and to which. */
  readonly moves: Readonly<Partial<Record<GoLiveState, GoLiveState>>>
  readonly needs: readonly GoLiveNeed[]
}

const court = ['court-manager', 'operator'] as const

/** What is decided. An operator's file sets what was decided elsewhere, from every state (`set`). */
export const goLiveChanges = {
  plan: {
    label: 'Plan the moment',
    who: court,
    moves: { planned: 'planned' },
    needs: ['moment', 'difference'],
  },
  announce: {
    label: 'Announce the moment',
    who: court,
    moves: { planned: 'announced' },
    needs: ['moment'],
  },
  postpone: {
    label: 'Postpone, or bring forward',
    who: court,
    moves: { announced: 'announced' },
    needs: ['moment', 'other-moment', 'reason'],
  },
  'go-live': {
    label: 'Go live now',
    who: court,
    moves: { planned: 'live', announced: 'live' },
    needs: [],
  },
  'roll-back': {
    label: 'Roll back',
    who: court,
    moves: { live: 'planned' },
    needs: ['reason', 'within-seven-days'],
  },
  'close-legacy': {
    label: 'Close linking by the old password',
    who: court,
    moves: { live: 'legacy-closed' },
    needs: ['after-seven-days'],
  },
  change: {
    label: 'Change windows, words and schedule',
    who: court,
    moves: {
      planned: 'planned',
      announced: 'announced',
      live: 'live',
      'legacy-closed': 'legacy-closed',
    },
    needs: ['difference'],
  },
} as const satisfies Readonly<Record<string, Omit<GoLiveTransition, 'kind'>>>

export type GoLiveChangeKind = keyof typeof goLiveChanges
export const goLiveChangeKinds = Object.keys(goLiveChanges) as readonly GoLiveChangeKind[]

/** A kind of version: what was decided here, or what an operator's file says. */
export type GoLiveKind = GoLiveChangeKind | 'set'

/** The transition that a change of this kind makes. */
export function goLiveTransitionOf(kind: GoLiveChangeKind): GoLiveTransition {
  return { kind, ...goLiveChanges[kind] }
}

/** What nobody does: the moments come. */
const passing: readonly GoLiveTransition[] = [
  {
    kind: 'moment-of-go-live',
    label: 'The moment of go-live',
    who: ['time'],
    moves: { planned: 'live', announced: 'live' },
    needs: [],
  },
  {
    kind: 'moment-of-closing',
    label: 'The end of linking by the old password',
    who: ['time'],
    moves: { live: 'legacy-closed' },
    needs: [],
  },
]

/** Every transition there is, except that a file of an operator leads from every state to every other one. */
export const goLiveTransitions: readonly GoLiveTransition[] = [
  ...goLiveChangeKinds.map(goLiveTransitionOf),
  ...passing,
]

/** What may be done with a court's go-live in that state. */
export function goLiveChangesFrom(state: GoLiveState): readonly GoLiveChangeKind[] {
  return goLiveChangeKinds.filter((kind) => goLiveTransitionOf(kind).moves[state] !== undefined)
}
