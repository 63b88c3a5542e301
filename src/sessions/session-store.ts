import type { AuditEvent } from '../audit/event.ts'
import { auditInsert, auditParameters, auditValues } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { type GrantToSave, grantValues, noGrant, upsertGrantIfGiven } from './grant-store.ts'
import type { Payload } from './payload.ts'
import { isRequestFirst, markRequest, requestValues } from './used-request.ts'

// A court walked into in one tab and another in a second tab save the same session at the same
// time: what each knows of its own client must survive the other, so `authorizations` are merged.
// Our own pages save a session without its device, which stays.
// A session that is over is never brought back by a request that was still under way. What else one
// authorization changes, its grant and its audit row, is committed with it.
const sessionInsert = (
  onlyIf?: string,
) => `INSERT INTO sessions (id, uid, account_id, payload, expires_at)
    SELECT $1, $2, $3::uuid, $4::jsonb, $5::timestamptz
      WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE uid = $2 AND ended_at IS NOT NULL)
        ${onlyIf ? `AND EXISTS (${onlyIf})` : ''}
    ON CONFLICT (id) DO UPDATE SET account_id = EXCLUDED.account_id,
      payload = jsonb_strip_nulls(jsonb_build_object('device', sessions.payload -> 'device'))
        || EXCLUDED.payload || jsonb_build_object('authorizations',
        coalesce(sessions.payload -> 'authorizations', '{}')
        || coalesce(EXCLUDED.payload -> 'authorizations', '{}')),
      expires_at = EXCLUDED.expires_at
      WHERE sessions.replaced_at IS NULL AND sessions.ended_at IS NULL`

const upsertSession: Statement = {
  name: 'session-upsert',
  text: `WITH granted AS (${upsertGrantIfGiven(6)}),
    audited AS (${auditInsert(11, 'SELECT 1 WHERE $11::text IS NOT NULL')})
    ${sessionInsert()}`,
}

const noEvent = Array.from({ length: auditParameters }, () => null)

const afterAudit = 11 + auditParameters

// The same for the answer to a pushed request: of many at the same moment the first one writes.
const answerRequest: Statement = {
  name: 'session-upsert-request',
  text: `WITH requested AS (${markRequest(`$${afterAudit}`, `$${afterAudit + 1}`, 'true')}),
    granted AS (${upsertGrantIfGiven(6, isRequestFirst)}),
    audited AS (${auditInsert(11, `${isRequestFirst} WHERE $11::text IS NOT NULL`)}),
    saved AS (${sessionInsert(isRequestFirst)})
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

/** A session by its stored identifier, which changes, and its stored uid, which stays. */
export type SessionToSave = {
  readonly id: string
  readonly uid: string
  readonly payload: Payload
  readonly expiresInSeconds: number
}

/** What is committed with a session that is saved. */
export type SavedWithSession = {
  readonly grant?: GrantToSave | undefined
  readonly event?: AuditEvent | undefined
  /** The stored id of the pushed request that is answered. */
  readonly request?: string | undefined
}

/** The parameters that a session has in every statement that saves one. */
export function sessionValues({ id, uid, payload, expiresInSeconds }: SessionToSave): unknown[] {
  return [
    id,
    uid,
    payload.accountId ?? null,
    JSON.stringify(payload),
    secondsFromNow(expiresInSeconds),
  ]
}

/** @returns false when the pushed request was used already: nothing is changed. */
export async function saveSession(
  db: Queryable,
  session: SessionToSave,
  { grant, event, request }: SavedWithSession = {},
): Promise<boolean> {
  const values = [
    ...sessionValues(session),
    ...(grant ? grantValues(grant) : noGrant),
    ...(event ? auditValues(event) : noEvent),
  ]
  if (request) {
    const rows = await db.query(answerRequest, [...values, ...requestValues(request)])
    return rows.length === 1
  }
  await db.query(upsertSession, values)
  return true
}

/** The stored identifier is dead from now on; the session may live on under a new one. */
export async function replaceSessionId(db: Queryable, id: string): Promise<void> {
  await db.query(replaceSession, [id, now()])
}

/** The payload of the live session of a stored uid. */
export async function findLiveSession(db: Queryable, uid: string): Promise<Payload | undefined> {
  const [row] = await db.query<{ payload: Payload }>(findSessionByUid, [uid, now()])
  return row?.payload
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
