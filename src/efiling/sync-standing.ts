import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { recordEvent, recordEvents } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { ok } from '../outcome.ts'
import {
  type Change,
  type Checked,
  hasProblems,
  type Problem,
  takenMeanwhile,
  under,
} from '../problem.ts'
import type { Transaction } from '../storage/db.ts'
import type { NextDecision } from './apply-decision.ts'
import { inForceAt } from './apply-decision.ts'
import { standingChanged } from './events.ts'
import { noRight, type Right, versionAfter } from './right.ts'
import { insertDecision, insertFirstDecisions, lockRight, type NewDecision } from './right-store.ts'

type StandingMembers = Omit<Right, 'version' | 'keepsNotices'>

/** What is undefined stays as it is, null takes it away; a new standing needs its status. */
export type StandingInput = {
  readonly [Member in keyof StandingMembers]?: StandingMembers[Member] | undefined
}

/** What saving a standing would do. */
export type StandingPlan = { readonly changes: readonly Change[]; readonly after: StandingMembers }

/** As an operator writes them. */
const memberNames: Readonly<Record<keyof StandingMembers, string>> = {
  state: 'status',
  role: 'role',
  filerId: 'filer_id',
  isAdmitted: 'admitted',
  admittedUntil: 'admitted_until',
  actions: 'actions',
  sinceOn: 'since',
  endsOn: 'ends_on',
}

const { version: _, keepsNotices: __, ...defaults } = noRight

/**
 * Brings what a court decided about a person to the given facts, as a decision that holds at once; it takes
 * the place of one that waits for its moment. No difference writes nothing.
 */
export async function syncStanding(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
  input: StandingInput,
  by: By,
): Promise<Checked<StandingPlan>> {
  await lockAccount(tx, accountId)
  const at = now()
  const history = await lockRight(tx, accountId, courtId, at)
  const before = inForceAt(history, at)
  const planned = planStanding(before, input)
  if (!planned.ok || (before && planned.value.changes.length === 0)) return planned

  const { after } = planned.value
  const newest = history.at(-1)
  const row = { ...after, keepsNotices: keptNotices(before, after) }
  const decision = {
    ...row,
    ordinal: (newest?.ordinal ?? 0) + 1,
    version: newest ? versionAfter(newest) : 1,
    holdsFrom: at,
  }
  const written = await insertDecision(tx, applied(accountId, courtId, decision))
  if (!written.ok) {
    return hasProblems([{ path: [memberNames.filerId], message: takenMeanwhile }])
  }
  const { state: status } = after
  const { version } = decision
  await recordEvent(tx, standingChanged({ accountId, courtId, status, version, by }))
  return planned
}

/** A file does not say it: notices stay where they were granted, unless a suspension goes on. */
function keptNotices(before: Right | undefined, after: StandingMembers): boolean {
  return after.state === before?.state ? before.keepsNotices : true
}

/** A decision that a file brings in. */
function applied(accountId: AccountId, courtId: CourtId, decision: NextDecision): NewDecision {
  return {
    ...decision,
    accountId,
    courtId,
    kind: 'apply',
    reason: null,
    message: null,
    decidedBy: null,
    decidedAt: decision.holdsFrom,
  }
}

type StandingOf = {
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly input: StandingInput
}

/**
 * Saves standings where there is none yet, all in a few statements: for files of many people.
 * @returns nothing more; or the problems of the first that cannot be saved, under its place.
 */
export async function syncNewStandings(
  tx: Transaction,
  standings: readonly StandingOf[],
  by: By,
): Promise<Checked<void>> {
  const at = now()
  const rows: NewDecision[] = []
  for (const [index, { accountId, courtId, input }] of standings.entries()) {
    const planned = planStanding(undefined, input)
    if (!planned.ok) return hasProblems(under([index], planned.problems))
    const first = { keepsNotices: true, ordinal: 1, version: 1, holdsFrom: at }
    rows.push(applied(accountId, courtId, { ...planned.value.after, ...first }))
  }
  const taken = (await insertFirstDecisions(tx, rows)).indexOf(false)
  if (taken >= 0) {
    const path = [taken, memberNames.filerId]
    return hasProblems([{ path, message: takenMeanwhile }])
  }
  const events = rows.map(({ accountId, courtId, state: status, version }) =>
    standingChanged({ accountId, courtId, status, version, by }),
  )
  await recordEvents(tx, events)
  return ok()
}

/** What saving would do to the standing as it is stored; nothing is written. */
export function planStanding(
  before: Right | undefined,
  input: StandingInput,
): Checked<StandingPlan> {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const after: StandingMembers = {
    ...defaults,
    ...(before && factsOf(before)),
    ...Object.fromEntries(given),
  }
  const problems: Problem[] = []
  if (!before && input.state === undefined) {
    problems.push({ path: ['status'], message: 'is missing, and the standing is new' })
  }
  if (after.sinceOn && after.endsOn && after.endsOn < after.sinceOn) {
    problems.push({ path: ['ends_on'], message: 'lies before since' })
  }
  if (after.admittedUntil && !after.isAdmitted) {
    problems.push({
      path: ['admitted_until'],
      message: 'is the last day of an admission: set admitted',
    })
  }
  if (problems.length > 0) return hasProblems(problems)
  const members = Object.keys(defaults) as (keyof StandingMembers)[]
  const changes = members
    .map((member) => ({
      member: memberNames[member],
      from: before && shown(before[member]),
      to: shown(after[member]),
    }))
    .filter(({ from, to }) => from !== to)
  return ok({ changes, after })
}

function factsOf({ version: _, keepsNotices: __, ...facts }: Right): StandingMembers {
  const members = Object.keys(defaults) as (keyof StandingMembers)[]
  return Object.fromEntries(
    members.map((member) => [member, facts[member]]),
  ) as unknown as StandingMembers
}

function shown(value: StandingMembers[keyof StandingMembers]): string | undefined {
  if (value === null) return undefined
  return Array.isArray(value) ? [...value].sort().join(', ') || 'none' : String(value)
}
