import { foldedNameSql } from '../../accounts/folded-name.ts'
import type { Right } from '../../efiling/right.ts'
import { rightInForceSql, rightJson } from '../../efiling/right-store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

/** Somebody who has something at a court, or asked for it there. */
export type PersonAtCourt = {
  readonly number: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly username: string
  readonly right: Right | null
}

const familyName = (alias: string) => `lower(coalesce(${alias}.family_name, ''))`

/** Everybody of a court, by name: of whom the page does not show no decision is read. */
export const peopleStatement: Statement = {
  name: 'people-of-court',
  text: `SELECT p.number, p.given_name AS "givenName", p.family_name AS "familyName", p.username,
      CASE WHEN d.ordinal IS NOT NULL THEN ${rightJson('d')} END AS "right"
    FROM (SELECT a.*, r.court_id FROM rights r JOIN accounts a ON a.id = r.account_id
        WHERE r.court_id = $1
          AND ($3 = '' OR lower(r.filer_id) = lower($3)
            OR starts_with(${foldedNameSql('a.family_name')}, ${foldedNameSql('$3')}))
          AND ($4 = '' OR (${familyName('a')}, a.number) >
            (SELECT ${familyName('b')}, b.number FROM accounts b WHERE b.number = $4))
        ORDER BY ${familyName('a')}, a.number LIMIT $5::integer) p
      LEFT JOIN LATERAL (${rightInForceSql('p.id', 'p.court_id', '$2')}) d ON true
    ORDER BY ${familyName('p')}, p.number`,
}

/**
 * Who has something at a court, by family name.
 * @param search.text the beginning of the family name, or a CM/ECF account; empty for everybody.
 * @param search.after the number of the last one of the page before; empty for the first page.
 */
export function listPeople(
  db: Queryable,
  courtId: CourtId,
  search: {
    readonly text: string
    readonly after: string
    readonly at: Date
    readonly limit: number
  },
): Promise<PersonAtCourt[]> {
  const { text, after, at, limit } = search
  return db.query<PersonAtCourt>(peopleStatement, [courtId, at, text, after, limit])
}

const selectIsThere: Statement = {
  name: 'people-is-there',
  text: 'SELECT 1 FROM rights WHERE account_id = $1::uuid AND court_id = $2',
}

/** Whether somebody has something at the court, or had, or asked for it. */
export async function hasSomethingAt(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<boolean> {
  return (await db.query(selectIsThere, [accountId, courtId])).length > 0
}

const selectByNumberAndName: Statement = {
  name: 'people-by-number-and-name',
  text: `SELECT a.id::text AS id FROM accounts a
    WHERE a.number = $1 AND ${foldedNameSql('a.family_name')} = ${foldedNameSql('$2')}`,
}

/** The account with that number, if that is the family name of its holder. */
export async function findByNumberAndName(
  db: Queryable,
  number: string,
  family: string,
): Promise<AccountId | undefined> {
  const [row] = await db.query<{ id: AccountId }>(selectByNumberAndName, [number, family])
  return row?.id
}
