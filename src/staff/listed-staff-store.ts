import { type AccountState, stateSql } from '../accounts/account-state.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { StaffRole } from './role.ts'

/** Somebody in one role, as lists show it. */
export type ListedStaff = {
  /** Of the role as this account holds it, in digits. */
  readonly id: string
  readonly accountId: AccountId
  readonly number: string
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly role: StaffRole['role']
  readonly courtId: CourtId | null
  readonly courtName: string | null
  readonly state: AccountState
}

const listed = `SELECT h.id::text AS id, a.id::text AS "accountId", a.number, a.username,
    a.given_name AS "givenName", a.family_name AS "familyName", h.role, h.court_id AS "courtId",
    c.name AS "courtName", ${stateSql('a')} AS state
  FROM staff_roles h JOIN accounts a ON a.id = h.account_id LEFT JOIN courts c ON c.id = h.court_id`

const selectOfScope: Statement = {
  name: 'staff-listed',
  text: `${listed} WHERE h.court_id IS NOT DISTINCT FROM $1 AND h.id > $2::bigint
    ORDER BY h.id LIMIT $3::integer`,
}

/** Who works for one court, or in a role of the whole judiciary (null), in the order in which they came. */
export function listStaffOf(
  db: Queryable,
  courtId: CourtId | null,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ListedStaff[]> {
  return db.query<ListedStaff>(selectOfScope, [courtId, after, limit])
}

const selectOne: Statement = {
  name: 'staff-listed-one',
  text: `${listed} WHERE h.id = $1::bigint`,
}

/** One role of one person. @param id up to 18 digits. */
export async function findListedStaff(db: Queryable, id: string): Promise<ListedStaff | undefined> {
  const [row] = await db.query<ListedStaff>(selectOne, [id])
  return row
}

/** The role of a row, with its court. */
export function roleOf({ role, courtId }: Pick<ListedStaff, 'role' | 'courtId'>): StaffRole {
  return { role, courtId } as StaffRole
}

const selectIdsOf: Statement = {
  name: 'staff-of-court',
  text: 'SELECT account_id::text AS "accountId" FROM staff_roles WHERE court_id = $1',
}

/** The accounts of everybody who holds a role at a court, whether or not it can be used now. */
export async function listStaffIdsOf(db: Queryable, courtId: CourtId): Promise<AccountId[]> {
  const rows = await db.query<{ accountId: AccountId }>(selectIdsOf, [courtId])
  return rows.map(({ accountId }) => accountId)
}
