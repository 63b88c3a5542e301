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

/** Whom a wave is for. */
export type WaveAudience = {
  readonly wave: string
  readonly liveAt: Date
  /** Who was told of this moment since then needs no notice; undefined: who was ever told of it. */
  readonly toldSince: Date | undefined
  readonly includesLinked: boolean
}

/** Where a batch goes on: behind that address, and how many accounts it has at most. */
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

const activeLink = (alias: string) =>
  `EXISTS (SELECT 1 FROM account_links l WHERE l.imported_id = ${alias}.id AND l.ended_at IS NULL)`

/** What an account was told last. */
const lastNotice = (alias: string) =>
  `SELECT n.live_at, n.wave FROM go_live_notices n WHERE n.imported_id = ${alias}.id
    ORDER BY n.told_at DESC, n.wave DESC LIMIT 1`

const isTakenBack = (alias: string) => `${alias}.wave LIKE 'rolled-back-%'`

/**
 * So many that are to be told, by their addresses.
 * @param from SQL of what is looked through beside `i`; @param where what of it is to be told.
 */
const batchOf = (columns: string, from: string, where: string) => `
  SELECT i.id::text AS id, i.login, i.name, i.email, i.email_canonical AS "emailCanonical",
    ${activeLink('i')} AS "isLinked"${columns}
  FROM imported_accounts i ${from}
  WHERE i.court_id = $1 AND i.email_canonical > $2 AND i.address_refused_at IS NULL AND ${where}
  ORDER BY i.email_canonical, i.id LIMIT $3::integer`

// Who was told of another moment hears that it moved, and not of this one as if it were the first.
const selectForWave: Statement = {
  name: 'go-live-for-wave',
  text: batchOf(
    '',
    `LEFT JOIN LATERAL (${lastNotice('i')}) last ON true`,
    `i.status <> 'inactive'
      AND NOT EXISTS (SELECT 1 FROM go_live_notices n WHERE n.imported_id = i.id
        AND n.live_at = $4::timestamptz AND NOT (${isTakenBack('n')})
        AND (n.wave = $5 OR $6::timestamptz IS NULL OR n.told_at >= $6::timestamptz))
      AND (last.live_at IS NULL OR last.live_at = $4::timestamptz OR ${isTakenBack('last')})
      AND ($7::boolean OR NOT ${activeLink('i')})`,
  ),
}

/** Who is to be told of a wave, by address. */
export function listForWave(
  tx: Transaction,
  courtId: CourtId,
  { wave, liveAt, toldSince, includesLinked }: WaveAudience,
  { after, limit }: BatchPlace,
): Promise<NoticeTarget[]> {
  const values = [courtId, after, limit, liveAt, wave, toldSince ?? null, includesLinked]
  return tx.query<NoticeTarget>(selectForWave, values)
}

// Also those that were closed or linked meanwhile: they were told of a day that is none any more.
const selectMistold: Statement = {
  name: 'go-live-mistold',
  text: batchOf(
    ', last.live_at AS known',
    `CROSS JOIN LATERAL (${lastNotice('i')}) last`,
    `last.live_at IS DISTINCT FROM $4::timestamptz AND NOT (${isTakenBack('last')})`,
  ),
}

/**
 * Who was told last of another moment than this one, with what they know, by address.
 * @param liveAt undefined: none holds, and whoever knows of one is to hear that.
 */
export function listMistold(
  tx: Transaction,
  courtId: CourtId,
  liveAt: Date | undefined,
  { after, limit }: BatchPlace,
): Promise<(NoticeTarget & { readonly known: Date })[]> {
  return tx.query(selectMistold, [courtId, after, limit, liveAt ?? null])
}

const insertNotices: Statement = {
  name: 'go-live-notice-insert',
  text: `INSERT INTO go_live_notices (imported_id, wave, live_at, court_id, mail_id, told_at)
    SELECT "importedId", $2, "liveAt", $1, "mailId", $3::timestamptz
    FROM jsonb_to_recordset($4::jsonb) AS t("importedId" uuid, "liveAt" timestamptz, "mailId" uuid)
    ON CONFLICT DO NOTHING RETURNING imported_id::text AS "importedId"`,
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

const countTold: Statement = {
  name: 'go-live-count-told',
  text: `SELECT count(DISTINCT imported_id) AS count FROM go_live_notices
    WHERE court_id = $1 AND live_at = $2::timestamptz AND NOT (${isTakenBack('go_live_notices')})`,
}

/** How many imported accounts were told of that moment. */
export async function countToldOf(db: Queryable, courtId: CourtId, liveAt: Date): Promise<number> {
  const [row] = await db.query<{ count: number }>(countTold, [courtId, liveAt])
  return row?.count ?? 0
}
