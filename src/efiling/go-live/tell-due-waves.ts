import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { findGoLivePlan, listNewestGoLivePlans } from '../../courts/go-live-store.ts'
import { findCourt } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import type { RecurringJob } from '../../jobs/job.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { atEachCourt } from './each-court.ts'
import { goLiveNoticeMail } from './mails.ts'
import { findNewestImport, holdGoLivePlan, listForWave } from './notice-store.ts'
import { mostInOneRun, tellBatch, wholeAddresses } from './tell-batch.ts'
import { momentFacts } from './told-facts.ts'
import { dueWave, isForLinked, toldMoment, waveName } from './waves.ts'

/** What is told is looked for anew after so long, though nothing was imported: a link may have ended. */
const lookAgainMilliseconds = 3600_000

/** That everybody of a court is told of something, as far as this process has seen. */
type Seen = { readonly what: string; readonly at: number }

/**
 * The job that tells filers by the schedule of their court. Of one wave about one moment each imported account
 * is told once, however many processes run it and wherever one of them ends. In one run two thousand of a court:
 * what somebody else asks for meanwhile, a new password for example, waits behind them for half a minute.
 */
export function tellDueWaves(db: Database): RecurringJob {
  const seen = new Map<CourtId, Seen>()
  return { name: 'tell-due-waves', everySeconds: 60, run: () => tellWavesOf(db, seen, now()) }
}

async function tellWavesOf(db: Database, seen: Map<CourtId, Seen>, at: Date): Promise<void> {
  await atEachCourt(await listNewestGoLivePlans(db), async (courtId, plan) => {
    if (!toldMoment(plan, at)) return
    const court = await findCourt(db, courtId)
    const wave = court?.takesLinks && dueWave(plan, at, court.timeZone)
    if (!court || !wave) return
    // A hundred thousand accounts are not looked through every minute.
    const imported = await findNewestImport(db, courtId)
    const what = [plan.version, waveName(wave), wave.isLate, imported].join(' ')
    const before = seen.get(courtId)
    if (before?.what === what && performance.now() - before.at < lookAgainMilliseconds) return
    const isDone = await tellCourt(db, court, at)
    if (isDone) seen.set(courtId, { what, at: performance.now() })
  })
}

/** @returns whether everybody is told. */
async function tellCourt(db: Database, court: Court, at: Date): Promise<boolean> {
  let told = 0
  for (let place: string | undefined = ''; place !== undefined; ) {
    if (told >= mostInOneRun) return false
    const batch: Batch = await tellNext(db, court, at, place)
    told += batch.told
    place = batch.next
  }
  return true
}

type Batch = { readonly told: number; readonly next: string | undefined }

async function tellNext(db: Database, court: Court, at: Date, after: string): Promise<Batch> {
  return inTransaction(db, async (tx) => {
    await holdGoLivePlan(tx, court.id)
    const plan = await findGoLivePlan(tx, court.id)
    const wave = plan && dueWave(plan, at, court.timeZone)
    const liveAt = plan && toldMoment(plan, at)
    if (!wave || !liveAt) return { told: 0, next: undefined }
    const audience = {
      wave: waveName(wave),
      liveAt,
      toldSince: wave.isLate ? undefined : wave.dueAt,
      includesLinked: isForLinked(wave),
    }
    const { targets, next } = await wholeAddresses(
      (place) => listForWave(tx, court.id, audience, place),
      after,
    )
    const told = await tellBatch(tx, targets, {
      court,
      wave: audience.wave,
      version: plan.version,
      at,
      words: goLiveNoticeMail,
      momentOf: () => liveAt,
      factsOf: () => ({ ...momentFacts(court, plan, liveAt, at), isTheDay: wave.days === 0 }),
    })
    return { told, next }
  })
}
