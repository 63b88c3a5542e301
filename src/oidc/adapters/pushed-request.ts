import type { Adapter } from 'oidc-provider'
import { currentRequest } from '../engine.ts'
import { notesOf } from '../request-notes.ts'
import { savesSession } from './grant.ts'
import { pushedRequest } from './reuse.ts'
import { type ShortLivedAdapterDeps, shortLivedAdapter } from './short-lived.ts'

/** Pushed requests: one is used up with the session of its answer (decision 0047). */
export function pushedRequestAdapter(deps: ShortLivedAdapterDeps): Adapter {
  const adapter = shortLivedAdapter(pushedRequest, deps)
  return {
    ...adapter,
    async consume(id) {
      const ctx = currentRequest()
      if (ctx && savesSession(ctx)) notesOf(ctx).requestToUse = deps.storedId(id)
      else await adapter.consume(id)
    },
  }
}
