import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { requestQuestionAsked } from '../events.ts'
import { requestQuestionMail } from './clerk-mails.ts'
import type { QuestionReason } from './decision-reasons.ts'
import { moveRequest } from './move-request.ts'
import { nameCourt } from './name-court.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'

/** Asks the filer something within the request, which waits for the answer from then on. */
export async function askFiler(
  db: Database,
  wanted: SeenRequest & { readonly reason: QuestionReason; readonly message: string },
  by: By,
): Promise<Outcome<void, ClerkRefusal>> {
  const { courtId, reason, message } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const moved = await moveRequest(tx, opened.value, { kind: 'asked', reason, message }, by)
    if (!moved.ok) return refused('changed-meanwhile')
    await recordEvent(tx, requestQuestionAsked({ accountId, courtId, number, reason, by }))
    await tellHolder(tx, await findHolder(tx, accountId), requestQuestionMail, {
      court: await nameCourt(tx, courtId),
      request: number,
      asked: reason,
      message,
    })
    return ok()
  })
}
