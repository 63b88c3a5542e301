import type { Queryable } from '../storage/db.ts'
import { listDoubledFilers } from './right-store.ts'

/** What an operator should have a court decide: CM/ECF accounts that several people have, in sentences. */
export async function findFilerTroubles(db: Queryable): Promise<string[]> {
  const doubled = await listDoubledFilers(db)
  return doubled.map(
    ({ courtId, filerId, numbers }) =>
      `the CM/ECF account ${filerId} of ${courtId} is that of the accounts ${numbers.join(' and ')}, in two spellings: the court decides whose it is, and its clerk takes it from the other one`,
  )
}
