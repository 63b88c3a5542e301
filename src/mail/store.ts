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

const insertRows: Statement = {
  name: 'mail-insert-many',
  text: `INSERT INTO mails (id, kind, to_address, facts, about, created_at)
    SELECT id, $1, "to", facts, $2::jsonb, $3::timestamptz
    FROM jsonb_to_recordset($4::jsonb) AS m(id uuid, "to" text, facts jsonb)`,
}

/** Mails of one kind to addresses of which no account is known, in one statement. */
export async function insertMails(
  tx: Transaction,
  { kind, about }: Pick<UnsentMail, 'kind' | 'about'>,
  mails: readonly Pick<UnsentMail, 'id' | 'to' | 'facts'>[],
): Promise<void> {
  await tx.query(insertRows, [kind, JSON.stringify(about), now(), JSON.stringify(mails)])
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

/** In `refusal`, where nobody refused a mail but us. */
export const droppedWords = 'dropped: the account was closed, and nobody is told'

const setDropped: Statement = {
  name: 'mail-dropped',
  text: `UPDATE mails SET refused_at = $2::timestamptz, refusal = '${droppedWords}', facts = '{}'
    WHERE account_id = $1::uuid AND sent_at IS NULL AND refused_at IS NULL
    RETURNING id::text AS id, kind`,
}

/** @returns the mails of the account that waited, and are not sent any more. */
export function markDropped(
  tx: Transaction,
  accountId: AccountId,
): Promise<{ readonly id: string; readonly kind: string }[]> {
  return tx.query(setDropped, [accountId, now()])
}

/** What became of a message to the holder of an account; not what it says. */
export type KeptMailOfAccount = {
  readonly id: string
  readonly kind: string
  readonly to: string
  readonly createdAt: Date
  readonly sentAt: Date | null
  readonly refusedAt: Date | null
}

const selectOfAccount: Statement = {
  name: 'mails-of-account',
  text: `SELECT id::text AS id, kind, to_address AS "to", created_at AS "createdAt",
      sent_at AS "sentAt", refused_at AS "refusedAt"
    FROM mails WHERE account_id = $1::uuid
      AND ($2::uuid IS NULL OR (created_at, id) < ($3::timestamptz, $2::uuid))
    ORDER BY created_at DESC, id DESC LIMIT $4::integer`,
}

/**
 * The messages to the holder of an account that are still kept, the newest first.
 * @param page.after the last one of the page before; undefined for the newest.
 */
export function listMailsOf(
  db: Queryable,
  accountId: AccountId,
  { after, limit }: { readonly after: KeptMailOfAccount | undefined; readonly limit: number },
): Promise<KeptMailOfAccount[]> {
  const values = [accountId, after?.id ?? null, after?.createdAt ?? null, limit]
  return db.query<KeptMailOfAccount>(selectOfAccount, values)
}

/** Long enough to answer whoever asks what was sent. */
const keptDays = 30

export const mailSweep: SweepRule = {
  table: 'mails',
  key: 'id',
  isOver: `created_at < $1::timestamptz - interval '${keptDays} days'`,
}
