import type { KoaContextWithOIDC } from 'oidc-provider'
import { clientScopes } from '../clients/metadata.ts'

/** Which scope gives which claims; the contract is in `docs/integrate.md`. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid', 'session_expiry'],
  profile: ['name', 'given_name', 'family_name', 'preferred_username'],
  email: ['email', 'email_verified'],
  pacer: ['pacer'],
  efiling: ['efiling'],
} as const satisfies Record<(typeof clientScopes)[number], readonly string[]>

/** The `claims` parameter. Source: OpenID Connect Core 1.0 section 5.5. */
export type ClaimsRequest = {
  readonly id_token?: Readonly<Record<string, unknown>> | undefined
  readonly userinfo?: Readonly<Record<string, unknown>> | undefined
}

/** The scopes of a registration; one that names none may ask for all but `offline_access`. */
export function registeredScopes(scope: string | undefined): ReadonlySet<string> {
  return new Set(scope === undefined ? clientScopes : scope.split(' '))
}

/**
 * What is left of a `claims` parameter when only claims are kept whose scope is registered. Asking for
 * a claim one by one is another way to ask for its scope, and gets no further. What we do not know is
 * dropped too. Source: OpenID Connect Core 1.0 section 5.5 (unknown members are ignored).
 */
export function permittedClaims(
  request: ClaimsRequest,
  registered: ReadonlySet<string>,
): ClaimsRequest {
  const isPermitted = (claim: string) => registered.has(scopeOfClaim(claim) ?? '')
  const filter = (claims: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(claims).filter(([claim]) => isPermitted(claim)))
  return {
    ...(request.id_token && { id_token: filter(request.id_token) }),
    ...(request.userinfo && { userinfo: filter(request.userinfo) }),
  }
}

/**
 * Runs for every authorization request, pushed ones included (see `extraParams` in `request-rules.ts`),
 * before anybody is asked for consent, and before anything is stored for the request.
 */
export const claimRules = {
  cso_permitted_claims({ oidc }: KoaContextWithOIDC) {
    const request = readClaimsRequest(oidc.params?.['claims'])
    if (!request) return
    const permitted = permittedClaims(request, registeredScopes(oidc.client?.scope))
    oidc.params!['claims'] = JSON.stringify(permitted)
  },
}

/**
 * The claims that a request names one by one beyond what every sign-in tells (`sub`, `acr`, …), each
 * once: what the person is asked about, and what the audit says.
 */
export function namedClaims(request: ClaimsRequest | undefined): string[] {
  const names = [request?.id_token, request?.userinfo].flatMap((claims) =>
    Object.entries(claims ?? {}).flatMap(([claim, value]) => (isAsked(value) ? [claim] : [])),
  )
  return [...new Set(names)].filter((claim) => {
    const scope = scopeOfClaim(claim)
    return scope !== undefined && scope !== 'openid'
  })
}

/** The scopes that would give these claims. */
export function scopesGiving(claims: readonly string[]): string[] {
  return [...new Set(claims.flatMap((claim) => scopeOfClaim(claim) ?? []))]
}

/** The parameter as it was stored: checked when it came, so that it is JSON. */
export function readClaimsRequest(parameter: unknown): ClaimsRequest | undefined {
  return typeof parameter === 'string' ? (JSON.parse(parameter) as ClaimsRequest) : undefined
}

/** The engine takes `null` and an object for a request, and nothing else. */
function isAsked(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value))
}

function scopeOfClaim(claim: string): string | undefined {
  return clientScopes.find((scope) => (claimsByScope[scope] as readonly string[]).includes(claim))
}
