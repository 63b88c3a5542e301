import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Statement, Transaction } from '../storage/db.ts'

const setRefused: Statement = {
  name: 'account-address-refused',
  text: `UPDATE accounts SET email_refused_at = $3::timestamptz
    WHERE id = $1::uuid AND email_canonical = $2 AND email_refused_at IS NULL`,
}

/**
 * A mail server refused this address for good: its holder and support are shown it. Nothing happens where
 * the account has another address by now.
 */
export async function markAddressRefused(
  tx: Transaction,
  accountId: AccountId,
  address: string,
): Promise<void> {
  await tx.query(setRefused, [accountId, address.toLowerCase(), now()])
}
