import type { Sealing } from '../../signing/sealed-field.ts'
import type { Queryable, Transaction } from '../../storage/db.ts'
import type { FilingDocument } from './document.ts'
import { findDocumentPart, insertDocumentPart } from './store.ts'

/** So much is sealed, written and read at once: well within the time that a statement has. */
const partBytes = 512 * 1024

/** Where a part stands sealed: moved to another place, in another document or in its own, it does not open. */
export function placeOfPart(documentId: string, part: number) {
  const rowId = `${documentId} ${part}`
  return { table: 'filing_document_parts', column: 'sealed', rowId } as const
}

export function countParts({ size }: Pick<FilingDocument, 'size'>): number {
  return Math.ceil(size / partBytes)
}

/** Writes a document part by part, each sealed. */
export async function writeParts(
  tx: Transaction,
  sealing: Sealing,
  documentId: string,
  bytes: Buffer,
): Promise<void> {
  for (let part = 0; part < countParts({ size: bytes.length }); part += 1) {
    const piece = bytes.subarray(part * partBytes, (part + 1) * partBytes)
    const sealed = sealing.sealBytes(piece, placeOfPart(documentId, part))
    await insertDocumentPart(tx, documentId, part, sealed)
  }
}

/**
 * The bytes of a document, one part after the other.
 * @throws Error where one is missing, or does not open.
 */
export async function* openParts(
  db: Queryable,
  sealing: Sealing,
  document: Pick<FilingDocument, 'id' | 'size'>,
): AsyncGenerator<Buffer> {
  for (let part = 0; part < countParts(document); part += 1) {
    const sealed = await findDocumentPart(db, document.id, part)
    if (!sealed) throw new Error(`part ${part} of the document ${document.id} is missing`)
    yield sealing.openBytes(sealed, placeOfPart(document.id, part))
  }
}
