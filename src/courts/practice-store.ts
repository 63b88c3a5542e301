import { now } from '../clock.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type KeptVersion, noPractice, type Practice } from './practice.ts'

/** A row: the terms keep their version where they have no text now. */
type PracticeRow = Omit<Practice, 'terms'> & {
  readonly termsText: string | null
  readonly termsVersion: number
  readonly changedAt: Date
  readonly changedBy: string | null
}

const columns = `version, takes, roles, questions, terms_text AS "termsText",
      terms_version AS "termsVersion", delivery_preferences AS "deliveryPreferences",
      delivery_formats AS "deliveryFormats", old_accounts AS "oldAccounts",
      late_after_days AS "lateAfterDays", changed_at AS "changedAt",
      changed_by::text AS "changedBy"`

const selectNewest: Statement = {
  name: 'court-practice-newest',
  text: `SELECT ${columns} FROM court_practices WHERE court_id = $1
    ORDER BY version DESC LIMIT 1`,
}

/** What a court takes, asks and says now; `noPractice` where it has said nothing yet. */
export async function findPractice(db: Queryable, courtId: CourtId): Promise<Practice> {
  const [row] = await db.query<PracticeRow>(selectNewest, [courtId])
  return row ? readRow(row).kept : noPractice
}

const selectVersion: Statement = {
  name: 'court-practice-version',
  text: `SELECT ${columns} FROM court_practices WHERE court_id = $1 AND version = $2`,
}

/** The practice as it was in a version, with its questions and terms; undefined where there is none such. */
export async function findPracticeVersion(
  db: Queryable,
  courtId: CourtId,
  version: number,
): Promise<Practice | undefined> {
  if (version === 0) return noPractice
  const [row] = await db.query<PracticeRow>(selectVersion, [courtId, version])
  return row && readRow(row).kept
}

const selectPractices: Statement = {
  name: 'court-practices-newest',
  text: `SELECT DISTINCT ON (court_id) court_id AS "courtId", ${columns} FROM court_practices
    ORDER BY court_id, version DESC`,
}

/** The practice of every court that has one. */
export async function listPractices(db: Queryable): Promise<ReadonlyMap<CourtId, Practice>> {
  const rows = await db.query<PracticeRow & { courtId: CourtId }>(selectPractices, [])
  return new Map(rows.map(({ courtId, ...row }) => [courtId, readRow(row).kept]))
}

const selectVersions: Statement = {
  name: 'court-practice-versions',
  text: `SELECT ${columns} FROM court_practices WHERE court_id = $1 AND version <= $2
    ORDER BY version DESC LIMIT $3`,
}

/** Versions from one on backwards, the newest first. */
export async function listPracticeVersions(
  db: Queryable,
  courtId: CourtId,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly KeptVersion<Practice>[]> {
  const rows = await db.query<PracticeRow>(selectVersions, [courtId, from, limit])
  return rows.map(readRow)
}

const selectTermsVersion: Statement = {
  name: 'court-practice-terms-version',
  text: `SELECT coalesce(max(terms_version), 0) AS version FROM court_practices WHERE court_id = $1`,
}

/** The version of the last terms that the court had; 0: it never had any. */
export async function findTermsVersion(db: Queryable, courtId: CourtId): Promise<number> {
  const [row] = await db.query<{ version: number }>(selectTermsVersion, [courtId])
  return row?.version ?? 0
}

const insertVersion: Statement = {
  name: 'court-practice-insert',
  text: `INSERT INTO court_practices (court_id, version, takes, roles, questions, terms_text,
      terms_version, delivery_preferences, delivery_formats, old_accounts, late_after_days,
      changed_at, changed_by)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12, $13::uuid)
    ON CONFLICT DO NOTHING RETURNING version`,
}

/**
 * Writes the next version.
 * @param termsVersion of the terms, or of those that there were before.
 * @returns false where somebody else has written that version.
 */
export async function insertPractice(
  tx: Transaction,
  courtId: CourtId,
  practice: Practice,
  { termsVersion, changedBy }: { termsVersion: number; changedBy: string | null },
): Promise<boolean> {
  const inserted = await tx.query(insertVersion, [
    courtId,
    practice.version,
    [...practice.takes],
    [...practice.roles],
    JSON.stringify(practice.questions),
    practice.terms?.text ?? null,
    termsVersion,
    [...practice.deliveryPreferences],
    [...practice.deliveryFormats],
    practice.oldAccounts,
    practice.lateAfterDays,
    now(),
    changedBy,
  ])
  return inserted.length === 1
}

function readRow({
  termsText,
  termsVersion,
  changedAt,
  changedBy,
  ...rest
}: PracticeRow): KeptVersion<Practice> {
  const terms = termsText === null ? null : { version: termsVersion, text: termsText }
  return { version: rest.version, changedAt, changedBy, kept: { ...rest, terms } }
}
