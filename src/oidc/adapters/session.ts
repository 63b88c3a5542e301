import type { Adapter, KoaContextWithOIDC } from 'oidc-provider'
import type { AuditEvent } from '../../audit/event.ts'
import { epochSeconds } from '../../clock.ts'
import { browserName } from '../../http/browser-name.ts'
import { requestOf } from '../../http/request-context.ts'
import type { AccountId } from '../../ids.ts'
import { coarseNetwork } from '../../networks.ts'
import type { Device } from '../../sessions/payload.ts'
import {
  findLiveSession,
  replaceSessionId,
  type SavedWithSession,
  type SessionToSave,
  saveSession,
} from '../../sessions/session-store.ts'
import type { Stores } from '../adapter.ts'
import { endingEvents } from '../audit-trail.ts'
import { currentRequest } from '../engine.ts'
import type { Ending } from '../interaction-end.ts'
import { type OpenInteractions, usedError } from '../open-interactions.ts'
import type { RequestFacts } from '../request-facts.ts'
import { currentNotes, notesOf } from '../request-notes.ts'
import { nothingStored } from './nothing-stored.ts'
import { withId, withoutId } from './payload-id.ts'
import { pushedRequest, type RefuseReuse } from './reuse.ts'

export type SessionAdapterDeps = {
  readonly stores: Stores
  readonly requestFacts: RequestFacts
  readonly interactions: OpenInteractions
  readonly refuseReuse: RefuseReuse
  storedId(id: string): string
  /** What the audit says of the authorization that this request has just issued, if it has. */
  authorizationEvent(ctx: KoaContextWithOIDC): AuditEvent | undefined
  /** The person of this request signs out: the session ends for good, with its audit row. */
  signOut(
    ctx: KoaContextWithOIDC,
    session: { readonly uid: string; readonly accountId?: string | undefined },
  ): Promise<void>
}

/** What a person recognises a browser by; nothing is decided by it. */
function deviceOf(ctx: KoaContextWithOIDC): Device {
  return {
    browser: browserName(ctx.get('User-Agent')),
    network: coarseNetwork(requestOf(ctx).address),
  }
}

/** Sessions. With one everything is saved that its request has decided: all of it, or nothing. */
export function sessionAdapter(deps: SessionAdapterDeps): Adapter {
  const { stores, requestFacts, interactions, storedId } = deps
  const { db } = stores

  return {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const ctx = currentRequest()
      const session = {
        id: storedId(id),
        uid: storedId(payload.uid!),
        payload: { ...withoutId(payload), ...(ctx && { device: deviceOf(ctx) }) },
        expiresInSeconds: expiresIn!,
      }
      // Our own pages save no more than the session.
      if (!ctx) return save(session)
      const notes = notesOf(ctx)
      const together = {
        grant: notes.grantToSave,
        event: deps.authorizationEvent(ctx),
        request: notes.requestToUse,
      }
      delete notes.grantToSave
      if (notes.sessionFault) throw notes.sessionFault
      const ending = interactions.ending(notes)
      try {
        if (ending) await saveAtEnd(ctx, session, ending, together)
        else await save(session, together, ctx.oidc?.client?.clientId)
        await noteUse(together.request)
      } catch (error) {
        notes.sessionFault = error
        throw error
      }
    },
    async find(id) {
      return withId(id, await requestFacts.findSession(storedId(id)))
    },
    async findByUid(uid) {
      const known = currentNotes()?.sessions
      return known?.has(uid) ? known.get(uid) : findLiveSession(db, storedId(uid))
    },
    async destroy(id) {
      const ctx = currentRequest()
      const session = ctx?.oidc?.session
      const notes = ctx && notesOf(ctx)
      if (notes && interactions.ending(notes)) notes.replacedSession = storedId(id)
      // The engine gives up an identifier that a session had, or the session with the one that it has.
      else if (ctx && session?.jti === id) await deps.signOut(ctx, session)
      else await replaceSessionId(db, storedId(id))
    },
  }

  async function save(session: SessionToSave, together?: SavedWithSession, clientId?: string) {
    if (await saveSession(db, session, together)) return
    await deps.refuseReuse(pushedRequest, { accountId: session.payload.accountId, clientId })
  }

  /** The session that comes out of an interaction, with everything that was said there. */
  async function saveAtEnd(
    ctx: KoaContextWithOIDC,
    session: SessionToSave,
    { uid, row, result, other }: Ending,
    { grant, event, request }: SavedWithSession,
  ) {
    const { accountId, loginTs } = session.payload
    const isSaved = await stores.endInteraction(db, session, {
      id: storedId(uid),
      expiresInSeconds: Math.max(1, (row.exp ?? 0) - epochSeconds()),
      replaces: notesOf(ctx).replacedSession,
      ends: other && storedId(other.uid),
      stand: row.progress?.login?.stand,
      said:
        result.said?.redaction && accountId && loginTs
          ? { sessionUid: session.uid, signedInAt: loginTs, accountId: accountId as AccountId }
          : undefined,
      grant,
      events: [
        ...endingEvents(ctx, { uid, row, result, other }, accountId),
        ...(event ? [event] : []),
      ],
      request,
    })
    interactions.settle(notesOf(ctx), isSaved ? 'saved' : 'used', accountId)
    if (!isSaved) throw usedError()
  }

  /** Whoever comes next is refused at the beginning, and not only when the session is saved. */
  async function noteUse(request: string | undefined) {
    // It is decided in PostgreSQL: where this mark cannot be written, nothing is lost.
    if (request) await stores.shortLived.consume(pushedRequest, request).catch(() => false)
  }
}
