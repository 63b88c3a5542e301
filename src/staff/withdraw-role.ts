import { maybeSamePerson } from '../accounts/same-person.ts'
import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { revokeRole } from './revoke-role.ts'
import { canUseRole, type StaffRole } from './role.ts'
import { listHoldersOf, lockStaffRoles } from './store.ts'
import { tellOfRole, tellRegistrars } from './tell-of-role.ts'
import { isManagerOf, isRegistrar, recordForbidden } from './who-decides.ts'

/** Without two nobody could make another registrar. */
const fewestRegistrars = 2

/** Which role is taken from whom. */
export type UnwantedRole = {
  readonly accountId: AccountId
  readonly role: StaffRole
  readonly staffId: AccountId
}

export type WithdrawRefusal =
  | 'not-registrar'
  /** Only a clerk of the same court is a manager's to take away. */
  | 'not-manager'
  | 'own-stake'
  /** Fewer than two would be left; the command line can. */
  | 'too-few-registrars'
  | 'not-held'

/**
 * Takes a role away, at once: one registrar any role but one's own, a court's manager a clerk's of that court.
 * The holder and the other registrars are told.
 */
export async function withdrawRole(
  db: Database,
  unwanted: UnwantedRole,
  as: 'registrar' | 'court-manager',
  by: By,
): Promise<Outcome<void, WithdrawRefusal>> {
  const done = await inTransaction(db, (tx) => withdraw(tx, unwanted, as, by))
  if (!done.ok) await recordForbidden(db, unwanted, 'revoke', done, by)
  return done
}

async function withdraw(
  tx: Transaction,
  { accountId, role, staffId }: UnwantedRole,
  as: 'registrar' | 'court-manager',
  by: By,
): Promise<Outcome<void, WithdrawRefusal>> {
  // Of two who take away each other's role at the same moment, the later one is no registrar any more.
  if (role.role === 'registrar') await lockStaffRoles(tx)
  if (as === 'registrar') {
    if (!(await isRegistrar(tx, staffId))) return refused('not-registrar')
  } else if (role.role !== 'clerk' || !(await isManagerOf(tx, staffId, role.courtId))) {
    return refused('not-manager')
  }
  if (await maybeSamePerson(tx, staffId, accountId)) return refused('own-stake')
  if (role.role === 'registrar' && (await isNeeded(tx, accountId))) {
    return refused('too-few-registrars')
  }
  const revoked = await revokeRole(tx, accountId, role, by)
  if (!revoked.ok) return revoked
  await tellOfRole(tx, { accountId, role }, 'revoked')
  await tellRegistrars(tx, { accountId, role }, 'revoked', staffId)
  return ok()
}

/** Whether too few registrars who can sign in would be left; whose account is of no use is not needed. */
async function isNeeded(tx: Transaction, accountId: AccountId): Promise<boolean> {
  const usable = (await listHoldersOf(tx, 'registrar')).filter(canUseRole)
  const others = usable.filter((one) => one.accountId !== accountId)
  return others.length < usable.length && others.length < fewestRegistrars
}
