import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { pauseSeconds, type QueuedJob, type RecurringJob } from '../../src/jobs/job.ts'
import { listDead, listRecurring, listWaiting } from '../../src/jobs/list-jobs.ts'
import {
  enqueue,
  extendJob,
  failJob,
  removeJob,
  reviveJob,
  takeJobs,
} from '../../src/jobs/store.ts'
import { type JobWorker, startWorker } from '../../src/jobs/worker.ts'
import { createLog } from '../../src/log.ts'
import { createOutages } from '../../src/outages.ts'
import { refused } from '../../src/outcome.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { outageName } from '../../src/storage/faults.ts'
import { kinds } from '../storage/databases.ts'
import { sql } from '../support/database.ts'
import { becomes } from '../support/measure.ts'

const fast = { lookEveryMilliseconds: 20 }

describe.each(kinds)('jobs in the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  let lines: string[]
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())
  beforeEach(async () => {
    await sql(db, 'TRUNCATE jobs')
    lines = []
  })

  async function start(
    jobs: { recurring?: RecurringJob[]; queued?: QueuedJob[] },
    options: Parameters<typeof startWorker>[3] = {},
  ): Promise<JobWorker> {
    const log = createLog('info', { write: (line: string) => void lines.push(line) })
    const worker = await startWorker(
      db,
      { recurring: [], queued: [], ...jobs },
      { log, outages: createOutages(log, outageName) },
      { ...fast, ...options },
    )
    onTestFinished(() => worker.stop())
    return worker
  }
  const count = async () => {
    const [row] = await sql<{ count: number }>(db, 'SELECT count(*) AS count FROM jobs')
    return row!.count
  }
  const hurry = () => sql(db, 'UPDATE jobs SET run_at = now()')

  test('a job is there when the transaction that asks for it is committed', async () => {
    await inTransaction(db, (tx) => enqueue(tx, 'deliver', { mail: 7 }))
    const [job] = await takeJobs(db, ['deliver'], 1, 10)
    expect(job).toMatchObject({ name: 'deliver', payload: { mail: 7 }, tries: 1 })
  })

  test('a job that is asked for at once is due at once, at whatever part of a millisecond', async () => {
    for (let n = 0; n < 40; n += 1) {
      await enqueue(db, 'deliver', { n })
      expect(await takeJobs(db, ['deliver'], 1, 10)).toMatchObject([{ payload: { n } }])
    }
  })

  test('a job goes with the transaction that asked for it', async () => {
    await inTransaction(db, async (tx) => {
      await enqueue(tx, 'deliver', {})
      return refused('no')
    })
    const fails = inTransaction(db, async (tx) => {
      await enqueue(tx, 'deliver', {})
      throw new Error('a defect')
    })
    await expect(fails).rejects.toThrow('a defect')
    expect(await count()).toBe(0)
  })

  test('a job is not taken before its time, nor by who does not know it', async () => {
    await enqueue(db, 'deliver', {}, { afterSeconds: 60 })
    await enqueue(db, 'of-another-release', {})
    expect(await takeJobs(db, ['deliver'], 9, 10)).toEqual([])
  })

  test('twenty who take at once get each job once', async () => {
    for (let n = 0; n < 30; n += 1) await enqueue(db, 'deliver', { n })
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeJobs(db, ['deliver'], 3, 10)),
    )
    const rest = await takeJobs(db, ['deliver'], 30, 10)
    const ids = [...taken.flat(), ...rest].map(({ id }) => id)
    expect(ids).toHaveLength(30)
    expect(new Set(ids).size).toBe(30)
  })

  test('who lost the lease cannot say any more what became of the job', async () => {
    await enqueue(db, 'deliver', {})
    const [first] = await takeJobs(db, ['deliver'], 1, 0)
    const [second] = await takeJobs(db, ['deliver'], 1, 10)
    expect(second).toMatchObject({ id: first!.id, tries: 2 })
    expect(await extendJob(db, first!, 10)).toBe(false)
    await removeJob(db, first!)
    await failJob(db, first!, 'too late')
    expect(await listDead(db, 9)).toEqual([])
    expect(await extendJob(db, second!, 10)).toBe(true)
    await removeJob(db, second!)
    expect(await count()).toBe(0)
  })

  test('a worker does what was asked for, with its payload, and keeps nothing of it', async () => {
    const done: unknown[] = []
    await start({ queued: [{ name: 'deliver', tries: 3, run: async (given) => done.push(given) }] })
    for (let n = 0; n < 20; n += 1) await enqueue(db, 'deliver', { n })
    await becomes('all are done', 5000, async () => (await count()) === 0)
    expect(done).toHaveLength(20)
    expect(new Set(done.map((each) => (each as { n: number }).n)).size).toBe(20)
  })

  test('a job that fails is tried again, later each time, and is dead in the end', async () => {
    let tries = 0
    const run = async () => {
      tries += 1
      throw new Error(`no mail server\nat ${tries}`)
    }
    await start({ queued: [{ name: 'deliver', tries: 3, run }] })
    await enqueue(db, 'deliver', {})
    const failed = (times: number) => async () =>
      (await listWaiting(db))[0]?.failed === 1 && tries === times
    await becomes('it failed once', 5000, failed(1))
    expect(await listWaiting(db)).toMatchObject([{ name: 'deliver', count: 1, running: 0 }])
    const [waiting] = await sql<{ seconds: number }>(
      db,
      'SELECT extract(epoch FROM run_at - now())::float8 AS seconds FROM jobs',
    )
    expect(waiting!.seconds).toBeGreaterThan(pauseSeconds(1) - 2)
    await hurry()
    await becomes('it failed twice', 5000, failed(2))
    expect(await listDead(db, 9)).toEqual([])
    await hurry()
    await becomes('it is dead', 5000, async () => (await listDead(db, 9)).length === 1)
    expect(await listDead(db, 9)).toMatchObject([
      { name: 'deliver', tries: 3, problem: 'no mail server' },
    ])
    expect(lines.join()).toContain('a job is dead')
    await hurry()
    await delay(100)
    expect(tries).toBe(3)
  })

  test('a dead job that is given its tries again is done', async () => {
    let isBroken = true
    const run = async () => {
      if (isBroken) throw new Error('refused')
    }
    await start({ queued: [{ name: 'deliver', tries: 1, run }] })
    await enqueue(db, 'deliver', {})
    await becomes('it is dead', 5000, async () => (await listDead(db, 9)).length === 1)
    isBroken = false
    const [dead] = await listDead(db, 9)
    expect(await reviveJob(db, dead!.id)).toBe('deliver')
    await becomes('it is done', 5000, async () => (await count()) === 0)
    expect(await reviveJob(db, dead!.id)).toBeUndefined()
  })

  test('a job whose processes end each time is dead, too', async () => {
    await enqueue(db, 'deliver', {})
    await takeJobs(db, ['deliver'], 1, 0)
    await takeJobs(db, ['deliver'], 1, 0)
    let runs = 0
    await start({ queued: [{ name: 'deliver', tries: 2, run: async () => (runs += 1) }] })
    await becomes('it is dead', 5000, async () => (await listDead(db, 9)).length === 1)
    expect(runs).toBe(0)
    expect((await listDead(db, 9))[0]!.problem).toContain('ended before it was done')
  })

  test('a job that takes longer than its lease stays with the worker that lives', async () => {
    let runs = 0
    const run = async () => {
      runs += 1
      await delay(1500)
    }
    const jobs = { queued: [{ name: 'export', tries: 3, run }] }
    await start(jobs, { leaseSeconds: 0.6 })
    await start(jobs, { leaseSeconds: 0.6 })
    await enqueue(db, 'export', {})
    await becomes('it is done', 8000, async () => (await count()) === 0)
    expect(runs).toBe(1)
  })

  test('a job that takes long does not hold up the others', async () => {
    const done: string[] = []
    const jobs = [
      { name: 'export', tries: 1, run: () => delay(800).then(() => done.push('export')) },
      { name: 'deliver', tries: 1, run: async () => done.push('deliver') },
    ]
    await start({ queued: jobs })
    await enqueue(db, 'export', {})
    await becomes('it runs', 5000, async () => (await listWaiting(db))[0]?.running === 1)
    await enqueue(db, 'deliver', {})
    await becomes('both are done', 5000, async () => (await count()) === 0)
    expect(done).toEqual(['deliver', 'export'])
  })

  test('what comes again stands there once and comes as often as was said', async () => {
    let runs = 0
    const recurring = [{ name: 'tidy', everySeconds: 0.3, run: async () => (runs += 1) }]
    await Promise.all([start({ recurring }), start({ recurring }), start({ recurring })])
    const began = performance.now()
    await becomes('it ran five times', 8000, async () => runs >= 5)
    // Three workers look, and it comes at the pace of one.
    expect(performance.now() - began).toBeGreaterThan(1000)
    const [state, ...others] = await listRecurring(db)
    expect(others).toEqual([])
    expect(state).toMatchObject({ name: 'tidy', everySeconds: 0.3, failures: 0, problem: null })
    expect(state!.doneAt).toBeInstanceOf(Date)
  })

  test('what comes again and fails says why, comes again, and is never dead', async () => {
    let isBroken = true
    const run = async () => {
      if (isBroken) throw new Error('no such table')
    }
    await start({ recurring: [{ name: 'tidy', everySeconds: 0.05, run }] })
    const state = async () => (await listRecurring(db))[0]!
    await becomes('it failed a few times', 5000, async () => (await state()).failures > 4)
    expect(await state()).toMatchObject({ problem: 'no such table', doneAt: null })
    expect(await listDead(db, 9)).toEqual([])
    // The first time, the second, the fourth.
    expect(lines.filter((line) => line.includes('a job failed')).length).toBeLessThan(5)
    isBroken = false
    await becomes('it is well again', 5000, async () => (await state()).failures === 0)
    expect((await state()).problem).toBeNull()
  })

  test('another period holds for a process that starts, and what is due soon stays due', async () => {
    const run = async () => {}
    const dueIn = async () => {
      const [row] = await sql<{ seconds: number }>(
        db,
        'SELECT extract(epoch FROM run_at - now())::float8 AS seconds FROM jobs',
      )
      return row!.seconds
    }
    await start({ recurring: [{ name: 'tidy', everySeconds: 3600, run }] })
    expect(await dueIn()).toBeGreaterThan(3500)
    await start({ recurring: [{ name: 'tidy', everySeconds: 60, run }] })
    expect(await dueIn()).toBeLessThan(61)
    await start({ recurring: [{ name: 'tidy', everySeconds: 3600, run }] })
    expect(await dueIn()).toBeLessThan(61)
  })

  test('a job that has hands of its own holds up no other, and takes no more of them', async () => {
    let slow = 0
    let quick = 0
    const wait = Promise.withResolvers<void>()
    onTestFinished(() => wait.resolve())
    await start({
      queued: [
        {
          name: 'deliver',
          tries: 1,
          atOnce: 2,
          async run() {
            slow += 1
            await wait.promise
          },
        },
        {
          name: 'other',
          tries: 1,
          async run() {
            quick += 1
          },
        },
      ],
    })
    for (let n = 0; n < 5; n += 1) await enqueue(db, 'deliver', { n })
    await becomes('its hands are full', 5000, async () => slow === 2)
    for (let n = 0; n < 9; n += 1) await enqueue(db, 'other', { n })
    await becomes('the others are done', 5000, async () => quick === 9)
    expect(slow).toBe(2)
    wait.resolve()
    await becomes('all are done', 5000, async () => (await count()) === 0)
    expect(slow).toBe(5)
  })

  test('a worker that is stopped finishes what it has, and takes nothing more', async () => {
    const done: number[] = []
    const run = async (payload: unknown) => {
      await delay(200)
      done.push((payload as { n: number }).n)
    }
    const worker = await start({ queued: [{ name: 'deliver', tries: 1, run }] }, { atOnce: 1 })
    await enqueue(db, 'deliver', { n: 1 })
    await enqueue(db, 'deliver', { n: 2 })
    await becomes('one runs', 5000, async () => (await listWaiting(db))[0]?.running === 1)
    await worker.stop()
    expect(done).toEqual([1])
    expect(await count()).toBe(1)
    await delay(150)
    expect(done).toEqual([1])
  })
})
