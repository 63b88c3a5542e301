import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { isLate, isNotTakenIn, takenIn } from './search-index.ts'

/** An event as it is found again. */
export type FoundEvent = {
  readonly id: string
  readonly recordedAt: Date
  readonly event: string
  readonly outcome: string
  readonly accountId: AccountId | null
  readonly clientId: ClientId | null
  readonly courtId: CourtId | null
  readonly ip: string | null
  readonly requestId: string | null
  /** Null in events of the first form, where an operator's name stands in `detail.actor`. */
  readonly actorKind: string | null
  readonly actorId: string | null
  readonly principalId: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** What events are searched by. */
export const searchKeys = ['account', 'client', 'court', 'request'] as const
export type SearchKey = (typeof searchKeys)[number]

const columns = `e.id::text AS id, e.recorded_at AS "recordedAt", e.event, e.outcome,
  e.account_id AS "accountId", e.client_id AS "clientId", e.court_id AS "courtId", e.ip,
  e.request_id AS "requestId", e.actor_kind AS "actorKind", e.actor_id AS "actorId",
  e.principal_id AS "principalId", e.detail`

/** How each is asked of the events themselves, and of what `fillSearch` has taken in of them. */
const conditions: Readonly<
  Record<Exclude<SearchKey, 'account'>, { event: string; search: string }>
> = {
  client: { event: 'e.client_id = $1', search: 's.client_id = $1' },
  court: { event: 'e.court_id = $1', search: 's.court_id = $1' },
  request: {
    event: 'starts_with(e.request_id, $1)',
    // `~` comes after every character of a request id.
    search: `s.request >= left($1, 8) AND s.request < left($1, 8) || '~' AND EXISTS
      (SELECT 1 FROM audit_events e WHERE e.id = s.event_id AND starts_with(e.request_id, $1))`,
  },
}

// Events that were not taken in yet are few, unless the table has just been made: they are read one by one.
function textOf(key: SearchKey): string {
  if (key === 'account') {
    // The account page needs this index anyhow.
    return `SELECT ${columns} FROM audit_events e WHERE e.account_id = $1::uuid ORDER BY e.id DESC LIMIT $2`
  }
  const { event, search } = conditions[key]
  return `WITH ${takenIn},
    found AS (
      (SELECT s.event_id AS id FROM audit_search s WHERE ${search}
        ORDER BY s.event_id DESC LIMIT $2)
      UNION ALL
      (SELECT e.id FROM audit_events e WHERE ${isLate} AND ${event} AND ${isNotTakenIn}
        ORDER BY e.id DESC LIMIT $2))
    SELECT ${columns} FROM found JOIN audit_events e USING (id) ORDER BY e.id DESC LIMIT $2`
}

/** By what they search; a test holds that each reads an index. */
export const searchStatements = Object.fromEntries(
  searchKeys.map((key): [SearchKey, Statement] => [
    key,
    { name: `audit-by-${key}`, text: textOf(key) },
  ]),
) as Record<SearchKey, Statement>

/**
 * The newest events about an account, a client or a court, or of a request, newest first.
 * @param value the id; of a request its beginning is enough, as an error page shows it.
 */
export function searchEvents(
  db: Queryable,
  key: SearchKey,
  value: string,
  limit: number,
): Promise<FoundEvent[]> {
  return db.query<FoundEvent>(searchStatements[key], [value, limit])
}
