import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'

/** So long a proposal waits for the second person. */
export const proposalHours = 72

/**
 * So long an approved one waits for the press: a mail server that is away gets the mail within a day, and
 * its link holds a day from then.
 */
const pressHours = 50

/** Another address that support proposes for an account whose mailbox is lost. */
export type AddressProposal = {
  readonly id: string
  readonly accountId: AccountId
  /** The address of the account when it was proposed. */
  readonly fromEmail: string | null
  readonly toEmail: string
  /** How the caller proved who it is. */
  readonly proof: string
  readonly reason: string
  readonly proposedBy: AccountId
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly approvedBy: AccountId | null
  readonly approvedAt: Date | null
}

const insertRow: Statement = {
  name: 'address-proposal-insert',
  text: `INSERT INTO address_proposals
      (id, account_id, from_email, to_email, proof, reason, proposed_by, created_at, expires_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::uuid, $8::timestamptz,
      $8::timestamptz + interval '${proposalHours} hours')`,
}

export async function insertProposal(
  tx: Transaction,
  proposal: Pick<
    AddressProposal,
    'id' | 'accountId' | 'fromEmail' | 'toEmail' | 'proof' | 'reason' | 'proposedBy'
  >,
): Promise<void> {
  const { id, accountId, fromEmail, toEmail, proof, reason, proposedBy } = proposal
  const values = [id, accountId, fromEmail, toEmail, proof, reason, proposedBy, now()]
  await tx.query(insertRow, values)
}

const isOpen = (at: string) => `ended_at IS NULL AND expires_at > ${at}::timestamptz`

const selectOpen: Statement = {
  name: 'address-proposal-open',
  text: `SELECT id::text AS id, account_id::text AS "accountId", from_email AS "fromEmail",
      to_email AS "toEmail", proof, reason, proposed_by::text AS "proposedBy",
      created_at AS "createdAt", expires_at AS "expiresAt", approved_by::text AS "approvedBy",
      approved_at AS "approvedAt"
    FROM address_proposals WHERE account_id = $1::uuid AND ${isOpen('$2')}`,
}

/** The proposal that waits for the second person, or for the press; there is one at most. */
export async function findOpenProposal(
  db: Queryable,
  accountId: AccountId,
): Promise<AddressProposal | undefined> {
  const [row] = await db.query<AddressProposal>(selectOpen, [accountId, now()])
  return row
}

/** A proposal that waits for the second person. */
export type WaitingProposal = {
  readonly id: string
  readonly number: string
  readonly proposedBy: AccountId
  readonly proposerName: string
  readonly expiresAt: Date
}

const mostWaiting = 50

const selectWaiting: Statement = {
  name: 'address-proposals-waiting',
  text: `SELECT p.id::text AS id, a.number, p.proposed_by::text AS "proposedBy",
      s.username AS "proposerName", p.expires_at AS "expiresAt"
    FROM address_proposals p JOIN accounts a ON a.id = p.account_id
      JOIN accounts s ON s.id = p.proposed_by
    WHERE p.approved_at IS NULL AND p.ended_at IS NULL AND p.expires_at > $1::timestamptz
    ORDER BY p.created_at LIMIT ${mostWaiting}`,
}

/** Those that wait for a second person, the one that waits longest first. */
export function listWaitingProposals(db: Queryable): Promise<WaitingProposal[]> {
  return db.query<WaitingProposal>(selectWaiting, [now()])
}

const approveRow: Statement = {
  name: 'address-proposal-approve',
  text: `UPDATE address_proposals SET approved_at = $2::timestamptz, approved_by = $3::uuid,
      expires_at = $2::timestamptz + interval '${pressHours} hours'
    WHERE id = $1::uuid AND approved_at IS NULL AND ${isOpen('$2')} RETURNING 1`,
}

/** @returns false where somebody else decided, or it waited too long. */
export async function markApproved(
  tx: Transaction,
  id: string,
  approvedBy: AccountId,
): Promise<boolean> {
  return (await tx.query(approveRow, [id, now(), approvedBy])).length === 1
}

const endRow: Statement = {
  name: 'address-proposal-end',
  text: `UPDATE address_proposals SET ended_at = $2::timestamptz, ending = $3
    WHERE id = $1::uuid AND (approved_at IS NOT NULL) = $4::boolean AND ${isOpen('$2')}
    RETURNING 1`,
}

/** How a proposal ends that somebody ends; those of the second kind had been approved. */
export type ProposalEnding = 'declined' | 'stopped' | 'confirmed'

/** @returns false where it does not stand where it can be ended so. */
export async function markProposalEnded(
  tx: Transaction,
  id: string,
  ending: ProposalEnding,
): Promise<boolean> {
  const wasApproved = ending !== 'declined'
  return (await tx.query(endRow, [id, now(), ending, wasApproved])).length === 1
}

const expireRows: Statement = {
  name: 'address-proposal-expire',
  text: `UPDATE address_proposals SET ended_at = $2::timestamptz, ending = 'expired'
    WHERE account_id = $1::uuid AND ended_at IS NULL AND expires_at <= $2::timestamptz`,
}

/** Makes room for the next one. */
export async function expireProposals(tx: Transaction, accountId: AccountId): Promise<void> {
  await tx.query(expireRows, [accountId, now()])
}

/** So long support can be asked what became of one. */
const keptDays = 30

export const addressProposalSweep: SweepRule = {
  table: 'address_proposals',
  key: 'id',
  isOver: `expires_at < $1::timestamptz - interval '${keptDays} days'`,
}
