import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Keys } from '../signing/key-store.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { secretsAccepted } from './events.ts'
import { marksOf } from './marks.ts'
import { listMarks, replaceMarks } from './store.ts'

/** Ids of peppers that stored passwords still need. */
type PeppersInUse = (ids: readonly string[]) => Promise<readonly string[]>

/**
 * Takes these secrets and this issuer as the installation's own, in place of what was recorded.
 * Refused while a stored password needs a pepper that is not among them: it could never be verified; the refusal names these peppers.
 */
export async function acceptSecrets(
  db: Database,
  given: { readonly issuer: string; readonly keys: Keys },
  findPeppersInUse: PeppersInUse,
  by: By,
): Promise<
  Outcome<void, { readonly reason: 'peppers-in-use'; readonly peppers: readonly string[] }>
> {
  const present = marksOf(given.issuer, given.keys)
  const kept = new Set(given.keys.secrets.peppers.map(({ id }) => id))
  const missing = (await listMarks(db))
    .filter(({ kind, name }) => kind === 'pepper' && !kept.has(name))
    .map(({ name }) => name)
  const peppers = missing.length > 0 ? await findPeppersInUse(missing) : []
  if (peppers.length > 0) return refused('peppers-in-use', { peppers })
  await inTransaction(db, async (tx) => {
    await replaceMarks(tx, present)
    await recordEvent(tx, secretsAccepted({ issuer: given.issuer, by }))
  })
  return ok()
}
