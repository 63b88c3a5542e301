import { courtFactLabel } from '../../accounts/account-changes.ts'
import { maybeSamePerson } from '../../accounts/same-person.ts'
import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { Court } from '../../courts/court.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { listRolesInForce } from '../../staff/store.ts'
import type { Transaction } from '../../storage/db.ts'
import { noticeDecided } from '../events.ts'
import { noticeDecidedMail } from './mails.ts'
import { findNoticeAt, type NoticeAtCourt, writeDecision } from './store.ts'

/** What a court says to a change; declining has a reason, which the person reads. */
export type NoticeDecision =
  | { readonly state: 'taken-over' }
  | { readonly state: 'declined'; readonly reason: string }

export type NoticeRefusal =
  | { readonly reason: 'not-there' }
  /** Nobody decides about an account that is, or may be, one's own. */
  | { readonly reason: 'not-own' }
  /** Who decides does not work for this court (any more). */
  | { readonly reason: 'not-yours' }
  /** Somebody else was first, or the person withdrew it. */
  | { readonly reason: 'not-waiting'; readonly notice: NoticeAtCourt }

/**
 * Decides for a court about a change that it is asked to take over, and tells the person. The court's
 * records are its own: that they were changed is what the clerk says here. Of twenty clerks at once one
 * decides, and the others learn who did.
 */
export async function decideNotice(
  tx: Transaction,
  about: {
    readonly court: Pick<Court, 'id' | 'name'>
    readonly id: string
    readonly decision: NoticeDecision
  },
  by: By,
): Promise<Outcome<void, NoticeRefusal>> {
  const { court, id, decision } = about
  const { actor } = by
  if (actor.kind !== 'account') return refused('not-yours')
  const roles = await listRolesInForce(tx, actor.id)
  if (!roles.some(({ courtId }) => courtId === court.id)) return refused('not-yours')
  const notice = await findNoticeAt(tx, court.id, id)
  if (!notice) return refused('not-there')
  const { accountId, courtId, fact } = notice
  if (await maybeSamePerson(tx, actor.id, accountId)) return refused('not-own')
  const { state } = decision
  const reason = decision.state === 'declined' ? decision.reason : null
  if (!(await writeDecision(tx, notice, { state, decidedBy: actor.id, reason }))) {
    // It was decided between the two statements, perhaps: what stands there now is what is told.
    const present = await findNoticeAt(tx, court.id, id)
    return refused('not-waiting', { notice: present ?? notice })
  }
  await recordEvent(tx, noticeDecided({ accountId, courtId, fact, decision: state, by }))
  const facts = { court: court.name, fact: courtFactLabel(fact).toLowerCase(), state, reason }
  await tellHolder(tx, await findHolder(tx, accountId), noticeDecidedMail, facts)
  return ok()
}
