import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Queryable, Statement } from '../storage/db.ts'

/** A place of the chain up to which it was walked and found whole, with the hash it had there. */
export type Checkpoint = { readonly position: bigint; readonly hash: Buffer }

type CheckpointRow = { position: string; hash: Uint8Array; seal: Uint8Array }

/** Where a chain stands, and its checkpoints. */
export type ChainTables = { readonly links: string; readonly checkpoints: string }

// Only one at which the chain still has that hash: the events before it hang on it.
const selectCheckpoints = ({ links, checkpoints }: ChainTables): Statement => ({
  name: `${checkpoints}-find`,
  text: `SELECT c.position::text AS position, c.hash, c.seal FROM ${checkpoints} c
    JOIN ${links} l ON l.position = c.position AND l.hash = c.hash
    ORDER BY c.position DESC LIMIT 10`,
})

const insertCheckpoint = ({ checkpoints }: ChainTables): Statement => ({
  name: `${checkpoints}-save`,
  text: `INSERT INTO ${checkpoints} (position, hash, seal) VALUES ($1::bigint, $2, $3)
    ON CONFLICT (position) DO UPDATE SET hash = EXCLUDED.hash, seal = EXCLUDED.seal`,
})

/** The latest checkpoint that was made with this key; undefined when the whole chain is to be walked. */
export async function findCheckpoint(
  db: Queryable,
  chain: ChainTables,
  key: KeyObject,
): Promise<Checkpoint | undefined> {
  for (const row of await db.query<CheckpointRow>(selectCheckpoints(chain), [])) {
    const checkpoint = { position: BigInt(row.position), hash: Buffer.from(row.hash) }
    const expected = seal(key, checkpoint, chain)
    const isOurs = row.seal.length === expected.length && timingSafeEqual(row.seal, expected)
    if (isOurs) return checkpoint
  }
  return undefined
}

export async function saveCheckpoint(
  db: Queryable,
  chain: ChainTables,
  key: KeyObject,
  checkpoint: Checkpoint,
): Promise<void> {
  await db.query(insertCheckpoint(chain), [
    checkpoint.position.toString(),
    checkpoint.hash,
    seal(key, checkpoint, chain),
  ])
}

/** A checkpoint of one chain is none of the other, though for a hash in both it would fit. */
function seal(key: KeyObject, { position, hash }: Checkpoint, { links }: ChainTables): Buffer {
  const chain = links === 'audit_links' ? '' : `${links}\n`
  return createHmac('sha256', key).update(`${chain}${position}\n`).update(hash).digest()
}
