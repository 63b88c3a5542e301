import { epochSeconds, now, secondsFromNow } from '../../clock.ts'
import type { Database, Statement } from '../../storage/db.ts'
import type { Payload } from './payload.ts'

const upsertToken: Statement = {
  name: 'refresh-upsert',
  text: `INSERT INTO refresh_tokens (id, payload, expires_at)
    VALUES ($1, $2::jsonb, $3::timestamptz)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at`,
}

const findToken: Statement = {
  name: 'refresh-find',
  text: `SELECT payload, consumed_at AS "consumedAt" FROM refresh_tokens
    WHERE id = $1 AND expires_at > $2::timestamptz`,
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
  upsert(id: string, payload: Payload, expiresInSeconds: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  consume(id: string): Promise<boolean>
  destroy(id: string): Promise<void>
}

export function createRefreshTokenStore(db: Database): RefreshTokenStore {
  return {
    async upsert(id, payload, expiresInSeconds) {
      const expiresAt = secondsFromNow(expiresInSeconds)
      await db.query(upsertToken, [id, JSON.stringify(payload), expiresAt])
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
