import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { requestAnswered } from '../events.ts'
import { requestAnsweredMail } from './mails.ts'
import { type MoveRefusal, moveRequest } from './move-request.ts'
import type { FilingRequest } from './request.ts'

/**
 * Answers what the clerk asked, in the request itself: it waits for the clerk again.
 * @param request as its holder saw it.
 * @param message in the holder's words.
 */
export async function answerRequest(
  tx: Transaction,
  { request, courtName }: { readonly request: FilingRequest; readonly courtName: string },
  message: string,
  by: By,
): Promise<Outcome<void, MoveRefusal>> {
  const moved = await moveRequest(tx, request, { kind: 'answered', message }, by)
  if (!moved.ok) return moved
  const { accountId, courtId, number } = request
  await recordEvent(tx, requestAnswered({ accountId, courtId, number, by }))
  const holder = await findHolder(tx, accountId)
  await tellHolder(tx, holder, requestAnsweredMail, { court: courtName, request: number })
  return ok()
}
