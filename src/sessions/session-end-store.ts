import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Statement, Transaction } from '../storage/db.ts'
import type { Payload } from './payload.ts'

/** The grants that a session gave, by the identifiers that the authorization server knows them by. */
export function grantIdsOf({ authorizations }: Pick<Payload, 'authorizations'>): string[] {
  return Object.values(authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])
}

/** A session that was ended, and what had come of it. */
export type EndedSession = Pick<Payload, 'authorizations'> & {
  readonly accountId: AccountId | undefined
  /** The ids of the clients that were signed in to. */
  readonly clients: readonly string[]
}

/** A row of each identifier that the session had, the one that is or was the last marked. */
type EndedRow = { uid: string; payload: Payload; isLast: boolean; isLive: boolean }

const returnEnded = `RETURNING uid, payload, replaced_at IS NULL AS "isLast",
  replaced_at IS NULL AND expires_at > $2::timestamptz AS "isLive"`

const endSession: Statement = {
  name: 'session-end',
  text: `UPDATE sessions SET ended_at = $2::timestamptz
    WHERE uid = $1 AND ended_at IS NULL ${returnEnded}`,
}

/**
 * Ends the session of a stored uid for good, under whatever identifier it lives.
 * @returns undefined where it was ended before, however many ask at the same time.
 */
export async function markSessionEnded(
  tx: Transaction,
  uid: string,
): Promise<EndedSession | undefined> {
  const rows = await tx.query<EndedRow>(endSession, [uid, now()])
  const last = rows.find(({ isLast }) => isLast) ?? rows[0]
  return last && readEnded(last.payload)
}

const endSessionsOfAccount: Statement = {
  name: 'sessions-end-of-account',
  text: `UPDATE sessions SET ended_at = $2::timestamptz
    WHERE account_id = $1::uuid AND ended_at IS NULL AND ($3::text IS NULL OR uid <> $3)
    ${returnEnded}`,
}

/**
 * Ends every session of an account for good, but the one of the stored uid `kept`.
 * @returns those that were alive.
 */
export async function markSessionsEnded(
  tx: Transaction,
  accountId: AccountId,
  kept?: string,
): Promise<EndedSession[]> {
  const rows = await tx.query<EndedRow>(endSessionsOfAccount, [accountId, now(), kept ?? null])
  const live = new Map(rows.filter(({ isLive }) => isLive).map((row) => [row.uid, row.payload]))
  return [...live.values()].map(readEnded)
}

function readEnded({ accountId, authorizations }: Payload): EndedSession {
  return {
    accountId: accountId as AccountId | undefined,
    authorizations,
    clients: Object.keys(authorizations ?? {}).sort(),
  }
}
