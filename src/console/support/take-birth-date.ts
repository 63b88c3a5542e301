import { tryOpenBirthDate } from '../../accounts/birth-date.ts'
import { type BirthDateRefusal, correctBirthDate } from '../../accounts/correct-birth-date.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { Limit } from '../../config/limits.ts'
import type { Day } from '../../days.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { birthDateCompared } from '../events.ts'
import { findSealedBirthDate, insertNote } from './store.ts'

export type BirthDateDeps = {
  readonly db: Database
  readonly sealing: Sealing
  /** Dates that were tried at one account, by whomever. */
  readonly birthDateTries: Pick<WindowCounter, 'count'>
}

/** So many dates are tried at one account: enough for who mishears, too few to find one out. */
export const birthDateTries: Limit = { points: 5, seconds: 3600 }

/** A date, and the account that it is said to be of. */
export type SaidBirthDate = { readonly accountId: AccountId; readonly birthDate: Day }

export type TooManyDates = { readonly reason: 'too-many'; readonly retryAfterSeconds: number }

/**
 * Whether a date is the one on file. The date on file is shown to nobody: who calls says it, and support
 * learns whether it is right; `unreadable` where it does not open any more. Counted before, and recorded, right or wrong, before it is told.
 */
export async function compareBirthDate(
  deps: BirthDateDeps,
  { accountId, birthDate }: SaidBirthDate,
  by: By,
): Promise<
  Outcome<
    { readonly isSame: boolean },
    TooManyDates | { readonly reason: 'none' } | { readonly reason: 'unreadable' }
  >
> {
  const { retryAfterSeconds } = await deps.birthDateTries.count(accountId)
  if (retryAfterSeconds !== undefined) return refused('too-many', { retryAfterSeconds })
  const sealed = await findSealedBirthDate(deps.db, accountId)
  if (sealed === null) return refused('none', {})
  const onFile = tryOpenBirthDate(deps.sealing, accountId, sealed)
  if (!onFile) return refused('unreadable', {})
  const isSame = onFile === birthDate
  await recordEvent(deps.db, birthDateCompared({ accountId, isSame, by }))
  return ok({ isSame })
}

/**
 * Corrects the date of birth, with a reason. A date that is the one on file already is an answer about
 * it, so these tries are counted as comparisons are, and such an answer is recorded as one.
 */
export async function correctWithReason(
  deps: BirthDateDeps,
  { reason, staffId, ...said }: SaidBirthDate & { reason: string; staffId: AccountId },
  by: By,
): Promise<Outcome<void, TooManyDates | { readonly reason: BirthDateRefusal }>> {
  const { accountId } = said
  const { retryAfterSeconds } = await deps.birthDateTries.count(accountId)
  if (retryAfterSeconds !== undefined) return refused('too-many', { retryAfterSeconds })
  const corrected = await inTransaction(deps.db, async (tx) => {
    const done = await correctBirthDate(tx, deps.sealing, said, by)
    if (done.ok) await insertNote(tx, { accountId, staffId, act: 'birth-date', reason })
    return done
  })
  if (corrected.ok) return corrected
  if (corrected.reason === 'same-date') {
    await recordEvent(deps.db, birthDateCompared({ accountId, isSame: true, by }))
  }
  return refused(corrected.reason, {})
}
