import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Database, Statement } from '../storage/db.ts'

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

/** What events are searched by. Only `account` has an index: the others read the whole table. */
export const searchKeys = ['account', 'client', 'court', 'request'] as const
export type SearchKey = (typeof searchKeys)[number]

const columns = `id::text AS id, recorded_at AS "recordedAt", event, outcome, account_id AS "accountId",
  client_id AS "clientId", court_id AS "courtId", ip, request_id AS "requestId",
  actor_kind AS "actorKind", actor_id AS "actorId", principal_id AS "principalId", detail`

// `~` comes after every character of a request id; these operators compare bytes, whatever the collation.
const conditions: Readonly<Record<SearchKey, string>> = {
  account: 'account_id = $1::uuid',
  client: 'client_id = $1',
  court: 'court_id = $1',
  request: "request_id ~>=~ $1 AND request_id ~<~ ($1 || '~')",
}

const statements = Object.fromEntries(
  searchKeys.map((key): [SearchKey, Statement] => [
    key,
    {
      name: `audit-by-${key}`,
      text: `SELECT ${columns} FROM audit_events WHERE ${conditions[key]} ORDER BY id DESC LIMIT $2`,
    },
  ]),
) as Record<SearchKey, Statement>

/**
 * The newest events about an account, a client or a court, or of a request, newest first.
 * @param value the id; of a request its beginning is enough, as an error page shows it.
 */
export function searchEvents(
  db: Database,
  key: SearchKey,
  value: string,
  limit: number,
): Promise<FoundEvent[]> {
  return db.query<FoundEvent>(statements[key], [value, limit])
}
