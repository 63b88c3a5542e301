import {
  type GoLiveChangeKind,
  type GoLiveTransition,
  goLiveStates,
  goLiveTransitions,
} from '../../src/courts/go-live-machine.ts'
import { rightStates } from '../../src/efiling/right.ts'
import {
  type DecisionKind,
  decisions,
  type Need,
  type Transition,
  transitions,
} from '../../src/efiling/right-machine.ts'

/** The tables from which the model is written. */
export type Tables = {
  readonly rights: readonly Transition[]
  readonly goLive: readonly GoLiveTransition[]
}

export const tables: Tables = { rights: transitions, goLive: goLiveTransitions }

/**
 * What a decision does beside the step that its table names, in Promela; `i` is the account. Both are total: a
 * new kind does not type-check without its own.
 */
const effects: Readonly<Record<DecisionKind, string>> = {
  grant: 'choose_last(i)',
  change: 'skip',
  extend: 'choose_last(i)',
  suspend: 'skip',
  reinstate: 'skip',
  revoke: 'skip',
  // An admission is no right to file.
  admit: 'skip',
  'end-admission': 'skip',
  'free-filer': 'filer[i] = false',
  withdraw: 'skip',
  'give-up': 'skip',
  link: 'choose_last(i); link[i] = STANDS; linked[i] = true',
  'link-suspended': 'choose_last(i); link[i] = STANDS; linked[i] = true',
  contest: 'link[i] = CONTESTED; stopped[i] = true',
  unlink: 'link[i] = UNLINKED; linked[i] = false; filer[i] = false; last[i] = NEVER',
}

const courtEffects: Readonly<Record<GoLiveChangeKind, string>> = {
  plan: 'moment = true; isMoved = 1',
  announce: 'moment = true; isMoved = 1',
  postpone: 'moment = true; isMoved = 1',
  'go-live': 'moment = false; young = true; isMoved = 1',
  'roll-back': 'moment = false; young = false; filing = OPEN; isMoved = 1',
  'close-legacy': 'young = false',
  change: 'choose_window(); isMoved = 1',
}

/** What has to be so beside the table: of the link that is decided about, and of last days. */
const guards: Readonly<Partial<Record<DecisionKind, string>>> = {
  reinstate: 'last[i] != OVER',
  link: 'live() && link[i] == UNLINKED',
  'link-suspended': 'live() && link[i] == UNLINKED',
  contest: 'link[i] == STANDS',
  unlink: 'link[i] != UNLINKED',
}

/** What leaves a right stopped that only a press of "not me" stops: letting the link stand still gives it back. */
const leavesStopped: readonly string[] = [
  'change',
  'extend',
  'admit',
  'end-admission',
  'free-filer',
  'withdraw',
]

/** The needs of which the model knows; the others are of words and days. */
const needs: Readonly<Partial<Record<Need, string>>> = {
  'not-held': '!held[i]',
  plan: 'ahead[i] != NOTHING',
  filer: 'filer[i]',
}
const courtNeeds: Readonly<Record<string, string>> = {
  'within-seven-days': 'young',
  'after-seven-days': '!young',
}

/** Decisions that may take a CM/ECF account, which two people may want: asked first, and written later. */
const mayTakeFiler: readonly string[] = ['grant', 'change', 'link', 'link-suspended']
const mustTakeFiler: readonly string[] = ['link', 'link-suspended']

type Moves = Readonly<Partial<Record<string, string>>>

const name = (text: string) => text.toUpperCase().replaceAll('-', '_')
const isAnyOf = (states: readonly string[], of: string) =>
  `(${states.map((state) => `${of} == ${name(state)}`).join(' || ')})`
/** Where a table leads, as an expression; it stays where the table says nothing. */
const target = (moves: Moves, of: string) =>
  Object.entries(moves)
    .filter(([from, to]) => from !== to)
    .reduceRight((rest, [from, to]) => `(${of} == ${name(from)} -> ${name(to!)} : ${rest})`, of)
/** One step that nobody sees the middle of. */
const step = (guard: readonly string[], ...acts: string[]) =>
  `:: atomic { ${guard.join(' && ')} -> before(); ${acts.join('; ')}; told() }`

/** A decision under the lock of its account; what takes a CM/ECF account is written in a second step. */
function decide(transition: Transition, i: 0 | 1): string[] {
  const { kind, moves, who, supersedes } = transition
  if (!(kind in decisions)) throw new Error(`${kind} is no decision`)
  const decision = kind as DecisionKind
  const guard = [
    '!locked[i]',
    isAnyOf(Object.keys(moves), 'right[i]'),
    ...transition.needs.flatMap((need) => needs[need] ?? []),
    ...(guards[decision] ? [guards[decision]] : []),
    ...(supersedes ? [] : ['ahead[i] == NOTHING']),
  ]
  const isOfCourt = who.some((one) => one === 'clerk' || one === 'court-manager')
  const acts = [
    'grows(i)',
    ...(isOfCourt ? ['stopped[i] = false'] : []),
    ...(kind === 'contest' ? ['pressed[i] = (right[i] == ACTIVE)'] : []),
    ...(kind === 'contest' || leavesStopped.includes(kind) ? [] : ['pressed[i] = false']),
    effects[decision],
    `right[i] = ${target(moves, 'right[i]')}`,
    'ahead[i] = NOTHING',
  ]
  const options = mustTakeFiler.includes(kind) ? [] : [step(guard, ...acts)]
  if (kind === 'contest' && Object.keys(moves).length < rightStates.length) {
    // The link is wrong, also where nothing is to be decided about the right.
    const other = `!${isAnyOf(Object.keys(moves), 'right[i]')}`
    options.push(step(['!locked[i]', other, guards.contest!], effects.contest))
  }
  if (mayTakeFiler.includes(kind)) {
    // Between the two the other process does what it wants; the index refuses who comes second.
    options.push(
      `:: atomic { ${[...guard, '!filer[i]'].join(' && ')} -> locked[i] = true };
     atomic { if
     :: filer[${1 - i}] -> skip
     :: else -> before(); filer[i] = true; ${acts.join('; ')}; told()
     fi; locked[i] = false }`,
    )
  }
  const changed = Object.entries(moves).filter(([from, to]) => from !== to)
  const isPlannable = !transition.needs.includes('at-once') && changed.length > 0
  if (isPlannable && kind !== 'extend' && i === 0) {
    const from = changed.map(([state]) => state)
    options.push(
      `:: atomic { ${[...guard, isAnyOf(from, 'right[i]'), 'ahead[i] == NOTHING', 'last[i] != OVER'].join(' && ')} -> ahead[i] = ${target(moves, 'right[i]')}; stopped[i] = false }`,
    )
  }
  return options.map((option) => of(option, i))
}

const of = (text: string, i: 0 | 1) => text.replaceAll('[i]', `[${i}]`).replaceAll('(i)', `(${i})`)

/** What is no decision about a right: requests, and the end of the last day. */
function happen({ kind, moves }: Transition, i: 0 | 1): string {
  const guard = ['!locked[i]', isAnyOf(Object.keys(moves), 'right[i]')]
  const to = `right[i] = ${target(moves, 'right[i]')}`
  const isLapse = kind === 'lapse'
  return of(
    isLapse
      ? step([...guard, 'last[i] == TO_COME', 'ahead[i] == NOTHING'], 'last[i] = OVER', to)
      : step(guard, 'grown[i] = 1', to),
    i,
  )
}

function courtStep({ kind, moves, needs: asked, who }: GoLiveTransition): string {
  const guard = [
    isAnyOf(Object.keys(moves), 'court'),
    ...asked.flatMap((need) => courtNeeds[need] ?? []),
  ]
  const to = `court = ${target(moves, 'court')}`
  if (!who.includes('time')) return step(guard, courtEffects[kind as GoLiveChangeKind], to)
  return kind === 'moment-of-go-live'
    ? step([...guard, 'moment'], 'moment = false', 'young = true', to)
    : step([...guard, '!young'], to)
}

/**
 * Two questions, since all at once is too much to explore in seconds. `court`: one account with a last day, which is
 * held, and all that can become of the go-live. `people`: two accounts that want one CM/ECF account of a court
 * whose filing is never closed.
 */
export type Scope = 'court' | 'people'

/** The model in Promela: two processes that decide, and time. */
export function promela({ rights, goLive }: Tables, scope: Scope): string {
  const numbered = (names: readonly string[]) =>
    names.map((one, place) => `#define ${name(one)} ${place}`).join('\n')
  const isCourt = scope === 'court'
  const both = <One>(work: (i: 0 | 1) => One) => (isCourt ? [work(0)] : [work(0), work(1)])
  const isDecision = ({ kind }: Transition) => kind in decisions
  const isOfTime = ({ who }: { readonly who: readonly string[] }) => who.includes('time')
  const decided = both((i) => rights.filter(isDecision).flatMap((one) => decide(one, i))).flat()
  const others = rights.filter((one) => !isDecision(one))
  const asked = both((i) => others.filter((one) => !isOfTime(one)).map((one) => happen(one, i)))
  const settled = both((i) =>
    of(
      step(
        [
          '!locked[i]',
          'link[i] == CONTESTED',
          '(!pressed[i] || (last[i] != OVER && ahead[i] == NOTHING))',
        ],
        'link[i] = STANDS',
        'stopped[i] = false',
        'if :: pressed[i] -> grows(i); right[i] = ACTIVE; pressed[i] = false :: else -> skip fi',
      ),
      i,
    ),
  )
  const lines = (options: readonly string[]) => options.map((option) => `  ${option}`).join('\n')
  return `${numbered([...rightStates, 'nothing'])}
${numbered(goLiveStates)}
${numbered(['unlinked', 'stands', 'contested'])}
/* A last day. */
${numbered(['never', 'to-come', 'over'])}
/* Filing: no day known on which it is closed; to be closed; closed; open again. */
${numbered(['open', 'closes', 'closed', 'reopened'])}

byte right[2] = NONE;
byte ahead[2] = NOTHING;
byte link[2] = UNLINKED;
byte last[2] = NEVER;
bool filer[2];
bool held[2];
bool locked[2];
byte court = PLANNED;
byte filing = OPEN;
bool moment;
bool young;
/* Asked of the model: links that nobody undid; presses of "not me" to which the court has said nothing, and rights
   that such a press stopped and nothing else has since. */
bool linked[2];
bool stopped[2];
bool pressed[2];
/* Of one step alone: what was told before it, and by how much the version grew. */
hidden short was[2];
hidden short wasOver[2];
hidden short wasPassed;
hidden short grown[2];
hidden short isMoved;

#define live() (court == LIVE || court == LEGACY_CLOSED)
#define files(i) (live() && right[i] == ACTIVE && !held[i] && filing != CLOSED)
#define rated(i) (right[i] == ACTIVE || right[i] == SUSPENDED || right[i] == REVOKED || right[i] == LAPSED)
#define shown(i) (right[i] == GIVEN_UP -> NONE : right[i])
/* Everything that a court is told of an account. */
#define entry(i) (64 * held[i] + (live() -> 1 + shown(i) + 8 * files(i) + 16 * (rated(i) && filer[i]) + 32 * (rated(i) && last[i] != NEVER) : 0))
#define passed() (live() + (filing >= CLOSED) + (filing == REOPENED))
#define growth(i) (grown[i] + (last[i] == OVER) - wasOver[i] + passed() - wasPassed + (isMoved -> 6 : 0))

inline before() {
  was[0] = entry(0); was[1] = entry(1);
  wasOver[0] = (last[0] == OVER); wasOver[1] = (last[1] == OVER);
  wasPassed = passed();
  grown[0] = 0; grown[1] = 0; isMoved = 0
}
/* A decision is above all that time can make of the one before, and above one that waits. */
inline grows(i) {
  grown[i] = 1 + (last[i] != NEVER) + (ahead[i] != NOTHING -> 1 + (last[i] != NEVER) : 0)
}
inline told_of(i) {
  assert(growth(i) >= 0);
  assert(entry(i) == was[i] || growth(i) > 0);
  assert(!files(i) || (last[i] != OVER && !stopped[i]));
  assert(!pressed[i] || right[i] == SUSPENDED);
  assert((link[i] != UNLINKED) == linked[i])
}
inline told() {
  told_of(0); told_of(1);
  assert(!(filer[0] && filer[1]))
}
inline choose_last(i) {
  if :: last[i] = NEVER ${isCourt ? ':: last[i] = TO_COME ' : ''}fi
}
inline choose_window() {
  ${isCourt ? 'if :: filing = OPEN :: filing = CLOSES :: filing = CLOSED :: filing = REOPENED fi' : 'skip'}
}

active [2] proctype server() {
  do
${lines(decided)}
${lines(settled)}
${lines(asked.flat())}
${lines(goLive.filter((one) => !isOfTime(one)).map(courtStep))}
${lines(isCourt ? [of(step(['!locked[i]'], 'held[i] = !held[i]', 'grown[i] = 1'), 0)] : [])}
  od
}

active proctype time() {
  do
${lines(isCourt ? others.filter(isOfTime).map((one) => happen(one, 0)) : [])}
${lines(goLive.filter(isOfTime).map(courtStep))}
  ${of(step(['!locked[i]', 'ahead[i] != NOTHING'], 'grown[i] = 1 + (last[i] != NEVER)', 'right[i] = ahead[i]', 'ahead[i] = NOTHING', 'pressed[i] = false'), 0)}
  :: atomic { live() && young -> young = false }
${lines(isCourt ? [step(['(filing == CLOSES || filing == CLOSED)'], 'filing = filing + 1')] : [])}
  od
}
`
}
