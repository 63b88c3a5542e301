import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { requestWithdrawn } from '../events.ts'
import { requestWithdrawnMail } from './mails.ts'
import { type MoveRefusal, moveRequest } from './move-request.ts'
import type { FilingRequest, WithdrawalReason } from './request.ts'

/**
 * Takes a request back that the court has not decided: it is over, and the court may be asked anew.
 * @param about.reason why it ends where its filer did not take back the request alone.
 */
export async function withdrawRequest(
  tx: Transaction,
  about: {
    readonly request: FilingRequest
    readonly courtName: string
    readonly reason?: WithdrawalReason | undefined
  },
  by: By,
): Promise<Outcome<void, MoveRefusal>> {
  const { request, courtName, reason } = about
  const moved = await moveRequest(tx, request, { kind: 'withdrawn', reason }, by)
  if (!moved.ok) return moved
  const { accountId, courtId, number } = request
  await recordEvent(tx, requestWithdrawn({ accountId, courtId, number, reason, by }))
  const holder = await findHolder(tx, accountId)
  await tellHolder(tx, holder, requestWithdrawnMail, { court: courtName, request: number })
  return ok()
}
