import { now } from '../clock.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { Court } from './court.ts'
import type { KeptOffice, Office } from './office.ts'
import type { KeptVersion } from './practice.ts'

type OfficesRow = {
  readonly version: number
  readonly offices: readonly KeptOffice[]
  readonly changedAt: Date
  readonly changedBy: string | null
}

const columns = `version, offices, changed_at AS "changedAt", changed_by::text AS "changedBy"`

const selectNewest: Statement = {
  name: 'court-offices-newest',
  text: `SELECT ${columns} FROM court_offices WHERE court_id = $1 ORDER BY version DESC LIMIT 1`,
}

/** The offices that a court keeps, the main one first; none where it has named none. */
export async function listOffices(db: Queryable, courtId: CourtId): Promise<readonly Office[]> {
  return (await findKeptOffices(db, courtId)).offices
}

/** The same with their ids, and the version that a change of them stands on; 0: there is none yet. */
export async function findKeptOffices(
  db: Queryable,
  courtId: CourtId,
): Promise<{ readonly version: number; readonly offices: readonly KeptOffice[] }> {
  const [row] = await db.query<OfficesRow>(selectNewest, [courtId])
  return { version: row?.version ?? 0, offices: row?.offices ?? [] }
}

const selectOfCourts: Statement = {
  name: 'court-offices-of-courts',
  text: `SELECT c.id AS "courtId", c.time_zone AS "timeZone", c.clerk_offices AS "clerkOffices",
      c.clerk_offices_as_of AS "clerkOfficesAsOf",
      (SELECT o.offices FROM court_offices o WHERE o.court_id = c.id
        ORDER BY o.version DESC LIMIT 1) AS kept
    FROM courts c WHERE c.id = ANY($1::text[])`,
}

/** What is known of the offices of a court: what it keeps itself, and what was published of it. */
export type KnownOffices = Pick<Court, 'timeZone' | 'clerkOffices' | 'clerkOfficesAsOf'> & {
  readonly courtId: CourtId
  readonly kept: readonly Office[] | null
}

/** What is known of the offices of these courts. */
export async function listKnownOffices(
  db: Queryable,
  courtIds: readonly CourtId[],
): Promise<readonly KnownOffices[]> {
  return courtIds.length === 0 ? [] : db.query<KnownOffices>(selectOfCourts, [[...courtIds]])
}

const selectVersions: Statement = {
  name: 'court-offices-versions',
  text: `SELECT ${columns} FROM court_offices WHERE court_id = $1 AND version <= $2
    ORDER BY version DESC LIMIT $3`,
}

/** Versions of the list from one on backwards, the newest first. */
export async function listOfficesVersions(
  db: Queryable,
  courtId: CourtId,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly KeptVersion<readonly KeptOffice[]>[]> {
  const rows = await db.query<OfficesRow>(selectVersions, [courtId, from, limit])
  return rows.map(({ offices, ...rest }) => ({ ...rest, kept: offices }))
}

const insertVersion: Statement = {
  name: 'court-offices-insert',
  text: `INSERT INTO court_offices (court_id, version, offices, changed_at, changed_by)
    VALUES ($1, $2, $3::jsonb, $4, $5::uuid) ON CONFLICT DO NOTHING RETURNING version`,
}

/** Writes the next version of the list. @returns false where somebody else has written that version. */
export async function insertOffices(
  tx: Transaction,
  courtId: CourtId,
  { version, offices }: { readonly version: number; readonly offices: readonly KeptOffice[] },
  changedBy: string | null,
): Promise<boolean> {
  const values = [courtId, version, JSON.stringify(offices), now(), changedBy]
  return (await tx.query(insertVersion, values)).length === 1
}
