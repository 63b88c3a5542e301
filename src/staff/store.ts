import { stateSql } from '../accounts/account-state.ts'
import type { AccountId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { checkStaffAccount, type NationalRole, type StaffRole } from './role.ts'

/** Whether an account holds any staff role, as a query; its id is named by the caller. */
export function holdsStaffRole(accountId: string): string {
  return `SELECT EXISTS (SELECT 1 FROM staff_roles h WHERE h.account_id = ${accountId})`
}

export async function listStaffRoles(
  db: Queryable,
  accountId: AccountId,
): Promise<readonly StaffRole[]> {
  const rows: unknown = await db.prisma.staffRole.findMany({
    where: { accountId },
    select: { role: true, courtId: true },
    orderBy: { id: 'asc' },
  })
  return rows as StaffRole[]
}

const selectStaffPosts: Statement = {
  name: 'staff-posts',
  text: `SELECT h.role, c.name AS "courtName" FROM staff_roles h
    LEFT JOIN courts c ON c.id = h.court_id WHERE h.account_id = $1::uuid ORDER BY h.id`,
}

/** What the person is staff of; `courtName` is null for a role of the whole judiciary. */
export async function listStaffPosts(
  db: Queryable,
  accountId: AccountId,
): Promise<{ role: StaffRole['role']; courtName: string | null }[]> {
  return db.query(selectStaffPosts, [accountId])
}

const selectRolesInForce: Statement = {
  name: 'staff-roles-in-force',
  text: `SELECT h.role, h.court_id AS "courtId", a.type::text AS type,
      a.is_upgraded AS "isUpgraded", ${stateSql('a')} AS state
    FROM staff_roles h JOIN accounts a ON a.id = h.account_id
    WHERE h.account_id = $1::uuid ORDER BY h.id`,
}

/** The roles that count at this moment: none where the account is one that may hold none by now. */
export async function listRolesInForce(
  db: Queryable,
  accountId: AccountId,
): Promise<readonly StaffRole[]> {
  const rows = await db.query<StaffRole & Parameters<typeof checkStaffAccount>[0]>(
    selectRolesInForce,
    [accountId],
  )
  return rows
    .filter((row) => checkStaffAccount(row).ok)
    .map(({ role, courtId }) => ({ role, courtId }) as StaffRole)
}

/** The roles of several people at once. */
export async function listRolesOf(
  db: Queryable,
  accountIds: readonly AccountId[],
): Promise<(StaffRole & { readonly accountId: AccountId })[]> {
  const rows: unknown = await db.prisma.staffRole.findMany({
    where: { accountId: { in: [...accountIds] } },
    select: { accountId: true, role: true, courtId: true },
    orderBy: { id: 'asc' },
  })
  return rows as (StaffRole & { readonly accountId: AccountId })[]
}

/** @returns false where the role is held already. */
export async function insertStaffRole(
  tx: Transaction,
  accountId: AccountId,
  { role, courtId }: StaffRole,
): Promise<boolean> {
  const data = [{ accountId, role, courtId }]
  return (await tx.prisma.staffRole.createMany({ data, skipDuplicates: true })).count === 1
}

/** @returns false where the role is not held. */
export async function deleteStaffRole(
  tx: Transaction,
  accountId: AccountId,
  { role, courtId }: StaffRole,
): Promise<boolean> {
  const where = { accountId, role, courtId }
  return (await tx.prisma.staffRole.deleteMany({ where })).count === 1
}

const lockRoles: Statement = {
  name: 'staff-lock-roles',
  text: 'LOCK TABLE staff_roles IN SHARE ROW EXCLUSIVE MODE',
}

/** Nobody else gives or takes a role until the transaction ends. */
export async function lockStaffRoles(tx: Transaction): Promise<void> {
  await tx.query(lockRoles, [])
}

/** Somebody who holds a role, as far as it says whether it can be used. */
export type RoleHolder = Parameters<typeof checkStaffAccount>[0] & { readonly accountId: AccountId }

const selectHolders: Statement = {
  name: 'staff-holders',
  text: `SELECT a.id::text AS "accountId", a.type::text AS type, a.is_upgraded AS "isUpgraded",
      ${stateSql('a')} AS state
    FROM staff_roles h JOIN accounts a ON a.id = h.account_id WHERE h.role = $1 ORDER BY h.id`,
}

/** Everybody who holds a role of the whole judiciary and may, also one that is not confirmed yet. */
export async function listHoldersOf(
  db: Queryable,
  role: NationalRole,
): Promise<readonly RoleHolder[]> {
  const rows = await db.query<RoleHolder>(selectHolders, [role])
  return rows.filter((row) => checkStaffAccount(row).ok)
}
