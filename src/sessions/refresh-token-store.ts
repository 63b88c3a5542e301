import { secondsFromNow } from '../clock.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { Payload } from './payload.ts'

// One row per refresh token, from its issue to its end: a use changes nothing but how long it lives.
// It is read in `request-facts.ts`, together with what it hangs on.

const upsertToken: Statement = {
  name: 'refresh-upsert',
  text: `INSERT INTO refresh_tokens (id, account_id, grant_id, session_uid, payload, expires_at)
    VALUES ($1, $2::uuid, $3, $4, $5::jsonb, $6::timestamptz)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at`,
}

// Of several uses within a moment the first one writes, and nobody waits for a row to write the same.
const extendToken: Statement = {
  name: 'refresh-extend',
  text: `UPDATE refresh_tokens SET expires_at = $2::timestamptz
    WHERE id = $1 AND expires_at < $2::timestamptz - interval '1 second'`,
}

const deleteToken: Statement = {
  name: 'refresh-delete',
  text: 'DELETE FROM refresh_tokens WHERE id = $1',
}

/** What a refresh token hangs on, in stored form. */
export type HangsOn = {
  readonly accountId: string | undefined
  readonly grantId: string | undefined
  readonly sessionUid: string | undefined
}

/** @param id its stored form, as everywhere here. */
export async function saveRefreshToken(
  db: Queryable,
  id: string,
  on: HangsOn,
  { payload, expiresInSeconds }: { payload: Payload; expiresInSeconds: number },
): Promise<void> {
  await db.query(upsertToken, [
    id,
    on.accountId ?? null,
    on.grantId ?? null,
    on.sessionUid ?? null,
    JSON.stringify(payload),
    secondsFromNow(expiresInSeconds),
  ])
}

/**
 * The token lives so long from now on, unless it lives longer already; to the second. A token that is
 * gone stays gone.
 */
export async function extendRefreshToken(
  db: Queryable,
  id: string,
  expiresInSeconds: number,
): Promise<void> {
  await db.query(extendToken, [id, secondsFromNow(expiresInSeconds)])
}

export async function deleteRefreshToken(db: Queryable, id: string): Promise<void> {
  await db.query(deleteToken, [id])
}
