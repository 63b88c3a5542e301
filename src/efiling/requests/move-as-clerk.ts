import type { HolderFacts } from '../../accounts/state-mails.ts'
import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import type { AuditEvent } from '../../audit/event.ts'
import { recordEvent } from '../../audit/store.ts'
import type { MailFacts, MailWords } from '../../mail/words.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { DecidedRequest } from '../events.ts'
import { moveRequest } from './move-request.ts'
import { nameCourt } from './name-court.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'
import type { RequestMove } from './request.ts'

/** What a clerk does with a request by which no right changes. */
type ClerkMove<Facts extends HolderFacts> = {
  readonly move: RequestMove
  readonly event: (about: DecidedRequest) => AuditEvent
  readonly mail: MailWords<Facts>
  /** What the message says beside whose request it is, and of which court. */
  readonly told: MailFacts
}

/** `not-from-here`: the request stands already where the move would lead. */
export type ClerkMoved = Outcome<void, ClerkRefusal | { readonly reason: 'not-from-here' }>

/** Moves a request of this court, records it and tells its filer, in one transaction: of twenty at once one does. */
export async function moveAsClerk<Facts extends HolderFacts>(
  db: Database,
  seen: SeenRequest,
  by: By,
  { move, event, mail, told }: ClerkMove<Facts>,
): Promise<ClerkMoved> {
  const { courtId } = seen
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, seen)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const moved = await moveRequest(tx, opened.value, move, by)
    if (!moved.ok) return refused(moved.reason)
    await recordEvent(tx, event({ accountId, courtId, number, by }))
    const court = await nameCourt(tx, courtId)
    const facts = { court, request: number, ...told } as unknown as Facts
    await tellHolder(tx, await findHolder(tx, accountId), mail, facts)
    return ok()
  })
}
