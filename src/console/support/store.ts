import type { AccountFacts } from '../../accounts/account.ts'
import { stateJson } from '../../accounts/account-state.ts'
import { plainEmailSql } from '../../accounts/email-address.ts'
import { now } from '../../clock.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { AccountSearch } from './account-search.ts'

/** As much of an account as tells it from another one. */
export type FoundAccount = Pick<
  AccountFacts,
  | 'id'
  | 'number'
  | 'type'
  | 'isUpgraded'
  | 'username'
  | 'givenName'
  | 'familyName'
  | 'email'
  | 'isEmailVerified'
  | 'state'
  | 'held'
>

const foundJson = `json_build_object('id', a.id, 'number', a.number, 'type', a.type,
  'isUpgraded', a.is_upgraded, 'username', a.username, 'givenName', a.given_name,
  'familyName', a.family_name, 'email', a.email, 'isEmailVerified', a.is_email_verified,
  ${stateJson('a')})`

/** One index for each of the four. */
export const searchAccountsStatement: Statement = {
  name: 'support-search',
  text: `WITH found AS (
      SELECT id FROM accounts WHERE number = $1
      UNION SELECT account_id FROM usernames WHERE canonical = $2
      UNION SELECT a.id FROM accounts a WHERE ${plainEmailSql('a')} = $3
      UNION SELECT a.id FROM unnest($4::text[], $5::text[]) AS w(family, given)
        JOIN accounts a ON lower(a.family_name) = lower(w.family)
          AND starts_with(lower(coalesce(a.given_name, '')), lower(w.given)))
    SELECT ${foundJson} AS account FROM found JOIN accounts a USING (id)
    WHERE a.number > $6 ORDER BY a.number LIMIT $7::integer`,
}

/** The accounts that fit, by their numbers. @param after the number of the last one of the page before. */
export async function searchAccounts(
  db: Queryable,
  { number, username, email, names }: AccountSearch,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<FoundAccount[]> {
  const rows = await db.query<{ account: FoundAccount }>(searchAccountsStatement, [
    number,
    username,
    email,
    names.map(({ family }) => family),
    names.map(({ given }) => given),
    after,
    limit,
  ])
  return rows.map(({ account }) => account)
}

/** An account as the PACER Service Center sees it: without its password and its date of birth. */
export async function findSeenAccount(db: Queryable, number: string) {
  const row = await db.prisma.account.findUnique({
    where: { number },
    omit: { passwordHash: true, disownedPasswordHash: true, birthDateMark: true },
  })
  if (!row) return undefined
  const { birthDateSealed, ...account } = row
  return { ...account, id: row.id as AccountId, hasBirthDate: birthDateSealed !== null }
}

export type SeenAccount = NonNullable<Awaited<ReturnType<typeof findSeenAccount>>>

/** The sealed date of birth; null where none is known. */
export async function findSealedBirthDate(db: Queryable, id: AccountId): Promise<string | null> {
  const row = await db.prisma.account.findUnique({
    where: { id },
    select: { birthDateSealed: true },
  })
  return row?.birthDateSealed ?? null
}

const selectTwins: Statement = {
  name: 'support-twins',
  text: `SELECT ${foundJson} AS account,
      coalesce(a.birth_date_mark = (SELECT birth_date_mark FROM accounts WHERE id = $1::uuid), false)
        AS "hasSameBirthDate"
    FROM accounts a WHERE a.id IN (
      SELECT jsonb_array_elements_text(e.detail -> 'others')::uuid FROM audit_events e
      WHERE e.account_id = $1::uuid AND e.event = 'account.twin-found')
    ORDER BY a.number LIMIT 20`,
}

/** The accounts that one in review looks like. */
export function listTwinsOf(
  db: Queryable,
  id: AccountId,
): Promise<{ account: FoundAccount; hasSameBirthDate: boolean }[]> {
  return db.query(selectTwins, [id])
}

const selectUsernames: Statement = {
  name: 'support-usernames',
  text: `SELECT id::text AS id, username FROM accounts WHERE id = ANY($1::uuid[])`,
}

/** The usernames of who acted. */
export async function listUsernames(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ id: string; username: string }>(selectUsernames, [ids])
  return new Map(rows.map(({ id, username }) => [id, username]))
}

const selectObjection: Statement = {
  name: 'support-objection',
  text: `SELECT e.recorded_at AS "recordedAt" FROM audit_events e
    WHERE e.account_id = $1::uuid AND e.event = 'account.old-address-reported'
      AND e.recorded_at >= $2::timestamptz
    ORDER BY e.id DESC LIMIT 1`,
}

/**
 * When a reader of the present address, or of one before, last told support that a change is not wanted;
 * undefined where nobody has since then. One press uses up all such links of the account.
 */
export async function findObjection(
  db: Queryable,
  accountId: AccountId,
  since: Date,
): Promise<Date | undefined> {
  const values = [accountId, since]
  const [row] = await db.query<{ recordedAt: Date }>(selectObjection, values)
  return row?.recordedAt
}

const insertRow: Statement = {
  name: 'support-note-insert',
  text: `INSERT INTO support_notes (account_id, staff_id, act, reason, created_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5::timestamptz)`,
}

/** Keeps what was done and why, in the transaction of the act. */
export async function insertNote(
  tx: Transaction,
  note: {
    readonly accountId: AccountId
    readonly staffId: AccountId
    readonly act: string
    readonly reason: string
  },
): Promise<void> {
  const { accountId, staffId, act, reason } = note
  await tx.query(insertRow, [accountId, staffId, act, reason, now()])
}

/** What support did with an account, and why. */
export type SupportNote = {
  readonly act: string
  readonly reason: string
  readonly createdAt: Date
  readonly staffUsername: string | null
}

const mostNotes = 20

const selectNotes: Statement = {
  name: 'support-notes',
  text: `SELECT n.act, n.reason, n.created_at AS "createdAt", a.username AS "staffUsername"
    FROM support_notes n LEFT JOIN accounts a ON a.id = n.staff_id
    WHERE n.account_id = $1::uuid ORDER BY n.id DESC LIMIT ${mostNotes}`,
}

/** The newest of them, newest first. */
export function listNotes(db: Queryable, accountId: AccountId): Promise<SupportNote[]> {
  return db.query(selectNotes, [accountId])
}
