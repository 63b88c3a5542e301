import { randomInt } from 'node:crypto'
import type { Queryable } from '../storage/db.ts'
import { findFreeNumber } from './store.ts'

/** With four million of nine million numbers given, all of so many are taken once in a million million times. */
const candidates = 32

/**
 * A number of seven digits that was never given to an account, by chance: from one number nobody
 * concludes which others there are, or how many. Another transaction may take the same one at the same
 * moment; then the insert says so.
 */
export async function allocateNumber(db: Queryable): Promise<string> {
  const numbers = Array.from({ length: candidates }, () => String(randomInt(1_000_000, 10_000_000)))
  const free = await findFreeNumber(db, numbers)
  if (free === undefined) throw new Error('there is hardly an account number left')
  return free
}
