import { noPractice, type Practice } from '../../src/courts/practice.ts'
import { findPractice, insertPractice } from '../../src/courts/practice-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import type { SignOn } from './sign-on.ts'

/** Gives a court its next practice: what it does not say is as with a court that has said nothing. */
export async function practise(
  { services: { db } }: Pick<SignOn, 'services'>,
  court: string,
  practice: Partial<Practice>,
): Promise<Practice> {
  const courtId = court as CourtId
  const version = (await findPractice(db, courtId)).version + 1
  const next = { ...noPractice, ...practice, version }
  const termsVersion = next.terms?.version ?? 0
  await inTransaction(db, (tx) =>
    insertPractice(tx, courtId, next, { termsVersion, changedBy: null }),
  )
  return next
}
