import type { KeyObject } from 'node:crypto'
import { findHolder } from '../../accounts/tell-holder.ts'
import type { Origin } from '../../audit/by.ts'
import { findCourt } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import { addressMark, findLink, useLink } from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Queryable } from '../../storage/db.ts'
import { findImported } from '../imported/store.ts'
import { type ContestRefusal, contestLink } from './contest-link.ts'
import { isContested, type Link, type LinkReader } from './link.ts'
import { findLinkById } from './link-store.ts'
import { wrongLinkPurpose } from './mails.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/** What a link in a mail says is wrong. */
export type SaidWrong = {
  readonly link: Link
  readonly reader: LinkReader
  readonly courtId: CourtId
  readonly courtName: string
  /** In the old system. */
  readonly login: string
}

export type WrongLinkRefusal =
  | 'used'
  | 'expired'
  | 'unknown'
  /** The PACER account has another address by now, and the one before says nothing about it. */
  | 'other-address'
  | Exclude<ContestRefusal['reason'], 'unknown'>

/** For the page that the link in the mail opens: changes nothing and uses nothing up. */
export async function findWrongLink(
  { db, key }: Deps,
  token: string,
): Promise<Outcome<SaidWrong, WrongLinkRefusal>> {
  const found = await findLink(db, key, wrongLinkPurpose, token)
  if (!found.ok) return refused(found.reason === 'voided' ? 'used' : found.reason)
  return inTransaction(db, (tx) => read(tx, key, found.value.about))
}

async function read(
  tx: Parameters<typeof findHolder>[0],
  key: KeyObject,
  about: Readonly<Record<string, string>>,
): Promise<Outcome<SaidWrong, WrongLinkRefusal>> {
  const link = await findLinkById(tx, about['link'] ?? '0')
  const found = link && (await readParts(tx, link))
  if (!found) return refused('unknown')
  const reader: LinkReader = about['reader'] === 'old-address' ? 'old-address' : 'holder'
  if (link.endedAt) return refused('ended-already')
  if (isContested(link)) return refused('contested-already')
  if (reader === 'holder') {
    const holder = await findHolder(tx, link.accountId)
    if (!holder || addressMark(key, holder.to) !== about['to']) return refused('other-address')
  }
  return ok({ link, reader, courtId: link.courtId, ...found })
}

async function readParts(
  db: Queryable,
  { courtId, importedId }: Link,
): Promise<{ courtName: string; login: string } | undefined> {
  const court = await findCourt(db, courtId)
  const imported = await findImported(db, courtId, importedId)
  return court && imported && { courtName: court.name, login: imported.login }
}

/** The press on it, once: filing stops, and the link is put before the clerk of the court. */
export async function reportWrongLink(
  { db, key }: Deps,
  token: string,
  origin: Origin,
): Promise<Outcome<SaidWrong, WrongLinkRefusal>> {
  return inTransaction(db, async (tx) => {
    const used = await useLink(tx, key, wrongLinkPurpose, token, { isOfOneMatter: true })
    if (!used.ok) return refused(used.reason === 'voided' ? 'used' : used.reason)
    const said = await read(tx, key, used.value.about)
    if (!said.ok) return said
    const { link, reader } = said.value
    const contested = await contestLink(tx, { linkId: link.id, reader, origin })
    if (contested.ok) return said
    return refused(contested.reason)
  })
}
