import type { KeyObject } from 'node:crypto'
import { bySystem, type Origin } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { findLink, type LinkRefusal, useLink } from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { oldAddressReported } from '../events.ts'
import { oldAddressPurpose } from '../link-purposes.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/** For the page of the link: changes nothing and uses nothing up. */
export function findOldAddress({ db, key }: Deps, token: string) {
  return findLink(db, key, oldAddressPurpose, token)
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
): Promise<Outcome<void, LinkRefusal>> {
  return inTransaction(db, async (tx) => {
    // Of an address that changed twice, each of the two readers is heard.
    const link = await useLink(tx, key, oldAddressPurpose, token, { isOfOneMatter: true })
    if (!link.ok) return link
    const { accountId, about } = link.value
    if (!accountId) return refused('unknown')
    const change = about['change'] ?? ''
    await recordEvent(tx, oldAddressReported({ accountId, change, by: bySystem(origin) }))
    return ok()
  })
}
