import type { CourtType } from '../courts/court.ts'
import { type ClientId, type CourtId, isClientId } from '../ids.ts'
import type { ClientKind } from '../storage/generated/enums.ts'
import type { ClientState } from './client-state.ts'
import type { ClientMetadata } from './metadata.ts'

export type { ClientKind }

/** Our own pages; see `portal.ts`. */
export const portalClientId = 'portal' as ClientId

/**
 * Why nothing may be registered under this id, in words. Ids are names of members in what sessions
 * keep, so that those which every object has already would be lost there.
 */
export function clientIdProblem(id: string): string | undefined {
  if (!isClientId(id)) {
    return 'begins with a letter or digit, and has up to 128 of A-Z a-z 0-9 . _ -'
  }
  return id in {} || id === portalClientId ? 'is one of our own' : undefined
}

export type Client = {
  readonly id: ClientId
  /** A court's CM/ECF, filing software, a national service, or our own pages. */
  readonly kind: ClientKind
  /** Shown to people on every page: who asks. */
  readonly name: string
  readonly state: ClientState
  readonly metadata: ClientMetadata
  /** The courts it acts for; its tokens state the facts of these and of no other court. */
  readonly courts: readonly ClientCourt[]
  readonly secrets: readonly { readonly digest: string; readonly expiresAt: Date }[]
}

export type ClientCourt = {
  readonly id: CourtId
  readonly name: string
  readonly type: CourtType
  readonly cmecfHost: string
}
