import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type AccountState, stateSql } from './account-state.ts'
import { canonicalEmail } from './email-address.ts'

/** Another address for an account, which waits for somebody who reads its mail. */
export type EmailChange = {
  readonly id: string
  readonly accountId: AccountId
  readonly fromEmail: string | null
  readonly toEmail: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** A mail server that is away gets a mail within a day; the link in it holds an hour from then. */
const waitHours = 26

const insertRow: Statement = {
  name: 'email-change-insert',
  text: `INSERT INTO email_changes (id, account_id, from_email, to_email, created_at, expires_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5::timestamptz,
      $5::timestamptz + interval '${waitHours} hours')`,
}

export async function insertEmailChange(
  tx: Transaction,
  change: Pick<EmailChange, 'id' | 'accountId' | 'fromEmail' | 'toEmail'>,
): Promise<void> {
  const { id, accountId, fromEmail, toEmail } = change
  await tx.query(insertRow, [id, accountId, fromEmail, toEmail, now()])
}

const isOpen = 'confirmed_at IS NULL AND withdrawn_at IS NULL'

const selectOpen: Statement = {
  name: 'email-change-open',
  text: `SELECT id::text AS id, account_id::text AS "accountId", from_email AS "fromEmail",
      to_email AS "toEmail", created_at AS "createdAt", expires_at AS "expiresAt"
    FROM email_changes
    WHERE account_id = $1::uuid AND ${isOpen} AND expires_at > $2::timestamptz`,
}

/** The change of an account that waits; there is one at most. */
export async function findOpenEmailChange(
  db: Queryable,
  accountId: AccountId,
): Promise<EmailChange | undefined> {
  const [row] = await db.query<EmailChange>(selectOpen, [accountId, now()])
  return row
}

const withdrawOpen: Statement = {
  name: 'email-change-withdraw',
  text: `UPDATE email_changes SET withdrawn_at = $2::timestamptz
    WHERE account_id = $1::uuid AND ${isOpen} RETURNING id::text AS id`,
}

/** @returns the id of the change that waited until now; undefined where there was none. */
export async function markEmailChangeWithdrawn(
  tx: Transaction,
  accountId: AccountId,
): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(withdrawOpen, [accountId, now()])
  return row?.id
}

const confirmOpen: Statement = {
  name: 'email-change-confirm',
  text: `UPDATE email_changes SET confirmed_at = $2::timestamptz
    WHERE id = $1::uuid AND ${isOpen} AND expires_at > $2::timestamptz RETURNING 1`,
}

/** @returns false where it was withdrawn, or replaced by a later one. */
export async function markEmailChangeConfirmed(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query(confirmOpen, [id, now()])).length === 1
}

/** What a change of the address is decided on. */
export type AddressFacts = {
  readonly username: string
  readonly number: string
  readonly email: string | null
  readonly emailCanonical: string | null
  readonly isEmailVerified: boolean
  readonly state: AccountState
}

const lockRow: Statement = {
  name: 'account-lock-address',
  text: `SELECT username, number, email, email_canonical AS "emailCanonical",
      is_email_verified AS "isEmailVerified", ${stateSql('accounts')} AS state
    FROM accounts WHERE id = $1::uuid FOR NO KEY UPDATE`,
}

/** Nobody else changes the account until the transaction ends. It is locked before its links. */
export async function lockAddress(
  tx: Transaction,
  accountId: AccountId,
): Promise<AddressFacts | undefined> {
  const [row] = await tx.query<AddressFacts>(lockRow, [accountId])
  return row
}

const selectRefused: Statement = {
  name: 'account-address-is-refused',
  text: `SELECT 1 FROM accounts WHERE id = $1::uuid AND email_refused_at IS NOT NULL`,
}

/** Whether a mail server refused the present address for good. */
export async function isAddressRefused(db: Queryable, accountId: AccountId): Promise<boolean> {
  return (await db.query(selectRefused, [accountId])).length === 1
}

const updateRow: Statement = {
  name: 'account-address',
  text: `UPDATE accounts SET email = $2, email_canonical = $3, is_email_verified = true,
      email_refused_at = NULL, updated_at = $4::timestamptz WHERE id = $1::uuid`,
}

/** The account has this address, and its holder has shown to read its mail. */
export async function writeConfirmedAddress(
  tx: Transaction,
  accountId: AccountId,
  email: string,
): Promise<void> {
  await tx.query(updateRow, [accountId, email, canonicalEmail(email), now()])
}

/** So long somebody who asks can be told what became of a change. */
const keptDays = 30

export const emailChangeSweep: SweepRule = {
  table: 'email_changes',
  key: 'id',
  isOver: `expires_at < $1::timestamptz - interval '${keptDays} days'`,
}
