import type { By } from '../../audit/by.ts'
import { listCourtNames } from '../../courts/store.ts'
import type { AccountId } from '../../ids.ts'
import type { Transaction } from '../../storage/db.ts'
import { deleteDraft, findRequestInWork, listRequestsOf } from './store.ts'
import { withdrawRequest } from './withdraw-request.ts'

/**
 * Ends what an account asks of courts in the transaction in which it is closed: no court decides on it any more.
 * Nobody has seen its drafts. The holder of a closed account is written to no more, not about this either.
 */
export async function endRequestsOfClosed(
  tx: Transaction,
  accountId: AccountId,
  by: By,
): Promise<void> {
  const requests = await listRequestsOf(tx, accountId)
  const courts = [...new Set(requests.map(({ courtId }) => courtId))]
  const names = await listCourtNames(tx, courts)
  for (const courtId of courts) {
    await deleteDraft(tx, accountId, courtId)
    const courtName = names.get(courtId) ?? courtId
    for (let isOver = false; !isOver; ) {
      const request = await findRequestInWork(tx, accountId, courtId)
      if (!request) break
      const wanted = { request, courtName, reason: 'account-closed' } as const
      // Where its clerk has just done something with it, it is read again.
      isOver = (await withdrawRequest(tx, wanted, by)).ok
    }
  }
}
