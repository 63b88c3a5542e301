import { dateColumn, dayOfColumn } from '../days.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { ClerkOffice, Court } from './court.ts'

export async function listCourts(db: Queryable): Promise<Court[]> {
  return (await db.prisma.court.findMany({ orderBy: { id: 'asc' } })).map(readCourt)
}

export async function findCourt(db: Queryable, id: CourtId): Promise<Court | undefined> {
  const row = await db.prisma.court.findUnique({ where: { id } })
  return row ? readCourt(row) : undefined
}

/** The other courts of one clerk's office: those that share the host, and so the resource, with this one. */
export async function listCourtsBeside(
  db: Queryable,
  { id, cmecfHost }: Pick<Court, 'id' | 'cmecfHost'>,
): Promise<Court[]> {
  const where = { cmecfHost, id: { not: id } }
  return (await db.prisma.court.findMany({ where, orderBy: { id: 'asc' } })).map(readCourt)
}

// One value and no client: at a first start that one takes half a second over four thousand parameters.
const insertAll: Statement = {
  name: 'courts-insert-all',
  text: `INSERT INTO courts (id, name, type, circuit, states, cmecf_host, login_url, web_url,
      pacer_court_id, pcl_court_id, go_live_on, live_by, go_live_source, time_zone, seat, clerk_offices,
      clerk_offices_as_of, is_auxiliary)
    SELECT id, name, type, circuit, states, "cmecfHost", "loginUrl", "webUrl", "pacerCourtId",
      "pclCourtId", "goLiveOn", "liveBy", "goLiveSource", "timeZone", seat, "clerkOffices",
      "clerkOfficesAsOf", "isAuxiliary"
    FROM jsonb_to_recordset($1::jsonb) AS c(id text, name text, type court_type, circuit text,
      states text[], "cmecfHost" text, "loginUrl" text, "webUrl" text, "pacerCourtId" text,
      "pclCourtId" text, "goLiveOn" date, "liveBy" date, "goLiveSource" text, "timeZone" text, seat text,
      "clerkOffices" jsonb, "clerkOfficesAsOf" date, "isAuxiliary" boolean)
    ON CONFLICT DO NOTHING`,
}

/** The names of these courts, by their ids. */
export async function listCourtNames(
  db: Queryable,
  ids: readonly CourtId[],
): Promise<ReadonlyMap<CourtId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.prisma.court.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true },
  })
  return new Map(rows.map(({ id, name }) => [id as CourtId, name]))
}

/** Inserts courts that are not there yet, in one statement; two processes may start at once. */
export async function insertCourts(tx: Transaction, courts: readonly Court[]): Promise<void> {
  await tx.query(insertAll, [JSON.stringify(courts)])
}

/** What is kept here of a court's go-live and its old system, and comes with no release. */
type OwnFacts = Pick<
  Court,
  'hasGoLivePlan' | 'liveAt' | 'filingClosedFrom' | 'filingClosedUntil' | 'takesLinks'
>

/** As of a court of which no plan is kept here. */
export const noGoLivePlan: OwnFacts = {
  hasGoLivePlan: false,
  liveAt: null,
  filingClosedFrom: null,
  filingClosedUntil: null,
  takesLinks: false,
}

/** Replaces the facts of a court; what was set here of its go-live is kept. */
export async function saveCourt(tx: Transaction, court: Court): Promise<void> {
  const { id, goLiveOn: _, ...facts } = columns(court)
  await tx.prisma.court.update({ where: { id }, data: facts })
}

const lockOne: Statement = {
  name: 'courts-lock',
  text: 'SELECT 1 FROM courts WHERE id = $1 FOR NO KEY UPDATE',
}

/** The court, which nobody else changes before this transaction ends; undefined where there is none. */
export async function lockCourt(tx: Transaction, id: CourtId): Promise<Court | undefined> {
  await tx.query(lockOne, [id])
  return findCourt(tx, id)
}

/** What the newest plan of a court says, where every token reads it. */
export async function writeGoLive(
  tx: Transaction,
  id: CourtId,
  goLive: Pick<Court, 'goLiveOn' | 'liveAt' | 'filingClosedFrom' | 'filingClosedUntil'>,
): Promise<void> {
  const goLiveOn = goLive.goLiveOn && dateColumn(goLive.goLiveOn)
  await tx.prisma.court.update({
    where: { id },
    data: { ...goLive, goLiveOn, hasGoLivePlan: true },
  })
}

const updateTakesLinks: Statement = {
  name: 'courts-takes-links',
  text: 'UPDATE courts SET takes_links = true WHERE id = $1 AND NOT takes_links',
}

/** Accounts of the old system of the court were imported: people link them from now on. */
export async function markTakesLinks(tx: Transaction, id: CourtId): Promise<void> {
  await tx.query(updateTakesLinks, [id])
}

type CourtRow = NonNullable<Awaited<ReturnType<Queryable['prisma']['court']['findUnique']>>>

function readCourt({ goLiveVersion: _, ...row }: CourtRow): Court {
  return {
    ...row,
    id: row.id as CourtId,
    goLiveOn: row.goLiveOn && dayOfColumn(row.goLiveOn),
    liveBy: row.liveBy && dayOfColumn(row.liveBy),
    clerkOffices: row.clerkOffices as ClerkOffice[],
    clerkOfficesAsOf: row.clerkOfficesAsOf && dayOfColumn(row.clerkOfficesAsOf),
  }
}

function columns({
  hasGoLivePlan: _hasPlan,
  liveAt: _liveAt,
  filingClosedFrom: _from,
  filingClosedUntil: _until,
  takesLinks: _takesLinks,
  ...court
}: Court) {
  return {
    ...court,
    states: [...court.states],
    goLiveOn: court.goLiveOn && dateColumn(court.goLiveOn),
    liveBy: court.liveBy && dateColumn(court.liveBy),
    clerkOffices: court.clerkOffices.map(({ address, phone }) => ({ address, phone })),
    clerkOfficesAsOf: court.clerkOfficesAsOf && dateColumn(court.clerkOfficesAsOf),
  }
}
