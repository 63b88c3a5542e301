import type { AccountFacts } from '../../accounts/account.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { findCourt } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { inForceAt } from '../apply-decision.ts'
import { listDecisions } from '../right-store.ts'
import type { LinkingRefusal } from './link-account.ts'
import { findLinkBar } from './link-bar.ts'
import { findLinkOf } from './link-store.ts'
import type { NoOldAccounts } from './link-words.ts'

/** What a person meets who wants to link at a court. */
export type OpenLinking = {
  readonly court: Court
  /** Until when it goes with the old password; null: no end is set. */
  readonly closesAt: Date | null
  /** Of the newest decision about the person; 0 where there is none. */
  readonly version: number
  /** Why nothing can be linked; undefined where an old login is asked for. */
  readonly bar: LinkingRefusal | NoOldAccounts | undefined
}

/** @returns undefined where there is no such court. */
export async function openLinking(
  db: Queryable,
  account: Pick<AccountFacts, 'id' | 'type' | 'isUpgraded' | 'state'>,
  courtId: CourtId,
): Promise<OpenLinking | undefined> {
  const court = await findCourt(db, courtId)
  if (!court) return undefined
  const at = now()
  const history = await listDecisions(db, account.id, courtId)
  const link = await findLinkOf(db, account.id, courtId)
  const closesAt = (await findGoLivePlan(db, courtId))?.legacyClosesAt ?? null
  const right = inForceAt(history, at)
  const by = 'holder'
  const own = findLinkBar({ court, holder: account, right, link, by, history, at })
  const isClosed = closesAt !== null && closesAt <= at
  return {
    court,
    closesAt,
    version: history.at(-1)?.ordinal ?? 0,
    bar:
      own ??
      (isClosed ? { reason: 'linking-closed' } : undefined) ??
      (court.takesLinks ? undefined : { reason: 'no-old-accounts' }),
  }
}
