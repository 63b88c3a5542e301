import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { Outages } from '../outages.ts'
import { type Database, isStorageFault } from '../storage/db.ts'
import { pauseSeconds, type QueuedJob, type RecurringJob } from './job.ts'
import {
  extendJob,
  failJob,
  registerRecurring,
  removeJob,
  rescheduleJob,
  type TakenJob,
  takeJobs,
} from './store.ts'

export type JobWorker = {
  /** Takes nothing more, and waits for what is in hand, ten seconds at most; the rest is taken again. */
  stop(): Promise<void>
}

export type JobList = {
  readonly recurring: readonly RecurringJob[]
  readonly queued: readonly QueuedJob[]
}

const defaults = {
  lookEveryMilliseconds: 1000,
  /**
   * So many jobs a process has in hand, those aside that have hands of their own: one that takes long
   * does not hold up the others.
   */
  atOnce: 4,
  /** After so long without a sign of its process a job is anybody's; a process gives three in that time. */
  leaseSeconds: 15,
}
const longestStopMilliseconds = 10_000
const longestProblem = 500

/**
 * Does the jobs of the installation together with every other process: each is done by one of them. Of
 * a release it knows not it leaves the jobs to that one.
 * @throws UnavailableError when the database does not answer to what is noted at the beginning.
 */
export async function startWorker(
  db: Database,
  { recurring, queued }: JobList,
  { log, outages }: { log: Log; outages: Outages },
  options: Partial<typeof defaults> = {},
): Promise<JobWorker> {
  const { lookEveryMilliseconds, atOnce, leaseSeconds } = { ...defaults, ...options }
  const jobs = new Map([...recurring, ...queued].map((job) => [job.name, job]))
  await registerRecurring(db, recurring)

  const handsFor = (names: readonly string[], atOnce: number): Hands => ({
    names,
    atOnce,
    inHand: new Set(),
  })
  const apart = queued.flatMap(({ name, atOnce }) => (atOnce ? [handsFor([name], atOnce)] : []))
  const sharing = [...jobs.keys()].filter(
    (name) => !apart.some(({ names }) => names.includes(name)),
  )
  const hands = [handsFor(sharing, atOnce), ...apart]
  let looking: Promise<void> | undefined
  let isStopped = false

  const note = (error: unknown, message: string, about: object = {}) => {
    if (isStorageFault(error)) outages.note(error)
    else log.warn({ ...about, error }, message)
  }

  const settle = async (taken: TakenJob, fault: unknown): Promise<void> => {
    const job = jobs.get(taken.name)!
    const about = { job: taken.name, jobId: taken.id, tries: taken.tries }
    const problem = fault === undefined ? undefined : problemOf(fault)
    if ('everySeconds' in job) {
      await rescheduleJob(db, taken, problem)
      // One that comes every second says so the first time, the second, the fourth, …
      const isNews = (taken.tries & (taken.tries - 1)) === 0
      if (problem && isNews) note(fault, 'a job failed; it comes again', about)
    } else if (problem === undefined) await removeJob(db, taken)
    else if (taken.tries < job.tries) {
      await failJob(db, taken, problem, pauseSeconds(taken.tries))
      note(fault, 'a job failed; it is tried again', about)
    } else {
      await failJob(db, taken, problem)
      log.error({ ...about, error: fault }, 'a job is dead: nobody tries it again by itself')
    }
  }

  const work = async (taken: TakenJob): Promise<void> => {
    const job = jobs.get(taken.name)!
    const renewing = setInterval(
      () => {
        extendJob(db, taken, leaseSeconds).catch((error: unknown) =>
          note(error, 'the lease of a job was not extended', { job: taken.name }),
        )
      },
      (leaseSeconds * 1000) / 3,
    )
    renewing.unref()
    let fault: unknown
    try {
      if ('tries' in job && taken.tries > job.tries) throw new Error(worksNoMore)
      await job.run(taken.payload)
    } catch (error) {
      fault = error ?? new Error('failed without a reason')
    } finally {
      clearInterval(renewing)
    }
    // What cannot be noted is done again when the lease is over.
    await settle(taken, fault).catch((error: unknown) =>
      note(error, 'the end of a job was not noted', { job: taken.name }),
    )
  }

  const fill = async ({ names, atOnce, inHand }: Hands): Promise<void> => {
    const free = atOnce - inHand.size
    if (free <= 0) return
    const taken = await takeJobs(db, names, free, leaseSeconds)
    outages.databaseAnswers()
    for (const each of taken) {
      const done = work(each).finally(() => {
        inHand.delete(done)
        // There may be more than there were hands.
        if (taken.length === free) lookNow()
      })
      inHand.add(done)
    }
  }
  const look = async (): Promise<void> => {
    try {
      for (const each of hands) await fill(each)
    } catch (error) {
      note(error, 'jobs were not looked for')
    }
  }
  const lookNow = () => {
    if (isStopped || looking) return
    looking = look().finally(() => {
      looking = undefined
    })
  }
  const timer = setInterval(lookNow, lookEveryMilliseconds)
  timer.unref()

  return {
    async stop() {
      isStopped = true
      clearInterval(timer)
      await looking
      await Promise.race([
        Promise.all(hands.flatMap(({ inHand }) => [...inHand])),
        sleep(longestStopMilliseconds, undefined, { ref: false }),
      ])
    },
  }
}

/** Jobs of these names, and those of them that the process is doing. */
type Hands = {
  readonly names: readonly string[]
  readonly atOnce: number
  readonly inHand: Set<Promise<void>>
}

const worksNoMore = 'the processes that had it ended before it was done'

/** In one line, without the stack. */
function problemOf(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault)
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'failed').slice(0, longestProblem)
}
