import { maybeSamePerson } from '../accounts/same-person.ts'
import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { type Outcome, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import type { Decision } from './apply-decision.ts'
import { decideRight, type RightRefusal } from './decide-right.ts'
import { listDecisions } from './right-store.ts'

export type SeenRefusal =
  | RightRefusal
  /** Somebody decided something that was not on the page. */
  | { readonly reason: 'decided-meanwhile' }

/**
 * Decides about a person at a court from a page that showed what holds: of two people at once one decides, and
 * the other is asked to look again. Nobody decides about an account that may be one's own, either.
 * @param about.seen the ordinal of the newest decision on the page; 0 where there was none.
 */
export function decideAsSeen(
  db: Database,
  about: {
    readonly accountId: AccountId
    readonly courtId: CourtId
    readonly seen: number
    readonly decision: Decision
  },
  by: By,
): Promise<Outcome<{ readonly version: number }, SeenRefusal>> {
  const { seen, ...what } = about
  const { accountId, courtId } = about
  return inTransaction(db, async (tx) => {
    if (!(await lockAccount(tx, accountId))) return refused('unknown-account')
    const { actor } = by
    const isOfOther = actor.kind === 'account' && actor.id !== accountId
    if (isOfOther && (await maybeSamePerson(tx, actor.id, accountId))) return refused('not-own')
    // Whoever decides has that lock: what is the newest now stays it until the transaction ends.
    const newest = (await listDecisions(tx, accountId, courtId)).at(-1)
    if ((newest?.ordinal ?? 0) !== seen) return refused('decided-meanwhile')
    return decideRight(tx, { ...what, by })
  })
}
