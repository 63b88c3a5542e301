import { now } from '../../clock.ts'
import type { AccountId } from '../../ids.ts'
import type { Outcome } from '../../outcome.ts'
import { unlessRefused } from '../../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { Prisma } from '../../storage/generated/client.ts'
import type { CanonicalEmail } from '../email-address.ts'
import type { CanonicalUsername } from '../username.ts'
import {
  doneMinutes,
  formMinutes,
  formMostHours,
  holdsMinutes,
  mostTries,
  type Registration,
  waitHours,
} from './registration.ts'

const insertRow: Statement = {
  name: 'registration-insert',
  text: `INSERT INTO registrations (id, email, email_canonical, browser_mark, client_id, created_at, expires_at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + interval '${waitHours} hours')`,
}

export async function insertRegistration(
  tx: Transaction,
  row: {
    readonly id: string
    readonly email: string
    readonly emailCanonical: CanonicalEmail
    readonly browserMark: string
    readonly clientId: string | undefined
  },
): Promise<void> {
  const { id, email, emailCanonical, browserMark, clientId } = row
  await tx.query(insertRow, [id, email, emailCanonical, browserMark, clientId ?? null, now()])
}

const columns = `id::text AS id, email, email_canonical AS "emailCanonical", client_id AS "clientId",
  code_mark IS NOT NULL AS "isSent", code_tries AS "codeTries",
  coalesce(code_expires_at <= $2::timestamptz, false) AS "isCodeOver",
  expires_at <= $2::timestamptz AS "isOver", account_id AS "accountId"`

const selectAsked: Statement = {
  name: 'registration-asked',
  text: `SELECT ${columns} FROM registrations WHERE browser_mark = $1
    ORDER BY created_at DESC, id LIMIT 1`,
}

/** What this browser asked for last. */
export async function findAsked(db: Queryable, mark: string): Promise<Registration | undefined> {
  const [row] = await db.query<Registration>(selectAsked, [mark, now()])
  return row
}

const selectConfirmed: Statement = {
  name: 'registration-confirmed',
  text: `SELECT ${columns} FROM registrations WHERE confirmed_mark = $1
    ORDER BY confirmed_at DESC, id LIMIT 1`,
}

/** What was confirmed in this browser last. */
export async function findConfirmed(
  db: Queryable,
  mark: string,
): Promise<Registration | undefined> {
  const [row] = await db.query<Registration>(selectConfirmed, [mark, now()])
  return row
}

const selectById: Statement = {
  name: 'registration-find',
  text: `SELECT ${columns} FROM registrations WHERE id = $1::uuid`,
}

export async function findRegistration(
  db: Queryable,
  id: string,
): Promise<Registration | undefined> {
  const [row] = await db.query<Registration>(selectById, [id, now()])
  return row
}

const waitForMail: Statement = {
  name: 'registration-wait',
  text: `UPDATE registrations SET code_mark = NULL, code_expires_at = NULL,
      expires_at = greatest(expires_at, $2::timestamptz + interval '${waitHours} hours')
    WHERE id = $1::uuid AND account_id IS NULL RETURNING 1`,
}

/** Another mail is on its way: the code of the one before counts no more. */
export async function expectMail(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query(waitForMail, [id, now()])).length === 1
}

const noteCode: Statement = {
  name: 'registration-sent',
  text: `UPDATE registrations SET code_mark = $2, code_tries = 0,
      code_expires_at = $3::timestamptz + interval '${holdsMinutes} minutes',
      expires_at = greatest(expires_at, $3::timestamptz + interval '${holdsMinutes} minutes')
    WHERE id = $1::uuid AND account_id IS NULL`,
}

/** The mail goes out now: its code counts from here on. */
export async function writeCode(tx: Transaction, id: string, mark: string): Promise<void> {
  await tx.query(noteCode, [id, mark, now()])
}

// The tries are counted in the statement that looks: of twenty at once five are looked at.
const tryCodeOnce: Statement = {
  name: 'registration-code',
  text: `WITH tried AS (UPDATE registrations SET code_tries = code_tries + 1
      WHERE id = $1::uuid AND browser_mark = $2 AND account_id IS NULL AND code_mark IS NOT NULL
        AND code_tries < ${mostTries} AND code_expires_at > $4::timestamptz
        AND expires_at > $4::timestamptz
      RETURNING code_mark = $3 AS "isRight", code_tries AS "codeTries")
    SELECT "isRight", "codeTries" FROM tried`,
}

/** @returns undefined where the code was not looked at. */
export async function tryCode(
  tx: Transaction,
  id: string,
  mark: string,
  code: string,
): Promise<{ readonly isRight: boolean; readonly codeTries: number } | undefined> {
  const values = [id, mark, code, now()]
  const [row] = await tx.query<{ isRight: boolean; codeTries: number }>(tryCodeOnce, values)
  return row
}

const confirmIn: Statement = {
  name: 'registration-confirm',
  text: `UPDATE registrations SET confirmed_mark = $2,
      confirmed_at = coalesce(confirmed_at, $3::timestamptz),
      expires_at = least($3::timestamptz + interval '${formMinutes} minutes',
        coalesce(confirmed_at, $3::timestamptz) + interval '${formMostHours} hours')
    WHERE id = $1::uuid AND account_id IS NULL AND expires_at > $3::timestamptz RETURNING 1`,
}

/**
 * The address is confirmed, and the form is this browser's.
 * @returns false where an account was made of it already, or it is over.
 */
export async function markConfirmedIn(tx: Transaction, id: string, mark: string): Promise<boolean> {
  return (await tx.query(confirmIn, [id, mark, now()])).length === 1
}

const extendTime: Statement = {
  name: 'registration-extend',
  text: `UPDATE registrations SET expires_at = greatest(expires_at, least(
      $2::timestamptz + interval '${formMinutes} minutes',
      confirmed_at + interval '${formMostHours} hours'))
    WHERE id = $1::uuid AND account_id IS NULL AND expires_at > $2::timestamptz`,
}

/** Gives an answer that has to be mended its time. */
export async function extendRegistration(db: Queryable, id: string): Promise<void> {
  await db.query(extendTime, [id, now()])
}

const takeUp: Statement = {
  name: 'registration-use',
  text: `UPDATE registrations SET account_id = $3::uuid,
      expires_at = $4::timestamptz + interval '${doneMinutes} minutes'
    WHERE id = $1::uuid AND confirmed_mark = $2 AND account_id IS NULL
      AND expires_at > $4::timestamptz RETURNING 1`,
}

/** Uses it up for this account; false where somebody else did, or it is over. */
export async function useRegistration(
  tx: Transaction,
  id: string,
  mark: string,
  accountId: AccountId,
): Promise<boolean> {
  return (await tx.query(takeUp, [id, mark, accountId, now()])).length === 1
}

const selectTaken: Statement = {
  name: 'username-taken',
  text: 'SELECT 1 FROM usernames WHERE canonical = $1',
}

/** Whether the name is, or once was, an account's. */
export async function isUsernameTaken(
  db: Queryable,
  username: CanonicalUsername,
): Promise<boolean> {
  return (await db.query(selectTaken, [username])).length === 1
}

const accountMembers: Readonly<Record<string, 'number-taken' | 'username-taken'>> = {
  accounts_number_key: 'number-taken',
  // Also for a name that somebody had once.
  accounts_username_canonical_key: 'username-taken',
}

export async function insertRegistered(
  tx: Transaction,
  account: Prisma.AccountUncheckedCreateInput,
): Promise<Outcome<void, 'number-taken' | 'username-taken'>> {
  return unlessRefused(accountMembers, async () => {
    await tx.prisma.account.create({ data: account })
  })
}
