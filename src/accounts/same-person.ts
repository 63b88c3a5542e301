import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { canonicalEmail, plainEmail, plainEmailSql } from './email-address.ts'
import { sameNameSql } from './folded-name.ts'
import { barNumbersSql, samePostalAddressSql } from './person-keys.ts'

const selectSame: Statement = {
  name: 'accounts-same-person',
  text: `SELECT coalesce(bool_or(a.id = b.id OR ${plainEmailSql('a')} = ${plainEmailSql('b')}
      OR ${sameNameSql('a', 'b')} AND a.birth_date_mark = b.birth_date_mark), false) AS "isSame"
    FROM accounts a, accounts b WHERE a.id = $1::uuid AND b.id = ANY($2::uuid[])`,
}

/**
 * Whether two accounts may be of one person, as far as that is known: it is one account, or they have one
 * mailbox, or one name and date of birth.
 */
export async function maybeSamePerson(
  db: Queryable,
  one: AccountId,
  other: AccountId,
): Promise<boolean> {
  return maybeOneOf(db, one, [other])
}

/** The same of several others: whether an account may be of the person of any of them. */
export async function maybeOneOf(
  db: Queryable,
  one: AccountId,
  others: readonly AccountId[],
): Promise<boolean> {
  const [row] = await db.query<{ isSame: boolean }>(selectSame, [one, [...others]])
  return row?.isSame ?? false
}

const selectLike: Statement = {
  name: 'accounts-like-one-person',
  text: `SELECT coalesce(${sameNameSql('a', 'b')}, false)
      AND (coalesce(${samePostalAddressSql('a', 'b')}, false)
        OR EXISTS (SELECT 1 FROM jsonb_array_elements(${barNumbersSql('a')}) AS own(bar)
          WHERE ${barNumbersSql('b')} @> jsonb_build_array(own.bar))) AS "isLike"
    FROM accounts a, accounts b WHERE a.id = $1::uuid AND b.id = $2::uuid AND a.id <> b.id`,
}

/**
 * Whether two accounts have one name, and one bar number or postal address: a father and a daughter of one office
 * have, too, so that it bars nobody from anything, and is told to whoever decides.
 */
export async function looksLikeSamePerson(
  db: Queryable,
  one: AccountId,
  other: AccountId,
): Promise<boolean> {
  const [row] = await db.query<{ isLike: boolean }>(selectLike, [one, other])
  return row?.isLike ?? false
}

const selectAtMailbox: Statement = {
  name: 'account-has-mailbox',
  text: `SELECT 1 FROM accounts a WHERE a.id = $1::uuid AND ${plainEmailSql('a')} = $2`,
}

/** Whether an address is that of the account; a tag makes no other one of it. */
export async function hasMailbox(db: Queryable, id: AccountId, email: string): Promise<boolean> {
  const plain = plainEmail(canonicalEmail(email))
  return (await db.query(selectAtMailbox, [id, plain])).length === 1
}
