import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { Sealing } from '../signing/sealed-field.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { birthDateMark, sealBirthDate, tryOpenBirthDate } from './birth-date.ts'
import { accountsResealed } from './events.ts'
import { beforeFirst, listSealed, replaceSealed, type SealedAccount } from './sealed-store.ts'

export type Resealed = {
  /** How many accounts have their fields under the newest key, and marks under the present one, since now. */
  readonly count: number
  /** Whose fields do not open: changed by hand, or sealed with a key that is gone. */
  readonly unopened: readonly AccountId[]
}

/**
 * Seals the fields of all accounts with the newest key, some hundred in a transaction, while servers
 * write: what somebody saves meanwhile stays. A second time there is nothing to do, and nothing is written.
 */
export async function resealAccounts(
  { db, sealing }: { readonly db: Database; readonly sealing: Sealing },
  by: By,
): Promise<Resealed> {
  let count = 0
  const unopened: AccountId[] = []
  let after: AccountId | undefined = beforeFirst
  while (after !== undefined) {
    const { sealed, last }: Awaited<ReturnType<typeof listSealed>> = await listSealed(db, after)
    after = last
    const changes = sealed.flatMap((row) => {
      const change = resealed(sealing, row)
      if (change === 'unopened') unopened.push(row.id)
      return change === undefined || change === 'unopened' ? [] : [change]
    })
    if (changes.length > 0) count += await inTransaction(db, (tx) => replaceSealed(tx, changes))
  }
  if (count > 0) {
    await recordEvent(db, accountsResealed({ count, key: sealing.newest, by }))
  }
  return { count, unopened }
}

/** What is to be written; undefined where it is as it should be. */
function resealed(sealing: Sealing, row: SealedAccount) {
  const { id, birthDateSealed: before } = row
  const day = tryOpenBirthDate(sealing, id, before)
  if (!day) return 'unopened'
  const isMarked = row.birthDateMark === birthDateMark(sealing, day)
  if (isMarked && !sealing.isOutdated(before)) return undefined
  return { id, before, ...sealBirthDate(sealing, id, day) }
}
