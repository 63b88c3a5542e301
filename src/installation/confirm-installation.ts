import { StartupError } from '../errors.ts'
import type { Keys } from '../signing/key-store.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { findDifferences, marksOf } from './marks.ts'
import { addMarks, listMarks, replaceIssuer } from './store.ts'

const whatToDo =
  'Start with the secrets file and the issuer that belong to this database. If you replaced them on ' +
  'purpose, say so once: npm run cli -- keys accept'

/**
 * Compares the secrets and the issuer with those that this database was used with, and records what
 * is new. Of several processes that start on an empty database with different secrets the first one
 * wins and the others are refused.
 * @throws StartupError with one line per difference, and what to do.
 */
export async function confirmInstallation(db: Database, issuer: string, keys: Keys): Promise<void> {
  const present = marksOf(issuer, keys)
  const refuse = (problems: readonly string[]) => {
    if (problems.length > 0) throw new StartupError([...problems, whatToDo])
  }
  const known = await listMarks(db)
  refuse(findDifferences(known, present))
  const isKnown = present.every((mark) =>
    known.some(
      (other) => other.kind === mark.kind && other.name === mark.name && other.mark === mark.mark,
    ),
  )
  if (isKnown) return
  await inTransaction(db, async (tx) => {
    await addMarks(tx, present)
    refuse(findDifferences(await listMarks(tx), present))
    await replaceIssuer(tx, issuer)
  })
}
