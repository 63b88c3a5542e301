import type { By } from '../../audit/by.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import type { Link } from './link.ts'
import { type LinkingRefusal, linkAccount } from './link-account.ts'
import { findLinkById } from './link-store.ts'
import { type UnlinkRefusal, unlinkAccount } from './unlink-account.ts'

/**
 * Undoes a link that a clerk finds wrong, and links what is right: the old account to another holder, or the
 * holder to another old account; both, or nothing.
 * @param about.reason in the clerk's words; whoever loses the link and whoever gets it are told it.
 */
export async function correctLink(
  tx: Transaction,
  about: {
    readonly linkId: string
    /** What is left out stays what it is. */
    readonly accountId?: AccountId | undefined
    readonly importedId?: string | undefined
    readonly isOnePerson: boolean
    readonly reason: string
    readonly by: By
  },
): Promise<Outcome<Link, UnlinkRefusal | LinkingRefusal>> {
  const { linkId, isOnePerson, reason, by } = about
  const wrong = await findLinkById(tx, linkId)
  if (!wrong) return refused('unknown')
  const undone = await unlinkAccount(tx, { linkId, reason, by })
  if (!undone.ok) return undone
  const { accountId = wrong.accountId, importedId = wrong.importedId } = about
  const { courtId } = wrong
  const way = 'clerk' as const
  return linkAccount(tx, { accountId, courtId, importedId, way, isOnePerson, reason, by })
}
