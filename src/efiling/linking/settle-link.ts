import { maybeSamePerson } from '../../accounts/same-person.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import { findCourt } from '../../courts/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { listRolesInForce } from '../../staff/store.ts'
import type { Transaction } from '../../storage/db.ts'
import { decideRight, type RightRefusal } from '../decide-right.ts'
import { linkSettled } from '../events.ts'
import { listDecisions } from '../right-store.ts'
import { isContested, type Link } from './link.ts'
import { findLinkById, lockLink, markSettled } from './link-store.ts'
import { findSettlement } from './settlement.ts'

export type SettleRefusal =
  | { readonly reason: 'unknown' | 'not-own' | 'not-yours' | 'not-contested' }
  /** The right cannot be given back: of its last day, which is over, or of what is decided ahead. */
  | { readonly reason: 'not-reinstated'; readonly because: RightRefusal['reason'] }

/**
 * Lets a contested link stand: the right is given back that was stopped by the press, with what the court has
 * changed of it since (`settlement.ts`). What the court has ended since, or had suspended before, stays; what it had
 * decided ahead, and the press superseded, does not come back by itself.
 * @param reason in the clerk's words; the holder whose right comes back is told it.
 */
export async function settleLink(
  tx: Transaction,
  { linkId, reason, by }: { readonly linkId: string; readonly reason: string; readonly by: By },
): Promise<Outcome<Link, SettleRefusal>> {
  const { actor } = by
  const found = await findLinkById(tx, linkId)
  if (!found || actor.kind !== 'account') return refused('unknown')
  const { accountId, courtId } = found
  const roles = await listRolesInForce(tx, actor.id)
  const isOfCourt = roles.some(
    (held) => held.courtId === courtId && (held.role === 'clerk' || held.role === 'court-manager'),
  )
  if (!isOfCourt) return refused('not-yours')
  if (await maybeSamePerson(tx, actor.id, accountId)) return refused('not-own')
  await lockAccount(tx, accountId)
  const link = await lockLink(tx, linkId)
  if (!link || !isContested(link)) return refused('not-contested')
  const court = await findCourt(tx, courtId)
  if (!court) return refused('unknown')
  await markSettled(tx, linkId, { by: actor.id, reason })
  const history = await listDecisions(tx, accountId, courtId)
  if (findSettlement(history, court, now()).givesBack) {
    const decision = { kind: 'reinstate', message: reason } as const
    const decided = await decideRight(tx, { accountId, courtId, decision, by })
    if (!decided.ok) return refused('not-reinstated', { because: decided.reason })
  }
  await recordEvent(tx, linkSettled({ link, by }))
  return ok(link)
}
