import { errors } from 'oidc-provider'

/** What is known of an artifact that was presented a second time. */
export type Reuse = {
  readonly model: string
  readonly accountId: string | undefined
  readonly clientId: string | undefined
}

type ReusedPayload = { [Name in 'accountId' | 'clientId' | 'grantId']?: string | undefined }

export const pushedRequest = 'PushedAuthorizationRequest'

/** Always throws the engine's refusal. */
export type RefuseReuse = (model: string, payload: ReusedPayload | undefined) => Promise<never>

/**
 * Whoever presents something a second time loses what it stood for, the whole grant.
 * Source: RFC 6749 section 4.1.2.
 */
export function createRefuseReuse(deps: {
  revokeGrant(id: string): Promise<void>
  onReuse(reuse: Reuse): Promise<void>
}): RefuseReuse {
  return async (model, payload) => {
    if (payload?.grantId) await deps.revokeGrant(payload.grantId)
    await deps.onReuse({ model, accountId: payload?.accountId, clientId: payload?.clientId })
    throw model === pushedRequest
      ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
      : new errors.InvalidGrant(`${model} was used twice at the same time`)
  }
}
