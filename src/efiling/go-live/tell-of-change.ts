import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { tellOfGoLiveJob } from '../../courts/go-live-jobs.ts'
import type { GoLivePlan } from '../../courts/go-live-plan.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { findCourt } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import type { QueuedJob } from '../../jobs/job.ts'
import { enqueue } from '../../jobs/store.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { goLiveMovedMail, goLiveRolledBackMail } from './mails.ts'
import { holdGoLivePlan, type LookedAt, listMistold } from './notice-store.ts'
import { mostInOneRun, tellBatch, wholeAddresses } from './tell-batch.ts'
import { momentFacts } from './told-facts.ts'
import { correctionName, toldMoment } from './waves.ts'

/** With the pauses between the tries a little more than a day. */
const tries = 31
/** The messages of a run are on their way by then. */
const nextRunSeconds = 60

type Payload = { readonly courtId: CourtId; readonly after?: string }

/**
 * The job that follows every change of a court's plan: whoever was told of a moment that does not hold any more is
 * told what holds, once. It goes by what each was told last and not by the change, so that of two changes at once
 * the last one is told, of a change and its reverse nothing, and a run that comes again finds nobody.
 */
export function tellOfChange(db: Database): QueuedJob {
  return { name: tellOfGoLiveJob, tries, run: (payload) => tellMistold(db, payload as Payload) }
}

async function tellMistold(db: Database, { courtId, after: place }: Payload): Promise<void> {
  const court = await findCourt(db, courtId)
  if (!court) return
  const at = now()
  let told = 0
  let after: string | undefined = place ?? ''
  while (told < mostInOneRun && after !== undefined) {
    const begin: string = after
    const batch: Batch = await inTransaction(db, async (tx) => {
      await holdGoLivePlan(tx, courtId)
      const plan = await findGoLivePlan(tx, courtId)
      return plan ? correctBatch(tx, { court, plan, at, begin }) : { told: 0, next: undefined }
    })
    told += batch.told
    after = batch.next
  }
  if (after !== undefined) {
    await enqueue(db, tellOfGoLiveJob, { courtId, after }, { afterSeconds: nextRunSeconds })
  }
}

type Batch = { readonly told: number; readonly next: string | undefined }

async function correctBatch(
  tx: Transaction,
  {
    court,
    plan,
    at,
    begin,
  }: {
    readonly court: Court
    readonly plan: GoLivePlan
    readonly at: Date
    readonly begin: string
  },
): Promise<Batch> {
  const liveAt = toldMoment(plan, at)
  const { targets, next } = await wholeAddresses(
    (place) => listMistold(tx, court.id, liveAt, place),
    begin,
  )
  const { version } = plan
  const knownTo = ({ known }: LookedAt) => known as Date
  const toldOf = (target: LookedAt) => momentAtCourt(knownTo(target), court)
  const told = liveAt
    ? await tellBatch(tx, targets, {
        court,
        wave: correctionName('moved', version),
        version,
        at,
        words: goLiveMovedMail,
        momentOf: () => liveAt,
        factsOf: (target) => ({
          ...momentFacts(court, plan, liveAt, at),
          toldOf: toldOf(target),
        }),
      })
    : await tellBatch(tx, targets, {
        court,
        wave: correctionName('rolled-back', version),
        version,
        at,
        words: goLiveRolledBackMail,
        // The row says that this moment is none any more.
        momentOf: knownTo,
        factsOf: (target) => ({
          toldOf: toldOf(target),
          wasLive: knownTo(target) <= plan.changedAt,
        }),
      })
  return { told, next }
}
