import type { AccountId, ClientId, CourtId } from '../ids.ts'
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

/** An application that the person signed in to: how often, and when last. */
export type Use = {
  readonly clientId: ClientId
  readonly times: number
  readonly lastAt: Date
}

/** Within the newest so many events of the account: one that a program uses has no end of them. */
const mostEventsCounted = 5000

const selectUses: Statement = {
  name: 'audit-uses',
  text: `SELECT client_id AS "clientId", count(*)::integer AS times, max(recorded_at) AS "lastAt"
    FROM (SELECT event, client_id, recorded_at FROM audit_events WHERE account_id = $1::uuid
      ORDER BY id DESC LIMIT ${mostEventsCounted}) newest
    WHERE event = 'authorization.issued' AND recorded_at > $2::timestamptz
    GROUP BY client_id ORDER BY "lastAt" DESC`,
}

/** The applications that the person signed in to since then, the latest first. */
export function listUses(db: Queryable, accountId: AccountId, since: Date): Promise<Use[]> {
  return db.query<Use>(selectUses, [accountId, since])
}
