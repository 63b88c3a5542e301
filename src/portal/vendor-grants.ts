import type { By } from '../audit/by.ts'
import type { AccountId, ClientId } from '../ids.ts'

/** What a person allowed a vendor's application, and the way to take it back; the engine's face provides it. */
export type VendorGrants = {
  list(accountId: AccountId): Promise<
    readonly {
      readonly clientId: ClientId
      readonly clientName: string
      readonly courtNames: readonly string[]
      readonly scopes: readonly string[]
      readonly allowedAt: Date
    }[]
  >
  end(grant: { accountId: AccountId; clientId: ClientId }, by: By): Promise<void>
}
