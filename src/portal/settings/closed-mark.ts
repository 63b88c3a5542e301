import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { accountNumberPattern } from '../../accounts/account.ts'
import { keyedHash } from '../../ids.ts'

/**
 * Shows that a page of ours named this account to its holder. When the account is closed no session is
 * left that says who somebody is; with the mark the last page can be opened again, and a second press of
 * the button is told what the first one did. It opens nothing.
 */
export function closedMark(key: KeyObject, number: string): string {
  return `${number}.${keyedHash(key, `may be told that ${number} is closed`)}`
}

/** The number of the account that a mark names; undefined for what is none of ours. */
export function numberInMark(key: KeyObject, mark: unknown): string | undefined {
  if (typeof mark !== 'string') return undefined
  const [number = ''] = mark.split('.')
  if (!accountNumberPattern.test(number)) return undefined
  const [presented, expected] = [Buffer.from(mark), Buffer.from(closedMark(key, number))]
  return presented.length === expected.length && timingSafeEqual(presented, expected)
    ? number
    : undefined
}
