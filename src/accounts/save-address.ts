import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { accountSaved } from './events.ts'
import type { PostalAddress } from './person/postal-address.ts'
import { writeAddress } from './person-store.ts'

/** Stores where paper and calls reach a holder. No court's notice address follows. */
export async function saveAddress(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly address: PostalAddress
    readonly phone: string
  },
  by: By,
): Promise<void> {
  const { accountId } = about
  await writeAddress(tx, accountId, about)
  const fields = ['address', 'phone']
  await recordEvent(tx, accountSaved({ accountId, change: 'changed', fields, by }))
}
