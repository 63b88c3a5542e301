import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { CourtId } from '../ids.ts'
import { enqueue } from '../jobs/store.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { applyGoLive, type GoLiveChange, type GoLiveRefusal } from './apply-go-live.ts'
import { changerOf } from './change-practice.ts'
import { courtGoLiveChanged } from './events.ts'
import { tellOfGoLiveJob } from './go-live-jobs.ts'
import type { GoLivePlan } from './go-live-plan.ts'
import { findGoLivePlan, insertGoLivePlan } from './go-live-store.ts'
import { lockCourt, writeGoLive } from './store.ts'

/** What somebody wants of a court's go-live. */
export type GoLiveOrder = {
  readonly courtId: CourtId
  /**
   * The version that whoever orders this has seen, 0 where there was none; somebody who changed it since
   * was faster, and nothing is written. Undefined: whatever there is now.
   */
  readonly basedOn?: number | undefined
  readonly change: GoLiveChange
}

export type ChangeGoLiveRefusal = GoLiveRefusal | 'unknown-court' | 'changed-meanwhile'

/**
 * Changes a court's go-live: the only way in which it changes. A new version, what every token reads of
 * it, the audit row, and the job that tells whoever knew of another moment, in one transaction; of twenty
 * at once on one version one changes it.
 */
export function changeGoLive(
  db: Database,
  order: GoLiveOrder & { readonly by: By },
): Promise<Outcome<GoLivePlan, ChangeGoLiveRefusal>> {
  return inTransaction<Outcome<GoLivePlan, ChangeGoLiveRefusal>>(db, (tx) =>
    writeGoLiveChange(tx, order, order.by),
  )
}

/** The same, as a part of what else is written. */
export async function writeGoLiveChange(
  tx: Transaction,
  { courtId, basedOn, change }: GoLiveOrder,
  by: By,
): Promise<Outcome<GoLivePlan, ChangeGoLiveRefusal>> {
  const court = await lockCourt(tx, courtId)
  if (!court) return refused('unknown-court')
  const before = await findGoLivePlan(tx, courtId)
  const version = before?.version ?? 0
  if (basedOn !== undefined && basedOn !== version) return refused('changed-meanwhile')
  const at = now()
  const after = applyGoLive(court, before, change, at)
  if (!after.ok) return after
  const { terms, goLiveOn } = after.value
  const plan: GoLivePlan = {
    ...terms,
    version: version + 1,
    kind: change.kind,
    reason: change.reason?.trim() || null,
    changedAt: at,
    changedBy: changerOf(by),
  }
  await insertGoLivePlan(tx, courtId, plan)
  await writeGoLive(tx, courtId, {
    goLiveOn,
    liveAt: terms.liveAt,
    filingClosedFrom: terms.filingClosed?.from ?? null,
    filingClosedUntil: terms.filingClosed?.until ?? null,
  })
  const { kind, liveAt } = plan
  await recordEvent(
    tx,
    courtGoLiveChanged({ courtId, version: plan.version, kind, liveAt, goLiveOn, by }),
  )
  await enqueue(tx, tellOfGoLiveJob, { courtId })
  return ok(plan)
}
