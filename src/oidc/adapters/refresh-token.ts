import type { Adapter } from 'oidc-provider'
import { isRefreshTokenId } from '../../sessions/refresh-token-id.ts'
import { deleteRefreshToken, saveRefreshToken } from '../../sessions/refresh-token-store.ts'
import type { Database } from '../../storage/db.ts'
import type { RequestFacts } from '../request-facts.ts'
import { nothingStored } from './nothing-stored.ts'
import { withId, withoutId } from './payload-id.ts'

/** Refresh tokens, each read with what it hangs on. One is not used up: its life is extended. */
export function refreshTokenAdapter(deps: {
  readonly db: Database
  readonly requestFacts: RequestFacts
  storedId(id: string): string
  revokeGrant(id: string): Promise<void>
}): Adapter {
  const { db, requestFacts, storedId } = deps
  return {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const on = {
        accountId: payload.accountId,
        grantId: payload.grantId && storedId(payload.grantId),
        sessionUid: payload.sessionUid && storedId(payload.sessionUid),
      }
      const token = { payload: withoutId(payload), expiresInSeconds: expiresIn! }
      await saveRefreshToken(db, storedId(id), on, token)
    },
    async find(id) {
      if (!isRefreshTokenId(id)) return undefined
      return withId(id, await requestFacts.findRefreshToken(storedId(id)))
    },
    async destroy(id) {
      await deleteRefreshToken(db, storedId(id))
    },
    revokeByGrantId: deps.revokeGrant,
  }
}
