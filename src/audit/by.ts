import type { AccountId, ClientId } from '../ids.ts'

/** Where something was asked for; empty outside any request. */
export type Origin = { readonly ip?: string | undefined; readonly requestId?: string | undefined }

/**
 * Who does something. An operator is named, not proved; `system` is this program by itself, and
 * whatever it refuses to somebody who has proved nothing.
 */
export type Actor =
  | { readonly kind: 'account'; readonly id: AccountId }
  | { readonly kind: 'client'; readonly id: ClientId }
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'system' }

/** Who acts, for whom, and from where: enters every use case that changes something. */
export type By = {
  readonly actor: Actor
  /** The account on whose behalf somebody else acts. */
  readonly principal?: AccountId | undefined
  readonly origin: Origin
}

export function byAccount(id: AccountId, origin: Origin): By {
  return { actor: { kind: 'account', id }, origin }
}

export function byClient(id: ClientId, origin: Origin): By {
  return { actor: { kind: 'client', id }, origin }
}

/** At the command line, which has neither an address nor a request. */
export function byOperator(name: string): By {
  return { actor: { kind: 'operator', name }, origin: {} }
}

export function bySystem(origin: Origin = {}): By {
  return { actor: { kind: 'system' }, origin }
}

/** What tells an actor from others of its kind; undefined for the system, of which there is one. */
export function actorId(actor: Actor): string | undefined {
  if (actor.kind === 'system') return undefined
  return actor.kind === 'operator' ? actor.name : actor.id
}
