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
import { holdGoLivePlan, listMistold } from './notice-store.ts'
import { tellBatch, wholeAddresses } from './tell-batch.ts'
import { momentFacts } from './told-facts.ts'
import { correctionName, toldMoment } from './waves.ts'

/** With the pauses between the tries a little more than a day. */
const tries = 31
const batchesPerRun = 4
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
  let after: string | undefined = place ?? ''
  for (let batch = 0; batch < batchesPerRun && after !== undefined; batch += 1) {
    const begin: string = after
    after = await inTransaction(db, async (tx) => {
      await holdGoLivePlan(tx, courtId)
      const plan = await findGoLivePlan(tx, courtId)
      return plan && correctBatch(tx, { court, plan, at, begin })
    })
  }
  if (after !== undefined) {
    await enqueue(db, tellOfGoLiveJob, { courtId, after }, { afterSeconds: nextRunSeconds })
  }
}

/** @returns where the next batch begins, if there may be one. */
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
): Promise<string | undefined> {
  const liveAt = toldMoment(plan, at)
  const { targets, next } = await wholeAddresses(
    (place) => listMistold(tx, court.id, liveAt, place),
    begin,
  )
  const { version } = plan
  const toldOf = (target: { readonly known: Date }) => momentAtCourt(target.known, court)
  if (liveAt) {
    await tellBatch(tx, targets, {
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
  } else {
    await tellBatch(tx, targets, {
      court,
      wave: correctionName('rolled-back', version),
      version,
      at,
      words: goLiveRolledBackMail,
      // The row says that this moment is none any more.
      momentOf: ({ known }) => known,
      factsOf: (target) => ({ toldOf: toldOf(target), wasLive: target.known <= plan.changedAt }),
    })
  }
  return next
}
