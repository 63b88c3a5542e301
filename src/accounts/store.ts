import type { AccountId } from '../ids.ts'
import type { Database, Statement, Transaction } from '../storage/db.ts'
import type { AccountType } from './account.ts'
import type { CanonicalUsername } from './username.ts'

export type SignInAccount = {
  readonly id: AccountId
  readonly type: AccountType
  readonly isUpgraded: boolean
  readonly passwordHash: string | null
  readonly disabledAt: Date | null
}

const selectForSignIn: Statement = {
  name: 'account-for-sign-in',
  text: `SELECT id, type, is_upgraded AS "isUpgraded", password_hash AS "passwordHash",
    disabled_at AS "disabledAt" FROM accounts WHERE username_canonical = $1`,
}

/** The account of that name with what sign-in decides on. */
export async function findForSignIn(
  db: Database,
  username: CanonicalUsername,
): Promise<SignInAccount | undefined> {
  const [row] = await db.query<SignInAccount>(selectForSignIn, [username])
  return row
}

export type AccountRecord = {
  id: AccountId
  number: string
  type: AccountType
  userType: string
  isUpgraded: boolean
  username: string
  usernameCanonical: CanonicalUsername
  givenName: string | null
  familyName: string | null
  email: string | null
  emailCanonical: string | null
  isEmailVerified: boolean
  searchStatus: 'active' | 'inactive'
  clientCode: string | null
  billedTo: 'self' | 'firm'
  disabledAt: Date | null
}
export type StoredAccount = AccountRecord & { passwordHash: string | null }

/** The account with that seven-digit number. */
export async function findByNumber(
  tx: Transaction,
  number: string,
): Promise<StoredAccount | undefined> {
  const row = await tx.account.findUnique({ where: { number } })
  return (row ?? undefined) as StoredAccount | undefined
}

export async function insertAccount(tx: Transaction, account: StoredAccount): Promise<void> {
  await tx.account.create({ data: account })
}

export async function updateAccount(
  tx: Transaction,
  id: AccountId,
  change: Partial<Omit<StoredAccount, 'id'>>,
): Promise<void> {
  await tx.account.update({ where: { id }, data: change })
}

/** Replaces the stored password if it is still the given one; false when it is not. */
export async function replacePasswordHash(
  tx: Transaction,
  id: AccountId,
  from: string,
  to: string,
): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id, passwordHash: from },
    data: { passwordHash: to },
  })
  return count === 1
}
