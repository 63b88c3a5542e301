import type { AccountId, CourtId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'

/** A change of what a court decided, as it was recorded here: not the day on which it holds. */
export type StandingChange = {
  readonly courtId: CourtId
  /** The stored status after the change. */
  readonly status: string
  readonly recordedAt: Date
}

// The event is spelled out, since the index holds these events only.
const selectStandingChanges: Statement = {
  name: 'audit-standing-changes',
  text: `SELECT court_id AS "courtId", detail ->> 'status' AS status, recorded_at AS "recordedAt"
    FROM audit_events WHERE account_id = $1::uuid AND event = 'standing.changed' ORDER BY id`,
}

/** Every change of the person's standings, oldest first. */
export async function listStandingChanges(
  db: Queryable,
  accountId: AccountId,
): Promise<StandingChange[]> {
  return db.query<StandingChange>(selectStandingChanges, [accountId])
}

const selectSignInBefore: Statement = {
  name: 'audit-sign-in-before',
  text: `SELECT recorded_at AS "recordedAt" FROM audit_events
    WHERE account_id = $1::uuid AND event = 'account.signed-in' AND recorded_at < $2::timestamptz
    ORDER BY id DESC LIMIT 1`,
}

/** The last sign-in of the account that was recorded before this moment, in whatever browser. */
export async function findSignInBefore(
  db: Queryable,
  accountId: AccountId,
  at: Date,
): Promise<Date | undefined> {
  const [row] = await db.query<{ recordedAt: Date }>(selectSignInBefore, [accountId, at])
  return row?.recordedAt
}
