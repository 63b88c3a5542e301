import type { AuditEvent } from '../audit/event.ts'
import { auditInsert, auditValues } from '../audit/store.ts'
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

/** In place of `grantValues` where there is none. */
export const noGrant: readonly null[] = [null, null, null, null, null]

const upsertGrant: Statement = { name: 'grant-upsert', text: upsertGrantIfGiven(1) }

/** Whether a row of `grants` is alive, under that alias and at that moment, as SQL text. */
export function isGrantAlive(alias: string, at: string): string {
  return `${alias}.revoked_at IS NULL AND ${alias}.expires_at > ${at}::timestamptz`
}

/** The payload of a living grant, as a query; its parameters are named by the caller. */
export function liveGrant(id: string, at: string): string {
  return `SELECT g.payload FROM grants g WHERE g.id = ${id} AND ${isGrantAlive('g', at)}`
}

export async function saveGrant(db: Queryable, grant: GrantToSave): Promise<void> {
  await db.query(upsertGrant, grantValues(grant))
}

const selectGrant: Statement = { name: 'grant-find', text: liveGrant('$1', '$2') }

/** The payload of the living grant of a stored id. */
export async function findGrant(db: Queryable, id: string): Promise<Payload | undefined> {
  const [row] = await db.query<{ payload: Payload | null }>(selectGrant, [id, now()])
  return row?.payload ?? undefined
}

// A revoked grant stays as a tombstone: a token saved a moment later by a request that was under
// way finds it, and is dead. Revoking an unknown grant leaves one too.
const revokeById = `INSERT INTO grants (id, revoked_at, expires_at)
    SELECT id, $2::timestamptz, $3::timestamptz FROM unnest($1::text[]) AS given(id) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET revoked_at = coalesce(grants.revoked_at, EXCLUDED.revoked_at),
      expires_at = greatest(grants.expires_at, EXCLUDED.expires_at)`

const revokeGrantsById: Statement = { name: 'grants-revoke', text: revokeById }

/** Revokes the grants of these stored ids; what was issued under them is dead. */
export async function revokeGrants(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.query(revokeGrantsById, [[...new Set(ids)], now(), secondsFromNow(lifetimes.grant)])
}

const revokeRecorded: Statement = {
  name: 'grant-revoke-recorded',
  text: `WITH revoked AS (${revokeById}), audited AS (${auditInsert(4)}) SELECT 1`,
}

/** Revokes a grant, if there is one, and records that, in one statement. */
export async function revokeAndRecord(
  db: Queryable,
  id: string | undefined,
  event: AuditEvent,
): Promise<void> {
  const ids = id === undefined ? [] : [id]
  const values = [ids, now(), secondsFromNow(lifetimes.grant), ...auditValues(event)]
  await db.query(revokeRecorded, values)
}

/** What was revoked, of those that were alive. */
export type RevokedGrant = {
  readonly accountId: AccountId | undefined
  readonly clientId: ClientId | undefined
}

type RevokedRow = { accountId: AccountId | null; clientId: ClientId | null; isLive: boolean }

const returnRevoked = `RETURNING account_id AS "accountId", client_id AS "clientId",
  expires_at > $2::timestamptz AS "isLive"`

function readRevoked(rows: readonly RevokedRow[]): RevokedGrant[] {
  return rows
    .filter(({ isLive }) => isLive)
    .map(({ accountId, clientId }) => ({
      accountId: accountId ?? undefined,
      clientId: clientId ?? undefined,
    }))
}

const revokeOfAccount: Statement = {
  name: 'grants-revoke-of-account',
  text: `UPDATE grants SET revoked_at = $2::timestamptz
    WHERE account_id = $1::uuid AND revoked_at IS NULL AND id <> ALL($3::text[]) ${returnRevoked}`,
}

/** Revokes every grant of an account, but those of the stored ids `kept`. */
export async function revokeGrantsOfAccount(
  tx: Transaction,
  accountId: AccountId,
  kept: readonly string[] = [],
): Promise<RevokedGrant[]> {
  return readRevoked(await tx.query<RevokedRow>(revokeOfAccount, [accountId, now(), kept]))
}

const revokeOfClient: Statement = {
  name: 'grants-revoke-of-client',
  text: `UPDATE grants SET revoked_at = $2::timestamptz
    WHERE client_id = $1 AND revoked_at IS NULL ${returnRevoked}`,
}

/** Revokes every grant of a client. */
export async function revokeGrantsOfClient(
  tx: Transaction,
  clientId: ClientId,
): Promise<RevokedGrant[]> {
  return readRevoked(await tx.query<RevokedRow>(revokeOfClient, [clientId, now()]))
}

const revokeAtClient: Statement = {
  name: 'grants-revoke-at-client',
  text: `UPDATE grants SET revoked_at = $2::timestamptz
    WHERE account_id = $1::uuid AND client_id = $3 AND revoked_at IS NULL ${returnRevoked}`,
}

/** Revokes the grants of an account at one client, in every browser. */
export async function revokeGrantsAtClient(
  tx: Transaction,
  accountId: AccountId,
  clientId: ClientId,
): Promise<RevokedGrant[]> {
  return readRevoked(await tx.query<RevokedRow>(revokeAtClient, [accountId, now(), clientId]))
}
