import { createHash } from 'node:crypto'

/** An event as the chain reads it from the table. */
export type EventRow = {
  readonly id: string
  readonly format: number
  readonly recorded_at: Date
  readonly event: string
  readonly outcome: string
  readonly account_id: string | null
  readonly client_id: string | null
  readonly court_id: string | null
  readonly ip: string | null
  readonly request_id: string | null
  readonly actor_kind: string | null
  readonly actor_id: string | null
  readonly principal_id: string | null
  readonly detail: unknown
}

/** The columns of an `EventRow`, for a SELECT on `audit_events e`. */
export const eventColumns = `e.id::text AS id, e.format, e.recorded_at, e.event, e.outcome,
  e.account_id, e.client_id, e.court_id, e.ip, e.request_id, e.actor_kind, e.actor_id,
  e.principal_id, e.detail`

/**
 * What of an event is sealed, by the format it was written in. A form never changes: a column that
 * is to be sealed, too, is a new format, and the events of before keep theirs.
 */
const forms: Readonly<Record<number, (row: EventRow) => readonly unknown[]>> = {
  1: (row) => [
    row.id,
    row.recorded_at.toISOString(),
    row.event,
    row.outcome,
    row.account_id,
    row.client_id,
    row.court_id,
    row.ip,
    row.request_id,
    row.detail,
  ],
  2: (row) => [
    row.format,
    row.id,
    row.recorded_at.toISOString(),
    row.event,
    row.outcome,
    row.account_id,
    row.client_id,
    row.court_id,
    row.ip,
    row.request_id,
    row.actor_kind,
    row.actor_id,
    row.principal_id,
    row.detail,
  ],
}

/**
 * SHA-256 over the previous hash and the event as a JSON array; undefined for a format that only a
 * later release knows.
 */
export function linkHash(previous: Buffer, row: EventRow, format: number): Buffer | undefined {
  const form = forms[format]
  if (!form) return undefined
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify(form(row)))
    .digest()
}
