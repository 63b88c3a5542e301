import { epochSeconds, now, secondsFromNow } from '../clock.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { Payload } from './payload.ts'
import type { ShortLivedStore } from './short-lived.ts'

const upsertRow: Statement = {
  name: 'short-lived-upsert',
  text: `INSERT INTO short_lived (model, id, payload, expires_at)
    VALUES ($1, $2, $3::jsonb, $4::timestamptz)
    ON CONFLICT (model, id) DO UPDATE SET payload = EXCLUDED.payload,
      expires_at = EXCLUDED.expires_at`,
}

const replaceRow: Statement = {
  name: 'short-lived-replace',
  text: `UPDATE short_lived SET payload = $4::jsonb, expires_at = $5::timestamptz
    WHERE model = $1 AND id = $2 AND coalesce((payload ->> 'revision')::int, 0) = $3::int
    RETURNING 1`,
}

const insertOnceRow: Statement = {
  name: 'short-lived-insert-once',
  text: `INSERT INTO short_lived AS s (model, id, payload, expires_at)
    VALUES ($1, $2, '{}', $3::timestamptz)
    ON CONFLICT (model, id) DO UPDATE SET expires_at = EXCLUDED.expires_at
      WHERE s.expires_at <= $4::timestamptz
    RETURNING 1`,
}

const findRow: Statement = {
  name: 'short-lived-find',
  text: `SELECT payload, consumed_at AS "consumedAt" FROM short_lived
    WHERE model = $1 AND id = $2 AND expires_at > $3::timestamptz`,
}

const consumeRow: Statement = {
  name: 'short-lived-consume',
  text: `UPDATE short_lived SET consumed_at = $3::timestamptz
    WHERE model = $1 AND id = $2 AND consumed_at IS NULL RETURNING 1`,
}

const deleteRow: Statement = {
  name: 'short-lived-delete',
  text: 'DELETE FROM short_lived WHERE model = $1 AND id = $2',
}

/** The same things in the database, where no Redis is configured. */
export function createShortLivedPostgres(db: Queryable): ShortLivedStore {
  return {
    async upsert(model, id, payload, expiresInSeconds) {
      const expiresAt = secondsFromNow(expiresInSeconds)
      await db.query(upsertRow, [model, id, JSON.stringify(payload), expiresAt])
    },
    async replace(model, id, revision, payload, expiresInSeconds) {
      const expiresAt = secondsFromNow(expiresInSeconds)
      const values = [model, id, revision, JSON.stringify(payload), expiresAt]
      return (await db.query(replaceRow, values)).length === 1
    },
    async insertOnce(model, id, expiresInSeconds) {
      const rows = await db.query(insertOnceRow, [
        model,
        id,
        secondsFromNow(expiresInSeconds),
        now(),
      ])
      return rows.length === 1
    },
    async find(model, id) {
      const [row] = await db.query<{ payload: Payload; consumedAt: Date | null }>(findRow, [
        model,
        id,
        now(),
      ])
      if (!row) return undefined
      return row.consumedAt
        ? { ...row.payload, consumed: epochSeconds(row.consumedAt) }
        : row.payload
    },
    async consume(model, id) {
      return (await db.query(consumeRow, [model, id, now()])).length === 1
    },
    async destroy(model, id) {
      await db.query(deleteRow, [model, id])
    },
  }
}
