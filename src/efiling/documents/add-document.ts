import { randomUUID } from 'node:crypto'
import { lockAccount } from '../../accounts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { findRequestInWork, writeDraft } from '../requests/store.ts'
import { checkDocument, type DocumentRefusal, type SentFile } from './document.ts'
import { writeParts } from './sealed-parts.ts'
import { insertDocument } from './store.ts'

/** Twenty parts are written one after the other. */
const milliseconds = 15_000

/**
 * Keeps a file as the answer to a question of the person's draft, in the place of the one before.
 * @param answered.question one that asks for a document with this kind of request.
 */
export async function addDocument(
  { db, sealing }: { readonly db: Database; readonly sealing: Sealing },
  answered: {
    readonly accountId: AccountId
    readonly courtId: CourtId
    readonly question: { readonly id: string; readonly label: string }
  },
  file: SentFile,
): Promise<Outcome<void, DocumentRefusal | 'no-draft'>> {
  const checked = checkDocument(file)
  if (!checked.ok) return checked
  const { accountId, courtId, question } = answered
  const id = randomUUID()
  const work = async (tx: Transaction): Promise<Outcome<void, 'no-draft'>> => {
    await lockAccount(tx, accountId)
    const draft = await findRequestInWork(tx, accountId, courtId)
    if (draft?.state !== 'draft') return refused('no-draft')
    const document = {
      id,
      requestId: draft.id,
      question: question.id,
      label: question.label,
      ...checked.value,
      size: file.bytes.length,
    }
    await insertDocument(tx, document, sealing.newest)
    // It was written just now, and is kept as long from now on.
    await writeDraft(tx, draft.id, draft)
    await writeParts(tx, sealing, id, file.bytes)
    return ok()
  }
  return inTransaction(db, work, { milliseconds })
}
