import type { KeyObject } from 'node:crypto'
import type { Adapter } from 'oidc-provider'
import type { RedactionAcknowledgement } from '../efiling/acknowledge-redaction.ts'
import { keyedHash } from '../ids.ts'
import { revokeGrants } from '../sessions/grant-store.ts'
import type { EndInteraction } from '../sessions/interaction-end.ts'
import type { ShortLivedStore } from '../sessions/short-lived.ts'
import type { Database } from '../storage/db.ts'
import { grantAdapter } from './adapters/grant.ts'
import { interactionAdapter } from './adapters/interaction.ts'
import { nothingStored } from './adapters/nothing-stored.ts'
import { pushedRequestAdapter } from './adapters/pushed-request.ts'
import { refreshTokenAdapter } from './adapters/refresh-token.ts'
import { createRefuseReuse, pushedRequest } from './adapters/reuse.ts'
import { type SessionAdapterDeps, sessionAdapter } from './adapters/session.ts'
import { shortLivedAdapter } from './adapters/short-lived.ts'
import type { InteractionRows } from './interaction-rows.ts'

export type Stores = {
  readonly db: Database
  readonly shortLived: ShortLivedStore
  /** With the statement about redaction that was made on the way. */
  readonly endInteraction: EndInteraction<RedactionAcknowledgement>
}

export type AdapterOptions = Pick<
  SessionAdapterDeps,
  'requestFacts' | 'interactions' | 'authorizationEvent' | 'signOut'
> & {
  readonly stores: Stores
  readonly interactionRows: InteractionRows
  /** Keys the hashes under which identifiers are stored. */
  readonly identifierKey: KeyObject
}

/** The stored form of an identifier that was handed to somebody. */
export function storedId(key: KeyObject, id: string): string {
  return keyedHash(key, id)
}

/**
 * The engine's storage: which adapter keeps which of its models. Identifiers are stored as a keyed hash,
 * and what may be used once is, however many ask at the same time.
 */
export function createAdapterFactory(options: AdapterOptions): (model: string) => Adapter {
  const { stores, identifierKey, requestFacts } = options
  const hash = (id: string) => storedId(identifierKey, id)
  const revokeGrant = (id: string) => revokeGrants(stores.db, [hash(id)])
  const refuseReuse = createRefuseReuse(stores.db, hash)
  const hangsOnGrant = { ...stores, requestFacts, refuseReuse, storedId: hash, revokeGrant }

  const adapters: Readonly<Record<string, Adapter>> = {
    Session: sessionAdapter({ ...options, refuseReuse, storedId: hash }),
    Grant: grantAdapter(stores.db, hash),
    RefreshToken: refreshTokenAdapter(hangsOnGrant),
    AccessToken: shortLivedAdapter('AccessToken', hangsOnGrant),
    AuthorizationCode: shortLivedAdapter('AuthorizationCode', hangsOnGrant),
    [pushedRequest]: pushedRequestAdapter(hangsOnGrant),
    Interaction: interactionAdapter(options.interactionRows),
    ReplayDetection: shortLivedAdapter('ReplayDetection', hangsOnGrant),
    // `client-gaps.ts` asks the directory instead.
    Client: nothingStored,
    // Looked for where a token is of no other kind; nobody is given one.
    ClientCredentials: nothingStored,
  }

  return (model) => {
    const adapter = adapters[model]
    if (!adapter) throw new Error(`nothing keeps the engine's model ${model}`)
    return adapter
  }
}
