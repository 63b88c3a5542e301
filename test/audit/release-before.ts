import { createHash } from 'node:crypto'
import type { Database, Statement } from '../../src/storage/db.ts'

/**
 * How the release before recorded, sealed and verified events, which knew one form and no actor: its
 * statements and its hash, as they were. It runs beside this release while that one is brought in.
 */
const sealLock = 0x61756469_74n

const columns = 'event, outcome, account_id, client_id, court_id, ip, request_id, detail'
const insertEvent: Statement = {
  name: 'before-insert',
  text: `INSERT INTO audit_events (${columns}) SELECT $1::text, $2::text, $3::uuid, $4::text,
    $5::text, $6::text, $7::text, $8::jsonb`,
}

type EventRow = {
  id: string
  recorded_at: Date
  event: string
  outcome: string
  account_id: string | null
  client_id: string | null
  court_id: string | null
  ip: string | null
  request_id: string | null
  detail: unknown
}

const eventColumns = `e.id::text AS id, e.recorded_at, e.event, e.outcome, e.account_id, e.client_id,
  e.court_id, e.ip, e.request_id, e.detail`

const selectHead: Statement = {
  name: 'before-head',
  text: 'SELECT position::text AS position, hash FROM audit_links ORDER BY audit_links.position DESC LIMIT 1',
}

const selectUnsealed: Statement = {
  name: 'before-unsealed',
  text: `SELECT ${eventColumns} FROM audit_events e
    WHERE e.id > coalesce((SELECT max(event_id) FROM audit_links), 0) - 10000
      AND NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.event_id = e.id)
    ORDER BY e.id LIMIT 1000`,
}

const insertLinks: Statement = {
  name: 'before-link',
  text: `INSERT INTO audit_links (position, event_id, hash)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])`,
}

const selectLinked: Statement = {
  name: 'before-linked',
  text: `SELECT ${eventColumns}, l.position::text AS position, l.hash
    FROM audit_links l JOIN audit_events e ON e.id = l.event_id ORDER BY l.position`,
}

export async function recordAsBefore(db: Database, issuer: string): Promise<void> {
  const detail = JSON.stringify({ issuer })
  const values = ['secrets.accepted', 'success', null, null, null, null, null, detail]
  await db.query(insertEvent, values)
}

export function sealAsBefore(db: Database): Promise<number> {
  return db.withAdvisoryLock(sealLock, async () => {
    const [head] = await db.query<{ position: string; hash: Uint8Array }>(selectHead, [])
    const events = await db.query<EventRow>(selectUnsealed, [])
    let position = BigInt(head?.position ?? 0)
    let hash: Buffer = head ? Buffer.from(head.hash) : Buffer.alloc(32)
    const links = events.map((event) => {
      position += 1n
      hash = linkHash(hash, event)
      return { position, eventId: event.id, hash }
    })
    if (links.length > 0) {
      await db.query(insertLinks, [
        links.map((link) => link.position.toString()),
        links.map((link) => link.eventId),
        links.map((link) => link.hash),
      ])
    }
    return links.length
  })
}

/** Whether the release before finds the audit whole, walking all of it. */
export async function isWholeAsBefore(db: Database): Promise<boolean> {
  let hash: Buffer = Buffer.alloc(32)
  let position = 0n
  const rows = await db.query<EventRow & { position: string; hash: Uint8Array }>(selectLinked, [])
  return rows.every((row) => {
    hash = linkHash(hash, row)
    position += 1n
    return BigInt(row.position) === position && hash.equals(Buffer.from(row.hash))
  })
}

function linkHash(previous: Buffer, row: EventRow): Buffer {
  const canonical = JSON.stringify([
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
  ])
  return createHash('sha256').update(previous).update(canonical).digest()
}
