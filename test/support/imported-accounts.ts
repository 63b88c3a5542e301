import { randomUUID } from 'node:crypto'
import type { CourtId } from '../../src/ids.ts'
import type { Queryable } from '../../src/storage/db.ts'
import { sql } from './database.ts'

/** An account of a court's old system, by its login; what is left out is usual. */
export type PlantedAccount = {
  readonly login: string
  readonly name?: string
  readonly email?: string | null
  readonly status?: 'active' | 'suspended' | 'inactive'
  readonly hasPassword?: boolean
  readonly triedAt?: Date | null
  readonly addressRefusedAt?: Date | null
}

/** Writes imported accounts as an import leaves them, in one statement. @returns their ids, in the same order. */
export async function plantImported(
  db: Queryable,
  courtId: CourtId,
  accounts: readonly PlantedAccount[],
  at: Date = new Date('2026-01-05T12:00:00Z'),
): Promise<string[]> {
  const rows = accounts.map((account) => ({ id: randomUUID(), ...account }))
  await sql(db, `UPDATE courts SET takes_links = true WHERE id = $1`, [courtId])
  await sql(
    db,
    `WITH file AS (INSERT INTO account_imports
        (court_id, file_name, file_digest, rows, added, changed, kept, imported_at)
      VALUES ($1, 'planted.csv', md5($3), 0, 0, 0, 0, $2) RETURNING id)
    INSERT INTO imported_accounts (id, court_id, login, login_canonical, name, email, email_canonical,
      role, status, is_admitted, actions, password_settings, password_hash, import_id, imported_at,
      changed_at, tried_at, address_refused_at)
    SELECT a.id, $1, a.login, lower(a.login), coalesce(a.name, 'Filer ' || a.login), a.email, lower(a.email),
      'attorney', coalesce(a.status, 'active'), true, '{file}',
      CASE WHEN a."hasPassword" THEN '$2b$10$' END, CASE WHEN a."hasPassword" THEN 'hash' END,
      file.id, $2, $2, a."triedAt", a."addressRefusedAt"
    FROM file, jsonb_to_recordset($3::jsonb) AS a(id uuid, login text, name text, email text, status text,
      "hasPassword" boolean, "triedAt" timestamptz, "addressRefusedAt" timestamptz)`,
    [courtId, at, JSON.stringify(rows)],
  )
  return rows.map(({ id }) => id)
}

/** That an imported account is somebody's, as far as the table of links goes. */
export async function plantLink(
  db: Queryable,
  courtId: CourtId,
  link: {
    readonly importedId: string
    readonly accountId: string
    readonly at: Date
    readonly endedAt?: Date
  },
): Promise<void> {
  const { importedId, accountId, at, endedAt = null } = link
  await sql(
    db,
    `INSERT INTO account_links (court_id, imported_id, account_id, way, names_differ, linked_at, linked_by,
      ended_at, ended_by, end_reason)
    VALUES ($1, $2::uuid, $3::uuid, 'password', false, $4, $3::uuid, $5::timestamptz,
      CASE WHEN $5::timestamptz IS NULL THEN NULL ELSE $3::uuid END,
      CASE WHEN $5::timestamptz IS NULL THEN NULL ELSE 'planted' END)`,
    [courtId, importedId, accountId, at, endedAt],
  )
}
