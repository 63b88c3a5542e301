import { randomUUID } from 'node:crypto'
import type { AccountId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import { stateSql } from '../account-state.ts'
import type { CanonicalEmail } from '../email-address.ts'
import { heldSql } from '../hold.ts'
import type { CanonicalUsername } from '../username.ts'
import type { RecoverableAccount, Recovery } from './recovery.ts'

const insertRow: Statement = {
  name: 'recovery-insert',
  text: `INSERT INTO recoveries (id, kind, typed, client_id, ip, request_id)
    VALUES ($1::uuid, $2, $3, $4, $5, $6)`,
}

/** @returns its id, for the job that answers. */
export async function insertRecovery(tx: Transaction, recovery: Recovery): Promise<string> {
  const { kind, typed, clientId, ip, requestId } = recovery
  const id = randomUUID()
  await tx.query(insertRow, [id, kind, typed, clientId, ip, requestId])
  return id
}

const selectRow: Statement = {
  name: 'recovery-find',
  text: `SELECT kind, typed, client_id AS "clientId", ip, request_id AS "requestId"
    FROM recoveries WHERE id = $1::uuid`,
}

/** Undefined where it was answered. */
export async function findRecovery(db: Queryable, id: string): Promise<Recovery | undefined> {
  const [row] = await db.query<Recovery>(selectRow, [id])
  return row
}

const takeRow: Statement = {
  name: 'recovery-take',
  text: 'DELETE FROM recoveries WHERE id = $1::uuid RETURNING 1',
}

/** Takes a question with the transaction of its answer; false where somebody else did. */
export async function takeRecovery(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query(takeRow, [id])).length === 1
}

const columns = `a.id::text AS id, a.number, a.username, a.username_canonical AS "usernameCanonical",
  a.given_name AS "givenName", a.family_name AS "familyName", a.email,
  a.email_canonical AS "emailCanonical", a.is_email_verified AS "isEmailVerified",
  a.password_hash AS "passwordHash",
  a.disowned_password_hash AS "disownedPasswordHash", ${stateSql('a')} AS state, ${heldSql('a')} AS held`

const selectNamed: Statement = {
  name: 'recovery-named',
  text: `SELECT ${columns} FROM accounts a WHERE a.username_canonical = $1 OR a.number = $2`,
}

/** The account of that username or number. Nobody's username is a number: it has eight characters, or letters. */
export async function findNamed(
  db: Queryable,
  username: CanonicalUsername | undefined,
  number: string | undefined,
): Promise<RecoverableAccount | undefined> {
  const values = [username ?? null, number ?? null]
  const [row] = await db.query<RecoverableAccount>(selectNamed, values)
  return row
}

/** So many are named in a mail. */
const mostAtAddress = 50

const selectAtAddress: Statement = {
  name: 'recovery-at-address',
  text: `SELECT ${columns} FROM accounts a
    WHERE a.email_canonical = $1 AND a.is_email_verified AND a.closed_at IS NULL
    ORDER BY a.number LIMIT ${mostAtAddress}`,
}

/** The accounts at a mailbox whose holders have confirmed that it is theirs, closed ones aside. */
export function listAtAddress(db: Queryable, email: CanonicalEmail): Promise<RecoverableAccount[]> {
  return db.query<RecoverableAccount>(selectAtAddress, [email])
}

const selectById: Statement = {
  name: 'recovery-account',
  text: `SELECT ${columns} FROM accounts a WHERE a.id = $1::uuid`,
}

export async function findRecoverable(
  db: Queryable,
  id: AccountId,
): Promise<RecoverableAccount | undefined> {
  const [row] = await db.query<RecoverableAccount>(selectById, [id])
  return row
}

const lockById: Statement = {
  name: 'recovery-lock',
  text: `SELECT ${columns} FROM accounts a WHERE a.id = $1::uuid FOR NO KEY UPDATE`,
}

/** The same, and nobody else changes the account until the transaction ends. It is locked before its links. */
export async function lockRecoverable(
  tx: Transaction,
  id: AccountId,
): Promise<RecoverableAccount | undefined> {
  const [row] = await tx.query<RecoverableAccount>(lockById, [id])
  return row
}
