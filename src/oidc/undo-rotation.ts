import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { RefreshTokenStore, StoredRefreshToken } from './stores/refresh-token-store.ts'

/**
 * A refresh that failed after the old token was used up has told the client "try again", and the
 * second try would look like a stolen token and end the whole family. So the old token is good again,
 * and the new one, which nobody was given, is gone. Two uses at the same time are not saved by this:
 * the later one has revoked the grant.
 */
export function undoRotation(deps: {
  refreshTokens: RefreshTokenStore
  storedRefreshToken: (id: string) => StoredRefreshToken
}): Middleware {
  return async (ctx, next) => {
    await next()
    if (ctx.state['fault'] === undefined) return
    const { RotatedRefreshToken: used, RefreshToken: successor } =
      (ctx as unknown as KoaContextWithOIDC).oidc?.entities ?? {}
    if (!used?.jti || !successor?.jti) return
    const { refreshTokens, storedRefreshToken: stored } = deps
    await refreshTokens.restore(stored(used.jti), stored(successor.jti).token)
  }
}
