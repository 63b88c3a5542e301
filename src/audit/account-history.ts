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

/** An event of an account, as far as its holder is told of it. */
export type AccountEvent = {
  readonly id: string
  readonly recordedAt: Date
  readonly event: string
  readonly clientId: ClientId | null
  readonly courtId: CourtId | null
  readonly ip: string | null
  readonly actorKind: string | null
  readonly actorId: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** Among the newest so many events of the account. */
const mostEventsLookedAt = 100

const selectRecentEvent: Statement = {
  name: 'audit-recent-event',
  text: `SELECT recorded_at AS "recordedAt", detail
    FROM (SELECT id, event, recorded_at, actor_kind, actor_id, detail FROM audit_events
      WHERE account_id = $1::uuid ORDER BY id DESC LIMIT ${mostEventsLookedAt}) newest
    WHERE event = $2 AND recorded_at > $3::timestamptz
      AND actor_kind = 'account' AND actor_id = $1::uuid::text
    ORDER BY id DESC LIMIT 1`,
}

/** What the holder did last of that name, if it was since then. */
export async function findRecentEvent(
  db: Queryable,
  accountId: AccountId,
  { event, since }: { readonly event: string; readonly since: Date },
): Promise<Pick<AccountEvent, 'recordedAt' | 'detail'> | undefined> {
  const [row] = await db.query<Pick<AccountEvent, 'recordedAt' | 'detail'>>(selectRecentEvent, [
    accountId,
    event,
    since,
  ])
  return row
}

// A court that was opened while somebody was signed in is told; that a sign-in led to a code is said by it.
const selectAccountEvents: Statement = {
  name: 'audit-account-events',
  text: `SELECT e.id::text AS id, recorded_at AS "recordedAt", event, client_id AS "clientId",
      court_id AS "courtId", ip, actor_kind AS "actorKind", actor_id AS "actorId", detail
    FROM audit_events e
    WHERE account_id = $1::uuid AND event = ANY($2::text[])
      AND ($3::bigint IS NULL OR e.id < $3::bigint)
      AND (event <> 'authorization.issued' OR detail ->> 'isSilent' = 'true')
    ORDER BY e.id DESC LIMIT $4`,
}

/**
 * What happened to an account, the newest first.
 * @param about.events the names of those that are told.
 * @param about.olderThan the id of the last one that was shown; undefined: from the newest on.
 */
export function listAccountEvents(
  db: Queryable,
  accountId: AccountId,
  about: {
    readonly events: readonly string[]
    readonly olderThan: string | undefined
    readonly limit: number
  },
): Promise<AccountEvent[]> {
  const { events, olderThan = null, limit } = about
  return db.query<AccountEvent>(selectAccountEvents, [accountId, events, olderThan, limit])
}
