import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { now } from '../../clock.ts'
import { type AccountId, type CourtId, isUuid, keyedHash } from '../../ids.ts'
import type { LinkWay } from './link.ts'

/** That somebody has shown just now to know an old login: between the form and the yes to both names. */
export type ShownLogin = {
  readonly importedId: string
  readonly way: Exclude<LinkWay, 'clerk'>
  /** Of one that came back: a second press does not lengthen it; in epoch milliseconds. */
  readonly until?: number | undefined
}

/** To whom and on what it was shown; for anybody else, and after another decision, it is of no use. */
type ShownBy = {
  readonly accountId: AccountId
  readonly courtId: CourtId
  /** Of the newest decision of that court about the person; 0 where there is none. */
  readonly version: number
}

/** To read two names, and to ask somebody. */
const lifeMinutes = 10

/** Puts it into a hidden field, for the browser to bring back. */
export function sealProof(key: KeyObject, shown: ShownLogin, by: ShownBy): string {
  const until = shown.until ?? now().getTime() + lifeMinutes * 60_000
  return [shown.importedId, shown.way, until, markOf(key, shown, by, until)].join('.')
}

/** What the browser brought back; undefined for what is not ours, too old, or of somebody else. */
export function openProof(key: KeyObject, text: string, by: ShownBy): ShownLogin | undefined {
  const [importedId, way, untilText, mark = ''] = text.split('.')
  const until = Number(untilText)
  if (!isUuid(importedId) || (way !== 'password' && way !== 'verifier')) return undefined
  if (!Number.isSafeInteger(until) || until < now().getTime()) return undefined
  const expected = Buffer.from(markOf(key, { importedId, way }, by, until))
  const given = Buffer.from(mark)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return { importedId, way, until }
}

function markOf(
  key: KeyObject,
  { importedId, way }: ShownLogin,
  { accountId, courtId, version }: ShownBy,
  until: number,
): string {
  const parts = [accountId, courtId, version, importedId, way, until]
  return keyedHash(key, `shown old login ${parts.join(' ')}`)
}
