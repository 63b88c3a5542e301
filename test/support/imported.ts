import { randomUUID } from 'node:crypto'
import type { CourtId } from '../../src/ids.ts'
import type { Database } from '../../src/storage/db.ts'
import { sql } from './database.ts'

export type ImportedFields = {
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly barNumber: string | null
  readonly role: string
  readonly status: 'active' | 'suspended' | 'inactive'
  readonly isAdmitted: boolean
  readonly admittedUntil: string | null
  readonly actions: readonly string[]
  readonly endsOn: string | null
  readonly settings: string | null
  readonly hash: string | null
}

let number = 0

/** An account of a court's old system, without a file that it came from. @returns its id. */
export async function addImported(
  db: Database,
  courtId: CourtId,
  other: Partial<ImportedFields> = {},
): Promise<string> {
  number += 1
  const id = randomUUID()
  const row: ImportedFields = {
    login: `old-${number}-${id.slice(0, 8)}`,
    name: 'Dana Doe',
    email: `old-${number}-${id.slice(0, 8)}@firm.example`,
    barNumber: null,
    role: 'attorney',
    status: 'active',
    isAdmitted: true,
    admittedUntil: null,
    actions: ['file', 'receive-notices'],
    endsOn: null,
    settings: null,
    hash: null,
    ...other,
  }
  await sql(
    db,
    `WITH i AS (INSERT INTO account_imports (court_id, file_name, file_digest, rows, added, changed,
          kept, imported_at)
        VALUES ($2, 'test.csv', '', 1, 1, 0, 0, now()) RETURNING id)
      INSERT INTO imported_accounts (id, court_id, login, login_canonical, name, email,
          email_canonical, bar_number, role, status, is_admitted, admitted_until, actions, ends_on,
          password_settings, password_hash, import_id, imported_at, changed_at)
      SELECT $1::uuid, $2, $3, lower($3), $4, $5, lower($5), $6, $7, $8, $9::boolean, $10::date,
          $11::text[], $12::date, $13, $14, i.id, now(), now() FROM i`,
    [
      id,
      courtId,
      row.login,
      row.name,
      row.email,
      row.barNumber,
      row.role,
      row.status,
      row.isAdmitted,
      row.admittedUntil,
      row.actions,
      row.endsOn,
      row.settings,
      row.hash,
    ],
  )
  await sql(db, `UPDATE courts SET takes_links = true WHERE id = $1 AND NOT takes_links`, [courtId])
  return id
}
