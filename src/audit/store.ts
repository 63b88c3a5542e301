import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { AuditEvent } from './event.ts'

const columns = 'event, outcome, account_id, client_id, court_id, ip, request_id, detail'

/**
 * The INSERT of one event as SQL text, its eight parameters numbered from `first`: for a slice that
 * makes its change and records it in a single statement, `WITH change AS (…), audited AS (…) …`.
 * With `onlyIf` it records only when that query has a row, such as `SELECT 1 FROM change`.
 */
export function auditInsert(first: number, onlyIf?: string): string {
  const types = ['text', 'text', 'uuid', 'text', 'text', 'text', 'text', 'jsonb']
  const parameters = types.map((type, index) => `$${first + index}::${type}`)
  const condition = onlyIf ? ` WHERE EXISTS (${onlyIf})` : ''
  return `INSERT INTO audit_events (${columns}) SELECT ${parameters.join(', ')}${condition}`
}

/** The parameters of `auditInsert`, in its order. */
export function auditValues(event: AuditEvent): unknown[] {
  return [
    event.event,
    event.outcome,
    event.accountId ?? null,
    event.clientId ?? null,
    event.courtId ?? null,
    event.ip ?? null,
    event.requestId ?? null,
    JSON.stringify(event.detail ?? {}),
  ]
}

/**
 * The INSERT of several events as SQL text; its one parameter is the JSON of `auditValuesOf`. For a
 * statement that makes several changes at once.
 */
export function auditInsertAll(parameter: string, onlyIf: string): string {
  return `INSERT INTO audit_events (${columns}) SELECT ${columns}
    FROM jsonb_to_recordset(${parameter}::jsonb) AS e(event text, outcome text, account_id uuid,
      client_id text, court_id text, ip text, request_id text, detail jsonb)
    WHERE EXISTS (${onlyIf})`
}

/** The parameter of `auditInsertAll`. */
export function auditValuesOf(events: readonly AuditEvent[]): string {
  const names = columns.split(', ')
  return JSON.stringify(
    events.map((event) => {
      const values = auditValues(event)
      const row = Object.fromEntries(names.map((name, index) => [name, values[index]]))
      return { ...row, detail: event.detail ?? {} }
    }),
  )
}

const insertEvent: Statement = { name: 'audit-insert', text: auditInsert(1) }

/**
 * Records an event: in the transaction of the change it tells of, or by itself where there is none.
 * Resolves when it is written, by itself when it is committed.
 */
export async function recordEvent(db: Queryable, event: AuditEvent): Promise<void> {
  await db.query(insertEvent, auditValues(event))
}

/** Records an event in the transaction of the change it tells of. */
export async function appendEvent(tx: Transaction, event: AuditEvent): Promise<void> {
  await recordEvent(tx, event)
}
