import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { findClient } from '../clients/store.ts'
import type { AccountId, ClientId } from '../ids.ts'
import { revokeGrantsAtClient } from '../sessions/grant-store.ts'
import type { Transaction } from '../storage/db.ts'
import { consentWithdrawn } from './events.ts'

/**
 * Takes back what the person allowed this vendor's application, in every browser. Its codes, access
 * tokens and refresh tokens hang on the grant and are dead with it; signed access tokens (RFC 9068)
 * live out their five minutes. Whoever asks twice, or twenty at once, changes and records it once; a
 * court's own application has nothing to be taken back.
 */
export async function withdrawConsent(
  tx: Transaction,
  { accountId, clientId }: { readonly accountId: AccountId; readonly clientId: ClientId },
  by: By,
): Promise<void> {
  const client = await findClient(tx, clientId)
  if (client?.kind !== 'vendor') return
  const revoked = await revokeGrantsAtClient(tx, accountId, clientId)
  if (revoked.length > 0) await recordEvent(tx, consentWithdrawn({ by, accountId, clientId }))
}
