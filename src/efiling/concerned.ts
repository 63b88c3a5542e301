import { now } from '../clock.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { rightInForceSql } from './right-store.ts'

/** How many a court's go-live concerns. */
export type Concerned = {
  /** Accounts of its old system that are known here. */
  readonly imported: number
  /** Of them those that are somebody's by now. */
  readonly linked: number
  /** Of them those whose old password is kept, to link by. */
  readonly withPassword: number
  /** People whom the court lets file, whatever day it is. */
  readonly filers: number
  readonly openRequests: number
  /** Imported accounts that were told of a moment of go-live. */
  readonly told: number
}

const count: Statement = {
  name: 'go-live-concerned',
  text: `SELECT
      (SELECT count(*) FROM imported_accounts WHERE court_id = $1) AS imported,
      (SELECT count(*) FROM account_links WHERE court_id = $1 AND ended_at IS NULL) AS linked,
      (SELECT count(*) FROM imported_accounts
        WHERE court_id = $1 AND password_hash IS NOT NULL) AS "withPassword",
      (SELECT count(*) FROM rights r
          CROSS JOIN LATERAL (${rightInForceSql('r.account_id', 'r.court_id', '$2')}) d
        WHERE r.court_id = $1 AND d.state = 'active' AND 'file' = ANY(d.actions)) AS filers,
      (SELECT count(*) FROM filing_requests WHERE court_id = $1 AND state = 'open') AS "openRequests",
      (SELECT count(DISTINCT imported_id) FROM go_live_notices
        WHERE court_id = $1 AND refused_at IS NULL) AS told`,
}

export async function countConcerned(db: Queryable, courtId: CourtId): Promise<Concerned> {
  const [row] = await db.query<Concerned>(count, [courtId, now()])
  return row!
}
