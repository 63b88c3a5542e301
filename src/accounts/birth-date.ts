import type { Day } from '../days.ts'
import { parseDay } from '../days.ts'
import type { AccountId } from '../ids.ts'
import type { Sealing } from '../signing/sealed-field.ts'

const column = { table: 'accounts', column: 'birth_date_sealed' } as const

/** The columns of a birth date: sealed for its row, and the mark by which the same day is found again. */
export type BirthDateColumns = {
  readonly birthDateSealed: string
  readonly birthDateMark: string
}

/** A birth date as it is stored with the account of that id, and of no other. */
export function sealBirthDate(sealing: Sealing, accountId: AccountId, day: Day): BirthDateColumns {
  return {
    birthDateSealed: sealing.seal(day, { ...column, rowId: accountId }),
    birthDateMark: birthDateMark(sealing, day),
  }
}

/** Finds the same day at other accounts, without opening theirs. */
export function birthDateMark(sealing: Sealing, day: Day): string {
  return sealing.mark(day, column)
}

/** The same; undefined where what is stored does not open: support is told so, and can enter it anew. */
export function tryOpenBirthDate(
  sealing: Sealing,
  accountId: AccountId,
  sealed: string,
): Day | undefined {
  try {
    return openBirthDate(sealing, accountId, sealed)
  } catch {
    return undefined
  }
}

/** @throws Error where what is stored was changed, moved from another row, or needs a key that is gone. */
export function openBirthDate(sealing: Sealing, accountId: AccountId, sealed: string): Day {
  const day = parseDay(sealing.open(sealed, { ...column, rowId: accountId }))
  if (!day) throw new Error(`the birth date of ${accountId} is no day`)
  return day
}
