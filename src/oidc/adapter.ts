import type { KeyObject } from 'node:crypto'
import { type Adapter, type AdapterPayload, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { AuditEvent } from '../audit/event.ts'
import { epochSeconds } from '../clock.ts'
import type { RedactionAcknowledgement } from '../efiling/acknowledge-redaction.ts'
import { type AccountId, keyedHash } from '../ids.ts'
import type { GrantStore } from '../sessions/grant-store.ts'
import type { InteractionEnd, SessionToSave } from '../sessions/interaction-end.ts'
import { isRefreshTokenId } from '../sessions/refresh-token-id.ts'
import type { RefreshTokenStore } from '../sessions/refresh-token-store.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { ShortLivedStore } from '../sessions/short-lived.ts'
import { nothingStored } from './adapters/nothing-stored.ts'
import { endingEvents } from './audit-trail.ts'
import { currentRequest } from './engine.ts'
import { type OpenInteractions, usedError } from './open-interactions.ts'
import type { RequestFacts } from './request-facts.ts'
import { currentNotes, notesOf } from './request-notes.ts'

export type Stores = {
  readonly sessions: SessionStore
  readonly grants: GrantStore
  readonly refreshTokens: RefreshTokenStore
  readonly shortLived: ShortLivedStore
  /** `EndInteraction` over the database, with the statement about redaction that was made on the way. */
  endInteraction(
    session: SessionToSave,
    end: InteractionEnd<RedactionAcknowledgement>,
  ): Promise<boolean>
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
  readonly onReuse: (reuse: Reuse) => Promise<void>
  readonly requestFacts: RequestFacts
  /** What the audit says of the authorization that this request has just issued, if it has. */
  readonly authorizationEvent: (ctx: KoaContextWithOIDC) => AuditEvent | undefined
  readonly interactions: OpenInteractions
  /** The person of this request signs out: the session ends for good, with its audit row. */
  signOut(
    ctx: KoaContextWithOIDC,
    session: { readonly uid: string; readonly accountId?: string | undefined },
  ): Promise<void>
}

type ReusedPayload = { [Name in 'accountId' | 'clientId' | 'grantId']?: string | undefined }

const pushedRequest = 'PushedAuthorizationRequest'

/** The stored form of an identifier that was handed to somebody. */
export function storedId(key: KeyObject, id: string): string {
  return keyedHash(key, id)
}

/**
 * The engine's storage, one adapter per model. Identifiers are stored as a keyed hash and taken out
 * of the payload too: a dump of the store is not a bag of live sessions. `consume` is atomic, and
 * whoever comes second loses the whole grant. Source: RFC 6749 section 4.1.2.
 */
export function createAdapterFactory(options: AdapterOptions): (model: string) => Adapter {
  const { stores, identifierKey, requestFacts } = options
  const hash = (id: string) => storedId(identifierKey, id)

  // Everything under a grant hangs on its row: what is dead there is dead everywhere, also a token
  // that a request still under way stores a moment later.
  const revokeGrant = (grantId: string) => stores.grants.revoke(hash(grantId))

  /** The token, unless what it hangs on is gone. */
  const ifAlive = async (id: string, payload: AdapterPayload | undefined) =>
    payload && (await requestFacts.loadFor(payload)) ? withId(id, payload) : undefined

  /** Whoever presents something a second time loses what it stood for. */
  const refuseReuse = async (model: string, payload: ReusedPayload | undefined) => {
    if (payload?.grantId) await revokeGrant(payload.grantId)
    await options.onReuse({ model, accountId: payload?.accountId, clientId: payload?.clientId })
    throw model === pushedRequest
      ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
      : new errors.InvalidGrant(`${model} was used twice at the same time`)
  }

  /** Whoever comes next is refused at the beginning, and not only when the session is saved. */
  const noteUse = async (request: string | undefined) => {
    // It is decided in PostgreSQL: where this mark cannot be written, nothing is lost.
    if (request) await stores.shortLived.consume(pushedRequest, request).catch(() => false)
  }

  const sessionAdapter: Adapter = {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const ctx = currentRequest()
      const notes = ctx && notesOf(ctx)
      const together = ctx && {
        grant: notes?.grantToSave,
        event: options.authorizationEvent(ctx),
        request: notes?.requestToUse,
      }
      delete notes?.grantToSave
      if (notes?.sessionFault) throw notes.sessionFault
      const stored = withoutId(payload)
      const ending = notes && options.interactions.ending(notes)
      try {
        if (!ending) {
          const uid = hash(payload.uid!)
          const isSaved = await stores.sessions.upsert(hash(id), uid, stored, expiresIn!, together)
          if (!isSaved) {
            const clientId = ctx?.oidc.client?.clientId
            await refuseReuse(pushedRequest, { accountId: payload.accountId, clientId })
          }
          await noteUse(together?.request)
          return
        }
        const { exp = 0 } = ending.row
        const uid = hash(payload.uid!)
        const { accountId, loginTs } = payload
        const session = { id: hash(id), uid, payload: stored, expiresInSeconds: expiresIn! }
        const isSaved = await stores.endInteraction(session, {
          id: hash(ending.uid),
          expiresInSeconds: Math.max(1, exp - epochSeconds()),
          replaces: notes.replacedSession,
          ends: ending.other && hash(ending.other.uid),
          said:
            ending.result.said?.redaction && accountId && loginTs
              ? { sessionUid: uid, signedInAt: loginTs, accountId: accountId as AccountId }
              : undefined,
          grant: together?.grant,
          events: [
            ...endingEvents(ctx, ending, accountId),
            ...(together?.event ? [together.event] : []),
          ],
          request: together?.request,
        })
        options.interactions.settle(notes, isSaved ? 'saved' : 'used', accountId)
        if (!isSaved) throw usedError()
        await noteUse(together?.request)
      } catch (error) {
        if (notes) notes.sessionFault = error
        throw error
      }
    },
    async find(id) {
      return withId(id, await requestFacts.findSession(hash(id)))
    },
    async findByUid(uid) {
      const known = currentNotes()?.sessions
      return known?.has(uid) ? known.get(uid) : stores.sessions.findByUid(hash(uid))
    },
    async destroy(id) {
      const ctx = currentRequest()
      const session = ctx?.oidc?.session
      const notes = ctx && notesOf(ctx)
      if (notes && options.interactions.ending(notes)) notes.replacedSession = hash(id)
      // The engine gives up an identifier that a session had, or the session with the one that it has.
      else if (ctx && session?.jti === id) await options.signOut(ctx, session)
      else await stores.sessions.destroy(hash(id))
    },
  }

  const grantAdapter: Adapter = {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const grant = { id: hash(id), payload: withoutId(payload), expiresInSeconds: expiresIn! }
      const ctx = currentRequest()
      // The session is saved at the end of the same request, and the grant with it.
      if (ctx && savesSession(ctx)) notesOf(ctx).grantToSave = grant
      else await stores.grants.upsert(grant)
    },
    async find(id) {
      const known = currentNotes()?.grants
      return withId(id, known?.has(id) ? known.get(id) : await stores.grants.find(hash(id)))
    },
    async destroy(id) {
      await revokeGrant(id)
    },
    revokeByGrantId: revokeGrant,
  }

  const refreshTokenAdapter: Adapter = {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const on = {
        accountId: payload.accountId,
        grantId: payload.grantId && hash(payload.grantId),
        sessionUid: payload.sessionUid && hash(payload.sessionUid),
      }
      await stores.refreshTokens.upsert(hash(id), on, withoutId(payload), expiresIn!)
    },
    async find(id) {
      if (!isRefreshTokenId(id)) return undefined
      return withId(id, await requestFacts.findRefreshToken(hash(id)))
    },
    async destroy(id) {
      await stores.refreshTokens.destroy(hash(id))
    },
    revokeByGrantId: revokeGrant,
  }

  const shortLivedAdapter = (model: string): Adapter => ({
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      await stores.shortLived.upsert(model, hash(id), withoutId(payload), expiresIn!)
    },
    async find(id) {
      if (isRefreshTokenId(id)) return undefined
      const payload = await stores.shortLived.find(model, hash(id))
      // The engine refuses what was used and revokes its grant, but does not say whose it was.
      const notes = payload?.consumed ? currentNotes() : undefined
      if (notes && payload?.accountId) notes.reusedOf = payload.accountId as AccountId
      return ifAlive(id, payload)
    },
    async consume(id) {
      const stored = hash(id)
      const ctx = currentRequest()
      if (model === pushedRequest && ctx && savesSession(ctx)) {
        notesOf(ctx).requestToUse = stored
        return
      }
      if (await stores.shortLived.consume(model, stored)) return
      await refuseReuse(model, await stores.shortLived.find(model, stored))
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
      case 'Interaction':
        return options.interactions.adapter
      case 'Client':
        // `provider.ts` asks the directory instead.
        return nothingStored
      default:
        return shortLivedAdapter(model)
    }
  }
}

/** The payload without the identifier it is stored under. */
function withoutId({ jti: _, ...rest }: AdapterPayload): AdapterPayload {
  return rest
}

function withId(id: string, payload: AdapterPayload | undefined): AdapterPayload | undefined {
  return payload && { ...payload, jti: id }
}

/** The two routes at whose end the engine saves the session. */
function savesSession(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc?.route === 'authorization' || ctx.oidc?.route === 'resume'
}
