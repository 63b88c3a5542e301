import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { officeChanges } from '../../courts/office-changes.ts'
import { listOfficesVersions } from '../../courts/office-store.ts'
import { type KeptVersion, noPractice, type Practice } from '../../courts/practice.ts'
import { practiceChanges, practiceLabels } from '../../courts/practice-changes.ts'
import { findPracticeVersion, listPracticeVersions } from '../../courts/practice-store.ts'
import type { Change } from '../../problem.ts'
import type { Queryable } from '../../storage/db.ts'
import { listNamesOfPeople } from './store.ts'

/** Whose versions are read: they are dated by its own clock. */
type CourtOfHistory = Pick<Court, 'id' | 'timeZone'>

/** One member that differs, in words. */
export type ChangeOnPage = {
  readonly label: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/** A version as its history shows it, with what differs from the one before. */
export type VersionOnPage = {
  readonly version: number
  readonly at: string
  readonly by: string
  readonly changes: readonly ChangeOnPage[]
}

/** So many versions stand on one page. */
const perPage = 20
const newest = 2_147_483_647

/** The versions of a court's practice from one on backwards, the newest first. */
export async function readPracticeHistory(
  db: Queryable,
  court: CourtOfHistory,
  from = newest,
): Promise<{ readonly versions: readonly VersionOnPage[]; readonly older: number | undefined }> {
  const limit = perPage + 1
  const found = await listPracticeVersions(db, court.id, { from, limit })
  const versions = await describe(db, court, found, noPractice, practiceDifference)
  const older = found.length > perPage ? found[perPage]?.version : undefined
  return { versions: versions.slice(0, perPage), older }
}

/** What somebody else saved since a version of the practice, with the version of now. */
export async function readMeanwhile(
  db: Queryable,
  court: CourtOfHistory,
  basedOn: number,
): Promise<{ readonly version: number; readonly meanwhile: readonly VersionOnPage[] }> {
  const { versions } = await readPracticeHistory(db, court)
  return since(versions, basedOn)
}

/** The same of its list of offices. */
export async function readOfficesMeanwhile(db: Queryable, court: CourtOfHistory, basedOn: number) {
  return since(await readOfficesHistory(db, court), basedOn)
}

/** So many versions are told to somebody who was late. */
const mostTold = 5

function since(versions: readonly VersionOnPage[], basedOn: number) {
  const later = versions.filter(({ version }) => version > basedOn)
  return { version: versions[0]?.version ?? 0, meanwhile: later.slice(0, mostTold) }
}

/** The newest versions of a court's list of offices. */
export async function readOfficesHistory(
  db: Queryable,
  court: CourtOfHistory,
): Promise<readonly VersionOnPage[]> {
  const found = await listOfficesVersions(db, court.id, { from: newest, limit: perPage + 1 })
  const versions = await describe(db, court, found, [], (before, after) =>
    officeChanges(before, after).map(onPage(officeLabels)),
  )
  return versions.slice(0, perPage)
}

/** What differs between two versions of a court's practice; undefined where one of them is not there. */
export async function readPracticeDifference(
  db: Queryable,
  court: CourtOfHistory,
  [from, to]: readonly [number, number],
): Promise<readonly ChangeOnPage[] | undefined> {
  const [before, after] = await Promise.all([
    findPracticeVersion(db, court.id, from),
    findPracticeVersion(db, court.id, to),
  ])
  return before && after && practiceDifference(before, after)
}

function practiceDifference(before: Practice, after: Practice): readonly ChangeOnPage[] {
  return practiceChanges(before, after).map(onPage(practiceLabels))
}

const officeLabels = { office: 'Office', order: 'Order of the offices' }

function onPage(labels: Readonly<Record<string, string>>) {
  return ({ member, from, to }: Change): ChangeOnPage => ({
    label: labels[member] ?? member,
    from,
    to,
  })
}

async function describe<Kept>(
  db: Queryable,
  court: CourtOfHistory,
  versions: readonly KeptVersion<Kept>[],
  first: Kept,
  differenceOf: (before: Kept, after: Kept) => readonly ChangeOnPage[],
): Promise<readonly VersionOnPage[]> {
  const names = await listNamesOfPeople(
    db,
    versions.flatMap(({ changedBy }) => changedBy ?? []),
  )
  return versions.map(({ version, changedAt, changedBy, kept }, index) => ({
    version,
    at: momentAtCourt(changedAt, court),
    by: changedBy === null ? 'the operator of this service' : (names.get(changedBy) ?? 'somebody'),
    changes: differenceOf(versions[index + 1]?.kept ?? first, kept),
  }))
}
