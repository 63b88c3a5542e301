import { now, secondsFromNow } from '../../clock.ts'
import type { Database, Statement } from '../../storage/db.ts'
import { lifetimes } from '../lifetimes.ts'
import type { Payload } from './payload.ts'

const upsertGrant: Statement = {
  name: 'grant-upsert',
  text: `INSERT INTO grants (id, account_id, client_id, payload, expires_at)
    VALUES ($1, $2::uuid, $3, $4::jsonb, $5::timestamptz)
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
      WHERE grants.revoked_at IS NULL`,
}

/** The payload of a living grant, as a query; its parameters are named by the caller. */
export function liveGrant(id: string, at: string): string {
  return `SELECT g.payload FROM grants g
    WHERE g.id = ${id} AND g.revoked_at IS NULL AND g.expires_at > ${at}::timestamptz`
}

const findGrant: Statement = { name: 'grant-find', text: liveGrant('$1', '$2') }

// A revoked grant stays as a tombstone: a token saved a moment later by a request that was under
// way finds it, and is dead. Revoking an unknown grant leaves one too.
const revokeGrant: Statement = {
  name: 'grant-revoke',
  text: `INSERT INTO grants (id, revoked_at, expires_at)
    VALUES ($1, $2::timestamptz, $3::timestamptz)
    ON CONFLICT (id) DO UPDATE SET revoked_at = coalesce(grants.revoked_at, EXCLUDED.revoked_at),
      expires_at = greatest(grants.expires_at, EXCLUDED.expires_at)`,
}

export type GrantStore = {
  upsert(id: string, payload: Payload, expiresInSeconds: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  revoke(id: string): Promise<void>
}

export function createGrantStore(db: Database): GrantStore {
  return {
    async upsert(id, payload, expiresInSeconds) {
      await db.query(upsertGrant, [
        id,
        payload.accountId ?? null,
        payload.clientId ?? null,
        JSON.stringify(payload),
        secondsFromNow(expiresInSeconds),
      ])
    },
    async find(id) {
      const [row] = await db.query<{ payload: Payload | null }>(findGrant, [id, now()])
      return row?.payload ?? undefined
    },
    async revoke(id) {
      await db.query(revokeGrant, [id, now(), secondsFromNow(lifetimes.grant)])
    },
  }
}
