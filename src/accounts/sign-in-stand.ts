import type { AccountId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type AccountState, may, stateSql } from './account-state.ts'

// A sign-in that is under way has no session that could be ended. Instead the password that was proved is
// bound to the stand of its account, a number that grows with everything that ends sign-ins.

/** What a sign-in that is under way is compared with. */
export type SignInStand = { readonly signInStand: number; readonly state: AccountState }

/**
 * Whether what was proved at a stand of the account still counts.
 * @param provedAt undefined for a proof of a release that noted none: it counts no more.
 */
export function isSignInGood(account: SignInStand, provedAt: number | undefined): boolean {
  return account.signInStand === provedAt && may(account, 'sign-in')
}

const selectStand: Statement = {
  name: 'account-sign-in-stand',
  text: `SELECT sign_in_stand AS "signInStand", ${stateSql('accounts')} AS state
    FROM accounts WHERE id = $1::uuid`,
}

/** Undefined where there is no such account. */
export async function findSignInStand(
  db: Queryable,
  id: AccountId,
): Promise<SignInStand | undefined> {
  const [row] = await db.query<SignInStand>(selectStand, [id])
  return row
}

/** The number, of an account that is there. */
export async function getSignInStand(db: Queryable, id: AccountId): Promise<number> {
  const found = await findSignInStand(db, id)
  if (!found) throw new Error('an account is gone within one transaction')
  return found.signInStand
}

const lockStand: Statement = {
  name: 'account-lock-sign-in-stand',
  text: `${selectStand.text} FOR NO KEY UPDATE`,
}

/** The same; and nothing ends the sign-ins of the account until the transaction is over. */
export async function lockSignInStand(
  tx: Transaction,
  id: AccountId,
): Promise<SignInStand | undefined> {
  const [row] = await tx.query<SignInStand>(lockStand, [id])
  return row
}

const raiseStand: Statement = {
  name: 'account-raise-sign-in-stand',
  text: `UPDATE accounts SET sign_in_stand = sign_in_stand + 1 WHERE id = $1::uuid`,
}

/** Nobody comes to an end with a sign-in that was begun before. */
export async function raiseSignInStand(tx: Transaction, id: AccountId): Promise<void> {
  await tx.query(raiseStand, [id])
}
