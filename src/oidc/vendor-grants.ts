import { now } from '../clock.ts'
import type { AccountId, ClientId } from '../ids.ts'
import { isGrantAlive } from '../sessions/grant-store.ts'
import type { Payload } from '../sessions/payload.ts'
import { isSessionAlive } from '../sessions/session-store.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { scopesGiving } from './claim-scopes.ts'

/** What one person allowed one vendor's application, in all browsers together. */
export type VendorGrant = {
  readonly clientId: ClientId
  readonly clientName: string
  readonly courtNames: readonly string[]
  /** Everything that is allowed in any of the browsers, claims that were asked for one by one included. */
  readonly scopes: readonly string[]
  /** The first of the consents that are in force. */
  readonly allowedAt: Date
}

type GrantRow = {
  id: string
  clientId: ClientId
  clientName: string
  courtNames: string[]
  payload: Payload & { openid?: { scope?: string; claims?: string[] }; iat?: number }
  canRefresh: boolean
}

const selectGrants: Statement = {
  name: 'vendor-grants',
  text: `SELECT g.id, g.client_id AS "clientId", c.name AS "clientName", g.payload,
      ARRAY(SELECT k.name FROM client_courts cc JOIN courts k ON k.id = cc.court_id
        WHERE cc.client_id = c.id ORDER BY k.id) AS "courtNames",
      EXISTS (SELECT 1 FROM refresh_tokens t
        WHERE t.grant_id = g.id AND t.expires_at > $2::timestamptz) AS "canRefresh"
    FROM grants g JOIN clients c ON c.id = g.client_id
    WHERE g.account_id = $1::uuid AND c.kind = 'vendor'
      AND ${isGrantAlive('g', '$2')}
    ORDER BY c.name, c.id`,
}

const selectAuthorizations: Statement = {
  name: 'vendor-grants-sessions',
  text: `SELECT s.payload -> 'authorizations' AS authorizations FROM sessions s
    WHERE s.account_id = $1::uuid AND ${isSessionAlive('s', '$2')}`,
}

/**
 * What is in force of what the person allowed to vendors: consents of a session that lives, and those
 * under which an application still has a refresh token.
 * @param storedGrantId the stored form of a grant's identifier.
 */
export async function listVendorGrants(
  db: Queryable,
  storedGrantId: (id: string) => string,
  accountId: AccountId,
): Promise<VendorGrant[]> {
  const values = [accountId, now()]
  const grants = await db.query<GrantRow>(selectGrants, values)
  if (grants.length === 0) return []
  const sessions = await db.query<{
    authorizations: Record<string, { grantId?: string }> | null
  }>(selectAuthorizations, values)
  const living = new Set(
    sessions
      .flatMap(({ authorizations }) => Object.values(authorizations ?? {}))
      .flatMap(({ grantId }) => (grantId ? [storedGrantId(grantId)] : [])),
  )
  const inForce = grants.filter((grant) => grant.canRefresh || living.has(grant.id))
  return [...Map.groupBy(inForce, (grant) => grant.clientId).values()].map(together)
}

function together(grants: GrantRow[]): VendorGrant {
  const { clientId, clientName, courtNames } = grants[0]!
  const scopes = grants.flatMap(({ payload: { openid } }) => [
    ...(openid?.scope?.split(' ') ?? []),
    ...scopesGiving(openid?.claims ?? []),
  ])
  const earliest = Math.min(...grants.map(({ payload }) => payload.iat ?? 0))
  return {
    clientId,
    clientName,
    courtNames,
    scopes: [...new Set(scopes)],
    allowedAt: new Date(earliest * 1000),
  }
}
