import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Keys } from '../signing/key-store.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { secretsAccepted } from './events.ts'
import { goneKeys, marksOf } from './marks.ts'
import { listMarks, replaceMarks } from './store.ts'

/** Those of these ids that are still needed: of peppers by stored passwords, of sealing keys by sealed fields. */
export type KeysInUse = Readonly<
  Record<'peppers' | 'sealingKeys', (ids: readonly string[]) => Promise<readonly string[]>>
>

type KeysNeeded =
  | { readonly reason: 'peppers-in-use'; readonly peppers: readonly string[] }
  | { readonly reason: 'sealing-keys-in-use'; readonly sealingKeys: readonly string[] }

/**
 * Takes these secrets and this issuer as the installation's own, in place of what was recorded. Refused
 * while a stored password needs a pepper that is not among them, since it could never be verified, or a
 * sealed field needs a key that is gone, since nobody could read it; the refusal names these keys.
 */
export async function acceptSecrets(
  db: Database,
  given: { readonly issuer: string; readonly keys: Keys },
  findInUse: KeysInUse,
  by: By,
): Promise<Outcome<void, KeysNeeded>> {
  const present = marksOf(given.issuer, given.keys)
  const recorded = await listMarks(db)
  const peppers = await neededOf(goneKeys('pepper', recorded, present), findInUse.peppers)
  if (peppers.length > 0) return refused('peppers-in-use', { peppers })
  const sealingKeys = await neededOf(goneKeys('sealing', recorded, present), findInUse.sealingKeys)
  if (sealingKeys.length > 0) return refused('sealing-keys-in-use', { sealingKeys })
  await inTransaction(db, async (tx) => {
    await replaceMarks(tx, present)
    await recordEvent(tx, secretsAccepted({ issuer: given.issuer, by }))
  })
  return ok()
}

async function neededOf(
  gone: readonly string[],
  findInUse: KeysInUse['peppers'],
): Promise<readonly string[]> {
  return gone.length > 0 ? findInUse(gone) : []
}
