import { maybeSamePerson } from '../../accounts/same-person.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import type { Decision } from '../apply-decision.ts'
import { decideRight } from '../decide-right.ts'
import { accountUnlinked } from '../events.ts'
import { noRight } from '../right.ts'
import { listDecisions, type RightDecision } from '../right-store.ts'
import type { Link } from './link.ts'
import { findLinkById, lockLink, markEnded } from './link-store.ts'
import { tellUnlinked } from './tell-linked.ts'

export type UnlinkRefusal = {
  readonly reason: 'unknown' | 'ended-already' | 'not-own' | 'not-yours'
}

/**
 * Undoes a link: the right that came of it ends, and with it the admission that it brought; both accounts are
 * free again, and both addresses are told. The old password has been forgotten, so that a clerk links again.
 * @param reason in the clerk's words; the holder is told it.
 */
export async function unlinkAccount(
  tx: Transaction,
  { linkId, reason, by }: { readonly linkId: string; readonly reason: string; readonly by: By },
): Promise<Outcome<Link, UnlinkRefusal>> {
  const { actor } = by
  const found = await findLinkById(tx, linkId)
  if (!found || actor.kind !== 'account') return refused('unknown')
  const { accountId, courtId } = found
  if (await maybeSamePerson(tx, actor.id, accountId)) return refused('not-own')
  await lockAccount(tx, accountId)
  const link = await lockLink(tx, linkId)
  if (!link || link.endedAt) return refused('ended-already')
  const decision: Decision = {
    kind: 'unlink',
    reason: 'other',
    message: reason,
    ...admissionWithout(await listDecisions(tx, accountId, courtId)),
  }
  const decided = await decideRight(tx, { accountId, courtId, decision, by })
  if (!decided.ok) {
    if (decided.reason === 'not-own' || decided.reason === 'not-yours') return decided
    throw new Error(`a link could not be undone: ${decided.reason}`)
  }
  await markEnded(tx, linkId, { by: actor.id, reason })
  await recordEvent(tx, accountUnlinked({ link, by }))
  await tellUnlinked(tx, link, reason)
  return ok(link)
}

/** The admission as it is without the link: that from before, unless the court has decided about it since. */
function admissionWithout(
  decisions: readonly RightDecision[],
): Pick<Decision, 'isAdmitted' | 'admittedUntil'> {
  const place = decisions.findLastIndex(({ kind }) => kind === 'link' || kind === 'link-suspended')
  const [before, linked, newest] = [
    decisions[place - 1] ?? noRight,
    decisions[place],
    decisions.at(-1),
  ]
  const isOfLink =
    linked?.isAdmitted === newest?.isAdmitted && linked?.admittedUntil === newest?.admittedUntil
  const { isAdmitted, admittedUntil } = isOfLink ? before : (newest ?? noRight)
  return { isAdmitted, admittedUntil }
}
