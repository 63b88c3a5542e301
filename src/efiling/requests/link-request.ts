import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { requestApproved } from '../events.ts'
import type { Link } from '../linking/link.ts'
import { type LinkingRefusal, linkAccount } from '../linking/link-account.ts'
import { moveRequest } from './move-request.ts'
import { type ClerkRefusal, openForClerk, type SeenRequest } from './open-for-clerk.ts'

/**
 * Gives whoever asks the account of the court's old system instead of a new right: the request ends as approved,
 * and the link, the right that the old system says, the audit rows and the mails are one transaction.
 */
export async function linkRequest(
  db: Database,
  wanted: SeenRequest & {
    readonly importedId: string
    readonly isOnePerson: boolean
    readonly reason: string
  },
  by: By,
): Promise<Outcome<Link, ClerkRefusal | LinkingRefusal>> {
  const { courtId, importedId, isOnePerson, reason } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { accountId, number } = opened.value
    const move = { kind: 'approved', reason: 'linked', message: reason } as const
    const moved = await moveRequest(tx, opened.value, move, by)
    if (!moved.ok) return refused('changed-meanwhile')
    const link = { accountId, courtId, importedId, isOnePerson, reason, by }
    const linked = await linkAccount(tx, { ...link, way: 'clerk' })
    if (!linked.ok) return linked
    await recordEvent(tx, requestApproved({ accountId, courtId, number, by }))
    return ok(linked.value)
  })
}
