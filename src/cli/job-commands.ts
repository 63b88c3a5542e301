import type { By } from '../audit/by.ts'
import { listDead, listRecurring, listWaiting } from '../jobs/list-jobs.ts'
import { retryJob } from '../jobs/retry-job.ts'
import { type Context, tableLines } from './context.ts'

const mostShown = 200

/** What comes again, what was asked for and is not done yet, and what is dead. */
export async function listJobs({ db }: Context): Promise<number> {
  const recurring = (await listRecurring(db)).map((job) => [
    job.name,
    `${job.everySeconds} s`,
    moment(job.doneAt),
    moment(job.dueAt),
    job.isRunning ? 'running' : '',
    job.problem ? `failed ${times(job.failures)}: ${job.problem}` : '',
  ])
  print('Again and again:', ['job', 'every', 'last done', 'next', '', ''], recurring)
  const waiting = (await listWaiting(db)).map((jobs) => [
    jobs.name,
    String(jobs.count),
    String(jobs.running),
    String(jobs.failed),
    moment(jobs.oldest),
  ])
  print('Not done yet:', ['job', 'jobs', 'running', 'failed before', 'oldest'], waiting)
  const dead = (await listDead(db, mostShown)).map((job) => [
    job.id,
    job.name,
    moment(job.diedAt),
    String(job.tries),
    job.problem,
  ])
  print('Dead:', ['id', 'job', 'since', 'tries', 'why'], dead)
  if (dead.length === mostShown) console.log(`These are the last ${mostShown}.`)
  return 0
}

/** Gives a dead job its tries again. */
export async function retry({ db }: Context, id: string, by: By): Promise<number> {
  const outcome = /^\d{1,18}$/.test(id) ? await retryJob(db, id, by) : undefined
  if (!outcome?.ok) {
    console.error(`There is no dead job ${id}. They are listed by: npm run cli -- jobs list`)
    return 1
  }
  console.log(`The job ${id} (${outcome.value}) is done as soon as a server runs.`)
  return 0
}

function print(title: string, heads: readonly string[], rows: readonly (readonly string[])[]) {
  console.log(rows.length === 0 ? `${title} nothing.` : title)
  if (rows.length === 0) return
  for (const line of tableLines([heads, ...rows])) console.log(`  ${line}`)
}

function moment(at: Date | null): string {
  return at ? at.toISOString().slice(0, 19) : '-'
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
