import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Queryable, Statement } from '../storage/db.ts'

/** A place of the chain up to which it was walked and found whole, with the hash it had there. */
export type Checkpoint = { readonly position: bigint; readonly hash: Buffer }

type CheckpointRow = { position: string; hash: Uint8Array; seal: Uint8Array }

// Only one at which the chain still has that hash: the events before it hang on it.
const selectCheckpoints: Statement = {
  name: 'audit-checkpoints',
  text: `SELECT c.position::text AS position, c.hash, c.seal FROM audit_checkpoints c
    JOIN audit_links l ON l.position = c.position AND l.hash = c.hash
    ORDER BY c.position DESC LIMIT 10`,
}

const insertCheckpoint: Statement = {
  name: 'audit-checkpoint',
  text: `INSERT INTO audit_checkpoints (position, hash, seal) VALUES ($1::bigint, $2, $3)
    ON CONFLICT (position) DO UPDATE SET hash = EXCLUDED.hash, seal = EXCLUDED.seal`,
}

/** The latest checkpoint that was made with this key; undefined when the whole chain is to be walked. */
export async function findCheckpoint(
  db: Queryable,
  key: KeyObject,
): Promise<Checkpoint | undefined> {
  for (const row of await db.query<CheckpointRow>(selectCheckpoints, [])) {
    const checkpoint = { position: BigInt(row.position), hash: Buffer.from(row.hash) }
    const expected = seal(key, checkpoint)
    const isOurs = row.seal.length === expected.length && timingSafeEqual(row.seal, expected)
    if (isOurs) return checkpoint
  }
  return undefined
}

export async function saveCheckpoint(
  db: Queryable,
  key: KeyObject,
  checkpoint: Checkpoint,
): Promise<void> {
  await db.query(insertCheckpoint, [
    checkpoint.position.toString(),
    checkpoint.hash,
    seal(key, checkpoint),
  ])
}

function seal(key: KeyObject, { position, hash }: Checkpoint): Buffer {
  return createHmac('sha256', key).update(`${position}\n`).update(hash).digest()
}
