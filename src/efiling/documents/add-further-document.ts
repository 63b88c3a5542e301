import { randomUUID } from 'node:crypto'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { requestDocumentSent } from '../events.ts'
import { type MoveRefusal, moveRequest } from '../requests/move-request.ts'
import { type FilingRequest, ownQuestionPrefix } from '../requests/request.ts'
import { checkDocument, type DocumentRefusal, type SentFile } from './document.ts'
import { writeParts } from './sealed-parts.ts'
import { insertDocument, listDocuments } from './store.ts'

/** Twenty parts are written one after the other. */
const milliseconds = 15_000

/** So many are added to one request at most. */
export const mostFurtherDocuments = 10

const furtherQuestion = `${ownQuestionPrefix}further-`

/**
 * Adds a document to a request that was sent and waits for the clerk or for its filer. It takes the place of none,
 * the request goes on waiting as it did, and a clerk who has its page open is shown it before deciding.
 * @param about.request as it was read; of whoever else changed it meanwhile one was first.
 */
export async function addFurtherDocument(
  { db, sealing }: { readonly db: Database; readonly sealing: Sealing },
  { request, by }: { readonly request: FilingRequest; readonly by: By },
  file: SentFile,
): Promise<Outcome<void, DocumentRefusal | MoveRefusal | 'too-many'>> {
  const checked = checkDocument(file)
  if (!checked.ok) return checked
  const { accountId, courtId, number } = request
  const id = randomUUID()
  const work = async (tx: Transaction): Promise<Outcome<void, MoveRefusal | 'too-many'>> => {
    await lockAccount(tx, accountId)
    const moved = await moveRequest(
      tx,
      request,
      { kind: 'document-added', message: checked.value.name },
      by,
    )
    if (!moved.ok) return moved
    const further = (await listDocuments(tx, request.id)).filter(({ question }) =>
      question.startsWith(furtherQuestion),
    )
    if (further.length >= mostFurtherDocuments) return refused('too-many')
    const document = {
      id,
      requestId: request.id,
      question: `${furtherQuestion}${further.length + 1}`,
      label: 'Further document',
      ...checked.value,
      size: file.bytes.length,
    }
    await insertDocument(tx, document, sealing.newest)
    await writeParts(tx, sealing, id, file.bytes)
    await recordEvent(tx, requestDocumentSent({ accountId, courtId, number, by }))
    return ok()
  }
  return inTransaction(db, work, { milliseconds })
}
