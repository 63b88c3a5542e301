import type { KeyObject } from 'node:crypto'
import { rememberBrowser } from '../accounts/known-browsers.ts'
import { type SignInAccount, signInAccountJson } from '../accounts/store.ts'
import type { CanonicalUsername } from '../accounts/username.ts'
import type { AuditEvent } from '../audit/event.ts'
import { auditInsert, auditParameters, auditValues } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import { type FactsJson, factsJson, type PersonFacts, readFacts } from '../efiling/facts.ts'
import { type AccountId, type CourtId, keyedHash } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'

/** The 5th failure in a row costs 30 s, each further one twice as long, up to an hour. */
export const freeFailures = 4
export const firstDelaySeconds = 30
export const longestDelaySeconds = 3600
/**
 * So many in a row and the password of that name is no longer accepted, until somebody unlocks it.
 * Source: NIST SP 800-63B-4 section 3.2.2.
 */
export const maximumFailures = 100

/** An attempt is decided in far less; one that is not was given up by a process that ended. */
const pendingSeconds = 10

/** What `sign_in_failures` knows a name by: a dump does not say who was attacked. */
export function failureSubject(key: KeyObject, username: string): string {
  return keyedHash(key, `username ${username}`)
}

// While no more are under way than could be wrong without a pause, they are looked at side by side;
// after that one at a time. So many at once are never more guesses than one after the other.
const reserveAttempt: Statement = {
  name: 'sign-in-reserve',
  text: `INSERT INTO sign_in_failures AS f (subject, pending, pending_until, updated_at)
    VALUES ($1, 1, $3::timestamptz, $2::timestamptz)
    ON CONFLICT (subject) DO UPDATE SET
      failures = CASE WHEN f.pending_until <= $2::timestamptz
        THEN f.failures + f.pending ELSE f.failures END,
      pending = CASE WHEN f.pending_until <= $2::timestamptz THEN 1 ELSE f.pending + 1 END,
      pending_until = EXCLUDED.pending_until, updated_at = EXCLUDED.updated_at
      WHERE (f.locked_until IS NULL OR f.locked_until <= $2::timestamptz)
        AND f.failures < ${maximumFailures}
        AND (f.pending = 0 OR f.pending_until <= $2::timestamptz
          OR f.failures + f.pending <= ${freeFailures})
    RETURNING failures + pending - 1 AS failures, ${signInAccountJson('$4')} AS account`,
}

const readFailures: Statement = {
  name: 'sign-in-failures',
  text: `SELECT failures, locked_until AS "lockedUntil" FROM sign_in_failures WHERE subject = $1`,
}

// A name whose row went meanwhile (a release before this one deletes it) begins anew.
const failAttempt: Statement = {
  name: 'sign-in-fail',
  text: `WITH failed AS (INSERT INTO sign_in_failures AS f (subject, failures, updated_at)
      VALUES ($1, 1, $2::timestamptz)
      ON CONFLICT (subject) DO UPDATE SET failures = f.failures + 1,
        pending = greatest(f.pending - 1, 0), updated_at = EXCLUDED.updated_at,
        locked_until = CASE WHEN f.failures + 1 > ${freeFailures} THEN $2::timestamptz
          + least(${longestDelaySeconds}, ${firstDelaySeconds} * power(2, least(f.failures - ${freeFailures}, 20)))
          * interval '1 second' END
      RETURNING failures, locked_until),
    audited AS (${auditInsert(3, 'SELECT 1 WHERE $3::text IS NOT NULL')})
    SELECT failures, locked_until AS "lockedUntil" FROM failed`,
}

const afterAudit = 3 + auditParameters

const succeedAttempt: Statement = {
  name: 'sign-in-succeed',
  text: `WITH forgotten AS (UPDATE sign_in_failures SET failures = 0,
      pending = greatest(pending - 1, 0), locked_until = NULL, updated_at = $2::timestamptz
      WHERE subject = $1),
    ${rememberBrowser(`$${afterAudit}`, `$${afterAudit + 1}`, '$2')},
    audited AS (${auditInsert(3, 'SELECT 1 WHERE $3::text IS NOT NULL')})
    SELECT (SELECT ${factsJson(`$${afterAudit + 2}`, 'NULL', '$2')} FROM accounts a
      WHERE a.id = $${afterAudit + 1}::uuid AND $${afterAudit + 2}::text[] IS NOT NULL) AS facts`,
}

const withdrawAttempt: Statement = {
  name: 'sign-in-withdraw',
  text: `UPDATE sign_in_failures SET pending = greatest(pending - 1, 0) WHERE subject = $1`,
}

/** Failures in a row, and until when no password is looked at. */
export type FailureCount = { readonly failures: number; readonly lockedUntil: Date | null }

/** An attempt that was taken. */
export type Reserved = {
  /** In a row, before it. */
  readonly failures: number
  /** Whose name it is; null where nobody has it. */
  readonly account: SignInAccount | null
}

/** Takes one attempt at a name, with the account that it is about; undefined where none may be looked at now. */
export async function reserve(
  db: Queryable,
  subject: string,
  username: CanonicalUsername | undefined,
): Promise<Reserved | undefined> {
  const values = [subject, now(), secondsFromNow(pendingSeconds), username ?? null]
  const [row] = await db.query<Reserved>(reserveAttempt, values)
  return row
}

export async function findFailures(db: Queryable, subject: string): Promise<FailureCount> {
  const [row] = await db.query<FailureCount>(readFailures, [subject])
  return row ?? { failures: 0, lockedUntil: null }
}

/** The reserved attempt was wrong; the audit row, if any, is committed with it. */
export async function fail(
  db: Queryable,
  subject: string,
  event: AuditEvent | undefined,
): Promise<FailureCount> {
  const values = [subject, now(), ...eventValues(event)]
  const [row] = await db.query<FailureCount>(failAttempt, values)
  return row!
}

/** What is recorded in one statement with a right password. */
export type Success = {
  readonly event?: AuditEvent | undefined
  /** The browser that is known from now on, and to whom. */
  readonly browser?: { readonly mark: string; readonly accountId: AccountId } | undefined
  /** The courts for which the facts of this person are wanted. */
  readonly factsFor?: readonly CourtId[] | undefined
}

/**
 * The reserved attempt was right: the failures are forgotten, the other attempts under way are not.
 * @returns the facts of the person who is known in this browser now, where they are wanted.
 */
export async function succeed(
  db: Queryable,
  subject: string,
  { event, browser, factsFor }: Success,
): Promise<PersonFacts | undefined> {
  const { mark = null, accountId = null } = browser ?? {}
  const values = [subject, now(), ...eventValues(event), mark, accountId, factsFor ?? null]
  const [row] = await db.query<{ facts: FactsJson | null }>(succeedAttempt, values)
  return row?.facts ? readFacts(row.facts) : undefined
}

/** Nothing was decided: the reserved attempt does not count. */
export async function withdraw(db: Queryable, subject: string): Promise<void> {
  await db.query(withdrawAttempt, [subject])
}

const forgetAttempts: Statement = {
  name: 'sign-in-forget',
  text: `DELETE FROM sign_in_failures WHERE subject = $1 RETURNING failures`,
}

/** @returns how many failures in a row were forgotten. */
export async function forgetFailures(tx: Transaction, subject: string): Promise<number> {
  const [row] = await tx.query<{ failures: number }>(forgetAttempts, [subject])
  return row?.failures ?? 0
}

function eventValues(event: AuditEvent | undefined): unknown[] {
  return event ? auditValues(event) : Array.from({ length: auditParameters }, () => null)
}

export const signInFailureSweep: SweepRule = {
  table: 'sign_in_failures',
  key: 'subject',
  // A password that is no longer accepted waits for somebody to unlock it: that is never forgotten.
  isOver: `updated_at < $1::timestamptz - interval '24 hours'
    AND (locked_until IS NULL OR locked_until < $1::timestamptz) AND failures < ${maximumFailures}`,
}
