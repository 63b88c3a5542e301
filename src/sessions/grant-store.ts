import { now, secondsFromNow } from '../clock.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { lifetimes } from './lifetimes.ts'
import type { Payload } from './payload.ts'

/**
 * Saves a grant unless it is revoked, as SQL text with its five parameters numbered from `first`;
 * nothing when the first one is null. For a statement that saves more than the grant.
 */
export function upsertGrantIfGiven(first: number, onlyIf?: string): string {
  const [id, accountId, clientId, payload, expiresAt] = [0, 1, 2, 3, 4].map((n) => `$${first + n}`)
  return `INSERT INTO grants AS g (id, account_id, client_id, payload, expires_at)
    SELECT ${id}::text, ${accountId}::uuid, ${clientId}::text, ${payload}::jsonb,
      ${expiresAt}::timestamptz WHERE ${id}::text IS NOT NULL${onlyIf ? ` AND EXISTS (${onlyIf})` : ''}
    ON CONFLICT (id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
      WHERE g.revoked_at IS NULL`
}

export type GrantToSave = {
  readonly id: string
  readonly payload: Payload
  readonly expiresInSeconds: number
}

/** The parameters of `upsertGrantIfGiven`, in its order. */
export function grantValues({ id, payload, expiresInSeconds }: GrantToSave): unknown[] {
  return [
    id,
    payload.accountId ?? null,
    payload.clientId ?? null,
    JSON.stringify(payload),
    secondsFromNow(expiresInSeconds),
  ]
}

const upsertGrant: Statement = { name: 'grant-upsert', text: upsertGrantIfGiven(1) }

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
  upsert(grant: GrantToSave): Promise<void>
  find(id: string): Promise<Payload | undefined>
  revoke(id: string): Promise<void>
}

export function createGrantStore(db: Queryable): GrantStore {
  return {
    async upsert(grant) {
      await db.query(upsertGrant, grantValues(grant))
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

const revokeGrantsOfAccount: Statement = {
  name: 'grants-revoke-of-account',
  text: `UPDATE grants SET revoked_at = $2::timestamptz
    WHERE account_id = $1::uuid AND revoked_at IS NULL
    RETURNING client_id AS "clientId", expires_at > $2::timestamptz AS "isLive"`,
}

/**
 * Revokes every grant of an account; what was issued under them is dead.
 * @returns the clients that they were given to, one for each grant that was alive.
 */
export async function revokeGrantsOf(
  tx: Transaction,
  accountId: AccountId,
): Promise<(ClientId | undefined)[]> {
  const rows = await tx.query<{ clientId: ClientId | null; isLive: boolean }>(
    revokeGrantsOfAccount,
    [accountId, now()],
  )
  return rows.filter(({ isLive }) => isLive).map(({ clientId }) => clientId ?? undefined)
}
