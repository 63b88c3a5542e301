import { now, secondsFromNow } from '../../clock.ts'
import type { Database, Statement } from '../../storage/db.ts'
import type { Payload } from './payload.ts'

// A refresh token is read in `request-facts.ts`, together with what it hangs on.

// With a predecessor ($7) the row appears only if this statement is the one that used it up: the old
// token is spent and the new one exists, or neither, also when the process dies in between.
const insertToken: Statement = {
  name: 'refresh-insert',
  text: `WITH used AS (UPDATE refresh_tokens SET consumed_at = $8::timestamptz
      WHERE id = $7 AND consumed_at IS NULL RETURNING 1)
    INSERT INTO refresh_tokens (id, account_id, grant_id, session_uid, payload, expires_at)
    SELECT $1, $2::uuid, $3, $4, $5::jsonb, $6::timestamptz
      WHERE $7::text IS NULL OR EXISTS (SELECT 1 FROM used)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
    RETURNING 1`,
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

const restoreToken: Statement = {
  name: 'refresh-restore',
  text: `WITH gone AS (DELETE FROM refresh_tokens WHERE id = $2 RETURNING 1)
    UPDATE refresh_tokens SET consumed_at = NULL WHERE id = $1 AND EXISTS (SELECT 1 FROM gone)`,
}

/** What a refresh token hangs on, in stored form. */
export type HangsOn = {
  readonly accountId: string | undefined
  readonly grantId: string | undefined
  readonly sessionUid: string | undefined
}

export type RefreshTokenStore = {
  /**
   * Saves a token, and uses up the one it replaces in the same statement.
   * @returns false when that one had been used already; nothing is saved then.
   */
  save(
    id: string,
    on: HangsOn,
    payload: Payload,
    expiresInSeconds: number,
    replacedId: string | undefined,
  ): Promise<boolean>
  /** True for exactly one caller. */
  consume(id: string): Promise<boolean>
  /**
   * Makes a used token good again, and its successor, which nobody was given, disappear. Without that
   * successor nothing happens: then somebody else has used the token.
   */
  restore(id: string, successorId: string): Promise<void>
  destroy(id: string): Promise<void>
}

export function createRefreshTokenStore(db: Database): RefreshTokenStore {
  return {
    async save(id, on, payload, expiresInSeconds, replacedId) {
      const rows = await db.query(insertToken, [
        id,
        on.accountId ?? null,
        on.grantId ?? null,
        on.sessionUid ?? null,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
        replacedId ?? null,
        now(),
      ])
      return rows.length === 1
    },
    async consume(id) {
      return (await db.query(consumeToken, [id, now()])).length === 1
    },
    async restore(id, successorId) {
      await db.query(restoreToken, [id, successorId])
    },
    async destroy(id) {
      await db.query(deleteToken, [id])
    },
  }
}
