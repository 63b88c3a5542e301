import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { epochSeconds } from '../clock.ts'
import { lifetimes, refreshSeconds, sessionTime } from '../sessions/lifetimes.ts'
import { newRefreshTokenId } from '../sessions/refresh-token-id.ts'
import type { RefreshTokenStore } from '../sessions/refresh-token-store.ts'
import type { AccountWithFacts } from './claims.ts'
import { clockTolerance } from './client-authentication.ts'
import { checkNamesCourt } from './court-resources.ts'
import type { EngineClient } from './engine-client.ts'
import { fitIdToken } from './id-token.ts'
import { extraTokenClaims } from './introspection.ts'
import type { RequestFacts } from './request-facts.ts'

/**
 * So many seconds before our clock says so is what we sign issued. Clocks of courts differ from ours by
 * a second, and some libraries refuse what comes from the future.
 */
const issuedBefore = 2

/** How long tokens and sessions live, who gets which, and what is stored with them. */
export function tokenSettings(requestFacts: RequestFacts) {
  /**
   * A request that ends before it has read who signed in (the engine saves the session all the same)
   * gives the shorter time: the next one knows better.
   */
  const isStaff = (ctx: KoaContextWithOIDC, accountId: string): boolean => {
    const account = ctx.oidc.account as AccountWithFacts | undefined
    if (account?.accountId === accountId) return account.facts.isStaff
    return requestFacts.isStaff(ctx, accountId) ?? true
  }

  return {
    conformIdTokenClaims: false,
    clockTolerance,
    ttl: {
      AccessToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.authorizationCode,
      IdToken: lifetimes.idToken,
      Interaction: lifetimes.interaction,
      Grant: lifetimes.grant,
      Session: (ctx, session) =>
        sessionTime(
          session.loginTs ?? session.iat ?? epochSeconds(),
          epochSeconds(),
          session.accountId !== undefined && isStaff(ctx, session.accountId),
        ).secondsLeft,
      RefreshToken: (ctx, token) => refreshTokenSeconds(token, isStaff(ctx, token.accountId)),
    },
    // Opaque access tokens are bound to the session. Refresh tokens have limits of their own and
    // end with the session's end, not with its idle limit; their store sees to it.
    expiresWithSession: async (_ctx, source) => !source.scopes.has('offline_access'),
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    // Every client authenticates itself: a stolen refresh token is of no use without its secret or
    // key, and a page that refreshes twice at once must not end a session. RFC 9700 section 4.14.2
    // asks rotation of public clients; FAPI 2.0 section 5.3.2.1 forbids it.
    rotateRefreshToken: false,
    extraTokenClaims: (ctx, token) => extraTokenClaims(ctx, token as never),
    formats: {
      customizers: {
        jwt(_ctx, _token, { payload }) {
          payload.iat = Number(payload.iat) - issuedBefore
        },
      },
    },
  } satisfies Configuration
}

function refreshTokenSeconds(
  token: { iiat?: number | undefined; authTime?: number | undefined },
  isStaff: boolean,
): number {
  const times = {
    issuedAt: token.iiat ?? epochSeconds(),
    signedInAt: token.authTime ?? epochSeconds(),
  }
  return refreshSeconds(times, epochSeconds(), isStaff)
}

type Savable = { jti?: string; jkt?: string; aud?: string; save(): Promise<string> }

/**
 * What the engine does with tokens and cannot be told otherwise. A request that is refused changes
 * nothing: so the code is used up, and the life of a refresh token extended, when every check has
 * passed. That is when the access token is saved; nothing after it refuses.
 */
export function closeTokenGaps(
  provider: Provider,
  deps: {
    refreshTokens: RefreshTokenStore
    storedId(id: string): string
    /** Of a signature in base64url. */
    signatureBytes(algorithm: 'ES256' | 'RS256'): number
  },
): void {
  const code = provider.AuthorizationCode.prototype as unknown as { consume(): Promise<void> }
  const accessToken = provider.AccessToken.prototype as unknown as Savable
  const refreshToken = provider.RefreshToken.prototype as unknown as Savable & {
    generateTokenId(): string
  }

  const idToken = provider.IdToken.prototype as unknown as {
    client: EngineClient
    set(claim: string, value: number): void
    payload(): Promise<Record<string, unknown>>
    issue(options: { use: string }): Promise<string>
  }
  const payload = idToken.payload
  idToken.payload = async function withinItsSize(this: typeof idToken) {
    const { clientId, cso_courts, idTokenSignedResponseAlg } = this.client
    return fitIdToken(await payload.call(this), {
      issuer: provider.issuer,
      clientId,
      courtCount: cso_courts.length,
      signatureBytes: deps.signatureBytes(idTokenSignedResponseAlg === 'RS256' ? 'RS256' : 'ES256'),
    })
  }

  // The engine's tolerance for the clocks of others would let its own tokens live longer too.
  const accessTokens = provider.AccessToken as unknown as {
    find(...args: unknown[]): Promise<{ isExpired: boolean } | undefined>
  }
  const findAccessToken = accessTokens.find
  accessTokens.find = async function untilItsEnd(...args) {
    const token = await findAccessToken.apply(this, args)
    return token?.isExpired ? undefined : token
  }

  const issueIdToken = idToken.issue
  idToken.issue = function issuedALittleBefore(options) {
    if (options.use === 'idtoken') this.set('iat', epochSeconds() - issuedBefore)
    return issueIdToken.call(this, options)
  }

  // The engine uses the code up before it looks at the proof of the key and at the resource.
  const pendingUses = new WeakMap<object, () => Promise<void>>()
  const consume = code.consume
  code.consume = async function whenAllIsChecked(this: typeof code) {
    const { ctx } = Provider
    if (ctx?.oidc.route === 'token') pendingUses.set(ctx, () => consume.call(this))
    else await consume.call(this)
  }

  const saveAccessToken = accessToken.save
  accessToken.save = async function withWhatItCosts(this: Savable) {
    const { ctx } = Provider
    const client = ctx?.oidc.client as unknown as EngineClient | undefined
    if (client) checkNamesCourt(client, this)
    await (ctx && pendingUses.get(ctx))?.()
    const [value] = await Promise.all([
      saveAccessToken.call(this),
      ctx?.oidc.params?.['grant_type'] === 'refresh_token' && extendRefreshToken(ctx),
    ])
    return value
  }

  const extendRefreshToken = async ({ oidc }: KoaContextWithOIDC) => {
    const { RefreshToken: token, Account: account } = oidc.entities
    if (!token?.jti) return
    const { isStaff } = (account as unknown as AccountWithFacts).facts
    await deps.refreshTokens.extend(deps.storedId(token.jti), refreshTokenSeconds(token, isStaff))
  }

  refreshToken.generateTokenId = newRefreshTokenId

  // A key is a better proof than a secret: who has shown one with a secret needs both from then on.
  // With `private_key_jwt` the client proves a key of its own already, and may change the other one.
  // Source: RFC 9449 section 5.
  const saveRefreshToken = refreshToken.save
  refreshToken.save = async function boundToKey(this: Savable) {
    const { client, entities } = Provider.ctx?.oidc ?? {}
    const method = (client as unknown as EngineClient | undefined)?.clientAuthMethod
    const key = (entities?.AccessToken as unknown as Savable | undefined)?.jkt
    if (key && method?.startsWith('client_secret')) this.jkt = key
    return saveRefreshToken.call(this)
  }
}
