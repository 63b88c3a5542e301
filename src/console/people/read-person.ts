import { type AccountFacts, accountTypeLabel, displayName } from '../../accounts/account.ts'
import { looksLikeSamePerson, maybeSamePerson } from '../../accounts/same-person.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { findByNumber } from '../../accounts/store.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { isLive } from '../../courts/go-live.ts'
import { formatDay } from '../../days.ts'
import { inForceAt, waitingOf } from '../../efiling/apply-decision.ts'
import { findFacts } from '../../efiling/facts.ts'
import { findImported } from '../../efiling/imported/store.ts'
import { findLinkOf } from '../../efiling/linking/link-store.ts'
import { listOpenDecisions } from '../../efiling/open-decisions.ts'
import {
  isAdmittedAt,
  noRight,
  type Right,
  type RightState,
  stateOfRight,
} from '../../efiling/right.ts'
import {
  oldAddressWords,
  rightInWords,
  type ToldDecider,
  tellDecision,
  tellDecisions,
} from '../../efiling/right-history.ts'
import { listDecisions, type RightDecision } from '../../efiling/right-store.ts'
import { efilingStatus } from '../../efiling/standing.ts'
import { accountLimit } from '../../efiling/standing-words.ts'
import type { AccountId } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import { listNamesOfPeople } from '../court/store.ts'
import { likeOwnWords } from '../like-own.ts'
import type { PersonAct } from './acts.ts'
import { isFoundMark } from './found-mark.ts'
import type { PeopleDeps } from './list-routes.ts'
import { hasSomethingAt } from './store.ts'

/** Somebody at a court, with what it decided. */
export type SeenPerson = {
  readonly account: AccountFacts
  readonly right: Right
  readonly state: RightState
  /** In the order of deciding. */
  readonly decisions: readonly RightDecision[]
  /** What can be decided now. */
  readonly acts: readonly PersonAct[]
  /** It may be who looks at it. */
  readonly isOwn: boolean
  /** It has something in common with that of who looks at it, and decides nothing by that. */
  readonly isLikeOwn: boolean
  readonly hasOpenRequest: boolean
  /** The mark by which the page was opened, where the person has nothing at this court. */
  readonly found: string
}

/**
 * The person with that account number, as far as this court may see who it is.
 * @param viewer.found the mark of who was found by number and name.
 * @returns undefined where nobody has that number, and likewise where whoever has it has nothing here.
 */
export async function findPersonAt(
  { db, key }: Pick<PeopleDeps, 'db' | 'key'>,
  court: Court,
  number: string,
  viewer: { readonly staffId: AccountId; readonly found: unknown },
): Promise<SeenPerson | undefined> {
  const row = await findByNumber(db, number)
  if (!row) return undefined
  const { staffId } = viewer
  const isFound = isFoundMark(key, { courtId: court.id, staffId, number }, viewer.found)
  if (!isFound && !(await hasSomethingAt(db, row.id, court.id))) return undefined
  const [facts, decisions, isOwn, isLikeOwn] = await Promise.all([
    findFacts(db, row.id, [court.id], undefined),
    listDecisions(db, row.id, court.id),
    maybeSamePerson(db, staffId, row.id),
    looksLikeSamePerson(db, staffId, row.id),
  ])
  const [there] = facts?.courts ?? []
  if (!facts || !there) return undefined
  const at = now()
  const right = inForceAt(decisions, at) ?? noRight
  const circumstances = { history: decisions, holder: facts.account, court, at }
  return {
    account: facts.account,
    right,
    state: stateOfRight(right, court, at),
    decisions,
    acts: isOwn ? [] : (listOpenDecisions('clerk', circumstances) as readonly PersonAct[]),
    isOwn,
    isLikeOwn,
    hasOpenRequest: efilingStatus(there, facts.account, there.right, at) === 'pending',
    found: isFound ? String(viewer.found) : '',
  }
}

/** Everything that is said about somebody, in words. */
export type PersonOnPage = {
  readonly name: string
  readonly number: string
  readonly state: RightState
  /** What is granted. */
  readonly facts: readonly (readonly [label: string, text: string])[]
  readonly account: readonly (readonly [label: string, text: string])[]
  /** The account of the old system that is linked. */
  readonly link?: { readonly id: string; readonly login: string } | undefined
  /** What has to be known beside it. */
  readonly remarks: readonly string[]
  /** What is decided ahead. */
  readonly waiting: readonly { readonly text: string; readonly by: string }[]
  readonly history: readonly DecisionOnPage[]
}

export type DecisionOnPage = {
  readonly text: string
  /** Somebody decided it; else a last day was over. */
  readonly isDecided: boolean
  readonly reason: string | undefined
  readonly message: string | null
  readonly at: string
  readonly by: string
}

export async function describePerson(
  db: Database,
  court: Court,
  person: SeenPerson,
): Promise<PersonOnPage> {
  const { account, right, state, decisions } = person
  const at = now()
  const names = await listNamesOfPeople(
    db,
    decisions.flatMap(({ decidedBy }) => decidedBy ?? []),
  )
  const nameOf = (by: ToldDecider) =>
    by === 'time'
      ? 'itself'
      : by === 'old-address'
        ? oldAddressWords
        : by === null
          ? 'the operator of this service'
          : by === account.id
            ? 'its holder'
            : (names.get(by) ?? 'somebody')
  const link = await findLinkOf(db, account.id, court.id)
  const imported = link && (await findImported(db, court.id, link.importedId))
  const waiting = waitingOf(decisions, at) as readonly RightDecision[]
  return {
    name: displayName(account),
    number: account.number,
    state,
    facts: factsOf(right, state, court),
    account: [
      ['Account number', account.number],
      ['Account type', accountTypeLabel(account)],
      ['The account', stateWords(account).label],
      [
        'Told by e-mail',
        account.isEmailVerified && account.email
          ? 'Yes, at the address of the account'
          : 'No: the account has no address that is confirmed',
      ],
    ],
    link: link && imported && { id: link.id, login: imported.login },
    remarks: remarksOf(person, court),
    waiting: waiting.map((decision) => ({
      text: tellDecision(decision, right, court),
      by: nameOf(decision.decidedBy),
    })),
    history: tellDecisions(decisions, court, at).map(({ sentence, by, ...told }) => ({
      ...told,
      isDecided: by !== 'time',
      text: sentence,
      by: nameOf(by),
    })),
  }
}

function factsOf(right: Right, state: RightState, court: Court) {
  const { sinceOn, endsOn, admittedUntil } = right
  const isGranted = state !== 'none' && state !== 'pending'
  const isAdmitted = isAdmittedAt(right, court, now())
  const granted = rightInWords({ ...right, endsOn: null, isAdmitted: false })
  const label = state === 'active' ? 'What is granted' : 'What was granted'
  return [
    ...(isGranted && granted ? [[label, granted] as const] : []),
    ...(isGranted && sinceOn ? [['Since', formatDay(sinceOn)] as const] : []),
    ...(isGranted && endsOn ? [['Last day', formatDay(endsOn)] as const] : []),
    ...(state === 'suspended'
      ? [['Notices', right.keepsNotices ? 'Stay as they were granted' : 'Stopped'] as const]
      : []),
    [
      'Admitted to practice',
      isAdmitted
        ? admittedUntil
          ? `Yes, until ${formatDay(admittedUntil)}`
          : 'Yes'
        : right.isAdmitted && admittedUntil
          ? `No: it ended on ${formatDay(admittedUntil)}`
          : 'No',
    ] as const,
  ]
}

function remarksOf(person: SeenPerson, court: Court): string[] {
  const { account, isOwn, isLikeOwn, hasOpenRequest } = person
  const limit = accountLimit(account)
  return [
    ...(isOwn
      ? ['This account is your own, or may be: a colleague at your court decides about it.']
      : isLikeOwn
        ? [likeOwnWords]
        : []),
    ...(limit ? [`For its holder it says: “${limit}”`] : []),
    ...(account.held
      ? [
          `${stateWords({ state: 'held', held: account.held }).headline}. No court decided that: as long as it lasts, every court is told that this person may do nothing.`,
        ]
      : []),
    ...(hasOpenRequest ? ['A request of this person waits at your court.'] : []),
    ...(isLive(court, now())
      ? []
      : [
          'Your court is not on NextGen yet. What is decided here is told to it from the day on which it goes live.',
        ]),
  ]
}

/** The newest decision, by whom, and when: for who comes second. */
export function describeNewest({ history }: PersonOnPage): string {
  const newest = history.find(({ isDecided }) => isDecided)
  return newest ? `${newest.text}, by ${newest.by}, on ${newest.at}.` : 'Nothing is decided here.'
}

/** The ordinal of the newest decision, on which a form stands. */
export function newestOf({ decisions }: Pick<SeenPerson, 'decisions'>): number {
  return decisions.at(-1)?.ordinal ?? 0
}
