import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { Day } from '../days.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Sealing } from '../signing/sealed-field.ts'
import type { Transaction } from '../storage/db.ts'
import { sealBirthDate, tryOpenBirthDate } from './birth-date.ts'
import { birthDateCorrectedMail, twinByCorrectionMail } from './birth-date-mails.ts'
import { birthDateCorrected } from './events.ts'
import { lockPerson, writeBirthDate } from './person-store.ts'
import { reviewTwins } from './review-twins.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import { findLikeness, listSame, lockTwins } from './twins.ts'

/** `same-date`: it is the one on file. `not-possible`: closed, or an account of no single person. */
export type BirthDateRefusal = 'same-date' | 'not-possible'

/**
 * Puts another date of birth in the place of the one on file, or the first one; its holder is told,
 * without the date. Where the account is then like another one in all three things, it is held for review
 * as a new one would be: else a wrong date at the registration would be the way past that.
 */
export async function correctBirthDate(
  tx: Transaction,
  sealing: Sealing,
  { accountId, birthDate }: { readonly accountId: AccountId; readonly birthDate: Day },
  by: By,
): Promise<Outcome<void, BirthDateRefusal>> {
  const person = await lockPerson(tx, accountId)
  if (!person || person.state === 'closed' || person.type !== 'individual') {
    return refused('not-possible')
  }
  const columns = sealBirthDate(sealing, accountId, birthDate)
  const { birthDateSealed: before } = person
  // What does not open any more is sealed anew, also with the same day.
  const isReadable = before !== null && tryOpenBirthDate(sealing, accountId, before) !== undefined
  if (isReadable && person.birthDateMark === columns.birthDateMark) return refused('same-date')
  await lockTwins(tx, columns)
  await writeBirthDate(tx, accountId, columns)
  await recordEvent(tx, birthDateCorrected({ accountId, by }))
  await tellHolder(tx, await findHolder(tx, accountId), birthDateCorrectedMail, {})
  // An address that nobody has confirmed says nothing of its holder.
  const like = person.isEmailVerified ? await findLikeness(tx, accountId) : undefined
  const others = like ? await listSame(tx, accountId, like) : []
  if (others.length > 0) {
    await reviewTwins(tx, { accountId, others, words: twinByCorrectionMail }, by)
  }
  return ok()
}
