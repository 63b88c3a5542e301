import { lockAccount } from '../../accounts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Transaction } from '../../storage/db.ts'
import { findRequestInWork } from '../requests/store.ts'
import { deleteDocument } from './store.ts'

/** Takes the answer to a question out of the person's draft; what was sent to the court stays sent. */
export async function removeDocument(
  tx: Transaction,
  { accountId, courtId }: { readonly accountId: AccountId; readonly courtId: CourtId },
  question: string,
): Promise<void> {
  await lockAccount(tx, accountId)
  const draft = await findRequestInWork(tx, accountId, courtId)
  if (draft?.state === 'draft') await deleteDocument(tx, draft.id, question)
}
