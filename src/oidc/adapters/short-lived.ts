import type { Adapter } from 'oidc-provider'
import type { AccountId } from '../../ids.ts'
import { isRefreshTokenId } from '../../sessions/refresh-token-id.ts'
import type { ShortLivedStore } from '../../sessions/short-lived.ts'
import type { RequestFacts } from '../request-facts.ts'
import { currentNotes } from '../request-notes.ts'
import { nothingStored } from './nothing-stored.ts'
import { withId, withoutId } from './payload-id.ts'
import type { RefuseReuse } from './reuse.ts'

export type ShortLivedAdapterDeps = {
  readonly shortLived: ShortLivedStore
  readonly requestFacts: RequestFacts
  readonly refuseReuse: RefuseReuse
  storedId(id: string): string
  revokeGrant(id: string): Promise<void>
}

/** What lives minutes: of many who use one up at once, one is the first. */
export function shortLivedAdapter(model: string, deps: ShortLivedAdapterDeps): Adapter {
  const { shortLived, requestFacts, storedId } = deps
  return {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      await shortLived.upsert(model, storedId(id), withoutId(payload), expiresIn!)
    },
    async find(id) {
      if (isRefreshTokenId(id)) return undefined
      const payload = await shortLived.find(model, storedId(id))
      if (!payload) return undefined
      // The engine refuses what was used and revokes its grant, but does not say whose it was.
      const notes = payload.consumed ? currentNotes() : undefined
      if (notes && payload.accountId) notes.reusedOf = payload.accountId as AccountId
      // Dead with what it hangs on.
      return (await requestFacts.loadFor(payload)) ? withId(id, payload) : undefined
    },
    async consume(id) {
      const stored = storedId(id)
      if (await shortLived.consume(model, stored)) return
      await deps.refuseReuse(model, await shortLived.find(model, stored))
    },
    async destroy(id) {
      await shortLived.destroy(model, storedId(id))
    },
    revokeByGrantId: deps.revokeGrant,
  }
}
