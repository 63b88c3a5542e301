import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { ImportRow } from './import-row.ts'
import type { OldPassword } from './old-password.ts'

/** What an import compares: everything of a row but its password. */
export type ImportFacts = Omit<ImportRow, 'oldHash'>

/** What is there of a login by now. */
export type ThereAlready = {
  readonly loginCanonical: string
  /** Undefined where it was not imported before. */
  readonly imported: (ImportFacts & { readonly id: string }) | null
  readonly password: OldPassword | null
  /** It is somebody's, or was: linked, or named by a right of the court. */
  readonly isTaken: boolean
}

/** Which of some logins a right of the court names, in whichever capitals: its rights are read once. */
const namedByRight = (logins: string) => `named AS MATERIALIZED (
      SELECT DISTINCT lower(r.filer_id) AS login FROM rights r
      WHERE r.court_id = $1 AND lower(r.filer_id) = ANY(${logins}))`

/** Looked up one by one: the table of all links is never read as a whole. */
const wasLinked = `(SELECT true FROM account_links l WHERE l.imported_id = i.id LIMIT 1) IS NOT NULL`

const selectThere: Statement = {
  name: 'import-there',
  text: `WITH ${namedByRight('$2::text[]')}
    SELECT k.login AS "loginCanonical", n.login IS NOT NULL OR ${wasLinked} AS "isTaken",
      CASE WHEN i.id IS NOT NULL THEN json_build_object('id', i.id, 'login', i.login,
        'loginCanonical', i.login_canonical, 'name', i.name, 'email', i.email,
        'emailCanonical', i.email_canonical, 'barNumber', i.bar_number, 'role', i.role,
        'status', i.status, 'isAdmitted', i.is_admitted, 'admittedUntil', i.admitted_until,
        'actions', i.actions, 'endsOn', i.ends_on) END AS imported,
      CASE WHEN i.password_hash IS NOT NULL THEN
        json_build_object('settings', i.password_settings, 'hash', i.password_hash) END AS password
    FROM unnest($2::text[]) AS k(login)
      LEFT JOIN named n ON n.login = k.login
      LEFT JOIN LATERAL (SELECT * FROM imported_accounts a
        WHERE a.court_id = $1 AND a.login_canonical = k.login LIMIT 1) i ON true`,
}

/** What is there of each of these logins. */
export function listThere(
  db: Queryable,
  courtId: CourtId,
  loginsCanonical: readonly string[],
): Promise<ThereAlready[]> {
  return db.query<ThereAlready>(selectThere, [courtId, loginsCanonical])
}

const tryLock: Statement = {
  name: 'import-lock',
  text: `SELECT pg_try_advisory_xact_lock(hashtextextended('accounts of ' || $1, 0)) AS "isOurs"`,
}

/** @returns false where another file of this court is being taken, until the transaction ends. */
export async function lockImports(tx: Transaction, courtId: CourtId): Promise<boolean> {
  const [row] = await tx.query<{ isOurs: boolean }>(tryLock, [courtId])
  return row?.isOurs === true
}

const insertImport: Statement = {
  name: 'import-insert',
  text: `INSERT INTO account_imports (court_id, file_name, file_digest, rows, added, changed, kept,
      imported_at, imported_by)
    VALUES ($1, $2, $3, 0, 0, 0, 0, $4, $5::uuid) RETURNING id`,
}

/** @param file.by undefined for the command line. */
export async function insertAccountImport(
  tx: Transaction,
  courtId: CourtId,
  file: {
    readonly name: string
    readonly digest: string
    readonly at: Date
    readonly by: AccountId | undefined
  },
): Promise<number> {
  const { name, digest, at, by } = file
  const [row] = await tx.query<{ id: number }>(insertImport, [
    courtId,
    name,
    digest,
    at,
    by ?? null,
  ])
  return row!.id
}

const updateImport: Statement = {
  name: 'import-count',
  text: 'UPDATE account_imports SET rows = $2, added = $3, changed = $4, kept = $5 WHERE id = $1',
}

export async function writeImportCounts(
  tx: Transaction,
  importId: number,
  counts: {
    readonly rows: number
    readonly added: number
    readonly changed: number
    readonly kept: number
  },
): Promise<void> {
  const { rows, added, changed, kept } = counts
  await tx.query(updateImport, [importId, rows, added, changed, kept])
}

/** A row as it is written; a password that the file says nothing of stays. */
export type WrittenRow = ImportFacts & {
  readonly id: string
  readonly settings: string | null
  readonly hash: string | null
}

const record = `jsonb_to_recordset($2::jsonb) AS s(id uuid, login text, "loginCanonical" text, name text,
  email text, "emailCanonical" text, "barNumber" text, role text, status text, "isAdmitted" boolean,
  "admittedUntil" date, actions text[], "endsOn" date, settings text, hash text)`

const insertRows: Statement = {
  name: 'import-insert-rows',
  text: `INSERT INTO imported_accounts (id, court_id, login, login_canonical, name, email,
      email_canonical, bar_number, role, status, is_admitted, admitted_until, actions, ends_on,
      password_settings, password_hash, import_id, imported_at, changed_at)
    SELECT s.id, $1, s.login, s."loginCanonical", s.name, s.email, s."emailCanonical", s."barNumber",
      s.role, s.status, s."isAdmitted", s."admittedUntil", s.actions, s."endsOn", s.settings, s.hash,
      $3::bigint, $4::timestamptz, $4::timestamptz
    FROM ${record}`,
}

type Writing = { readonly importId: number; readonly at: Date }

export async function insertImported(
  tx: Transaction,
  courtId: CourtId,
  rows: readonly WrittenRow[],
  { importId, at }: Writing,
): Promise<void> {
  await tx.query(insertRows, [courtId, JSON.stringify(rows), importId, at])
}

const lockRows: Statement = {
  name: 'import-lock-rows',
  text: 'SELECT 1 FROM imported_accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
}

// What was linked while this waited for the row is seen, because this is a statement of its own.
const updateRows: Statement = {
  name: 'import-update-rows',
  text: `WITH ${namedByRight('$5::text[]')}
    UPDATE imported_accounts i SET login = s.login, name = s.name, email = s.email,
      email_canonical = s."emailCanonical", bar_number = s."barNumber", role = s.role,
      status = s.status, is_admitted = s."isAdmitted", admitted_until = s."admittedUntil",
      actions = s.actions, ends_on = s."endsOn",
      password_settings = COALESCE(s.settings, i.password_settings),
      password_hash = COALESCE(s.hash, i.password_hash), import_id = $3::bigint,
      changed_at = $4::timestamptz,
      address_refused_at = CASE WHEN i.email_canonical IS NOT DISTINCT FROM s."emailCanonical"
        THEN i.address_refused_at END
    FROM ${record} LEFT JOIN named n ON n.login = s."loginCanonical"
    WHERE i.id = s.id AND i.court_id = $1 AND n.login IS NULL AND NOT (${wasLinked}) RETURNING i.id`,
}

/** @returns how many were changed; none that was taken in the meantime. */
export async function updateImported(
  tx: Transaction,
  courtId: CourtId,
  rows: readonly WrittenRow[],
  { importId, at }: Writing,
): Promise<number> {
  await tx.query(lockRows, [rows.map(({ id }) => id)])
  const logins = rows.map(({ loginCanonical }) => loginCanonical)
  const values = [courtId, JSON.stringify(rows), importId, at, logins]
  return (await tx.query(updateRows, values)).length
}
