import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { actorId } from './by.ts'
import { type AuditEvent, eventFormat } from './event.ts'

const columns =
  'event, outcome, account_id, client_id, court_id, ip, request_id, actor_kind, actor_id, principal_id, detail'

/** How many parameters `auditInsert` takes. */
export const auditParameters = 11

/**
 * The INSERT of one event as SQL text, its parameters numbered from `first`: for a slice that
 * makes its change and records it in a single statement, `WITH change AS (…), audited AS (…) …`.
 * With `onlyIf` it records only when that query has a row, such as `SELECT 1 FROM change`.
 */
export function auditInsert(first: number, onlyIf?: string): string {
  const types = [
    'text',
    'text',
    'uuid',
    'text',
    'text',
    'text',
    'text',
    'text',
    'text',
    'uuid',
    'jsonb',
  ]
  const parameters = types.map((type, index) => `$${first + index}::${type}`)
  const condition = onlyIf ? ` WHERE EXISTS (${onlyIf})` : ''
  return `INSERT INTO audit_events (format, ${columns})
    SELECT ${eventFormat}, ${parameters.join(', ')}${condition}`
}

/** The parameters of `auditInsert`, in its order. */
export function auditValues(event: AuditEvent): unknown[] {
  const { actor, principal, origin } = event.by
  const { ip, requestId } = origin
  return [
    event.event,
    event.outcome,
    event.accountId ?? null,
    event.clientId ?? null,
    event.courtId ?? null,
    ip ?? null,
    requestId ?? null,
    actor.kind,
    actorId(actor) ?? null,
    principal ?? null,
    JSON.stringify(event.detail ?? {}),
  ]
}

/**
 * The INSERT of several events as SQL text; its one parameter is the JSON of `auditValuesOf`. For a
 * statement that makes several changes at once.
 */
export function auditInsertAll(parameter: string, onlyIf: string): string {
  return `INSERT INTO audit_events (format, ${columns}) SELECT ${eventFormat}, ${columns}
    FROM jsonb_to_recordset(${parameter}::jsonb) AS e(event text, outcome text, account_id uuid,
      client_id text, court_id text, ip text, request_id text, actor_kind text, actor_id text,
      principal_id uuid, detail jsonb)
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

const insertEvents: Statement = { name: 'audit-insert-all', text: auditInsertAll('$1', 'SELECT 1') }

/** So many in one statement: well within the time that it has. */
const batchSize = 1000

/** Records many events in the transaction of the change that they tell of. */
export async function recordEvents(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += batchSize) {
    await tx.query(insertEvents, [auditValuesOf(events.slice(from, from + batchSize))])
  }
}
