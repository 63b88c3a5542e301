import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { LinkAbout, MailFacts, QueuedMail } from './words.ts'

const insertRow: Statement = {
  name: 'mail-insert',
  text: `INSERT INTO mails (id, kind, account_id, to_address, facts, about, created_at)
    VALUES ($1::uuid, $2, $3::uuid, $4, $5::jsonb, $6::jsonb, $7::timestamptz)`,
}

export type UnsentMail = QueuedMail & { readonly kind: string; readonly facts: MailFacts }

export async function insertMail(tx: Transaction, mail: UnsentMail): Promise<void> {
  const { id, kind, accountId, to, facts, about } = mail
  const json = [JSON.stringify(facts), JSON.stringify(about)]
  await tx.query(insertRow, [id, kind, accountId ?? null, to, ...json, now()])
}

const selectUnsent: Statement = {
  name: 'mail-find-unsent',
  text: `SELECT id::text AS id, kind, account_id::text AS "accountId", to_address AS "to", facts, about
    FROM mails WHERE id = $1::uuid AND sent_at IS NULL AND refused_at IS NULL`,
}

/** Undefined where it was sent, refused for good, or swept away. */
export async function findUnsent(db: Queryable, id: string): Promise<UnsentMail | undefined> {
  type Row = Omit<UnsentMail, 'accountId'> & { accountId: AccountId | null; about: LinkAbout }
  const [row] = await db.query<Row>(selectUnsent, [id])
  return row && { ...row, accountId: row.accountId ?? undefined }
}

const setSent: Statement = {
  name: 'mail-sent',
  text: `UPDATE mails SET sent_at = $2::timestamptz, facts = '{}'
    WHERE id = $1::uuid AND sent_at IS NULL AND refused_at IS NULL RETURNING 1`,
}

/** @returns false where somebody else said before what became of it. */
export async function markSent(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query(setSent, [id, now()])).length === 1
}

const setRefused: Statement = {
  name: 'mail-refused',
  text: `UPDATE mails SET refused_at = $2::timestamptz, refusal = $3, facts = '{}'
    WHERE id = $1::uuid AND sent_at IS NULL AND refused_at IS NULL RETURNING 1`,
}

/** @returns false where somebody else said before what became of it. */
export async function markRefused(tx: Transaction, id: string, refusal: string): Promise<boolean> {
  return (await tx.query(setRefused, [id, now(), refusal])).length === 1
}

/** Long enough to answer whoever asks what was sent. */
const keptDays = 30

export const mailSweep: SweepRule = {
  table: 'mails',
  key: 'id',
  isOver: `created_at < $1::timestamptz - interval '${keptDays} days'`,
}
