import type { CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { GoLivePlan, Window } from './go-live-plan.ts'

type PlanRow = Omit<GoLivePlan, 'filingClosed' | 'requestsClosed'> & {
  readonly filingClosedFrom: Date | null
  readonly filingClosedUntil: Date | null
  readonly requestsClosedFrom: Date | null
  readonly requestsClosedUntil: Date | null
}

const columns = `version, kind, live_at AS "liveAt", announced_at AS "announcedAt",
      legacy_closes_at AS "legacyClosesAt", filing_closed_from AS "filingClosedFrom",
      filing_closed_until AS "filingClosedUntil", requests_closed_from AS "requestsClosedFrom",
      requests_closed_until AS "requestsClosedUntil", emergency_way AS "emergencyWay",
      notice_days AS "noticeDays", reason, changed_at AS "changedAt", changed_by::text AS "changedBy"`

const selectNewest: Statement = {
  name: 'court-go-live-newest',
  text: `SELECT ${columns} FROM court_go_lives WHERE court_id = $1 ORDER BY version DESC LIMIT 1`,
}

/** What a court plans for its go-live now; undefined where no plan is kept here. */
export async function findGoLivePlan(
  db: Queryable,
  courtId: CourtId,
): Promise<GoLivePlan | undefined> {
  const [row] = await db.query<PlanRow>(selectNewest, [courtId])
  return row && readRow(row)
}

const selectAllNewest: Statement = {
  name: 'court-go-lives-newest',
  text: `SELECT DISTINCT ON (court_id) court_id AS "courtId", ${columns} FROM court_go_lives
    ORDER BY court_id, version DESC`,
}

/** The present plan of every court that has one. */
export async function listNewestGoLivePlans(
  db: Queryable,
): Promise<ReadonlyMap<CourtId, GoLivePlan>> {
  const rows = await db.query<PlanRow & { courtId: CourtId }>(selectAllNewest, [])
  return new Map(rows.map(({ courtId, ...row }) => [courtId, readRow(row)]))
}

const selectVersions: Statement = {
  name: 'court-go-live-versions',
  text: `SELECT ${columns} FROM court_go_lives WHERE court_id = $1 ORDER BY version DESC LIMIT 200`,
}

/** The versions of a court's plan, the newest first; the newest two hundred. */
export async function listGoLivePlans(
  db: Queryable,
  courtId: CourtId,
): Promise<readonly GoLivePlan[]> {
  return (await db.query<PlanRow>(selectVersions, [courtId])).map(readRow)
}

const insertVersion: Statement = {
  name: 'court-go-live-insert',
  text: `INSERT INTO court_go_lives (court_id, version, kind, live_at, announced_at, legacy_closes_at,
      filing_closed_from, filing_closed_until, requests_closed_from, requests_closed_until,
      emergency_way, notice_days, reason, changed_at, changed_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::int[], $13, $14, $15::uuid)`,
}

/** Writes the next version; whoever does so has locked the court. */
export async function insertGoLivePlan(
  tx: Transaction,
  courtId: CourtId,
  plan: GoLivePlan,
): Promise<void> {
  await tx.query(insertVersion, [
    courtId,
    plan.version,
    plan.kind,
    plan.liveAt,
    plan.announcedAt,
    plan.legacyClosesAt,
    plan.filingClosed?.from ?? null,
    plan.filingClosed?.until ?? null,
    plan.requestsClosed?.from ?? null,
    plan.requestsClosed?.until ?? null,
    plan.emergencyWay,
    [...plan.noticeDays],
    plan.reason,
    plan.changedAt,
    plan.changedBy,
  ])
}

function readRow({
  filingClosedFrom,
  filingClosedUntil,
  requestsClosedFrom,
  requestsClosedUntil,
  ...row
}: PlanRow): GoLivePlan {
  return {
    ...row,
    filingClosed: windowOf(filingClosedFrom, filingClosedUntil),
    requestsClosed: windowOf(requestsClosedFrom, requestsClosedUntil),
  }
}

function windowOf(from: Date | null, until: Date | null): Window | null {
  return from && until && { from, until }
}
