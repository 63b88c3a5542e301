import { isDeepStrictEqual } from 'node:util'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { accountSaved } from './events.ts'
import type { PostalAddress } from './person/postal-address.ts'
import { personChangedMail } from './person-mails.ts'
import { findPerson, writeAddress } from './person-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Stores where paper and calls reach a holder, in an upgrade that may be broken off after it: where something else
 * stood there the holder is told. No court's notice address follows.
 */
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
  const before = await findPerson(tx, accountId)
  await writeAddress(tx, accountId, about)
  const fields = ['address', 'phone']
  await recordEvent(tx, accountSaved({ accountId, change: 'changed', fields, by }))
  const replaced = (['address', 'phone'] as const).filter(
    (field) => before?.[field] && !isDeepStrictEqual(before[field], about[field]),
  )
  if (replaced.length === 0) return
  await tellHolder(tx, await findHolder(tx, accountId), personChangedMail, { fields: replaced })
}
