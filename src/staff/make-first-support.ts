import { readEmail } from '../accounts/email-address.ts'
import type { By } from '../audit/by.ts'
import { type Outcome, refused } from '../outcome.ts'
import type { Database } from '../storage/db.ts'
import {
  type LinkFor,
  type MadeStaff,
  makeStaffAccount,
  makeUntilFree,
} from './make-staff-account.ts'
import { listHoldersOf, lockStaffRoles } from './store.ts'

export type FirstStaffDeps = { readonly db: Database; readonly linkFor: LinkFor }

/**
 * Makes the account of an installation's first support person, with the role and a link for its password:
 * once, however many ask at the same moment.
 * @returns `there-is-one` as soon as somebody has the role and may use it, and then nothing is written.
 */
export async function makeFirstSupport(
  { db, linkFor }: FirstStaffDeps,
  typedEmail: string,
  by: By,
): Promise<Outcome<MadeStaff, 'not-an-address' | 'there-is-one'>> {
  const email = readEmail({ email: typedEmail })
  if (!email.ok) return refused('not-an-address')
  return makeUntilFree(db, async (tx) => {
    await lockStaffRoles(tx)
    if ((await listHoldersOf(tx, 'support')).length > 0) return refused('there-is-one')
    return makeStaffAccount(tx, { email: email.value, role: 'support' }, linkFor, by)
  })
}
