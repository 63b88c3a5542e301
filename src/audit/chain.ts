import type { KeyObject } from 'node:crypto'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Database, Statement } from '../storage/db.ts'
import { type ChainTables, findCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { eventFormat } from './event.ts'
import { type EventRow, eventColumns, linkHash } from './sealed-form.ts'

/**
 * Sealing is a job beside the requests, not in them: a chain built inside every transaction would make
 * all sign-ins of the country wait for one row. An event is sealed within a second of its commit.
 * Source: NIST SP 800-53 AU-9(3), AU-10.
 */
const sealLock = 0x61756469_74n
const genesis = Buffer.alloc(32)
const batchSize = 1000

type LinkedRow = EventRow & { position: string; sealedAs: number; hash: Uint8Array }

type Chain = ChainTables & {
  readonly selectHead: Statement
  readonly insertLinks: Statement
  readonly selectLinked: Statement
}

/**
 * Events of form 1, as the release before seals and verifies them; while it runs beside this one it
 * links all others there as well, which harms nobody.
 */
const firstChain = chainOf('audit_links', 'audit_checkpoints')
/** Events from form 2 on; the link says the form. */
const laterChain = chainOf('audit_seals', 'audit_seal_checkpoints')

function chainOf(links: 'audit_links' | 'audit_seals', checkpoints: string): Chain {
  const isLater = links === 'audit_seals'
  return {
    links,
    checkpoints,
    selectHead: {
      name: `${links}-head`,
      text: `SELECT position::text AS position, hash FROM ${links} ORDER BY ${links}.position DESC LIMIT 1`,
    },
    insertLinks: {
      name: `${links}-insert`,
      text: `INSERT INTO ${links} (position, event_id, hash${isLater ? ', format' : ''})
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]${isLater ? ', $4::smallint[]' : ''})`,
    },
    selectLinked: {
      name: `${links}-linked`,
      text: `SELECT ${eventColumns}, l.position::text AS position, l.hash,
          ${isLater ? 'l.format' : '1'} AS "sealedAs"
        FROM ${links} l JOIN audit_events e ON e.id = l.event_id
        WHERE l.position > $1::bigint ORDER BY l.position LIMIT ${batchSize}`,
    },
  }
}

// A transaction that began earlier may commit later, so ids are not sealed strictly in order: the
// window looks back over more events than can be written while one transaction is open. Events of a
// form that only a later release knows are left to it.
const selectUnsealed: Statement = {
  name: 'audit-unsealed',
  text: `SELECT ${eventColumns} FROM audit_events e
    WHERE e.id > coalesce((SELECT max(event_id) FROM audit_seals), 0) - 10000
      AND e.format <= ${eventFormat}
      AND NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.event_id = e.id AND e.format = 1)
      AND NOT EXISTS (SELECT 1 FROM audit_seals l WHERE l.event_id = e.id AND e.format > 1)
    ORDER BY e.id LIMIT ${batchSize}`,
}

/**
 * Appends every committed event that is not yet sealed to its chain. One process at a time: it waits
 * for another one, or for `withoutSealing`.
 * @returns how many events were sealed.
 */
export function sealEvents(db: Database): Promise<number> {
  return db.withAdvisoryLock(sealLock, () => seal(db))
}

/** The same as a job, which comes again in a second: it leaves the events to whoever holds the lock. */
export async function sealUnlessHeld(db: Database): Promise<number> {
  return (await tryWithoutSealing(db, () => seal(db))) ?? 0
}

async function seal(db: Database): Promise<number> {
  let sealed = 0
  for (;;) {
    const events = await db.query<EventRow>(selectUnsealed, [])
    await link(
      db,
      firstChain,
      events.filter(({ format }) => format === 1),
    )
    await link(
      db,
      laterChain,
      events.filter(({ format }) => format > 1),
    )
    sealed += events.length
    if (events.length < batchSize) return sealed
  }
}

async function link(db: Database, chain: Chain, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return
  const [head] = await db.query<{ position: string; hash: Uint8Array }>(chain.selectHead, [])
  let position = BigInt(head?.position ?? 0)
  let hash: Buffer = head ? Buffer.from(head.hash) : genesis
  const links = events.map((event) => {
    position += 1n
    hash = linkHash(hash, event, event.format)!
    return { position, eventId: event.id, hash, format: event.format }
  })
  await db.query(chain.insertLinks, [
    links.map((each) => each.position.toString()),
    links.map((each) => each.eventId),
    links.map((each) => each.hash),
    ...(chain === laterChain ? [links.map((each) => each.format)] : []),
  ])
}

/**
 * Runs `work` while nobody seals, nor takes events into the search. For a transaction that records many events or takes long: an event
 * that commits far behind others would be looked for no more.
 */
export function withoutSealing<T>(db: Database, work: () => Promise<T>): Promise<T> {
  return db.withAdvisoryLock(sealLock, work)
}

/** The same without waiting: undefined where somebody seals, or is in such a transaction. */
export function tryWithoutSealing<T>(db: Database, work: () => Promise<T>): Promise<T | undefined> {
  return db.tryAdvisoryLock(sealLock, work)
}

export type ChainReport = Outcome<
  {
    /** How many events the chains have. */
    readonly sealed: number
    /** How many of them an earlier walk had found whole and this one did not look at again. */
    readonly skipped: number
    /** How many of them only a later release can check. */
    readonly unknown: number
  },
  { readonly reason: 'broken'; readonly sealed: number; readonly brokenAt: string }
>

/**
 * Walks the chains from their last checkpoints on and, where all of it fits, leaves new checkpoints: a
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
  const first = await walk(db, firstChain, key, { ...options, begin: genesis })
  if (!first.ok) return first
  const { sealed, skipped } = first.value
  const begin = await findBeginning(db)
  if (!begin.hash) return refused('broken', { sealed, brokenAt: begin.after })
  const later = await walk(db, laterChain, key, { ...options, begin: begin.hash })
  if (!later.ok) return { ...later, sealed: sealed + later.sealed }
  return ok({
    sealed: sealed + later.value.sealed,
    skipped: skipped + later.value.skipped,
    unknown: later.value.unknown,
  })
}

const selectBeginning: Statement = {
  name: 'audit-beginning',
  text: `SELECT b.event_id::text AS after, b.hash,
      EXISTS (SELECT 1 FROM audit_links l WHERE l.hash = b.hash AND l.event_id <= b.event_id) AS "isLinked"
    FROM audit_seals b WHERE b.position = 0`,
}

/** The later chain begins on a hash of the first one, or on nothing where that one was empty. */
async function findBeginning(db: Database): Promise<{ hash: Buffer | undefined; after: string }> {
  type Row = { after: string; hash: Uint8Array; isLinked: boolean }
  const [row] = await db.query<Row>(selectBeginning, [])
  if (!row) return { hash: undefined, after: '0' }
  const hash = Buffer.from(row.hash)
  return { hash: row.isLinked || hash.equals(genesis) ? hash : undefined, after: row.after }
}

async function walk(
  db: Database,
  chain: Chain,
  key: KeyObject,
  { all, begin }: { readonly all?: boolean; readonly begin: Buffer },
): Promise<ChainReport> {
  const start = all ? undefined : await findCheckpoint(db, chain, key)
  const skipped = start?.position ?? 0n
  let position = skipped
  let hash: Buffer = start?.hash ?? begin
  let unknown = 0
  let whole = { position, hash }
  for (;;) {
    const rows = await db.query<LinkedRow>(chain.selectLinked, [position.toString()])
    if (rows.length === 0) break
    for (const row of rows) {
      const stored = Buffer.from(row.hash)
      const expected = linkHash(hash, row, row.sealedAs)
      const fits = !expected || (expected.equals(stored) && hasNothingUnsealed(row))
      if (BigInt(row.position) !== position + 1n || !fits) {
        return refused('broken', { sealed: Number(position), brokenAt: row.id })
      }
      position += 1n
      hash = stored
      if (!expected) unknown += 1
      // What could not be checked is never skipped by the release that can.
      if (unknown === 0) whole = { position, hash }
    }
  }
  if (whole.position > 0n) await saveCheckpoint(db, chain, key, whole)
  return ok({ sealed: Number(position), skipped: Number(skipped), unknown })
}

/** Form 1 seals no actor: one that stands in such a row was written in afterwards. */
function hasNothingUnsealed(row: EventRow): boolean {
  return row.format !== 1 || (row.actor_kind ?? row.actor_id ?? row.principal_id) === null
}
