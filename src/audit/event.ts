import type { AccountId, ClientId, CourtId } from '../ids.ts'

/** Where a request came from; every event that has a request carries it. */
export type Origin = { readonly ip?: string | undefined; readonly requestId?: string | undefined }

/** Who changes something from outside any request: an operator at the command line, or a start. */
export type Actor = `operator:${string}` | 'system'

export type AuditEvent = {
  readonly event: string
  readonly outcome: 'success' | 'refused'
  readonly accountId?: AccountId | undefined
  readonly clientId?: ClientId | undefined
  readonly courtId?: CourtId | undefined
  readonly ip?: string | undefined
  readonly requestId?: string | undefined
  /** Further facts: ids, kinds and counts; never a name, an address, a password or a token. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}
