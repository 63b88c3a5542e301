import { lockAccount } from '../../accounts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import type { Details } from './read-answers.ts'
import type { FilingRequest } from './request.ts'
import { findRequestInWork, writeDraft } from './store.ts'

/**
 * Keeps what was answered in the draft.
 * @param practiceVersion the version whose questions were shown.
 */
export async function saveAnswers(
  tx: Transaction,
  { accountId, courtId }: { readonly accountId: AccountId; readonly courtId: CourtId },
  details: Details,
  practiceVersion: number,
): Promise<Outcome<FilingRequest, 'no-draft'>> {
  await lockAccount(tx, accountId)
  const draft = await findRequestInWork(tx, accountId, courtId)
  if (draft?.state !== 'draft') return refused('no-draft')
  const written = await writeDraft(tx, draft.id, { ...draft, ...details, practiceVersion })
  return written ? ok(written) : refused('no-draft')
}
