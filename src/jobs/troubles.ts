import type { Queryable } from '../storage/db.ts'
import { listDead, listRecurring } from './list-jobs.ts'

/** What comes again may fail once or twice in a row, while a database is changed over for example. */
const noteworthyFailures = 3
/** So many dead jobs are told one by one; `jobs list` has more. */
const mostTold = 10

/** What an operator should look into, in sentences: jobs that are dead, and those that fail each time. */
export async function findJobTroubles(db: Queryable): Promise<string[]> {
  const [dead, recurring] = [await listDead(db, mostTold), await listRecurring(db)]
  return [
    ...dead.map(
      ({ id, name, tries, problem }) =>
        `the job ${id} (${name}) is dead after ${tries} tries: ${problem}`,
    ),
    ...recurring
      .filter(({ failures }) => failures >= noteworthyFailures)
      .map(
        ({ name, failures, problem }) => `${name} failed ${failures} times in a row: ${problem}`,
      ),
  ]
}
