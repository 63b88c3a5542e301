import { now } from '../clock.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { ProposableRole } from './role.ts'

/** So long a proposal waits for the second person. */
export const proposalDays = 7

/** A role that one registrar proposes for somebody. */
export type RoleProposal = {
  readonly id: string
  readonly accountId: AccountId
  readonly role: ProposableRole
  readonly reason: string
  readonly proposedBy: AccountId
}

const insertRow: Statement = {
  name: 'role-proposal-insert',
  text: `INSERT INTO staff_role_proposals
      (id, account_id, role, court_id, reason, proposed_by, created_at, expires_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::uuid, $7::timestamptz,
      $7::timestamptz + interval '${proposalDays} days')
    ON CONFLICT DO NOTHING RETURNING expires_at AS "expiresAt"`,
}

/** @returns until when it waits; undefined where the same waits already. */
export async function insertProposal(
  tx: Transaction,
  { id, accountId, role, reason, proposedBy }: RoleProposal,
): Promise<Date | undefined> {
  const values = [id, accountId, role.role, role.courtId, reason, proposedBy, now()]
  const [row] = await tx.query<{ expiresAt: Date }>(insertRow, values)
  return row?.expiresAt
}

const isOpen = (at: string) => `ended_at IS NULL AND expires_at > ${at}::timestamptz`

const selectOpen: Statement = {
  name: 'role-proposal-open',
  text: `SELECT id::text AS id, account_id::text AS "accountId", role, court_id AS "courtId", reason,
      proposed_by::text AS "proposedBy"
    FROM staff_role_proposals WHERE id = $1::uuid AND ${isOpen('$2')}`,
}

/** A proposal that waits for the second person; undefined where it does not, or is none. */
export async function findOpenProposal(
  db: Queryable,
  id: string,
): Promise<RoleProposal | undefined> {
  type Row = Omit<RoleProposal, 'role'> & { role: string; courtId: CourtId | null }
  const [row] = await db.query<Row>(selectOpen, [id, now()])
  if (!row) return undefined
  const { role, courtId, ...proposal } = row
  return { ...proposal, role: { role, courtId } as ProposableRole }
}

export type RoleProposalEnding = 'approved' | 'declined' | 'taken-back'

const endRow: Statement = {
  name: 'role-proposal-end',
  text: `UPDATE staff_role_proposals SET ended_at = $2::timestamptz, ending = $3,
      decided_by = $4::uuid, decision_reason = $5
    WHERE id = $1::uuid AND ${isOpen('$2')} RETURNING 1`,
}

/** @returns false where somebody else decided, or it waited too long. */
export async function markProposalEnded(
  tx: Transaction,
  id: string,
  ending: RoleProposalEnding,
  { decidedBy, reason }: { readonly decidedBy: AccountId; readonly reason: string },
): Promise<boolean> {
  return (await tx.query(endRow, [id, now(), ending, decidedBy, reason])).length === 1
}

const expireRows: Statement = {
  name: 'role-proposal-expire',
  text: `UPDATE staff_role_proposals SET ended_at = $2::timestamptz, ending = 'expired'
    WHERE account_id = $1::uuid AND ended_at IS NULL AND expires_at <= $2::timestamptz`,
}

/** Makes room for the next one. */
export async function expireProposals(tx: Transaction, accountId: AccountId): Promise<void> {
  await tx.query(expireRows, [accountId, now()])
}

const countRows: Statement = {
  name: 'role-proposals-to-decide',
  text: `SELECT count(*) AS count FROM staff_role_proposals
    WHERE proposed_by <> $2::uuid AND account_id <> $2::uuid AND ${isOpen('$1')}`,
}

/** How many wait for this registrar, as the second person. */
export async function countProposalsFor(db: Queryable, registrar: AccountId): Promise<number> {
  const [row] = await db.query<{ count: number }>(countRows, [now(), registrar])
  return row?.count ?? 0
}

/** A proposal with the names of everybody in it. */
export type SeenProposal = {
  readonly id: string
  readonly accountId: AccountId
  readonly number: string
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly role: ProposableRole['role']
  readonly courtName: string | null
  readonly reason: string
  readonly proposedBy: AccountId
  readonly proposerName: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | null
  /** One that nobody decided in time has `expired`, also before it is written down. */
  readonly ending: RoleProposalEnding | 'expired' | null
  readonly deciderName: string | null
  readonly decisionReason: string | null
}

const mostListed = 50

const seen = (at: string) => `SELECT p.id::text AS id, p.account_id::text AS "accountId", a.number,
    a.username, a.given_name AS "givenName", a.family_name AS "familyName", p.role,
    c.name AS "courtName", p.reason, p.proposed_by::text AS "proposedBy",
    s.username AS "proposerName", p.created_at AS "createdAt", p.expires_at AS "expiresAt",
    coalesce(p.ended_at, CASE WHEN p.expires_at <= ${at}::timestamptz THEN p.expires_at END) AS "endedAt",
    coalesce(p.ending, CASE WHEN p.expires_at <= ${at}::timestamptz THEN 'expired' END) AS ending,
    d.username AS "deciderName", p.decision_reason AS "decisionReason"
  FROM staff_role_proposals p JOIN accounts a ON a.id = p.account_id
    JOIN accounts s ON s.id = p.proposed_by
    LEFT JOIN accounts d ON d.id = p.decided_by LEFT JOIN courts c ON c.id = p.court_id`

const selectSeen: Statement = {
  name: 'role-proposal-seen',
  text: `${seen('$2')} WHERE p.id = $1::uuid`,
}

export async function findSeenProposal(
  db: Queryable,
  id: string,
): Promise<SeenProposal | undefined> {
  const [row] = await db.query<SeenProposal>(selectSeen, [id, now()])
  return row
}

const selectWaiting: Statement = {
  name: 'role-proposals-waiting',
  text: `${seen('$1')} WHERE ${isOpen('$1')} ORDER BY p.created_at, p.id LIMIT ${mostListed}`,
}

/** Those that wait for a second person, the one that waits longest first. */
export function listWaitingProposals(db: Queryable): Promise<SeenProposal[]> {
  return db.query<SeenProposal>(selectWaiting, [now()])
}

const selectEnded: Statement = {
  name: 'role-proposals-ended',
  text: `${seen('$1')} WHERE NOT (${isOpen('$1')}) ORDER BY "endedAt" DESC, p.id LIMIT ${mostListed}`,
}

/** Those that were decided or ran out, the newest first, as long as they are kept. */
export function listEndedProposals(db: Queryable): Promise<SeenProposal[]> {
  return db.query<SeenProposal>(selectEnded, [now()])
}

/** So long registrars and auditors see what became of one; the audit has it for good. */
export const keptDays = 90

export const roleProposalSweep: SweepRule = {
  table: 'staff_role_proposals',
  key: 'id',
  isOver: `expires_at < $1::timestamptz - interval '${keptDays} days'`,
}
