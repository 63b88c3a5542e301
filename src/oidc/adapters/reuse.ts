import { errors } from 'oidc-provider'
import { byClient, bySystem } from '../../audit/by.ts'
import type { AccountId, ClientId } from '../../ids.ts'
import { revokeReused } from '../../sessions/revoke-reused.ts'
import type { Database } from '../../storage/db.ts'

type ReusedPayload = { [Name in 'accountId' | 'clientId' | 'grantId']?: string | undefined }

export const pushedRequest = 'PushedAuthorizationRequest'

/** Always throws the engine's refusal. */
export type RefuseReuse = (model: string, payload: ReusedPayload | undefined) => Promise<never>

/** Whoever presents something a second time loses the whole grant, and is refused. */
export function createRefuseReuse(db: Database, storedId: (id: string) => string): RefuseReuse {
  return async (model, payload) => {
    const clientId = payload?.clientId as ClientId | undefined
    const reused = {
      model,
      accountId: payload?.accountId as AccountId | undefined,
      clientId,
      grantId: payload?.grantId && storedId(payload.grantId),
    }
    await revokeReused(db, reused, clientId ? byClient(clientId, {}) : bySystem())
    throw model === pushedRequest
      ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
      : new errors.InvalidGrant(`${model} was used twice at the same time`)
  }
}
