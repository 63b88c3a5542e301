import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { Role } from '../../courts/roles.ts'
import { findCourt } from '../../courts/store.ts'
import type { Day } from '../../days.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { Decision } from '../apply-decision.ts'
import { decideRight, type RightRefusal } from '../decide-right.ts'
import { requestApproved } from '../events.ts'
import { type Action, stateOfRight } from '../right.ts'
import { findRight } from '../right-store.ts'
import { moveRequest } from './move-request.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'

/** What the court gives, as its clerk decided: never what the filer wrote. */
export type Approval = {
  readonly role: Role
  readonly actions: readonly Action[]
  readonly isAdmitted: boolean
  /** The last day of the admission, and that of what is granted; null: there is none. */
  readonly admittedUntil: Day | null
  readonly endsOn: Day | null
  /** The CM/ECF account at this court; null: there is none yet. */
  readonly filerId: string | null
  readonly message: string
}

/**
 * Approves a request: its end, the right that comes of it, the audit rows and the mail are one transaction. Of
 * twenty at once one does it. The mail to the filer is that of the decision on the right.
 */
export async function approveRequest(
  db: Database,
  wanted: SeenRequest & { readonly approval: Approval },
  by: By,
): Promise<Outcome<void, ClerkRefusal | RightRefusal>> {
  const { courtId, approval } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const { message, ...granted } = approval
    const move = { kind: 'approved', message: message || undefined } as const
    const moved = await moveRequest(tx, opened.value, move, by)
    if (!moved.ok) return refused('changed-meanwhile')
    const kind = await kindOfDecision(tx, accountId, courtId)
    const decision: Decision = { kind, ...granted, message: message || undefined }
    const decided = await decideRight(tx, { accountId, courtId, decision, by })
    if (!decided.ok) return decided
    await recordEvent(tx, requestApproved({ accountId, courtId, number, by }))
    return ok()
  })
}

/** Who has a right in force asked for more, and keeps it; everybody else gets one. */
async function kindOfDecision(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
): Promise<'change' | 'grant'> {
  const [right, court] = [await findRight(tx, accountId, courtId), await findCourt(tx, courtId)]
  if (!court) throw new Error('the court of a request is gone')
  return stateOfRight(right, court, now()) === 'active' ? 'change' : 'grant'
}
