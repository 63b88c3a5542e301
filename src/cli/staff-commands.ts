import { printResetLink } from '../accounts/recovery/print-reset-link.ts'
import { resetMinutes } from '../accounts/recovery/recovery.ts'
import { findByNumber } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import { paths } from '../paths.ts'
import { grantRole } from '../staff/grant-role.ts'
import { makeFirstRegistrars } from '../staff/make-first-registrars.ts'
import { makeFirstSupport } from '../staff/make-first-support.ts'
import type { MadeStaff } from '../staff/make-staff-account.ts'
import { revokeRole } from '../staff/revoke-role.ts'
import {
  type NationalRole,
  nationalRoles,
  type StaffRefusal,
  type StaffRole,
  staffRoleLabels,
} from '../staff/role.ts'
import { tellOfRole, tellRegistrars } from '../staff/tell-of-role.ts'
import { inTransaction, type Transaction } from '../storage/db.ts'
import type { Context } from './context.ts'

const refusalWords: Readonly<Record<StaffRefusal, string>> = {
  'not-individual': 'is not one person’s; only an individual account can be staff',
  'not-upgraded': 'is a legacy one; its holder upgrades it first',
  closed: 'is closed',
  disabled: 'is disabled',
  held: 'is on hold or in review',
}

/** Gives an account a role of the whole judiciary; those of a court come with an apply file. */
export async function grant(
  context: Context,
  roleName: string,
  number: string,
  by: By,
): Promise<number> {
  const asked = await readNamed(context, roleName, number)
  if (!asked) return 1
  const { role, accountId } = asked
  const granted = await changeTold(context, accountId, { role, courtId: null }, 'granted', (tx) =>
    grantRole(tx, accountId, { role, courtId: null }, by),
  )
  if (granted.ok) {
    console.log(`Account ${number} is staff now: ${staffRoleLabels[role]}.`)
    return 0
  }
  switch (granted.reason) {
    case 'already-held':
      console.log(`Account ${number} is that already: ${staffRoleLabels[role]}.`)
      return 0
    case 'unknown-account':
    case 'unknown-court':
      throw new Error(`the role could not be given: ${granted.reason}`)
    default:
      console.error(`Account ${number} ${refusalWords[granted.reason]}.`)
      return 1
  }
}

/** Takes a role of the whole judiciary away, the last registrar’s as well. */
export async function revoke(
  context: Context,
  roleName: string,
  number: string,
  by: By,
): Promise<number> {
  const asked = await readNamed(context, roleName, number)
  if (!asked) return 1
  const { role, accountId } = asked
  const revoked = await changeTold(context, accountId, { role, courtId: null }, 'revoked', (tx) =>
    revokeRole(tx, accountId, { role, courtId: null }, by),
  )
  console.log(
    revoked.ok
      ? `Account ${number} is staff no longer: ${staffRoleLabels[role]}.`
      : `Account ${number} is not that: ${staffRoleLabels[role]}.`,
  )
  return 0
}

async function readNamed(
  { db }: Context,
  roleName: string,
  number: string,
): Promise<{ role: NationalRole; accountId: AccountId } | undefined> {
  const role = nationalRoles.find((each) => each === roleName)
  if (!role) {
    console.error(
      `${roleName} is no role for all courts: ${nationalRoles.join(', ')}. Roles at a court come with an apply file.`,
    )
    return undefined
  }
  const account = await findByNumber(db, number)
  if (account) return { role, accountId: account.id }
  console.error(`There is no account with the number ${number}.`)
  return undefined
}

/** A change by an operator, which the holder and every registrar are told of. */
function changeTold<Changed extends Outcome<void, string>>(
  { db }: Context,
  accountId: AccountId,
  role: StaffRole,
  change: 'granted' | 'revoked',
  work: (tx: Transaction) => Promise<Changed>,
): Promise<Changed> {
  return inTransaction(db, async (tx) => {
    const changed = await work(tx)
    if (changed.ok) {
      await tellOfRole(tx, { accountId, role }, change)
      await tellRegistrars(tx, { accountId, role }, change, undefined)
    }
    return changed
  })
}

/** Makes the account of the first support person, and prints the link that its password is chosen by. */
export async function makeFirst(context: Context, email: string, by: By): Promise<number> {
  const made = await makeFirstSupport(firstDeps(context), email, by)
  if (!made.ok) {
    console.error(
      made.reason === 'there-is-one'
        ? 'There is a support person already. Give others the role with: staff grant support --account NUMBER'
        : `${email} is no e-mail address.`,
    )
    return 1
  }
  printMade(context, made.value, 'support')
  return 0
}

/** Makes the accounts of the first two registrars, and prints a link for each. */
export async function makeFirstTwo(
  context: Context,
  emails: readonly [string, string],
  by: By,
): Promise<number> {
  const made = await makeFirstRegistrars(firstDeps(context), emails, by)
  if (made.ok) {
    for (const each of made.value) printMade(context, each, 'registrar')
    return 0
  }
  const words = {
    'there-are-two': `There are two registrars already. They make others, at ${paths.staffRoles}.`,
    'one-mailbox': 'Two registrars are two people: name two mailboxes.',
    'not-an-address': `${emails.join(' and ')}: one of them is no e-mail address.`,
  }
  console.error(words[made.reason])
  return 1
}

function firstDeps({ db, keys }: Context) {
  const key = keys.secrets.identifiers
  return {
    db,
    linkFor: (tx: Transaction, accountId: AccountId) => printResetLink(tx, key, accountId),
  }
}

function printMade(
  { config }: Context,
  { number, username, link }: MadeStaff,
  role: NationalRole,
): void {
  console.error(
    `Account ${number} with the username ${username} is ${role} now. Its password is chosen by this link, once, within ${resetMinutes} minutes:`,
  )
  console.log(`${config.issuer}${link}`)
}
