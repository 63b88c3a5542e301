import { lockAccount } from '../../accounts/store.ts'
import { byAccount, bySystem, type Origin } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { decideRight } from '../decide-right.ts'
import { linkContested } from '../events.ts'
import { isContested, type Link, type LinkReader } from './link.ts'
import { findLinkById, lockLink, markContested } from './link-store.ts'
import { tellContested } from './tell-linked.ts'

export type ContestRefusal = { readonly reason: 'unknown' | 'ended-already' | 'contested-already' }

/**
 * Says of a link that it is wrong: nobody files with it any more, and it is put before the court's clerk. Both
 * addresses are told.
 * @param about.reader whose mail had the link that was pressed.
 */
export async function contestLink(
  tx: Transaction,
  about: { readonly linkId: string; readonly reader: LinkReader; readonly origin: Origin },
): Promise<Outcome<Link, ContestRefusal>> {
  const { linkId, reader, origin } = about
  const found = await findLinkById(tx, linkId)
  if (!found) return refused('unknown')
  const { accountId, courtId } = found
  await lockAccount(tx, accountId)
  const link = await lockLink(tx, linkId)
  if (!link || link.endedAt) return refused('ended-already')
  if (isContested(link)) return refused('contested-already')
  await markContested(tx, linkId, reader)
  const by = reader === 'holder' ? byAccount(accountId, origin) : bySystem(origin)
  // A right that is over stays over, and what the court decided ahead of time does not come.
  const decision = { kind: 'contest' } as const
  const decided = await decideRight(tx, { accountId, courtId, decision, by })
  if (!decided.ok) throw new Error(`a link could not be contested: ${decided.reason}`)
  await recordEvent(tx, linkContested({ link, reader, by }))
  await tellContested(tx, link)
  return ok(link)
}
