import { createHash, type KeyObject } from 'node:crypto'
import type { Database, Statement } from '../storage/db.ts'
import { findCheckpoint, saveCheckpoint } from './checkpoint.ts'

/**
 * Sealing runs beside the requests, not in them: a chain built inside every transaction would make
 * all sign-ins of the country wait for one row. An event is sealed within a second of its commit.
 * Source: NIST SP 800-53 AU-9(3), AU-10.
 */
const sealLock = 0x61756469_74n
const genesis = Buffer.alloc(32)
const batchSize = 1000

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
type LinkedRow = EventRow & { position: string; hash: Buffer }

const eventColumns = `e.id::text AS id, e.recorded_at, e.event, e.outcome, e.account_id, e.client_id,
  e.court_id, e.ip, e.request_id, e.detail`

const selectHead: Statement = {
  name: 'audit-head',
  text: 'SELECT position::text AS position, hash FROM audit_links ORDER BY audit_links.position DESC LIMIT 1',
}

// A transaction that began earlier may commit later, so ids are not sealed strictly in order: the
// window looks back over more events than can be written while one transaction is open.
const selectUnsealed: Statement = {
  name: 'audit-unsealed',
  text: `SELECT ${eventColumns} FROM audit_events e
    WHERE e.id > coalesce((SELECT max(event_id) FROM audit_links), 0) - 10000
      AND NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.event_id = e.id)
    ORDER BY e.id LIMIT ${batchSize}`,
}

const insertLinks: Statement = {
  name: 'audit-link',
  text: `INSERT INTO audit_links (position, event_id, hash)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])`,
}

const selectLinked: Statement = {
  name: 'audit-linked',
  text: `SELECT ${eventColumns}, l.position::text AS position, l.hash
    FROM audit_links l JOIN audit_events e ON e.id = l.event_id
    WHERE l.position > $1::bigint ORDER BY l.position LIMIT ${batchSize}`,
}

/**
 * Appends every committed event that is not yet sealed to the chain. One process at a time.
 * @returns how many events were sealed.
 */
export async function sealEvents(db: Database): Promise<number> {
  return db.withAdvisoryLock(sealLock, async () => {
    let sealed = 0
    for (;;) {
      const [head] = await db.query<{ position: string; hash: Buffer }>(selectHead, [])
      const events = await db.query<EventRow>(selectUnsealed, [])
      if (events.length === 0) return sealed
      let position = BigInt(head?.position ?? 0)
      let hash: Buffer = head ? Buffer.from(head.hash) : genesis
      const links = events.map((event) => {
        position += 1n
        hash = linkHash(hash, event)
        return { position, eventId: event.id, hash }
      })
      await db.query(insertLinks, [
        links.map((link) => link.position.toString()),
        links.map((link) => link.eventId),
        links.map((link) => link.hash),
      ])
      sealed += events.length
      if (events.length < batchSize) return sealed
    }
  })
}

/**
 * Runs `work` while nobody seals. For a transaction that records many events or takes long: an event
 * that commits far behind others would be looked for no more.
 */
export function withoutSealing<T>(db: Database, work: () => Promise<T>): Promise<T> {
  return db.withAdvisoryLock(sealLock, work)
}

export type ChainReport =
  | {
      readonly ok: true
      /** How many events the chain has. */
      readonly sealed: number
      /** How many of them an earlier walk had found whole and this one did not look at again. */
      readonly skipped: number
    }
  | { readonly ok: false; readonly sealed: number; readonly brokenAt: string }

/**
 * Walks the chain from the last checkpoint on and, where all of it fits, leaves a new checkpoint: a
 * year of events takes hours to walk, those since yesterday a moment. `brokenAt` is the id of the
 * first event that does not fit.
 * @param key seals checkpoints; without it nobody makes one that is believed.
 * @param options.all from the beginning, whatever was found before.
 */
export async function verifyChain(
  db: Database,
  key: KeyObject,
  options: { readonly all?: boolean } = {},
): Promise<ChainReport> {
  const start = options.all ? undefined : await findCheckpoint(db, key)
  const skipped = start?.position ?? 0n
  let position = skipped
  let hash: Buffer = start?.hash ?? genesis
  for (;;) {
    const rows = await db.query<LinkedRow>(selectLinked, [position.toString()])
    if (rows.length === 0) break
    for (const row of rows) {
      hash = linkHash(hash, row)
      if (BigInt(row.position) !== position + 1n || !hash.equals(Buffer.from(row.hash))) {
        return { ok: false, sealed: Number(position), brokenAt: row.id }
      }
      position += 1n
    }
  }
  if (position > 0n) await saveCheckpoint(db, key, { position, hash })
  return { ok: true, sealed: Number(position), skipped: Number(skipped) }
}

/** SHA-256 over the previous hash and the event as a JSON array in the order of its columns. */
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
