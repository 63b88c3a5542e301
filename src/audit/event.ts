import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { By } from './by.ts'

/** The form in which this release writes and seals an event (`chain.ts`). */
export const eventFormat = 2

export type AuditEvent = {
  /** `noun.verb-past`; each name stands in one slice's `events.ts`. */
  readonly event: string
  readonly outcome: 'success' | 'refused'
  readonly accountId?: AccountId | undefined
  readonly clientId?: ClientId | undefined
  readonly courtId?: CourtId | undefined
  readonly by: By
  /** Further facts: ids, kinds and counts; never a name, an address, a password or a token. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}
