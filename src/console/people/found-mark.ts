import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { type AccountId, type CourtId, keyedHash } from '../../ids.ts'

type Finder = { readonly courtId: CourtId; readonly staffId: AccountId; readonly number: string }

/**
 * Shows that this person of this court knew the number of an account together with the name: the numbers
 * follow one another, so that a number alone opens nobody who has nothing at the court.
 */
export function foundMark(key: KeyObject, { courtId, staffId, number }: Finder): string {
  return keyedHash(key, `found ${number} by its name at ${courtId}, by ${staffId}`)
}

export function isFoundMark(key: KeyObject, finder: Finder, mark: unknown): boolean {
  if (typeof mark !== 'string') return false
  const [presented, expected] = [Buffer.from(mark), Buffer.from(foundMark(key, finder))]
  return presented.length === expected.length && timingSafeEqual(presented, expected)
}
