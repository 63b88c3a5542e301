import type { Database, Statement } from '../storage/db.ts'
import { tryWithoutSealing } from './chain.ts'

/** Well within the time that a statement has. */
const batchSize = 1000
/** So many at a time, then somebody else has a turn: sealing, or a file that is applied. */
const maximumBatches = 20

/**
 * How far behind the newest event that is taken in others are looked for: a transaction that began
 * earlier may commit later. One that writes more than this while it is open keeps this from running
 * (`withoutSealing`).
 */
const lookBehind = 10_000

// Each part has a limit, since the planner does not know how few rows there are behind the edge, and
// would read a whole table.

/** What was taken in last, as a query for a WITH. */
export const takenIn = `taken_in AS MATERIALIZED (SELECT event_id FROM audit_search
  ORDER BY event_id DESC LIMIT ${lookBehind})`

/** Whether an event `e` may be one that is not taken in yet: then it is, or is in `taken_in`. */
export const isLate = `e.id > (SELECT coalesce(max(event_id), 0) - ${lookBehind} FROM taken_in)`

export const isNotTakenIn = 'NOT EXISTS (SELECT 1 FROM taken_in t WHERE t.event_id = e.id)'

const fillBatch: Statement = {
  name: 'audit-search-fill',
  text: `WITH ${takenIn},
    late AS MATERIALIZED (SELECT id, client_id, court_id, request_id FROM audit_events e
      WHERE ${isLate} ORDER BY id LIMIT ${lookBehind + batchSize}),
    filled AS (INSERT INTO audit_search (event_id, client_id, court_id, request)
      SELECT id, client_id, court_id, left(request_id, 8) FROM late e
      WHERE ${isNotTakenIn} ORDER BY id LIMIT ${batchSize} RETURNING 1)
    SELECT count(*) AS filled FROM filled`,
}

/**
 * Takes committed events into what is searched, beside the requests: three indexes on the events
 * themselves made each audit insert a tenth slower (docs/decisions/0062-what-events-are-searched-by.md).
 * A job: it leaves the events for the next time when somebody seals, and when there are too many.
 * @returns how many events were taken in.
 */
export async function fillSearch(db: Database): Promise<number> {
  const filled = await tryWithoutSealing(db, async () => {
    let sum = 0
    for (let batch = 1; batch <= maximumBatches; batch += 1) {
      const [row] = await db.query<{ filled: number }>(fillBatch, [])
      const count = row?.filled ?? 0
      sum += count
      if (count < batchSize) break
    }
    return sum
  })
  return filled ?? 0
}
