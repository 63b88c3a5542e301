import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { findGoLivePlan, listNewestGoLivePlans } from '../../courts/go-live-store.ts'
import { listCourts } from '../../courts/store.ts'
import type { RecurringJob } from '../../jobs/job.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { goLiveNoticeMail } from './mails.ts'
import { holdGoLivePlan, listForWave } from './notice-store.ts'
import { tellBatch, wholeAddresses } from './tell-batch.ts'
import { momentFacts } from './told-facts.ts'
import { dueWave, isForLinked, toldMoment, waveName } from './waves.ts'

/**
 * Of one court in one run. What one batch queues is sent before what somebody asks for then, a new password for
 * example: two thousand messages are sent within half a minute.
 */
const batchesPerRun = 4

/**
 * The job that tells filers by the schedule of their court. Of one wave about one moment each imported account
 * is told once, however many processes run it and wherever one of them ends.
 */
export function tellDueWaves(db: Database): RecurringJob {
  return { name: 'tell-due-waves', everySeconds: 60, run: () => tellWavesOf(db, now()) }
}

async function tellWavesOf(db: Database, at: Date): Promise<void> {
  const plans = await listNewestGoLivePlans(db)
  if (plans.size === 0) return
  const courts = (await listCourts(db)).filter((court) => {
    const plan = plans.get(court.id)
    return court.takesLinks && plan && dueWave(plan, at, court.timeZone)
  })
  for (const court of courts) await tellCourt(db, court, at)
}

async function tellCourt(db: Database, court: Court, at: Date): Promise<void> {
  let after: string | undefined = ''
  for (let batch = 0; batch < batchesPerRun && after !== undefined; batch += 1) {
    const begin: string = after
    after = await inTransaction(db, async (tx) => {
      await holdGoLivePlan(tx, court.id)
      const plan = await findGoLivePlan(tx, court.id)
      const wave = plan && dueWave(plan, at, court.timeZone)
      const liveAt = plan && toldMoment(plan, at)
      if (!wave || !liveAt) return undefined
      const audience = {
        wave: waveName(wave),
        liveAt,
        toldSince: wave.isLate ? undefined : wave.dueAt,
        includesLinked: isForLinked(wave),
      }
      const { targets, next } = await wholeAddresses(
        (place) => listForWave(tx, court.id, audience, place),
        begin,
      )
      await tellBatch(tx, targets, {
        court,
        wave: audience.wave,
        version: plan.version,
        at,
        words: goLiveNoticeMail,
        momentOf: () => liveAt,
        factsOf: () => ({
          ...momentFacts(court, plan, liveAt, at),
          isTheDay: wave.days === 0,
        }),
      })
      return next
    })
  }
}
