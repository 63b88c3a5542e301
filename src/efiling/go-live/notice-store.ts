import type { CourtId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'

/** An imported account that is to be told something now. */
export type NoticeTarget = {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email: string
  readonly emailCanonical: string
  readonly isLinked: boolean
}

/** The same, as it was looked at. */
export type LookedAt = NoticeTarget & {
  readonly isDue: boolean
  /** The moment that it was told of last. */
  readonly known: Date | null
}

/** Whom a wave is for. */
export type WaveAudience = {
  readonly wave: string
  readonly liveAt: Date
  /** Who was told of this moment since then needs no notice; undefined: who was ever told of it. */
  readonly toldSince: Date | undefined
  readonly includesLinked: boolean
}

/** Where a batch goes on: behind that address, and how many accounts it looks at. */
export type BatchPlace = { readonly after: string; readonly limit: number }

// The change of a plan takes this row before it writes: what is told in a transaction is so until it ends.
const holdCourtRow: Statement = {
  name: 'go-live-hold-court',
  text: 'SELECT 1 FROM courts WHERE id = $1 FOR SHARE',
}

/** Keeps the plan of a court as it is until the transaction ends. */
export async function holdGoLivePlan(tx: Transaction, courtId: CourtId): Promise<void> {
  await tx.query(holdCourtRow, [courtId])
}

const isTakenBack = (alias: string) => `${alias}.wave LIKE 'rolled-back-%'`

/**
 * So many accounts in the order of their addresses, each with whether it is to be told: what is looked through by
 * one statement is bounded, for a statement has less than a second, and a court a hundred thousand accounts.
 * What was told last goes by the number of its row, which is given while the plan is held: what is told of a later
 * version has a greater one, whatever the clocks of two processes say.
 * @param isDue SQL of `i`, an account that has an address, and `last`, what it was told last.
 * @param lastOf SQL of which notices `n` that is the last one.
 * @param more what else of an account is joined for that.
 */
const sliceOf = (isDue: string, { lastOf = 'true', more = '' }) => `
  WITH slice AS MATERIALIZED (SELECT id, login, name, email, email_canonical, status, address_refused_at
    FROM imported_accounts WHERE court_id = $1 AND email_canonical > $2
    ORDER BY email_canonical LIMIT $3::integer)
  SELECT i.id::text AS id, i.login, i.name, i.email, i.email_canonical AS "emailCanonical",
    link.is_linked AS "isLinked", last.live_at AS known,
    (i.address_refused_at IS NULL AND ${isDue}) IS TRUE AS "isDue"
  FROM slice i
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM account_links l
      WHERE l.imported_id = i.id AND l.ended_at IS NULL) AS is_linked) link
    LEFT JOIN LATERAL (SELECT n.live_at, n.wave FROM go_live_notices n WHERE n.imported_id = i.id AND ${lastOf}
      ORDER BY n.id DESC LIMIT 1) last ON true
    ${more}
  ORDER BY i.email_canonical, i.id`

// Who was told of another moment hears that it moved, and not of this one as if it were the first.
const selectForWave: Statement = {
  name: 'go-live-for-wave',
  text: sliceOf(
    `told.at IS NULL AND i.status <> 'inactive' AND ($7::boolean OR NOT link.is_linked)
      AND (last.live_at IS NULL OR last.live_at = $4::timestamptz OR ${isTakenBack('last')})`,
    {
      // Row by row, and not by a look at all that were ever told.
      more: `LEFT JOIN LATERAL (SELECT n.told_at AS at FROM go_live_notices n WHERE n.imported_id = i.id
        AND n.live_at = $4::timestamptz AND NOT (${isTakenBack('n')}) AND n.refused_at IS NULL
        AND (n.wave = $5 OR $6::timestamptz IS NULL OR n.told_at >= $6::timestamptz) LIMIT 1) told ON true`,
    },
  ),
}

/** Accounts by their addresses, and who of them is to be told of a wave. */
export function listForWave(
  tx: Transaction,
  courtId: CourtId,
  { wave, liveAt, toldSince, includesLinked }: WaveAudience,
  { after, limit }: BatchPlace,
): Promise<LookedAt[]> {
  const values = [courtId, after, limit, liveAt, wave, toldSince ?? null, includesLinked]
  return tx.query<LookedAt>(selectForWave, values)
}

// Also those that were closed or linked meanwhile: they were told of a day that is none any more.
const selectMistold: Statement = {
  name: 'go-live-mistold',
  text: sliceOf(
    `last.live_at IS NOT NULL AND last.live_at IS DISTINCT FROM $4::timestamptz
      AND NOT (${isTakenBack('last')})`,
    { lastOf: 'n.refused_at IS NULL' },
  ),
}

/**
 * Accounts by their addresses, and who of them was told last of another moment than this one.
 * @param liveAt undefined: none holds, and whoever knows of one is to hear that.
 */
export function listMistold(
  tx: Transaction,
  courtId: CourtId,
  liveAt: Date | undefined,
  { after, limit }: BatchPlace,
): Promise<LookedAt[]> {
  return tx.query<LookedAt>(selectMistold, [courtId, after, limit, liveAt ?? null])
}

const selectNewestImport: Statement = {
  name: 'go-live-newest-import',
  text: `SELECT coalesce(max(id), 0)::text AS id FROM account_imports WHERE court_id = $1`,
}

/** What tells whether accounts of a court were imported since this was asked last. */
export async function findNewestImport(db: Queryable, courtId: CourtId): Promise<string> {
  const [row] = await db.query<{ id: string }>(selectNewestImport, [courtId])
  return row?.id ?? ''
}

const insertNotices: Statement = {
  name: 'go-live-notice-insert',
  text: `INSERT INTO go_live_notices AS n (imported_id, wave, live_at, court_id, mail_id, told_at)
    SELECT "importedId", $2, "liveAt", $1, "mailId", $3::timestamptz
    FROM jsonb_to_recordset($4::jsonb) AS t("importedId" uuid, "liveAt" timestamptz, "mailId" uuid)
    ON CONFLICT (imported_id, wave, live_at) DO UPDATE SET id = EXCLUDED.id, mail_id = EXCLUDED.mail_id,
      told_at = EXCLUDED.told_at, refused_at = NULL WHERE n.refused_at IS NOT NULL
    RETURNING imported_id::text AS "importedId"`,
}

/** That an account is told, in the message of that id, of that moment. */
export type NewNotice = {
  readonly importedId: string
  readonly mailId: string
  readonly liveAt: Date
}

/** @returns the accounts that nobody else had told: for them alone a message is sent. */
export async function insertNoticesOf(
  tx: Transaction,
  { courtId, wave, at }: { readonly courtId: CourtId; readonly wave: string; readonly at: Date },
  notices: readonly NewNotice[],
): Promise<ReadonlySet<string>> {
  const values = [courtId, wave, at, JSON.stringify(notices)]
  const rows = await tx.query<{ importedId: string }>(insertNotices, values)
  return new Set(rows.map(({ importedId }) => importedId))
}

const updateRefused: Statement = {
  name: 'go-live-notice-refused',
  text: 'UPDATE go_live_notices SET refused_at = $2 WHERE mail_id = $1::uuid AND refused_at IS NULL',
}

/** A mail server refused that message: whoever it named is told once more when another address is known. */
export async function markNoticesRefused(tx: Transaction, mailId: string, at: Date): Promise<void> {
  await tx.query(updateRefused, [mailId, at])
}
