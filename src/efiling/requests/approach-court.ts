import type { AccountFacts } from '../../accounts/account.ts'
import { now } from '../../clock.ts'
import { type GoLivePlan, requestsClosedUntil } from '../../courts/go-live-plan.ts'
import { findGoLivePlan, listNewestGoLivePlans } from '../../courts/go-live-store.ts'
import { noPractice, type Practice } from '../../courts/practice.ts'
import { findPractice, listPractices } from '../../courts/practice-store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { type CourtFacts, efilingClaim, findFacts, type PersonFacts } from '../facts.ts'
import { type EfilingEntry, efilingEntry } from '../standing.ts'
import { type CourtBar, findCourtBar } from './asking-bar.ts'

/** What somebody meets who wants to ask a court for something. */
export type Approach = {
  readonly account: AccountFacts
  readonly court: CourtFacts
  /** What the court says of the person now. */
  readonly entry: EfilingEntry
  /** The same with filing open: who may file is asked for nothing again while filing is closed. */
  readonly granted: EfilingEntry
  readonly practice: Practice
  /** Of its go-live; undefined where none is kept here. */
  readonly plan: GoLivePlan | undefined
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
  const plan = await findGoLivePlan(db, courtId)
  const plans = new Map(plan && [[courtId, plan]])
  return facts && approaches(facts, new Map([[courtId, practice]]), plans)[0]
}

/** The same for all these courts, in three statements. */
export async function approachCourts(
  db: Queryable,
  accountId: AccountId,
  courtIds: readonly CourtId[],
): Promise<Approach[]> {
  const [facts, practices, plans] = await Promise.all([
    findFacts(db, accountId, courtIds, undefined),
    listPractices(db),
    listNewestGoLivePlans(db),
  ])
  return facts ? approaches(facts, practices, plans) : []
}

function approaches(
  facts: PersonFacts,
  practices: ReadonlyMap<CourtId, Practice>,
  plans: ReadonlyMap<CourtId, GoLivePlan>,
): Approach[] {
  const at = now()
  const claim = efilingClaim(facts, at)
  const { account } = facts
  return facts.courts.flatMap((court) => {
    const entry = claim[court.id]
    if (!entry) return []
    const practice = practices.get(court.id) ?? noPractice
    const plan = plans.get(court.id)
    const open = { ...court, filingClosedFrom: null, filingClosedUntil: null }
    const granted = efilingEntry(open, account, court.right, undefined, at)
    const bar = findCourtBar(account, granted, practice, requestsClosedUntil(plan, at))
    return [{ account, court, entry, granted, practice, plan, bar }]
  })
}
