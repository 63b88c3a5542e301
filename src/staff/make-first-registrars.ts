import { canonicalEmail, plainEmail, readEmail } from '../accounts/email-address.ts'
import type { By } from '../audit/by.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { FirstStaffDeps } from './make-first-support.ts'
import { type MadeStaff, makeStaffAccount, makeUntilFree } from './make-staff-account.ts'
import { listHoldersOf, lockStaffRoles } from './store.ts'

/**
 * Makes the accounts of an installation's first two registrars, each with the role and a link for its
 * password: both or none, and once, however many ask at the same moment. From there on two registrars make a
 * third one.
 * @returns `there-are-two` as soon as two have the role and may use it, and then nothing is written.
 *   `one-mailbox`: two registrars are two people.
 */
export async function makeFirstRegistrars(
  { db, linkFor }: FirstStaffDeps,
  typedEmails: readonly [string, string],
  by: By,
): Promise<
  Outcome<readonly [MadeStaff, MadeStaff], 'not-an-address' | 'one-mailbox' | 'there-are-two'>
> {
  const [one, other] = typedEmails.map((email) => readEmail({ email }))
  if (!one?.ok || !other?.ok) return refused('not-an-address')
  const mailbox = (email: string) => plainEmail(canonicalEmail(email))
  if (mailbox(one.value) === mailbox(other.value)) return refused('one-mailbox')
  return makeUntilFree(db, async (tx) => {
    await lockStaffRoles(tx)
    if ((await listHoldersOf(tx, 'registrar')).length >= 2) return refused('there-are-two')
    const first = await makeStaffAccount(tx, { email: one.value, role: 'registrar' }, linkFor, by)
    if (!first.ok) return first
    const second = await makeStaffAccount(
      tx,
      { email: other.value, role: 'registrar' },
      linkFor,
      by,
    )
    return second.ok ? ok([first.value, second.value] as const) : second
  })
}
