import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { SealedPlace, Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { documentsResealed } from '../events.ts'
import type { FilingDocument } from './document.ts'
import { countParts, placeOfPart } from './sealed-parts.ts'
import {
  findDocumentPart,
  findOutdatedDocument,
  replaceDocumentPart,
  writeSealingKey,
} from './store.ts'

/** Of one document. */
const milliseconds = 15_000

const beforeFirst = '00000000-0000-0000-0000-000000000000'

/**
 * Seals every document with the newest key, one after the other, bit by bit.
 * A second time there is nothing to do.
 * @returns how many were sealed anew, and those that do not open: changed by hand, or their key is gone.
 */
export async function resealDocuments(
  { db, sealing }: { readonly db: Database; readonly sealing: Sealing },
  by: By,
): Promise<{ readonly count: number; readonly unopened: readonly string[] }> {
  let count = 0
  const unopened: string[] = []
  let after = beforeFirst
  for (;;) {
    const document = await findOutdatedDocument(db, sealing.newest, after)
    if (!document) break
    after = document.id
    const resealed = await inTransaction(db, (tx) => resealParts(tx, sealing, document), {
      milliseconds,
    })
    if (resealed.ok) count += 1
    else if (resealed.reason === 'unopened') unopened.push(document.id)
  }
  if (count > 0) await recordEvent(db, documentsResealed({ count, key: sealing.newest, by }))
  return { count, unopened }
}

/** All parts or none, one of them in memory. */
async function resealParts(
  tx: Transaction,
  sealing: Sealing,
  document: FilingDocument,
): Promise<Outcome<void, 'gone' | 'unopened'>> {
  if (!(await writeSealingKey(tx, document.id, sealing.newest))) return refused('gone')
  for (let part = 0; part < countParts(document); part += 1) {
    const place = placeOfPart(document.id, part)
    const sealed = await findDocumentPart(tx, document.id, part)
    const bytes = sealed && tryOpen(sealing, sealed, place)
    if (!bytes) return refused('unopened')
    await replaceDocumentPart(tx, document.id, part, sealing.sealBytes(bytes, place))
  }
  return ok()
}

function tryOpen(sealing: Sealing, sealed: Buffer, place: SealedPlace): Buffer | undefined {
  try {
    return sealing.openBytes(sealed, place)
  } catch {
    return undefined
  }
}
