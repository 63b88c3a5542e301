import type { By } from '../../audit/by.ts'
import { now } from '../../clock.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { noteRequest } from '../right-store.ts'
import { type FilingRequest, type RequestMove, standpointAfter } from './request.ts'
import { insertRequestEvent, writeMove } from './store.ts'

export type MoveRefusal =
  /** It cannot be done with a request that stands where this one stands. */
  | 'not-from-here'
  /** Somebody else was first: read it again. */
  | 'changed-meanwhile'

/**
 * The one way in which a request changes once it is written: moves it, with a row of its history, and
 * tells the right of the person at that court that a request has opened or ended. Of twenty at once who
 * read the same request one moves it. The audit row and the mail are the caller's; so is the decision on
 * the right, which is made after this one.
 * @param request as it was read; its version decides.
 */
export async function moveRequest(
  tx: Transaction,
  request: FilingRequest,
  move: RequestMove & { readonly termsVersion?: number | undefined },
  by: By,
): Promise<Outcome<FilingRequest, MoveRefusal>> {
  const to = standpointAfter(request, move)
  if (!to) return refused('not-from-here')
  const at = now()
  const moved = await writeMove(tx, request, { ...to, termsVersion: move.termsVersion, at })
  if (!moved) return refused('changed-meanwhile')
  await insertRequestEvent(tx, request.id, {
    kind: move.kind,
    waitsFor: to.waitsFor,
    reason: ('reason' in move && move.reason) || null,
    message: ('message' in move && move.message) || null,
    byAccount: by.actor.kind === 'account' ? by.actor.id : null,
    recordedAt: at,
  })
  if ((request.state === 'open') !== (to.state === 'open')) {
    await noteRequest(tx, request.accountId, request.courtId)
  }
  return ok(moved)
}
