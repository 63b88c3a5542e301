import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { keyedHash } from '../ids.ts'
import type { GrantStore } from './stores/grant-store.ts'
import type { RefreshTokenStore } from './stores/refresh-token-store.ts'
import type { SessionStore } from './stores/session-store.ts'
import type { ShortLivedStore } from './stores/short-lived.ts'

export type Stores = {
  readonly sessions: SessionStore
  readonly grants: GrantStore
  readonly refreshTokens: RefreshTokenStore
  readonly shortLived: ShortLivedStore
}

/** What is known of an artifact that was presented a second time. */
export type Reuse = {
  readonly model: string
  readonly accountId: string | undefined
  readonly clientId: string | undefined
}

export type AdapterOptions = {
  readonly stores: Stores
  /** Keys the hashes under which identifiers are stored. */
  readonly identifierKey: Buffer
  readonly findClient: (id: string) => Promise<AdapterPayload | undefined>
  readonly onReuse: (reuse: Reuse) => Promise<void>
}

/** The stored form of an identifier that was handed to somebody. */
export function storedId(key: Buffer, id: string): string {
  return keyedHash(key, id)
}

/**
 * The engine's storage, one adapter per model. Identifiers are stored as a keyed hash and taken out
 * of the payload too: a dump of the store is not a bag of live sessions. `consume` is atomic, and
 * whoever comes second loses the whole grant. Source: RFC 6749 section 4.1.2, RFC 9700 section 4.14.
 */
export function createAdapterFactory(options: AdapterOptions): (model: string) => Adapter {
  const { stores, identifierKey } = options
  const hash = (id: string) => storedId(identifierKey, id)
  const hashOptional = (id: string | undefined) => (id === undefined ? undefined : hash(id))

  const revokeGrant = async (grantId: string) => {
    const id = hash(grantId)
    await Promise.all([stores.grants.revoke(id), stores.shortLived.revokeByGrantId(id)])
  }

  /** Lets the first caller pass; the others lose what the artifact stood for. */
  const consumeOnce = async (
    model: string,
    consume: () => Promise<boolean>,
    find: () => Promise<AdapterPayload | undefined>,
  ) => {
    if (await consume()) return
    const payload = await find()
    if (payload?.grantId) await revokeGrant(payload.grantId)
    await options.onReuse({ model, accountId: payload?.accountId, clientId: payload?.clientId })
    throw model === 'PushedAuthorizationRequest'
      ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
      : new errors.InvalidGrant(`${model} was used twice at the same time`)
  }

  const unsupported: Adapter = {
    upsert: async () => undefined,
    find: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: async () => undefined,
    destroy: async () => undefined,
    revokeByGrantId: async () => undefined,
  }

  const sessionAdapter: Adapter = {
    ...unsupported,
    async upsert(id, payload, expiresIn) {
      await stores.sessions.upsert(hash(id), hash(payload.uid!), withoutId(payload), expiresIn!)
    },
    async find(id) {
      return withId(id, await stores.sessions.find(hash(id)))
    },
    async findByUid(uid) {
      return stores.sessions.findByUid(hash(uid))
    },
    async destroy(id) {
      await stores.sessions.destroy(hash(id))
    },
  }

  const grantAdapter: Adapter = {
    ...unsupported,
    async upsert(id, payload, expiresIn) {
      await stores.grants.upsert(hash(id), withoutId(payload), expiresIn!)
    },
    async find(id) {
      return withId(id, await stores.grants.find(hash(id)))
    },
    async destroy(id) {
      await revokeGrant(id)
    },
    revokeByGrantId: revokeGrant,
  }

  const refreshTokenAdapter: Adapter = {
    ...unsupported,
    async upsert(id, payload, expiresIn) {
      const of = {
        grantId: hashOptional(payload.grantId),
        sessionUid: hashOptional(payload.sessionUid),
      }
      await stores.refreshTokens.upsert(hash(id), of, withoutId(payload), expiresIn!)
    },
    async find(id) {
      return withId(id, await stores.refreshTokens.find(hash(id)))
    },
    async consume(id) {
      const stored = hash(id)
      await consumeOnce(
        'RefreshToken',
        () => stores.refreshTokens.consume(stored),
        () => stores.refreshTokens.find(stored),
      )
    },
    async destroy(id) {
      await stores.refreshTokens.destroy(hash(id))
    },
    revokeByGrantId: revokeGrant,
  }

  const clientAdapter: Adapter = { ...unsupported, find: options.findClient }

  const shortLivedAdapter = (model: string): Adapter => ({
    ...unsupported,
    async upsert(id, payload, expiresIn) {
      // An interaction names the grant of the session it began in, and outlives it: another person
      // may sign in on its page.
      const grantId = model === 'Interaction' ? undefined : hashOptional(payload.grantId)
      await stores.shortLived.upsert(model, hash(id), grantId, withoutId(payload), expiresIn!)
    },
    async find(id) {
      return withId(id, await stores.shortLived.find(model, hash(id)))
    },
    async consume(id) {
      const stored = hash(id)
      await consumeOnce(
        model,
        () => stores.shortLived.consume(model, stored),
        () => stores.shortLived.find(model, stored),
      )
    },
    async destroy(id) {
      await stores.shortLived.destroy(model, hash(id))
    },
    revokeByGrantId: revokeGrant,
  })

  return (model) => {
    switch (model) {
      case 'Session':
        return sessionAdapter
      case 'Grant':
        return grantAdapter
      case 'RefreshToken':
        return refreshTokenAdapter
      case 'Client':
        return clientAdapter
      default:
        return shortLivedAdapter(model)
    }
  }
}

/**
 * The payload without the identifier it is stored under. An interaction repeats its own identifier
 * in the address to return to, and the session's as `cookie`, which nothing reads.
 */
function withoutId(payload: AdapterPayload): AdapterPayload {
  const { jti, ...rest } = payload
  if (rest.kind !== 'Interaction') return rest
  const { cookie: _, ...session } = (rest.session ?? {}) as Record<string, unknown>
  return {
    ...rest,
    ...(rest.session && { session: session as NonNullable<AdapterPayload['session']> }),
    ...(rest.returnTo && { returnTo: rest.returnTo.replace(jti ?? '', '') }),
  }
}

function withId(id: string, payload: AdapterPayload | undefined): AdapterPayload | undefined {
  if (!payload) return undefined
  const complete = { ...payload, jti: id }
  return complete.returnTo ? { ...complete, returnTo: `${complete.returnTo}${id}` } : complete
}
