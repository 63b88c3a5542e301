import type { KeyObject } from 'node:crypto'
import { bySystem, type Origin } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import {
  addressMark,
  type FoundLink,
  findLink,
  type LinkRefusal,
  useLink,
} from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Queryable } from '../../storage/db.ts'
import { oldAddressReported } from '../events.ts'
import { oldAddressPurpose } from '../link-purposes.ts'
import { findRecoverable } from './store.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/** `present-address`: the change was undone, and the account has this one again. */
export type OldAddressRefusal = LinkRefusal | 'present-address'

/** For the page of the link: changes nothing and uses nothing up. */
export async function findOldAddress(
  { db, key }: Deps,
  token: string,
): Promise<Outcome<FoundLink, OldAddressRefusal>> {
  const link = await findLink(db, key, oldAddressPurpose, token)
  if (!link.ok) return link
  return (await isPresent(db, key, link.value)) ? refused('present-address') : link
}

/** Of an address that support proposes the present one is told, and is heard. */
async function isPresent(
  db: Queryable,
  key: KeyObject,
  { accountId, about }: FoundLink,
): Promise<boolean> {
  if (!accountId || about['stage'] === 'proposed') return false
  const account = await findRecoverable(db, accountId)
  return account?.email ? addressMark(key, account.email) === about['to'] : false
}

/**
 * Who reads the mail of an address that an account had before says so to support. It is recorded, and
 * nothing else happens: the address may be the former firm's, and nobody is shut out by it. By nobody in
 * particular, since who reads that mailbox is no holder.
 */
export async function reportOldAddress(
  { db, key }: Deps,
  token: string,
  origin: Origin,
): Promise<Outcome<void, OldAddressRefusal>> {
  return inTransaction(db, async (tx) => {
    // Of an address that changed twice, each of the two readers is heard.
    const link = await useLink(tx, key, oldAddressPurpose, token, { isOfOneMatter: true })
    if (!link.ok) return link
    const { accountId, about } = link.value
    if (!accountId) return refused('unknown')
    if (await isPresent(tx, key, link.value)) return refused('present-address')
    const change = about['change'] ?? ''
    await recordEvent(tx, oldAddressReported({ accountId, change, by: bySystem(origin) }))
    return ok()
  })
}
