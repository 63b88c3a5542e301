import type { AuditEvent } from '../audit/event.ts'
import { auditInsert, auditParameters, auditValues } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type GrantToSave, grantValues, upsertGrantIfGiven } from './grant-store.ts'
import type { Payload } from './payload.ts'
import { isRequestFirst, markRequest, requestValues } from './used-request.ts'

// A court walked into in one tab and another in a second tab save the same session at the same
// time: what each knows of its own client must survive the other, so `authorizations` are merged.
// A session that is over is never brought back by a request that was still under way. What else one
// authorization changes, its grant and its audit row, is committed with it.
const saveSession = (
  onlyIf?: string,
) => `INSERT INTO sessions (id, uid, account_id, payload, expires_at)
    SELECT $1, $2, $3::uuid, $4::jsonb, $5::timestamptz
      WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE uid = $2 AND ended_at IS NOT NULL)
        ${onlyIf ? `AND EXISTS (${onlyIf})` : ''}
    ON CONFLICT (id) DO UPDATE SET account_id = EXCLUDED.account_id,
      payload = EXCLUDED.payload || jsonb_build_object('authorizations',
        coalesce(sessions.payload -> 'authorizations', '{}')
        || coalesce(EXCLUDED.payload -> 'authorizations', '{}')),
      expires_at = EXCLUDED.expires_at
      WHERE sessions.replaced_at IS NULL AND sessions.ended_at IS NULL`

const upsertSession: Statement = {
  name: 'session-upsert',
  text: `WITH granted AS (${upsertGrantIfGiven(6)}),
    audited AS (${auditInsert(11, 'SELECT 1 WHERE $11::text IS NOT NULL')})
    ${saveSession()}`,
}

const afterAudit = 11 + auditParameters

// The same for the answer to a pushed request: of many at the same moment the first one writes.
const answerRequest: Statement = {
  name: 'session-upsert-request',
  text: `WITH requested AS (${markRequest(`$${afterAudit}`, `$${afterAudit + 1}`, 'true')}),
    granted AS (${upsertGrantIfGiven(6, isRequestFirst)}),
    audited AS (${auditInsert(11, `${isRequestFirst} WHERE $11::text IS NOT NULL`)}),
    saved AS (${saveSession(isRequestFirst)})
    ${isRequestFirst}`,
}

// A session is found by its identifier in `request-facts.ts`, together with its account.

/** Whether a row of `sessions` is alive, under that alias and at that moment, as SQL text. */
export function isSessionAlive(alias: string, at: string): string {
  return `${alias}.replaced_at IS NULL AND ${alias}.ended_at IS NULL
    AND ${alias}.expires_at > ${at}::timestamptz`
}

/** The payload of the live session of a stored uid, as a query; its parameters are named by the caller. */
export function liveSession(uid: string, at: string): string {
  return `SELECT s.payload FROM sessions s WHERE s.uid = ${uid} AND ${isSessionAlive('s', at)}
    ORDER BY s.expires_at DESC LIMIT 1`
}

/** Whether the session of a stored uid was ended for good, as a query. */
export function endedSession(uid: string): string {
  return `SELECT EXISTS (SELECT 1 FROM sessions s WHERE s.uid = ${uid} AND s.ended_at IS NOT NULL)`
}

const findSessionByUid: Statement = {
  name: 'session-find-by-uid',
  text: liveSession('$1', '$2'),
}

const replaceSession: Statement = {
  name: 'session-replace',
  text: `UPDATE sessions SET replaced_at = $2::timestamptz WHERE id = $1 AND replaced_at IS NULL`,
}

/** Sessions by the hash of their uid, which stays, and of their identifier, which changes. */
export type SessionStore = {
  /**
   * @param together what is committed with it; `request` is the stored id of a pushed request.
   * @returns false when the pushed request was used already: nothing is changed.
   */
  upsert(
    id: string,
    uid: string,
    payload: Payload,
    expiresInSeconds: number,
    together?: {
      grant?: GrantToSave | undefined
      event?: AuditEvent | undefined
      request?: string | undefined
    },
  ): Promise<boolean>
  findByUid(uid: string): Promise<Payload | undefined>
  /** The identifier is dead from now on; the session may live on under a new one. */
  destroy(id: string): Promise<void>
}

export function createSessionStore(db: Queryable): SessionStore {
  const absent = (count: number) => Array.from({ length: count }, () => null)
  return {
    async upsert(id, uid, payload, expiresInSeconds, { grant, event, request } = {}) {
      const values = [
        id,
        uid,
        payload.accountId ?? null,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
        ...(grant ? grantValues(grant) : absent(5)),
        ...(event ? auditValues(event) : absent(auditParameters)),
      ]
      if (request) {
        const rows = await db.query(answerRequest, [...values, ...requestValues(request)])
        return rows.length === 1
      }
      await db.query(upsertSession, values)
      return true
    },
    findByUid: (uid) => findLiveSession(db, uid),
    async destroy(id) {
      await db.query(replaceSession, [id, now()])
    },
  }
}

/** The payload of the live session of a stored uid. */
export async function findLiveSession(db: Queryable, uid: string): Promise<Payload | undefined> {
  const [row] = await db.query<{ payload: Payload }>(findSessionByUid, [uid, now()])
  return row?.payload
}

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

const countSessions: Statement = {
  name: 'sessions-of-account',
  text: `SELECT count(DISTINCT s.uid) AS count FROM sessions s
    WHERE s.account_id = $1::uuid AND ${isSessionAlive('s', '$2')}`,
}

/** How many sessions of an account are alive. */
export async function countSessionsOf(db: Queryable, accountId: AccountId): Promise<number> {
  const [row] = await db.query<{ count: number }>(countSessions, [accountId, now()])
  return row?.count ?? 0
}
