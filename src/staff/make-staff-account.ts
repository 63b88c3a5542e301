import { unconfirmedColumns } from '../accounts/account-state.ts'
import { allocateNumber } from '../accounts/allocate-number.ts'
import { canonicalEmail } from '../accounts/email-address.ts'
import { accountSaved } from '../accounts/events.ts'
import { insertAccount, listUsernameOwners, type TakenAccountMember } from '../accounts/store.ts'
import { type CanonicalUsername, checkUsername } from '../accounts/username.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import { type AccountId, newAccountId } from '../ids.ts'
import { type Outcome, ok, type Refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { grantRole } from './grant-role.ts'
import type { NationalRole } from './role.ts'

/** The path of a link by which the password of an account is chosen. */
export type LinkFor = (tx: Transaction, accountId: AccountId) => Promise<string>

/** An account that was made for somebody. */
export type MadeStaff = {
  readonly number: string
  readonly username: string
  readonly link: string
}

/**
 * Makes an individual, upgraded account with a role, and a link for its password. Whoever uses the link
 * confirms it.
 * @param email as it is stored.
 */
export async function makeStaffAccount(
  tx: Transaction,
  { email, role }: { readonly email: string; readonly role: NationalRole },
  linkFor: LinkFor,
  by: By,
): Promise<Outcome<MadeStaff, TakenAccountMember>> {
  const number = await allocateNumber(tx)
  const name = await usernameFor(tx, email, `${role}-${number}`)
  const accountId = newAccountId()
  const inserted = await insertAccount(tx, {
    id: accountId,
    number,
    type: 'individual',
    userType: 'government',
    isUpgraded: true,
    ...name,
    passwordHash: null,
    givenName: null,
    familyName: null,
    email,
    emailCanonical: canonicalEmail(email),
    isEmailVerified: false,
    searchStatus: 'inactive',
    clientCode: null,
    billedTo: 'self',
    ...unconfirmedColumns(now()),
  })
  if (!inserted.ok) return inserted
  await recordEvent(tx, accountSaved({ accountId, change: 'registered', fields: [], by }))
  const granted = await grantRole(tx, accountId, { role, courtId: null }, by)
  if (!granted.ok) throw new Error(`the role could not be given: ${granted.reason}`)
  return ok({ number, username: name.username, link: await linkFor(tx, accountId) })
}

/** The address, which its holder knows, where it can be a username that nobody has or had. */
async function usernameFor(tx: Transaction, email: string, other: string) {
  const asAddress = checkUsername(email, { isUpgraded: true })
  const isFree = asAddress.ok && (await listUsernameOwners(tx, [asAddress.value])).length === 0
  const username = isFree ? email : other
  return { username, usernameCanonical: username.toLowerCase() as CanonicalUsername }
}

/** So often another number or username is tried. */
const mostTries = 5

/** Makes accounts in one transaction, again where somebody takes a number or a name at the same moment. */
export async function makeUntilFree<Made extends Outcome<unknown, string>>(
  db: Database,
  make: (tx: Transaction) => Promise<Made>,
): Promise<Exclude<Made, Refused<TakenAccountMember>>> {
  for (let attempt = 1; ; attempt += 1) {
    const made = await inTransaction(db, make)
    if (made.ok || !isTaken(made.reason)) {
      return made as Exclude<Made, Refused<TakenAccountMember>>
    }
    if (attempt === mostTries) throw new Error(`the account could not be made: ${made.reason}`)
  }
}

function isTaken(reason: string): reason is TakenAccountMember {
  return reason === 'number-taken' || reason === 'username-taken'
}
