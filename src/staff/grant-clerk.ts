import { maybeSamePerson } from '../accounts/same-person.ts'
import type { By } from '../audit/by.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { grantRole } from './grant-role.ts'
import type { StaffRefusal, StaffRole } from './role.ts'
import { tellOfRole, tellRegistrars } from './tell-of-role.ts'
import { isManagerOf, recordForbidden } from './who-decides.ts'

/** Whom a court's manager makes a clerk of that court. */
export type WantedClerk = {
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly staffId: AccountId
}

export type GrantClerkRefusal =
  | StaffRefusal
  | 'not-manager'
  | 'own-stake'
  | 'unknown-account'
  | 'unknown-court'
  | 'already-held'

/** Makes somebody a clerk of a court: its manager alone, and every registrar is told. */
export async function grantClerk(
  db: Database,
  { accountId, courtId, staffId }: WantedClerk,
  by: By,
): Promise<Outcome<void, GrantClerkRefusal>> {
  const role: StaffRole = { role: 'clerk', courtId }
  const done = await inTransaction(db, async (tx): Promise<Outcome<void, GrantClerkRefusal>> => {
    if (!(await isManagerOf(tx, staffId, courtId))) return refused('not-manager')
    if (await maybeSamePerson(tx, staffId, accountId)) return refused('own-stake')
    const granted = await grantRole(tx, accountId, role, by)
    if (!granted.ok) return granted
    await tellOfRole(tx, { accountId, role }, 'granted')
    await tellRegistrars(tx, { accountId, role }, 'granted', staffId)
    return ok()
  })
  if (!done.ok) await recordForbidden(db, { accountId, role }, 'grant', done, by)
  return done
}
