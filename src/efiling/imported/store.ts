import { canonicalEmail } from '../../accounts/email-address.ts'
import { now } from '../../clock.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import { canonicalLogin, type ImportedAccount, type ImportedStatus } from './imported-account.ts'
import type { OldPassword } from './old-password.ts'

/** `ImportedAccount`, for a row under that alias. */
function columns(alias: string): string {
  const of = (column: string) => `${alias}.${column}`
  return `${of('id')}::text AS id, ${of('court_id')} AS "courtId", ${of('login')}, ${of('name')},
    ${of('email')}, ${of('bar_number')} AS "barNumber", ${of('role')}, ${of('status')},
    ${of('is_admitted')} AS "isAdmitted", ${of('admitted_until')} AS "admittedUntil", ${of('actions')},
    ${of('ends_on')} AS "endsOn", ${of('password_hash')} IS NOT NULL AS "hasPassword",
    ${of('imported_at')} AS "importedAt", ${of('changed_at')} AS "changedAt",
    ${of('tried_at')} AS "triedAt", ${of('tries_told_at')} AS "triesToldAt",
    ${of('address_refused_at')} AS "addressRefusedAt"`
}

const selectOne: Statement = {
  name: 'imported-find',
  text: `SELECT ${columns('i')} FROM imported_accounts i WHERE i.court_id = $1 AND i.id = $2::uuid`,
}

/** @param id in the form of our ids. */
export async function findImported(
  db: Queryable,
  courtId: CourtId,
  id: string,
): Promise<ImportedAccount | undefined> {
  const [row] = await db.query<ImportedAccount>(selectOne, [courtId, id])
  return row
}

const lockOne: Statement = { name: 'imported-lock', text: `${selectOne.text} FOR UPDATE` }

/** The same, which nobody else links or imports anew until the transaction ends. */
export async function lockImported(
  tx: Transaction,
  courtId: CourtId,
  id: string,
): Promise<ImportedAccount | undefined> {
  const [row] = await tx.query<ImportedAccount>(lockOne, [courtId, id])
  return row
}

const selectByLogin: Statement = {
  name: 'imported-find-by-login',
  text: `SELECT ${columns('i')} FROM imported_accounts i
    WHERE i.court_id = $1 AND i.login_canonical = $2`,
}

/** @param login as it was typed. */
export async function findImportedByLogin(
  db: Queryable,
  courtId: CourtId,
  login: string,
): Promise<ImportedAccount | undefined> {
  const [row] = await db.query<ImportedAccount>(selectByLogin, [courtId, canonicalLogin(login)])
  return row
}

export type ImportedFilter = {
  /** The beginning of the login or the e-mail address, a part of the name, or the bar number; empty for all. */
  readonly text: string
  readonly status?: ImportedStatus | undefined
}

const selectList: Statement = {
  name: 'imported-list',
  text: `SELECT ${columns('i')} FROM imported_accounts i
    WHERE i.court_id = $1 AND ($2 = '' OR starts_with(i.login_canonical, lower($2))
        OR starts_with(i.email_canonical, lower($2)) OR lower(i.bar_number) = lower($2)
        OR strpos(lower(i.name), lower($2)) > 0)
      AND ($3::text IS NULL OR i.status = $3) AND i.login_canonical > $4
    ORDER BY i.login_canonical LIMIT $5::integer`,
}

/**
 * The imported accounts of a court, by login.
 * @param page.after the login of the last one of the page before; empty for the first page.
 */
export function listImported(
  db: Queryable,
  courtId: CourtId,
  { text, status }: ImportedFilter,
  page: { readonly after: string; readonly limit: number },
): Promise<ImportedAccount[]> {
  const after = canonicalLogin(page.after)
  return db.query(selectList, [courtId, text.trim(), status ?? null, after, page.limit])
}

const selectCount: Statement = {
  name: 'imported-count',
  text: 'SELECT count(*) AS count FROM imported_accounts WHERE court_id = $1',
}

export async function countImported(db: Queryable, courtId: CourtId): Promise<number> {
  const [row] = await db.query<{ count: number }>(selectCount, [courtId])
  return row?.count ?? 0
}

const selectHash: Statement = {
  name: 'imported-hash',
  text: `SELECT password_settings AS settings, password_hash AS hash FROM imported_accounts
    WHERE id = $1::uuid AND password_hash IS NOT NULL`,
}

/** What the old password of an imported account is checked against, where that can be done here. */
export async function findImportedHash(
  db: Queryable,
  id: string,
): Promise<OldPassword | undefined> {
  const [row] = await db.query<OldPassword>(selectHash, [id])
  return row
}

const selectLikely: Statement = {
  name: 'imported-likely-settings',
  text: `SELECT settings FROM (
      (SELECT 1 AS turn, password_settings AS settings FROM imported_accounts
        WHERE id >= $2::uuid AND court_id = $1 AND password_settings IS NOT NULL ORDER BY id LIMIT 1)
      UNION ALL
      (SELECT 2, password_settings FROM imported_accounts
        WHERE court_id = $1 AND password_settings IS NOT NULL ORDER BY id LIMIT 1)) s
    ORDER BY turn LIMIT 1`,
}

/**
 * How an old password of this court is hashed, for `checkOldPassword` of a login without one: as that of some other
 * account of the court, of which a court with two kinds of hashes has more of the one. Which account that is
 * follows from the login and stays, so that the time of an answer tells as little about it as about any other.
 * @param place 32 hexadecimal digits that nobody outside can foretell.
 * @returns undefined where the court has no hashes.
 */
export async function findLikelySettings(
  db: Queryable,
  courtId: CourtId,
  place: string,
): Promise<string | undefined> {
  const [row] = await db.query<{ settings: string }>(selectLikely, [courtId, place])
  return row?.settings
}

const selectImporter: Statement = {
  name: 'imported-by',
  text: `SELECT f.imported_by::text AS "importedBy" FROM imported_accounts i
    JOIN account_imports f ON f.id = i.import_id WHERE i.id = $1::uuid`,
}

/** The account of whoever sent the file that an imported account last came from; undefined: an operator. */
export async function findImporter(db: Queryable, id: string): Promise<AccountId | undefined> {
  const [row] = await db.query<{ importedBy: AccountId | null }>(selectImporter, [id])
  return row?.importedBy ?? undefined
}

const eraseOne: Statement = {
  name: 'imported-erase-password',
  text: `UPDATE imported_accounts SET password_settings = NULL, password_hash = NULL
    WHERE id = $1::uuid AND password_hash IS NOT NULL`,
}

/** Once it has served. */
export async function erasePassword(tx: Transaction, id: string): Promise<void> {
  await tx.query(eraseOne, [id])
}

const eraseSome: Statement = {
  name: 'imported-erase-passwords',
  text: `UPDATE imported_accounts SET password_settings = NULL, password_hash = NULL
    WHERE password_hash IS NOT NULL AND id IN (SELECT id FROM imported_accounts
      WHERE court_id = $1 AND password_hash IS NOT NULL LIMIT $2) RETURNING id`,
}
/** One statement has less than a second. */
const erasedAtOnce = 2000

/** When linking by password closes. @returns how many there were. */
export async function erasePasswordsOf(tx: Transaction, courtId: CourtId): Promise<number> {
  let count = 0
  for (;;) {
    const erased = (await tx.query(eraseSome, [courtId, erasedAtOnce])).length
    count += erased
    if (erased < erasedAtOnce) return count
  }
}

const updateTried: Statement = {
  name: 'imported-mark-tried',
  text: 'UPDATE imported_accounts SET tried_at = $2 WHERE id = $1::uuid',
}

/** Somebody tried to link it and was refused. */
export async function markTried(db: Queryable, id: string, at: Date): Promise<void> {
  await db.query(updateTried, [id, at])
}

const updateTold: Statement = {
  name: 'imported-mark-tries-told',
  text: `UPDATE imported_accounts SET tries_told_at = $2::timestamptz
    WHERE id = $1::uuid AND (tries_told_at IS NULL OR tries_told_at <= $2::timestamptz - interval '1 day')
    RETURNING id`,
}

/** Its address is told that too many tries were made. @returns false where it was told within a day. */
export async function markTriesTold(tx: Transaction, id: string, at: Date): Promise<boolean> {
  return (await tx.query(updateTold, [id, at])).length === 1
}

const updateRefused: Statement = {
  name: 'imported-mark-address-refused',
  text: `UPDATE imported_accounts SET address_refused_at = $3
    WHERE court_id = $1 AND email_canonical = $2 AND address_refused_at IS NULL`,
}

/**
 * A mail server refused the address: of every account of the court that has it.
 * @param address as it was written to, in any spelling.
 */
export async function markAddressRefused(
  tx: Transaction,
  courtId: CourtId,
  address: string,
  at = now(),
): Promise<void> {
  await tx.query(updateRefused, [courtId, canonicalEmail(address), at])
}

// `keyed:PEPPER$argon2id$…`: see `old-password.ts`.
const selectPeppers: Statement = {
  name: 'imported-peppers',
  text: `WITH batch AS (SELECT id, split_part(split_part(password_hash, '$', 1), ':', 2) AS pepper
      FROM imported_accounts WHERE id > $1::uuid ORDER BY id LIMIT 20000)
    SELECT (SELECT id::text FROM batch ORDER BY id DESC LIMIT 1) AS last,
      ARRAY(SELECT DISTINCT pepper FROM batch WHERE pepper = ANY($2::text[])) AS found`,
}

/** Those of the peppers' ids that an old password lies under; reads all imported accounts, bit by bit. */
export async function findImportedPeppers(
  db: Queryable,
  ids: readonly string[],
): Promise<string[]> {
  const found = new Set<string>()
  let last: string | null = '00000000-0000-0000-0000-000000000000'
  while (last !== null && found.size < ids.length) {
    const [row]: { last: string | null; found: string[] }[] = await db.query(selectPeppers, [
      last,
      ids,
    ])
    for (const id of row?.found ?? []) found.add(id)
    last = row?.last ?? null
  }
  return [...found]
}
