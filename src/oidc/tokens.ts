import type { Configuration, KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import { noteSearch } from '../accounts/note-search.ts'
import { epochSeconds } from '../clock.ts'
import { lifetimes, refreshSeconds, sessionTime } from '../sessions/lifetimes.ts'
import { newRefreshTokenId } from '../sessions/refresh-token-id.ts'
import { extendRefreshToken } from '../sessions/refresh-token-store.ts'
import type { Database } from '../storage/db.ts'
import { clockTolerance } from './client-authentication.ts'
import { checkNamesCourt } from './court-resources.ts'
import { accountOf, clientOf, currentRequest, keepFound, nameTokens, ourClient } from './engine.ts'
import { fitIdToken } from './id-token.ts'
import { extraTokenClaims } from './introspection.ts'
import { notesOf } from './request-notes.ts'

/**
 * So many seconds before our clock says so is what we sign issued. Clocks of courts differ from ours by
 * a second, and some libraries refuse what comes from the future.
 */
const issuedBefore = 2

/** How long tokens and sessions live, who gets which, and what is stored with them. */
export function tokenSettings() {
  /**
   * A request that ends before it has read who signed in (the engine saves the session all the same)
   * gives the shorter time: the next one knows better.
   */
  const isStaff = (ctx: KoaContextWithOIDC, accountId: string): boolean => {
    const account = accountOf(ctx.oidc)
    if (account?.accountId === accountId) return account.facts.isStaff
    return notesOf(ctx).isStaff.get(accountId) ?? true
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
    extraTokenClaims: (ctx, token) => extraTokenClaims(ctx, token),
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

/**
 * What the engine does with tokens and cannot be told otherwise. A request that is refused changes
 * nothing: so the code is used up, and the life of a refresh token extended, when every check has
 * passed. That is when the access token is saved; nothing after it refuses.
 */
export function closeTokenGaps(
  provider: Provider,
  deps: {
    db: Database
    storedId(id: string): string
    /** Of a signature in base64url. */
    signatureBytes(algorithm: 'ES256' | 'RS256'): number
  },
): void {
  const code = provider.AuthorizationCode.prototype
  const accessToken = provider.AccessToken.prototype
  const refreshToken = provider.RefreshToken.prototype

  const idToken = provider.IdToken.prototype
  const payload = idToken.payload
  idToken.payload = async function withinItsSize(this: typeof idToken) {
    const { clientId, cso_courts, idTokenSignedResponseAlg } = ourClient(this.client)
    return fitIdToken(await payload.call(this), {
      issuer: provider.issuer,
      clientId,
      courtCount: cso_courts.length,
      signatureBytes: deps.signatureBytes(idTokenSignedResponseAlg === 'RS256' ? 'RS256' : 'ES256'),
    })
  }

  // The engine's tolerance for the clocks of others would let its own tokens live longer too.
  keepFound(provider.AccessToken, (token) => !token.isExpired)

  const issueIdToken = idToken.issue
  idToken.issue = function issuedALittleBefore(options) {
    if (options.use === 'idtoken') this.set('iat', epochSeconds() - issuedBefore)
    return issueIdToken.call(this, options)
  }

  // The engine uses the code up before it looks at the proof of the key and at the resource.
  const consume = code.consume
  code.consume = async function whenAllIsChecked(this: typeof code) {
    const ctx = currentRequest()
    if (ctx?.oidc.route === 'token') notesOf(ctx).useCode = () => consume.call(this)
    else await consume.call(this)
  }

  const saveAccessToken = accessToken.save
  accessToken.save = async function withWhatItCosts(this: typeof accessToken) {
    const ctx = currentRequest()
    const client = clientOf(ctx?.oidc)
    if (client) checkNamesCourt(client, this)
    const account = ctx && accountOf(ctx.oidc)
    const isSignIn = ctx?.oidc.params?.['grant_type'] === 'authorization_code'
    if (isSignIn && client?.cso_kind === 'national' && account) {
      await noteSearch(deps.db, account.facts.account)
    }
    await (ctx && notesOf(ctx).useCode?.())
    const [value] = await Promise.all([
      saveAccessToken.call(this),
      ctx?.oidc.params?.['grant_type'] === 'refresh_token' && extendUsed(ctx),
    ])
    return value
  }

  const extendUsed = async ({ oidc }: KoaContextWithOIDC) => {
    const { RefreshToken: token } = oidc.entities
    const account = accountOf(oidc)
    if (!token?.jti || !account) return
    const { isStaff } = account.facts
    await extendRefreshToken(deps.db, deps.storedId(token.jti), refreshTokenSeconds(token, isStaff))
  }

  nameTokens(provider.RefreshToken, newRefreshTokenId)

  // A key is a better proof than a secret: who has shown one with a secret needs both from then on.
  // With `private_key_jwt` the client proves a key of its own already, and may change the other one.
  // Source: RFC 9449 section 5.
  const saveRefreshToken = refreshToken.save
  refreshToken.save = async function boundToKey(this: typeof refreshToken) {
    const { client, entities } = currentRequest()?.oidc ?? {}
    const key = entities?.AccessToken?.jkt
    if (key && client?.clientAuthMethod?.startsWith('client_secret')) this.jkt = key
    return saveRefreshToken.call(this)
  }
}
