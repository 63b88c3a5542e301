import { printResetLink } from '../accounts/recovery/print-reset-link.ts'
import { resetMinutes } from '../accounts/recovery/recovery.ts'
import { findByNumber } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { grantRole } from '../staff/grant-role.ts'
import { makeFirstSupport } from '../staff/make-first-support.ts'
import { nationalRoles, type StaffRefusal, staffRoleLabels } from '../staff/role.ts'
import { inTransaction } from '../storage/db.ts'
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
  { db }: Context,
  roleName: string,
  number: string,
  by: By,
): Promise<number> {
  const role = nationalRoles.find((each) => each === roleName)
  if (!role) {
    console.error(
      `${roleName} is no role for all courts: ${nationalRoles.join(', ')}. Roles at a court come with an apply file.`,
    )
    return 1
  }
  const account = await findByNumber(db, number)
  if (!account) {
    console.error(`There is no account with the number ${number}.`)
    return 1
  }
  const granted = await inTransaction(db, (tx) =>
    grantRole(tx, account.id, { role, courtId: null }, by),
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

/** Makes the account of the first support person, and prints the link that its password is chosen by. */
export async function makeFirst(
  { db, config, keys }: Context,
  email: string,
  by: By,
): Promise<number> {
  const key = keys.secrets.identifiers
  const linkFor: Parameters<typeof makeFirstSupport>[0]['linkFor'] = (tx, accountId) =>
    printResetLink(tx, key, accountId)
  const made = await makeFirstSupport({ db, linkFor }, email, by)
  if (!made.ok) {
    console.error(
      made.reason === 'there-is-one'
        ? 'There is a support person already. Give others the role with: staff grant support --account NUMBER'
        : `${email} is no e-mail address.`,
    )
    return 1
  }
  const { number, username, link } = made.value
  console.error(
    `Account ${number} with the username ${username} is support now. Its password is chosen by this link, once, within ${resetMinutes} minutes:`,
  )
  console.log(`${config.issuer}${link}`)
  return 0
}
