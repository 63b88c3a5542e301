import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { requestDenied } from '../events.ts'
import { requestDeniedMail } from './clerk-mails.ts'
import type { DenialReason } from './decision-reasons.ts'
import { moveRequest } from './move-request.ts'
import { nameCourt } from './name-court.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'

/** Denies a request, with a reason and the clerk's own words; a right that is there stays as it is. */
export async function denyRequest(
  db: Database,
  wanted: SeenRequest & { readonly reason: DenialReason; readonly message: string },
  by: By,
): Promise<Outcome<void, ClerkRefusal>> {
  const { courtId, reason, message } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const moved = await moveRequest(tx, opened.value, { kind: 'denied', reason, message }, by)
    if (!moved.ok) return refused('changed-meanwhile')
    await recordEvent(tx, requestDenied({ accountId, courtId, number, reason, by }))
    await tellHolder(tx, await findHolder(tx, accountId), requestDeniedMail, {
      court: await nameCourt(tx, courtId),
      request: number,
      denied: reason,
      message,
    })
    return ok()
  })
}
