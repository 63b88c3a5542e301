import { unconfirmedColumns } from '../accounts/account-state.ts'
import { allocateNumber } from '../accounts/allocate-number.ts'
import { canonicalEmail, readEmail } from '../accounts/email-address.ts'
import { accountSaved } from '../accounts/events.ts'
import { insertAccount, type TakenAccountMember } from '../accounts/store.ts'
import { checkUsername } from '../accounts/username.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import { type AccountId, newAccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { grantRole } from './grant-role.ts'
import { isSupportThere, lockStaffRoles } from './store.ts'

export type FirstSupportDeps = {
  readonly db: Database
  /** The path of a link by which the password of that account is chosen. */
  linkFor(tx: Transaction, accountId: AccountId): Promise<string>
}

/** The account of the first support person. */
export type FirstSupport = {
  readonly number: string
  readonly username: string
  readonly link: string
}

/** So often another number or username is tried. */
const mostTries = 5

/**
 * Makes the account of an installation's first support person, with the role and a link for its password:
 * once, however many ask at the same moment. The account is confirmed by whoever uses the link.
 * @returns `there-is-one` as soon as somebody has the role and may use it, and then nothing is written.
 */
export async function makeFirstSupport(
  deps: FirstSupportDeps,
  typedEmail: string,
  by: By,
): Promise<Outcome<FirstSupport, 'not-an-address' | 'there-is-one'>> {
  const email = readEmail({ email: typedEmail })
  if (!email.ok) return refused('not-an-address')
  let isNameTaken = false
  for (let attempt = 1; ; attempt += 1) {
    const made = await inTransaction(deps.db, (tx) => make(tx, deps, email.value, isNameTaken, by))
    if (made.ok || made.reason === 'there-is-one') return made as typeof made & { reason?: never }
    if (attempt === mostTries) throw new Error(`the account could not be made: ${made.reason}`)
    isNameTaken ||= made.reason === 'username-taken'
  }
}

async function make(
  tx: Transaction,
  deps: FirstSupportDeps,
  email: string,
  isNameTaken: boolean,
  by: By,
): Promise<Outcome<FirstSupport, 'there-is-one' | TakenAccountMember>> {
  await lockStaffRoles(tx)
  if (await isSupportThere(tx)) return refused('there-is-one')
  const number = await allocateNumber(tx)
  const name = usernameFor(email, number, isNameTaken)
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
  const granted = await grantRole(tx, accountId, { role: 'support', courtId: null }, by)
  if (!granted.ok) throw new Error(`the role could not be given: ${granted.reason}`)
  return ok({ number, username: name.username, link: await deps.linkFor(tx, accountId) })
}

/** The address, which its holder knows, where it can be a username that nobody has or had. */
function usernameFor(email: string, number: string, isNameTaken: boolean) {
  for (const username of [email, `support-${number}`]) {
    const checked = checkUsername(username, { isUpgraded: true })
    if (checked.ok && !(isNameTaken && username === email)) {
      return { username, usernameCanonical: checked.value }
    }
  }
  throw new Error('a number always makes a username')
}
