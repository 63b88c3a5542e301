import type { Link } from '../../efiling/linking/link.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

/** A link as its court lists it, with both sides. */
export type ListedLink = Pick<
  Link,
  'id' | 'way' | 'linkedAt' | 'contestedAt' | 'contestedBy' | 'settledAt' | 'endedAt'
> & {
  readonly login: string
  readonly oldName: string
  readonly number: string
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
}

const listed = (rows: string, order: string) =>
  `SELECT l.id::text AS id, l.way, l.linked_at AS "linkedAt", l.contested_at AS "contestedAt",
      l.contested_by AS "contestedBy", l.settled_at AS "settledAt", l.ended_at AS "endedAt",
      i.login, i.name AS "oldName", a.number, a.username, a.given_name AS "givenName",
      a.family_name AS "familyName"
    FROM (${rows}) l JOIN imported_accounts i ON i.id = l.imported_id
      JOIN accounts a ON a.id = l.account_id
    ORDER BY ${order}`

/** By the index `account_links_court_id_id_idx`, the newest first: a page reads as many rows as it shows. */
export const linksStatement: Statement = {
  name: 'console-links',
  text: listed(
    `SELECT * FROM account_links WHERE court_id = $1 AND id < $2::bigint
      ORDER BY id DESC LIMIT $3::integer`,
    'l.id DESC',
  ),
}

const afterAll = '9223372036854775807'

/** Every link of a court, those that have ended among them. @param page.before the id of the last one of the page before. */
export function listLinks(
  db: Queryable,
  courtId: CourtId,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<ListedLink[]> {
  return db.query(linksStatement, [courtId, page.before ?? afterAll, page.limit])
}

const selectFound: Statement = {
  name: 'console-links-found',
  text: listed(
    `SELECT * FROM account_links WHERE court_id = $1
        AND (account_id = (SELECT id FROM accounts WHERE number = $2)
          OR imported_id = (SELECT id FROM imported_accounts
            WHERE court_id = $1 AND login_canonical = lower($2)))
      ORDER BY id DESC LIMIT 50`,
    'l.id DESC',
  ),
}

/** The links of one person, by account number, or of one account of the old system, by its login. */
export function findLinks(db: Queryable, courtId: CourtId, text: string): Promise<ListedLink[]> {
  return db.query(selectFound, [courtId, text])
}

const isContested = `court_id = $1 AND contested_at IS NOT NULL AND settled_at IS NULL AND ended_at IS NULL`

const selectContested: Statement = {
  name: 'console-links-contested',
  text: listed(
    `SELECT * FROM account_links WHERE ${isContested} ORDER BY contested_at LIMIT 50`,
    'l.contested_at',
  ),
}

/** What somebody says is wrong and no clerk has looked at, the oldest first; fifty at most. */
export function listContested(db: Queryable, courtId: CourtId): Promise<ListedLink[]> {
  return db.query(selectContested, [courtId])
}

const countRows: Statement = {
  name: 'console-links-count-contested',
  text: `SELECT count(*) AS count FROM account_links WHERE ${isContested}`,
}

export async function countContested(db: Queryable, courtId: CourtId): Promise<number> {
  const [row] = await db.query<{ count: number }>(countRows, [courtId])
  return row?.count ?? 0
}
