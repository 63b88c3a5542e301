import { type AddressProposal, findOpenProposal } from '../../accounts/address-proposal-store.ts'
import { approveAddress } from '../../accounts/approve-address.ts'
import { endAddressProposal } from '../../accounts/end-address-proposal.ts'
import { type ProposalRefusal, proposeAddress } from '../../accounts/propose-address.ts'
import { hasMailbox, maybeSamePerson } from '../../accounts/same-person.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { listRolesInForce } from '../../staff/store.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { OtherNote } from './acts.ts'
import { insertNote } from './store.ts'

/** What somebody of support has typed, and who it is. */
export type ProposedByStaff = {
  readonly accountId: AccountId
  readonly email: string
  readonly proof: string
  readonly reason: string
  readonly staffId: AccountId
}

/** `own-stake`: the account, its mailbox or the new one may be of who acts. */
export type StakeRefusal = 'own-stake' | 'not-support'

/** Proposes another address for an account, as the first of two people. */
export async function proposeForHolder(
  db: Database,
  { staffId, ...wanted }: ProposedByStaff,
  by: By,
): Promise<Outcome<void, ProposalRefusal | StakeRefusal>> {
  const { accountId, email, reason, proof } = wanted
  return inTransaction(db, async (tx) => {
    if (!(await lockAccount(tx, accountId))) return refused('not-possible')
    const allowed = await checkPerson(tx, staffId, { accountId, toEmail: email })
    if (!allowed.ok) return allowed
    const proposed = await proposeAddress(tx, { ...wanted, proposedBy: staffId }, by)
    if (!proposed.ok) return proposed
    const act: OtherNote = 'address-proposed'
    await insertNote(tx, { accountId, staffId, act, reason: `${reason} (${proof})` })
    return ok()
  })
}

export const addressDecisions = ['approve', 'decline', 'stop'] as const
export type AddressDecision = (typeof addressDecisions)[number]

/** What somebody decided about a proposal that was on the page. */
export type DecidedByStaff = {
  readonly accountId: AccountId
  readonly proposalId: string
  readonly decision: AddressDecision
  readonly reason: string
  readonly staffId: AccountId
}

export type DecisionRefusal =
  | StakeRefusal
  /** Nobody approves a proposal of one's own, nor one of another account of one's own. */
  | 'own-proposal'
  /** Who proposed is not support any more. */
  | 'proposer-left'
  /** Somebody else decided, it waited too long, or the account is another by now. */
  | 'not-now'

/**
 * Approves a proposal as the second person, or ends it; of twenty at once, and of an approval and a
 * decline, one counts. Whoever proposed may take it back, and no more.
 */
export async function decideAddress(
  db: Database,
  decided: DecidedByStaff,
  by: By,
): Promise<Outcome<void, DecisionRefusal>> {
  const { accountId, proposalId, decision, reason, staffId } = decided
  return inTransaction(db, async (tx) => {
    // First of all: who decides at the same moment waits, and sees what was decided.
    if (!(await lockAccount(tx, accountId))) return refused('not-now')
    const proposal = await findOpenProposal(tx, accountId)
    if (proposal?.id !== proposalId) return refused('not-now')
    const done = await decide(tx, proposal, decision, staffId, by)
    if (!done.ok) return done
    await insertNote(tx, { accountId, staffId, act: notes[decision], reason })
    return ok()
  })
}

const notes = {
  approve: 'address-approved',
  decline: 'address-declined',
  stop: 'address-stopped',
} as const satisfies Readonly<Record<AddressDecision, OtherNote>>

async function decide(
  tx: Transaction,
  proposal: AddressProposal,
  decision: AddressDecision,
  staffId: AccountId,
  by: By,
): Promise<Outcome<void, DecisionRefusal>> {
  if (decision !== 'approve') {
    if (!(await isSupport(tx, staffId))) return refused('not-support')
    if (proposal.accountId === staffId) return refused('own-stake')
    return endAddressProposal(tx, proposal, decision === 'stop' ? 'stopped' : 'declined', by)
  }
  const allowed = await checkPerson(tx, staffId, proposal)
  if (!allowed.ok) return allowed
  const { proposedBy } = proposal
  if (await maybeSamePerson(tx, staffId, proposedBy)) return refused('own-proposal')
  if (!(await isSupport(tx, proposedBy))) return refused('proposer-left')
  return approveAddress(tx, { proposal, approvedBy: staffId }, by)
}

/** Who acts is support at this moment, and has nothing to win by it. */
async function checkPerson(
  tx: Transaction,
  staffId: AccountId,
  { accountId, toEmail }: Pick<AddressProposal, 'accountId' | 'toEmail'>,
): Promise<Outcome<void, StakeRefusal>> {
  if (!(await isSupport(tx, staffId))) return refused('not-support')
  const isOwn =
    (await maybeSamePerson(tx, staffId, accountId)) || (await hasMailbox(tx, staffId, toEmail))
  return isOwn ? refused('own-stake') : ok()
}

async function isSupport(tx: Transaction, staffId: AccountId): Promise<boolean> {
  const roles = await listRolesInForce(tx, staffId)
  return roles.some(({ role }) => role === 'support')
}
