import { now, secondsFromNow } from '../../clock.ts'
import type { Database, Statement } from '../../storage/db.ts'
import type { Payload } from './payload.ts'

// One row per family, however often it rotates. It knows the newest token alone; what else is
// presented under its name was used before. It is read in `request-facts.ts`, together with what it
// hangs on.

const insertFamily: Statement = {
  name: 'refresh-insert',
  text: `INSERT INTO refresh_tokens AS f
      (id, newest, account_id, grant_id, session_uid, payload, expires_at)
    VALUES ($1, $2, $3::uuid, $4, $5, $6::jsonb, $7::timestamptz)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
      WHERE f.newest = EXCLUDED.newest`,
}

// The old token is used up and the new one exists, or neither, also when the process dies in between.
const rotateFamily: Statement = {
  name: 'refresh-rotate',
  text: `UPDATE refresh_tokens
    SET newest = $3, payload = $4::jsonb, expires_at = $5::timestamptz, consumed_at = $6::timestamptz
    WHERE id = $1 AND newest = $2 RETURNING 1`,
}

const consumeNewest: Statement = {
  name: 'refresh-consume',
  text: `UPDATE refresh_tokens SET newest = NULL, consumed_at = $3::timestamptz
    WHERE id = $1 AND newest = $2 RETURNING 1`,
}

const deleteFamily: Statement = {
  name: 'refresh-delete',
  text: 'DELETE FROM refresh_tokens WHERE id = $1',
}

const restorePredecessor: Statement = {
  name: 'refresh-restore',
  text: 'UPDATE refresh_tokens SET newest = $3 WHERE id = $1 AND newest = $2',
}

/** A refresh token in stored form. */
export type StoredRefreshToken = {
  readonly family: string
  readonly token: string
}

/** What a refresh token hangs on, in stored form. */
export type HangsOn = {
  readonly accountId: string | undefined
  readonly grantId: string | undefined
  readonly sessionUid: string | undefined
}

export type RefreshTokenStore = {
  /** Saves the first token of a family, or the same one again. */
  save(
    id: StoredRefreshToken,
    on: HangsOn,
    payload: Payload,
    expiresInSeconds: number,
  ): Promise<void>
  /**
   * Saves the next token of a family in place of the one before it, which is used up.
   * @returns false when that one had been used already; nothing is saved then.
   */
  rotate(
    predecessor: StoredRefreshToken,
    token: string,
    payload: Payload,
    expiresInSeconds: number,
  ): Promise<boolean>
  /** True for exactly one caller. */
  consume(id: StoredRefreshToken): Promise<boolean>
  /**
   * Makes a used token good again in place of its successor, which nobody was given. When that one is
   * the newest no more, nothing happens: then somebody else has used the token.
   */
  restore(predecessor: StoredRefreshToken, successor: string): Promise<void>
  /** The whole family is gone. */
  destroy(family: string): Promise<void>
}

export function createRefreshTokenStore(db: Database): RefreshTokenStore {
  return {
    async save({ family, token }, on, payload, expiresInSeconds) {
      await db.query(insertFamily, [
        family,
        token,
        on.accountId ?? null,
        on.grantId ?? null,
        on.sessionUid ?? null,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
      ])
    },
    async rotate(predecessor, token, payload, expiresInSeconds) {
      const rows = await db.query(rotateFamily, [
        predecessor.family,
        predecessor.token,
        token,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
        now(),
      ])
      return rows.length === 1
    },
    async consume({ family, token }) {
      return (await db.query(consumeNewest, [family, token, now()])).length === 1
    },
    async restore(predecessor, successor) {
      await db.query(restorePredecessor, [predecessor.family, successor, predecessor.token])
    },
    async destroy(family) {
      await db.query(deleteFamily, [family])
    },
  }
}
