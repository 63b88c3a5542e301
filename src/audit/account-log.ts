import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { FoundEvent } from './search.ts'

const selectLog: Statement = {
  name: 'audit-account-log',
  text: `SELECT e.id::text AS id, e.recorded_at AS "recordedAt", e.event, e.outcome,
      e.account_id AS "accountId", e.client_id AS "clientId", e.court_id AS "courtId", e.ip,
      e.request_id AS "requestId", e.actor_kind AS "actorKind", e.actor_id AS "actorId",
      e.principal_id AS "principalId", e.detail
    FROM audit_events e
    WHERE e.account_id = $1::uuid AND e.id < coalesce($2::bigint, 9223372036854775807)
      AND e.event <> ALL($3::text[])
    ORDER BY e.id DESC LIMIT $4::integer`,
}

/**
 * What happened to an account, newest first.
 * @param page.olderThan the id of the last event of the page before; undefined for the newest.
 * @param page.without the names of events that are left out.
 */
export function listAccountLog(
  db: Queryable,
  accountId: AccountId,
  page: {
    readonly olderThan: string | undefined
    readonly without: readonly string[]
    readonly limit: number
  },
): Promise<FoundEvent[]> {
  const { olderThan = null, without, limit } = page
  return db.query<FoundEvent>(selectLog, [accountId, olderThan, without, limit])
}
