import { randomUUID } from 'node:crypto'
import { maybeSamePerson } from '../accounts/same-person.ts'
import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { findCourt } from '../courts/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { staffRoleProposed } from './events.ts'
import { checkStaffAccount, type ProposableRole, type StaffRefusal } from './role.ts'
import { expireProposals, insertProposal } from './role-proposal-store.ts'
import { listStaffRoles } from './store.ts'
import { tellOfProposal } from './tell-of-role.ts'
import { isRegistrar, recordForbidden } from './who-decides.ts'

/** What a registrar proposes. */
export type WantedRole = {
  readonly accountId: AccountId
  readonly role: ProposableRole
  readonly reason: string
  readonly staffId: AccountId
}

export type ProposeRefusal =
  | StaffRefusal
  | 'not-registrar'
  /** It is one's own account, or one of the same person. */
  | 'own-stake'
  | 'unknown-account'
  | 'unknown-court'
  | 'already-held'
  /** The same waits for a second registrar. */
  | 'already-proposed'

/**
 * Proposes a role for somebody, as the first of two registrars. Nothing changes by it; the other
 * registrars are told. Of twenty at once one waits.
 */
export async function proposeRole(
  db: Database,
  wanted: WantedRole,
  by: By,
): Promise<Outcome<{ readonly id: string }, ProposeRefusal>> {
  const done = await inTransaction(db, (tx) => propose(tx, wanted, by))
  if (!done.ok) await recordForbidden(db, wanted, 'propose', done, by)
  return done
}

async function propose(
  tx: Transaction,
  { accountId, role, reason, staffId }: WantedRole,
  by: By,
): Promise<Outcome<{ readonly id: string }, ProposeRefusal>> {
  const account = await lockAccount(tx, accountId)
  if (!account) return refused('unknown-account')
  if (!(await isRegistrar(tx, staffId))) return refused('not-registrar')
  if (await maybeSamePerson(tx, staffId, accountId)) return refused('own-stake')
  const checked = checkStaffAccount(account)
  if (!checked.ok) return checked
  if (role.courtId !== null && !(await findCourt(tx, role.courtId))) return refused('unknown-court')
  const held = await listStaffRoles(tx, accountId)
  const isHeld = held.some((one) => one.role === role.role && one.courtId === role.courtId)
  if (isHeld) return refused('already-held')
  await expireProposals(tx, accountId)
  const id = randomUUID()
  const until = await insertProposal(tx, { id, accountId, role, reason, proposedBy: staffId })
  if (!until) return refused('already-proposed')
  const courtId = role.courtId ?? undefined
  await recordEvent(
    tx,
    staffRoleProposed({ accountId, courtId, role: role.role, proposal: id, by }),
  )
  await tellOfProposal(tx, { accountId, role }, staffId, until)
  return ok({ id })
}
