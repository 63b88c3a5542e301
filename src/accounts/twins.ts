import type { AccountId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import { type CanonicalEmail, plainEmail, plainEmailSql } from './email-address.ts'
import { foldedNameSql } from './folded-name.ts'
import type { PersonName } from './person/name.ts'

/** What two accounts of one person have in common. */
export type Likeness = PersonName & {
  readonly birthDateMark: string
  readonly emailCanonical: CanonicalEmail
}

/** An account that may be of the same person. */
export type Twin = {
  readonly accountId: AccountId
  /** How many of name, date of birth and address are the same: two or three. */
  readonly matches: number
}

/** All three: what is more than a question to the person. */
export function isSame({ matches }: Twin): boolean {
  return matches === 3
}

const hasName = `${foldedNameSql('a.family_name')} = ${foldedNameSql('$1::text')}
  AND ${foldedNameSql('a.given_name')} = ${foldedNameSql('$2::text')}`

// One index for each of the three. What was closed is history, and shared accounts are nobody's own.
export const selectTwins: Statement = {
  name: 'account-twins',
  text: `SELECT id AS "accountId", matches FROM (
      SELECT a.id, a.number, (${hasName})::int
          + coalesce((a.birth_date_mark = $3)::int, 0)
          + coalesce((${plainEmailSql('a')} = $4)::int, 0) AS matches
      FROM accounts a
      WHERE a.closed_at IS NULL AND a.type = 'individual' AND a.family_name IS NOT NULL
        AND a.given_name IS NOT NULL
        AND ((${hasName})
          OR a.birth_date_mark = $3 OR ${plainEmailSql('a')} = $4)) candidates
    WHERE matches >= 2 ORDER BY matches DESC, number LIMIT 20`,
}

/**
 * Accounts that two or all three of name, date of birth and e-mail address match.
 * Source: https://id.uscourts.gov (Content_ID=3623), the notice on duplicate registrations.
 */
export function listTwins(db: Queryable, like: Likeness): Promise<Twin[]> {
  const { familyName, givenName, birthDateMark, emailCanonical } = like
  const values = [familyName, givenName, birthDateMark, plainEmail(emailCanonical)]
  return db.query<Twin>(selectTwins, values)
}

/** The other accounts that all three match. */
export async function listSame(
  db: Queryable,
  accountId: AccountId,
  like: Likeness,
): Promise<AccountId[]> {
  const twins = await listTwins(db, like)
  return twins.filter(isSame).flatMap(({ accountId: id }) => (id === accountId ? [] : [id]))
}

const lockBirthDate: Statement = {
  name: 'account-lock-birth-date',
  text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
}

/** Of people who were born on one day one is looked at at a time: no two see that the other is not there yet. */
export async function lockTwins(
  tx: Transaction,
  { birthDateMark }: Pick<Likeness, 'birthDateMark'>,
): Promise<void> {
  await tx.query(lockBirthDate, [birthDateMark])
}

const selectLikeness: Statement = {
  name: 'account-likeness',
  text: `SELECT given_name AS "givenName", family_name AS "familyName",
      birth_date_mark AS "birthDateMark", email_canonical AS "emailCanonical"
    FROM accounts WHERE id = $1::uuid AND type = 'individual' AND given_name IS NOT NULL
      AND family_name IS NOT NULL AND birth_date_mark IS NOT NULL AND email_canonical IS NOT NULL`,
}

/** What an account is compared by; undefined where a part of it is missing, or it is nobody's own. */
export async function findLikeness(
  db: Queryable,
  accountId: AccountId,
): Promise<Likeness | undefined> {
  const [row] = await db.query<Likeness>(selectLikeness, [accountId])
  return row
}
