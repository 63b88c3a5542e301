import type { By } from '../audit/by.ts'
import { recordEvent, recordEvents } from '../audit/store.ts'
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
import { standingChanged } from './events.ts'
import type { Standing } from './standing.ts'
import { findStanding, insertStandings, type NewStanding, writeStanding } from './store.ts'

type StandingMembers = Omit<Standing, 'version'>

/** What is undefined stays as it is, null takes it away; a new standing needs its status. */
export type StandingInput = {
  readonly [Member in keyof StandingMembers]?: StandingMembers[Member] | undefined
}

/** What saving a standing would do. */
export type StandingPlan = { readonly changes: readonly Change[]; readonly after: StandingMembers }

/** As an operator writes them. */
const memberNames: Readonly<Record<keyof StandingMembers, string>> = {
  status: 'status',
  role: 'role',
  filerId: 'filer_id',
  isAdmitted: 'admitted',
  actions: 'actions',
  sinceOn: 'since',
  endsOn: 'ends_on',
}

const defaults: StandingMembers = {
  status: 'none',
  role: null,
  filerId: null,
  isAdmitted: false,
  actions: [],
  sinceOn: null,
  endsOn: null,
}

/**
 * Brings a person's standing at a court to the given facts. Every change raises the version by one,
 * so that a court can tell an older fact from a newer one; no difference writes nothing.
 */
export async function syncStanding(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
  input: StandingInput,
  by: By,
): Promise<Checked<StandingPlan>> {
  const before = await findStanding(tx, accountId, courtId)
  const planned = planStanding(before, input)
  if (!planned.ok || (before && planned.value.changes.length === 0)) return planned

  const { after } = planned.value
  const written = await writeStanding(tx, accountId, courtId, after)
  if (!written.ok) {
    return hasProblems([{ path: [memberNames.filerId], message: takenMeanwhile }])
  }
  const { version } = written.value
  await recordEvent(tx, standingChanged({ accountId, courtId, status: after.status, version, by }))
  return planned
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
  const rows: NewStanding[] = []
  for (const [index, { accountId, courtId, input }] of standings.entries()) {
    const planned = planStanding(undefined, input)
    if (!planned.ok) return hasProblems(under([index], planned.problems))
    rows.push({ accountId, courtId, ...planned.value.after })
  }
  const versions = await insertStandings(tx, rows)
  const taken = versions.indexOf(undefined)
  if (taken >= 0) {
    const path = [taken, memberNames.filerId]
    return hasProblems([{ path, message: takenMeanwhile }])
  }
  const events = rows.map(({ accountId, courtId, status }, index) =>
    standingChanged({ accountId, courtId, status, version: versions[index] ?? 1, by }),
  )
  await recordEvents(tx, events)
  return ok()
}

/** What saving would do to the standing as it is stored; nothing is written. */
export function planStanding(
  before: Standing | undefined,
  input: StandingInput,
): Checked<StandingPlan> {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const after: StandingMembers = {
    ...defaults,
    ...(before && factsOf(before)),
    ...Object.fromEntries(given),
  }
  const problems: Problem[] = []
  if (!before && input.status === undefined) {
    problems.push({ path: ['status'], message: 'is missing, and the standing is new' })
  }
  if (after.sinceOn && after.endsOn && after.endsOn < after.sinceOn) {
    problems.push({ path: ['ends_on'], message: 'lies before since' })
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

function factsOf({ version: _, ...facts }: Standing): StandingMembers {
  const members = Object.keys(defaults) as (keyof StandingMembers)[]
  return Object.fromEntries(
    members.map((member) => [member, facts[member]]),
  ) as unknown as StandingMembers
}

function shown(value: StandingMembers[keyof StandingMembers]): string | undefined {
  if (value === null) return undefined
  return Array.isArray(value) ? [...value].sort().join(', ') || 'none' : String(value)
}
