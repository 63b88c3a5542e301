import { findSealingKeysInUse } from '../accounts/sealed-store.ts'
import { findDocumentKeysInUse } from '../efiling/documents/store.ts'
import type { Database } from '../storage/db.ts'

/** Those of the sealing keys, by their ids, with which something in the database is sealed. */
export async function findSealedWith(db: Database, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all([findSealingKeysInUse(db, ids), findDocumentKeysInUse(db, ids)])
  return [...new Set(found.flat())]
}
