import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Refused } from '../outcome.ts'
import type { Database, Queryable } from '../storage/db.ts'
import { staffRoleRefused } from './events.ts'
import { findRoleFor } from './role.ts'
import { listRolesInForce } from './store.ts'
import type { RoleOf } from './tell-of-role.ts'

/** Whether somebody is a registrar at this moment. */
export async function isRegistrar(db: Queryable, id: AccountId): Promise<boolean> {
  const held = await listRolesInForce(db, id)
  return findRoleFor(held, { roles: ['registrar'], courtId: undefined }) !== undefined
}

/** Whether somebody is a manager of that court at this moment. */
export async function isManagerOf(
  db: Queryable,
  id: AccountId,
  courtId: CourtId,
): Promise<boolean> {
  const held = await listRolesInForce(db, id)
  return findRoleFor(held, { roles: ['court-manager'], courtId }) !== undefined
}

/** What somebody is refused who may not do it, and not because of how things stand. */
export const forbidden = [
  /** It is one's own role, or one of the same person. */
  'own-stake',
  /** The second person is the first one again. */
  'own-proposal',
  'not-registrar',
  'not-manager',
  'too-few-registrars',
] as const
export type Forbidden = (typeof forbidden)[number]

/** Records what was refused to somebody who may not do it; every other refusal is a matter of the moment. */
export async function recordForbidden(
  db: Database,
  { accountId, role }: RoleOf,
  act: string,
  { reason }: Refused<string>,
  by: By,
): Promise<void> {
  if (!(forbidden as readonly string[]).includes(reason)) return
  const courtId = role.courtId ?? undefined
  await recordEvent(db, staffRoleRefused({ accountId, courtId, role: role.role, act, reason, by }))
}
