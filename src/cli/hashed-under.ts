import { findPeppersInUse } from '../accounts/pepper-store.ts'
import { findImportedPeppers } from '../efiling/imported/store.ts'
import type { Database } from '../storage/db.ts'

/** Those of the peppers, by their ids, that a password of an account or of an imported account lies under. */
export async function findHashedUnder(db: Database, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all([findPeppersInUse(db, ids), findImportedPeppers(db, ids)])
  return [...new Set(found.flat())]
}
