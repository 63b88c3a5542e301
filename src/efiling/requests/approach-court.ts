import type { AccountFacts } from '../../accounts/account.ts'
import { now } from '../../clock.ts'
import { noPractice, type Practice } from '../../courts/practice.ts'
import { findPractice, listPractices } from '../../courts/practice-store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { type CourtFacts, efilingClaim, findFacts, type PersonFacts } from '../facts.ts'
import type { EfilingEntry } from '../standing.ts'
import { type CourtBar, findCourtBar } from './asking-bar.ts'

/** What somebody meets who wants to ask a court for something. */
export type Approach = {
  readonly account: AccountFacts
  readonly court: CourtFacts
  /** What the court says of the person now. */
  readonly entry: EfilingEntry
  readonly practice: Practice
  /** Why nothing can be asked for; undefined where something can. */
  readonly bar: CourtBar | undefined
}

/** @returns undefined where there is no such court. */
export async function approachCourt(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<Approach | undefined> {
  const facts = await findFacts(db, accountId, [courtId], undefined)
  const practice = await findPractice(db, courtId)
  return facts && approaches(facts, new Map([[courtId, practice]]))[0]
}

/** The same for all these courts, in two statements. */
export async function approachCourts(
  db: Queryable,
  accountId: AccountId,
  courtIds: readonly CourtId[],
): Promise<Approach[]> {
  const [facts, practices] = await Promise.all([
    findFacts(db, accountId, courtIds, undefined),
    listPractices(db),
  ])
  return facts ? approaches(facts, practices) : []
}

function approaches(facts: PersonFacts, practices: ReadonlyMap<CourtId, Practice>): Approach[] {
  const claim = efilingClaim(facts, now())
  const { account } = facts
  return facts.courts.flatMap((court) => {
    const entry = claim[court.id]
    if (!entry) return []
    const practice = practices.get(court.id) ?? noPractice
    return [{ account, court, entry, practice, bar: findCourtBar(account, entry, practice) }]
  })
}
