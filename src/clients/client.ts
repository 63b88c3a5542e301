import type { CourtType } from '../courts/court.ts'
import type { ClientId, CourtId } from '../ids.ts'
import type { ClientKind } from '../storage/generated/enums.ts'
import type { ClientMetadata } from './metadata.ts'

export type { ClientKind }

export type Client = {
  readonly id: ClientId
  /** A court's CM/ECF, filing software, a national service, or our own pages. */
  readonly kind: ClientKind
  /** Shown to people on every page: who asks. */
  readonly name: string
  readonly isActive: boolean
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
