import type { KeyObject } from 'node:crypto'
import { now } from '../clock.ts'
import { type AccountId, keyedHash } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { CanonicalUsername } from './username.ts'

/** So long after the last sign-in there, and the browser is a stranger again. */
export const knownBrowserDays = 180
/** The newest so many are kept: a program that signs in without its cookies makes one each time. */
const maximumPerAccount = 20

/** What a browser is known by for one username; of two people in one browser it has nothing in common. */
export function browserMark(key: KeyObject, browser: string, username: CanonicalUsername): string {
  return keyedHash(key, `browser ${JSON.stringify([browser, username])}`)
}

const findMark: Statement = {
  name: 'known-browser-find',
  text: `SELECT 1 FROM known_browsers WHERE mark = $1
    AND last_used_at > $2::timestamptz - interval '${knownBrowserDays} days'`,
}

export async function isKnownBrowser(db: Queryable, mark: string): Promise<boolean> {
  return (await db.query(findMark, [mark, now()])).length === 1
}

/**
 * Remembers a browser, as the text of two queries in a WITH, for the statement that records a
 * sign-in. The parameters are named by the caller.
 */
export function rememberBrowser(mark: string, accountId: string, at: string): string {
  return `remembered AS (INSERT INTO known_browsers (mark, account_id, last_used_at)
      SELECT ${mark}::text, ${accountId}::uuid, ${at}::timestamptz WHERE ${mark}::text IS NOT NULL
      ON CONFLICT (mark) DO UPDATE SET last_used_at = EXCLUDED.last_used_at),
    superfluous AS (DELETE FROM known_browsers WHERE mark IN (SELECT mark FROM known_browsers
      WHERE account_id = ${accountId}::uuid AND mark <> ${mark}::text
      ORDER BY last_used_at DESC OFFSET ${maximumPerAccount - 1}))`
}

const remember: Statement = {
  name: 'known-browser-remember',
  text: `WITH ${rememberBrowser('$1', '$2', '$3')} SELECT 1`,
}

/** Remembers a browser outside a sign-in. */
export async function rememberKnownBrowser(
  tx: Transaction,
  mark: string,
  accountId: AccountId,
): Promise<void> {
  await tx.query(remember, [mark, accountId, now()])
}

export const knownBrowserSweep: SweepRule = {
  table: 'known_browsers',
  key: 'mark',
  isOver: `last_used_at < $1::timestamptz - interval '${knownBrowserDays} days'`,
}
