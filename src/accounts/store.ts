import { now } from '../clock.ts'
import { type AccountId, isAccountId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import { unlessRefused } from '../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type AccountFacts, type AccountType, accountNumberPattern } from './account.ts'
import { type AccountState, type StateColumns, stateSql } from './account-state.ts'
import { type CanonicalUsername, canonicalUsername } from './username.ts'

export type SignInAccount = {
  readonly id: AccountId
  readonly type: AccountType
  readonly isUpgraded: boolean
  readonly passwordHash: string | null
  readonly signInStand: number
  readonly state: AccountState
}

/**
 * What sign-in decides on, as one JSON value (`SignInAccount`); NULL where nobody has that name.
 * @param username the parameter that holds the canonical name; NULL is nobody's.
 */
export function signInAccountJson(username: string): string {
  return `(SELECT json_build_object('id', a.id, 'type', a.type, 'isUpgraded', a.is_upgraded,
    'passwordHash', a.password_hash, 'signInStand', a.sign_in_stand, 'state', ${stateSql('a')})
    FROM accounts a WHERE a.username_canonical = ${username})`
}

export type AccountRecord = StateColumns & {
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
/** As it is stored; what is left out of a new one is as the database has it. */
export type StoredAccount = AccountRecord & {
  passwordHash: string | null
  searchUsedAt?: Date
}

/** The account with that seven-digit number. */
export async function findByNumber(
  db: Queryable,
  number: string,
): Promise<StoredAccount | undefined> {
  const row = await db.prisma.account.findUnique({ where: { number } })
  return (row ?? undefined) as StoredAccount | undefined
}

/** The account that an operator names by its number, its username or its id. */
export async function findAccount(
  db: Queryable,
  named: string,
): Promise<StoredAccount | undefined> {
  const where = isAccountId(named)
    ? { id: named }
    : accountNumberPattern.test(named)
      ? { number: named }
      : { usernameCanonical: canonicalUsername(named) ?? '' }
  const row = await db.prisma.account.findUnique({ where })
  return (row ?? undefined) as StoredAccount | undefined
}

export async function listByNumbers(
  db: Queryable,
  numbers: readonly string[],
): Promise<StoredAccount[]> {
  const rows = await db.prisma.account.findMany({ where: { number: { in: [...numbers] } } })
  return rows as unknown as StoredAccount[]
}

/** Whose a username is, for good: `isPresent` is false where its owner has another one by now. */
export type UsernameOwner = {
  readonly username: CanonicalUsername
  readonly number: string
  readonly isPresent: boolean
}

const selectUsernameOwners: Statement = {
  name: 'username-owners',
  text: `SELECT u.canonical AS username, a.number, a.username_canonical = u.canonical AS "isPresent"
    FROM usernames u JOIN accounts a ON a.id = u.account_id WHERE u.canonical = ANY($1::text[])`,
}

/** Who has one of these usernames, or had it once: it is nobody else's then. */
export async function listUsernameOwners(
  db: Queryable,
  usernames: readonly CanonicalUsername[],
): Promise<UsernameOwner[]> {
  return db.query(selectUsernameOwners, [usernames])
}

const selectFree: Statement = {
  name: 'account-number-free',
  text: `SELECT c.number FROM unnest($1::text[]) WITH ORDINALITY AS c(number, place)
    WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.number = c.number) ORDER BY c.place LIMIT 1`,
}

/** The first of these numbers that no account has; rows of closed accounts stay, and their numbers with them. */
export async function findFreeNumber(
  db: Queryable,
  candidates: readonly string[],
): Promise<string | undefined> {
  const [row] = await db.query<{ number: string }>(selectFree, [candidates])
  return row?.number
}

/**
 * What of an account belongs to one account only. An e-mail address is not of it: a trustee who
 * practises has two accounts and one mailbox.
 */
export type TakenAccountMember = 'number-taken' | 'username-taken'

const uniqueMembers: Readonly<Record<string, TakenAccountMember>> = {
  accounts_number_key: 'number-taken',
  // Also for a name that somebody had once (a trigger, in the migration of `usernames`).
  accounts_username_canonical_key: 'username-taken',
}

export async function insertAccount(
  tx: Transaction,
  account: StoredAccount,
): Promise<Outcome<void, TakenAccountMember>> {
  return unlessRefused(uniqueMembers, async () => {
    await tx.prisma.account.create({ data: { searchUsedAt: now(), ...account } })
  })
}

// One statement and no client: that one builds a query of nine thousand parameters anew each time.
const insertAll: Statement = {
  name: 'accounts-insert-all',
  text: `INSERT INTO accounts (id, number, type, user_type, is_upgraded, username, username_canonical,
      password_hash, given_name, family_name, email, email_canonical, is_email_verified, search_status,
      client_code, billed_to, disabled_at, search_used_at, created_at, updated_at)
    SELECT a.id, a.number, a.type, a."userType", a."isUpgraded", a.username, a."usernameCanonical",
      a."passwordHash", a."givenName", a."familyName", a.email, a."emailCanonical", a."isEmailVerified",
      a."searchStatus", a."clientCode", a."billedTo", a."disabledAt", $2::timestamptz, $2::timestamptz,
      $2::timestamptz
    FROM jsonb_to_recordset($1::jsonb) AS a(id uuid, number text, type account_type, "userType" text,
      "isUpgraded" boolean, username text, "usernameCanonical" text, "passwordHash" text,
      "givenName" text, "familyName" text, email text, "emailCanonical" text, "isEmailVerified" boolean,
      "searchStatus" search_status, "clientCode" text, "billedTo" billed_to, "disabledAt" timestamptz)
    WHERE NOT EXISTS (SELECT 1 FROM usernames u WHERE u.canonical = a."usernameCanonical")
    ON CONFLICT DO NOTHING RETURNING id`,
}

/**
 * Inserts many accounts in one statement.
 * @returns the ids of those that are stored now; `insertAccount` says why another one is not. Refused
 * where somebody else gave up one of the usernames in the same moment, and then no other statement can follow.
 */
export async function insertAccounts(
  tx: Transaction,
  accounts: readonly StoredAccount[],
): Promise<Outcome<ReadonlySet<AccountId>, TakenAccountMember>> {
  return unlessRefused(uniqueMembers, async () => {
    const rows = await tx.query<{ id: AccountId }>(insertAll, [JSON.stringify(accounts), now()])
    return new Set(rows.map(({ id }) => id))
  })
}

export async function updateAccount(
  tx: Transaction,
  id: AccountId,
  change: Partial<Omit<StoredAccount, 'id'>>,
): Promise<Outcome<void, TakenAccountMember>> {
  return unlessRefused(uniqueMembers, async () => {
    const isNewPassword = change.passwordHash !== undefined
    // Whether it can have rights at all: every court is told another entry.
    const isOther = change.isUpgraded !== undefined || change.type !== undefined
    const data = {
      ...change,
      ...(isNewPassword && { signInStand: { increment: 1 } }),
      ...(isOther && { holdVersion: { increment: 1 } }),
    }
    await tx.prisma.account.update({ where: { id }, data })
  })
}

type LockedAccount = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>

const lockRow: Statement = {
  name: 'account-lock',
  text: `SELECT type, is_upgraded AS "isUpgraded", ${stateSql('accounts')} AS state
    FROM accounts WHERE id = $1::uuid FOR NO KEY UPDATE`,
}

/**
 * What of an account decides what its person may become; undefined when there is none. Nobody else
 * changes the account until the transaction ends.
 */
export async function lockAccount(
  tx: Transaction,
  id: AccountId,
): Promise<LockedAccount | undefined> {
  const [row] = await tx.query<LockedAccount>(lockRow, [id])
  return row
}

/** Replaces the stored password if it is still the given one; false when it is not. */
export async function replacePasswordHash(
  tx: Transaction,
  id: AccountId,
  from: string,
  to: string,
): Promise<boolean> {
  const { count } = await tx.prisma.account.updateMany({
    where: { id, passwordHash: from },
    data: { passwordHash: to },
  })
  return count === 1
}

const selectPassword: Statement = {
  name: 'account-password',
  text: `SELECT password_hash AS hash, password_changed_at AS "changedAt"
    FROM accounts WHERE id = $1::uuid`,
}

/** A password as it is stored, and when it was chosen where that is known. */
export type StoredPasswordRow = { readonly hash: string | null; readonly changedAt: Date | null }

/** Undefined where there is no such account. */
export async function findPassword(
  db: Queryable,
  id: AccountId,
): Promise<StoredPasswordRow | undefined> {
  const [row] = await db.query<StoredPasswordRow>(selectPassword, [id])
  return row
}

/**
 * Stores another password, chosen at this moment: no other one has to be chosen any more, and a sign-in that
 * was begun with the one before counts no more.
 * @param from the stored one that it replaces, where it matters which; null where none may be there.
 * @returns false where another one is stored by now.
 */
export async function storePassword(
  tx: Transaction,
  id: AccountId,
  { hash, from }: { readonly hash: string; readonly from?: string | null | undefined },
): Promise<boolean> {
  const { count } = await tx.prisma.account.updateMany({
    where: { id, ...(from !== undefined && { passwordHash: from }) },
    data: {
      passwordHash: hash,
      passwordChangedAt: now(),
      mustChangePasswordSince: null,
      disownedPasswordHash: null,
      signInStand: { increment: 1 },
    },
  })
  return count === 1
}

/** Every browser in which the account has signed in is a stranger to it again. */
export async function forgetBrowsers(tx: Transaction, accountId: AccountId): Promise<void> {
  await tx.prisma.knownBrowser.deleteMany({ where: { accountId } })
}

const selectConfirmedAt: Statement = {
  name: 'accounts-at-address',
  text: `SELECT username, number FROM accounts a
    WHERE email_canonical = $1 AND is_email_verified AND closed_at IS NULL
    ORDER BY created_at, number LIMIT 20`,
}

/** The accounts at a mailbox whose holders have confirmed that it is theirs: for a mail to it, and for no page. */
export function listConfirmedAt(
  db: Queryable,
  emailCanonical: string,
): Promise<{ username: string; number: string }[]> {
  return db.query(selectConfirmedAt, [emailCanonical])
}
