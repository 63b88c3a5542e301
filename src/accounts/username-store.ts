import type { AccountId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import { unlessRefused } from '../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type AccountState, stateSql } from './account-state.ts'
import type { ChosenUsername } from './person/username.ts'
import type { CanonicalUsername } from './username.ts'

/** What a change of the username is decided on. */
export type UsernameFacts = {
  readonly usernameCanonical: CanonicalUsername
  readonly isUpgraded: boolean
  readonly state: AccountState
}

const lockRow: Statement = {
  name: 'account-lock-username',
  text: `SELECT username_canonical AS "usernameCanonical", is_upgraded AS "isUpgraded",
      ${stateSql('accounts')} AS state
    FROM accounts WHERE id = $1::uuid FOR NO KEY UPDATE`,
}

/** Nobody else changes the account until the transaction ends. */
export async function lockUsername(
  tx: Transaction,
  accountId: AccountId,
): Promise<UsernameFacts | undefined> {
  const [row] = await tx.query<UsernameFacts>(lockRow, [accountId])
  return row
}

const selectOwner: Statement = {
  name: 'username-owner',
  text: `SELECT account_id::text AS "accountId" FROM usernames WHERE canonical = $1`,
}

/** Whose a username is, or once was; undefined where nobody ever had it. */
export async function findUsernameOwner(
  db: Queryable,
  username: CanonicalUsername,
): Promise<AccountId | undefined> {
  const [row] = await db.query<{ accountId: AccountId }>(selectOwner, [username])
  return row?.accountId
}

/** Gives an account another username; the trigger on `accounts` keeps every name there ever was. */
export async function writeUsername(
  tx: Transaction,
  id: AccountId,
  { username, usernameCanonical }: ChosenUsername,
): Promise<Outcome<void, 'username-taken'>> {
  return unlessRefused({ accounts_username_canonical_key: 'username-taken' as const }, async () => {
    await tx.prisma.account.update({ where: { id }, data: { username, usernameCanonical } })
  })
}
