import type { KeyObject } from 'node:crypto'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { keyedHash } from '../ids.ts'
import type { GrantStore } from './stores/grant-store.ts'
import type { RefreshTokenStore } from './stores/refresh-token-store.ts'
import type { SessionStore } from './stores/session-store.ts'
import type { ShortLivedStore } from './stores/short-lived.ts'
import type { TokenContext } from './token-context.ts'

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
  readonly identifierKey: KeyObject
  readonly findClient: (id: string) => Promise<AdapterPayload | undefined>
  readonly onReuse: (reuse: Reuse) => Promise<void>
  readonly tokenContext: TokenContext
}

/** The stored form of an identifier that was handed to somebody. */
export function storedId(key: KeyObject, id: string): string {
  return keyedHash(key, id)
}

/**
 * The engine's storage, one adapter per model. Identifiers are stored as a keyed hash and taken out
 * of the payload too: a dump of the store is not a bag of live sessions. `consume` is atomic, and
 * whoever comes second loses the whole grant. Source: RFC 6749 section 4.1.2, RFC 9700 section 4.14.
 */
export function createAdapterFactory(options: AdapterOptions): (model: string) => Adapter {
  const { stores, identifierKey, tokenContext } = options
  const hash = (id: string) => storedId(identifierKey, id)

  // Everything under a grant hangs on its row: what is dead there is dead everywhere, also a token
  // that a request still under way stores a moment later.
  const revokeGrant = (grantId: string) => stores.grants.revoke(hash(grantId))

  /** The token, unless what it hangs on is gone. */
  const ifAlive = async (id: string, payload: AdapterPayload | undefined) =>
    payload && (await tokenContext.load(payload)) ? withId(id, payload) : undefined

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
      const known = tokenContext.session(uid)
      return known ? known.payload : stores.sessions.findByUid(hash(uid))
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
      const known = tokenContext.grant(id)
      return withId(id, known ? known.payload : await stores.grants.find(hash(id)))
    },
    async destroy(id) {
      await revokeGrant(id)
    },
    revokeByGrantId: revokeGrant,
  }

  const refreshTokenAdapter: Adapter = {
    ...unsupported,
    async upsert(id, payload, expiresIn) {
      await stores.refreshTokens.upsert(hash(id), withoutId(payload), expiresIn!)
    },
    async find(id) {
      return ifAlive(id, await stores.refreshTokens.find(hash(id)))
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
      await stores.shortLived.upsert(model, hash(id), withoutId(payload), expiresIn!)
    },
    async find(id) {
      const payload = await stores.shortLived.find(model, hash(id))
      // An interaction names the grant of the session it began in, and outlives it: another person
      // may sign in on its page.
      return model === 'Interaction' ? withId(id, payload) : ifAlive(id, payload)
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
