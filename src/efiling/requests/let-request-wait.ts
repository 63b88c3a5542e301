import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { requestWaitChanged } from '../events.ts'
import { requestWaitsMail } from './clerk-mails.ts'
import { moveRequest } from './move-request.ts'
import { nameCourt } from './name-court.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'
import type { WaitsFor } from './request.ts'

/** What a clerk can say a request waits for; the filer is asked something instead (`ask-filer.ts`). */
export const clerkWaits = [
  'clerk',
  'fee',
  'judge',
  'training',
] as const satisfies readonly WaitsFor[]
export type ClerkWait = (typeof clerkWaits)[number]

/**
 * Says what a request waits for: a fee, a judge, a training, or the clerk again, whose clock runs
 * meanwhile only then.
 * @returns `waits-already` where it waits for that.
 */
export async function letRequestWait(
  db: Database,
  wanted: SeenRequest & { readonly waitsFor: ClerkWait; readonly message: string },
  by: By,
): Promise<Outcome<void, ClerkRefusal | { readonly reason: 'waits-already' }>> {
  const { courtId, waitsFor, message } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const move = { kind: 'waits', waitsFor, message: message || undefined } as const
    const moved = await moveRequest(tx, opened.value, move, by)
    if (!moved.ok) {
      return refused(moved.reason === 'not-from-here' ? 'waits-already' : 'changed-meanwhile')
    }
    await recordEvent(tx, requestWaitChanged({ accountId, courtId, number, waitsFor, by }))
    await tellHolder(tx, await findHolder(tx, accountId), requestWaitsMail, {
      court: await nameCourt(tx, courtId),
      request: number,
      waitsFor,
      message,
    })
    return ok()
  })
}
