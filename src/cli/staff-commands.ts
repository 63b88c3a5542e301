import { findByNumber } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { grantRole } from '../staff/grant-role.ts'
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
