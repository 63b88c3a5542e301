import type { Context, Middleware } from 'koa'
import type {
  AccessToken,
  ClientCredentials,
  KoaContextWithOIDC,
  OIDCContext,
  RefreshToken,
} from 'oidc-provider'
import { may } from '../accounts/account-state.ts'
import type { ClientCourt } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { clientScopes } from '../clients/metadata.ts'
import { now } from '../clock.ts'
import { factsForCourts } from '../efiling/facts.ts'
import type { CourtId } from '../ids.ts'
import { registeredScopes } from './claim-scopes.ts'
import { pacerClaim, statedEfiling } from './claims.ts'
import { accountOf, engineOf, getClient } from './engine.ts'
import { courtResources, courtsOfResource, type EngineClient } from './engine-client.ts'
import { notesOf } from './request-notes.ts'

type Token = AccessToken | RefreshToken

/** The courts a token is for: those of its audience, or all of its client's when it names none. */
function audienceCourts(
  clientCourts: readonly ClientCourt[],
  token: Token | ClientCredentials,
): readonly ClientCourt[] {
  const [resource] = 'aud' in token ? [token.aud ?? []].flat() : []
  return resource ? courtsOfResource(clientCourts, resource) : clientCourts
}

/**
 * Who may ask about a token: the client it was issued to, and a court that is its audience. Everyone
 * else learns that it is not active, as for a token that does not exist. Source: RFC 7662 section 4.
 */
export function createIntrospectionPolicy(directory: ClientDirectory) {
  return async function allowedPolicy(
    ctx: KoaContextWithOIDC,
    _client: unknown,
    token: Token | ClientCredentials,
  ): Promise<boolean> {
    const asking = getClient(ctx.oidc)
    if (token.clientId === asking.clientId) return true
    if (asking.cso_kind !== 'court' || token.kind !== 'AccessToken') return false
    const owner = await directory.find(token.clientId ?? '')
    if (!owner) return false
    const audience = new Set(audienceCourts(owner.courts, token).map((court) => court.id))
    return asking.cso_courts.some((court) => audience.has(court.id))
  }
}

/**
 * Completes an introspection answer with the facts of now, where the engine would repeat those of
 * the token's issue, and only those of courts that both the token and the asking client are for.
 */
export function describeTokens(directory: ClientDirectory): Middleware {
  return async (ctx, next) => {
    await next()
    const oidc = engineOf(ctx)
    if (oidc?.route === 'introspection') await describeToken(ctx, oidc, directory)
  }
}

async function describeToken(
  ctx: Context,
  oidc: OIDCContext,
  directory: ClientDirectory,
): Promise<void> {
  const body = ctx.body as Record<string, unknown>
  const token: Token | undefined = oidc.entities.AccessToken ?? oidc.entities.RefreshToken
  if (body['active'] !== true || !token) return

  const inactive = () => {
    ctx.body = { active: false }
  }
  const asking = getClient(oidc)
  const owner = await directory.find(token.clientId ?? '')
  const known = token.accountId && notesOf(ctx).facts.get(token.accountId)
  if (!owner || !known || !may(known.account, 'sign-in')) return inactive()

  const askingIds = new Set<CourtId>(asking.cso_courts.map((court) => court.id))
  const courts = audienceCourts(owner.courts, token).filter((court) => askingIds.has(court.id))
  const facts = factsForCourts(known, new Set(courts.map((court) => court.id)))

  // The token's own, as far as the registration of its client holds them now; and a service is told
  // what its own registration holds.
  const registered = registeredScopes(owner.metadata.scope)
  const scopes = String(body['scope'] ?? '')
    .split(' ')
    .filter((scope) => registered.has(scope))
  body['scope'] = scopes.join(' ') || undefined
  const told = registeredScopes(asking.scope)
  const tells = (scope: string) => scopes.includes(scope) && told.has(scope)
  if (tells('pacer')) body['pacer'] = pacerClaim(facts)
  if (tells('efiling')) body['efiling'] = statedEfiling(facts, now())
  if (body['aud'] === undefined && token.kind === 'AccessToken') {
    const resources = courtResources(owner.courts)
    body['aud'] = resources.length === 1 ? resources[0] : resources
  }
}

/** The scopes that mean something at a court. */
export const courtScopes: readonly string[] = clientScopes

/** The resource server of a court, for a client that is registered for that court. */
export function courtResourceServer(client: EngineClient, resource: string) {
  if (courtsOfResource(client.cso_courts, resource).length === 0) return undefined
  return {
    scope: courtScopes.join(' '),
    audience: resource,
    accessTokenTTL: undefined,
    ...(client.access_token_format === 'jwt' && {
      accessTokenFormat: 'jwt' as const,
      jwt: { sign: { alg: client.idTokenSignedResponseAlg as 'ES256' | 'RS256' } },
    }),
  }
}

/**
 * What is stored with an access token at its issue. How the person signed in does not change later;
 * a JWT also carries the facts, since nobody can ask about it. Source: RFC 9068 section 2.2.
 */
export function extraTokenClaims(ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials) {
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken
  const authentication = {
    ...(source?.acr && { acr: source.acr }),
    ...(source?.amr && { amr: source.amr }),
    ...(source?.authTime && { auth_time: source.authTime }),
  }
  const account = accountOf(ctx.oidc)
  const isJwt = token.resourceServer?.accessTokenFormat === 'jwt'
  if (!isJwt || !account) return authentication
  const client = getClient(ctx.oidc)
  const courts = new Set(audienceCourts(client.cso_courts, token).map((court) => court.id))
  const facts = factsForCourts(account.facts, courts)
  const scopes = new Set(token.scope?.split(' '))
  return {
    ...authentication,
    ...(scopes.has('pacer') && { pacer: pacerClaim(facts) }),
    ...(scopes.has('efiling') && { efiling: statedEfiling(facts, now()) }),
  }
}
