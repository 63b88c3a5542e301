import type { Adapter, KoaContextWithOIDC } from 'oidc-provider'
import { findGrant, revokeGrants, saveGrant } from '../../sessions/grant-store.ts'
import type { Database } from '../../storage/db.ts'
import { currentRequest } from '../engine.ts'
import { currentNotes, notesOf } from '../request-notes.ts'
import { nothingStored } from './nothing-stored.ts'
import { withId, withoutId } from './payload-id.ts'

/**
 * Grants. Everything under a grant hangs on its row: what is dead there is dead everywhere, also a token
 * that a request still under way stores a moment later.
 */
export function grantAdapter(db: Database, storedId: (id: string) => string): Adapter {
  const revoke = (id: string) => revokeGrants(db, [storedId(id)])
  return {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      const grant = { id: storedId(id), payload: withoutId(payload), expiresInSeconds: expiresIn! }
      const ctx = currentRequest()
      // The session is saved at the end of the same request, and the grant with it.
      if (ctx && savesSession(ctx)) notesOf(ctx).grantToSave = grant
      else await saveGrant(db, grant)
    },
    async find(id) {
      const known = currentNotes()?.grants
      return withId(id, known?.has(id) ? known.get(id) : await findGrant(db, storedId(id)))
    },
    destroy: revoke,
    revokeByGrantId: revoke,
  }
}

/** The two routes at whose end the engine saves the session. */
export function savesSession(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc?.route === 'authorization' || ctx.oidc?.route === 'resume'
}
