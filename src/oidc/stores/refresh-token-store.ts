import { epochSeconds, now, secondsFromNow } from '../../clock.ts'
import type { Database, Statement } from '../../storage/db.ts'
import type { Payload } from './payload.ts'

const upsertToken: Statement = {
  name: 'refresh-upsert',
  text: `INSERT INTO refresh_tokens (id, grant_id, session_uid, payload, expires_at)
    VALUES ($1, $2, $3, $4::jsonb, $5::timestamptz)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at`,
}

// A refresh token outlives the idle limit of the browser session it came from (that is its
// purpose), but not the end of that session, and not its grant.
const findToken: Statement = {
  name: 'refresh-find',
  text: `SELECT t.payload, t.consumed_at AS "consumedAt" FROM refresh_tokens t
    WHERE t.id = $1 AND t.expires_at > $2::timestamptz
      AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.id = t.grant_id AND g.revoked_at IS NOT NULL)
      AND NOT EXISTS (
        SELECT 1 FROM sessions s WHERE s.uid = t.session_uid AND s.ended_at IS NOT NULL)`,
}

const consumeToken: Statement = {
  name: 'refresh-consume',
  text: `UPDATE refresh_tokens SET consumed_at = $2::timestamptz
    WHERE id = $1 AND consumed_at IS NULL RETURNING 1`,
}

const deleteToken: Statement = {
  name: 'refresh-delete',
  text: 'DELETE FROM refresh_tokens WHERE id = $1',
}

export type RefreshTokenStore = {
  upsert(
    id: string,
    of: { grantId: string | undefined; sessionUid: string | undefined },
    payload: Payload,
    expiresInSeconds: number,
  ): Promise<void>
  find(id: string): Promise<Payload | undefined>
  consume(id: string): Promise<boolean>
  destroy(id: string): Promise<void>
}

export function createRefreshTokenStore(db: Database): RefreshTokenStore {
  return {
    async upsert(id, of, payload, expiresInSeconds) {
      await db.query(upsertToken, [
        id,
        of.grantId ?? null,
        of.sessionUid ?? null,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
      ])
    },
    async find(id) {
      const [row] = await db.query<{ payload: Payload; consumedAt: Date | null }>(findToken, [
        id,
        now(),
      ])
      if (!row) return undefined
      return row.consumedAt
        ? { ...row.payload, consumed: epochSeconds(row.consumedAt) }
        : row.payload
    },
    async consume(id) {
      return (await db.query(consumeToken, [id, now()])).length === 1
    },
    async destroy(id) {
      await db.query(deleteToken, [id])
    },
  }
}
