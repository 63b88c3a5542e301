import { maybeSamePerson } from '../accounts/same-person.ts'
import { lockAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { roleProposalEnded, staffRoleApproved } from './events.ts'
import { grantRole } from './grant-role.ts'
import type { StaffRefusal } from './role.ts'
import { findOpenProposal, markProposalEnded, type RoleProposal } from './role-proposal-store.ts'
import { tellOfRole } from './tell-of-role.ts'
import { isRegistrar, recordForbidden } from './who-decides.ts'

export const roleDecisions = ['approve', 'decline'] as const
export type RoleDecision = (typeof roleDecisions)[number]

/** What a registrar decided about a proposal. */
export type DecidedRole = {
  readonly proposalId: string
  readonly decision: RoleDecision
  readonly reason: string
  readonly staffId: AccountId
}

export type DecideRoleRefusal =
  | StaffRefusal
  | 'not-registrar'
  /** It is for who decides, or for another account of the same person. */
  | 'own-stake'
  /** Nobody approves what one proposed oneself, with whatever account. */
  | 'own-proposal'
  /** Who proposed is no registrar any more. */
  | 'proposer-left'
  | 'already-held'
  /** Somebody else decided, or it ran out. */
  | 'not-now'

/**
 * Approves a proposed role as the second registrar, or declines it; who proposed it may take it back, and no
 * more. Of twenty at once, and of an approval and a decline, one counts.
 */
export async function decideRoleProposal(
  db: Database,
  decided: DecidedRole,
  by: By,
): Promise<Outcome<void, DecideRoleRefusal>> {
  const before = await findOpenProposal(db, decided.proposalId)
  if (!before) return refused('not-now')
  const done = await inTransaction(db, async (tx) => {
    // First of all: who decides at the same moment waits, and sees what was decided.
    await lockAccount(tx, before.accountId)
    const proposal = await findOpenProposal(tx, decided.proposalId)
    return proposal ? decide(tx, proposal, decided, by) : refused('not-now')
  })
  if (!done.ok) await recordForbidden(db, before, decided.decision, done, by)
  return done
}

async function decide(
  tx: Transaction,
  proposal: RoleProposal,
  { decision, reason, staffId }: DecidedRole,
  by: By,
): Promise<Outcome<void, DecideRoleRefusal>> {
  const { id, accountId, role, proposedBy } = proposal
  if (!(await isRegistrar(tx, staffId))) return refused('not-registrar')
  if (await maybeSamePerson(tx, staffId, accountId)) return refused('own-stake')
  const about = { accountId, courtId: role.courtId ?? undefined, role: role.role, proposal: id, by }
  const decidedBy = { decidedBy: staffId, reason }
  if (decision === 'decline') {
    const ending = proposedBy === staffId ? 'taken-back' : 'declined'
    if (!(await markProposalEnded(tx, id, ending, decidedBy))) return refused('not-now')
    await recordEvent(tx, roleProposalEnded({ ...about, ending }))
    return ok()
  }
  if (await maybeSamePerson(tx, staffId, proposedBy)) return refused('own-proposal')
  if (!(await isRegistrar(tx, proposedBy))) return refused('proposer-left')
  if (!(await markProposalEnded(tx, id, 'approved', decidedBy))) return refused('not-now')
  await recordEvent(tx, staffRoleApproved(about))
  const granted = await grantRole(tx, accountId, role, by)
  if (!granted.ok) {
    if (granted.reason === 'unknown-account' || granted.reason === 'unknown-court') {
      throw new Error(`the role could not be given: ${granted.reason}`)
    }
    return granted
  }
  await tellOfRole(tx, { accountId, role }, 'granted')
  return ok()
}
