import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'
import type { ImportedStatus } from '../imported/imported-account.ts'
import { canonicalLogin } from '../imported/imported-account.ts'

/** An account of a court's old system that may be that of whoever asks. */
export type ImportedAlike = {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly status: ImportedStatus
  readonly isNamed: boolean
  readonly hasSameBarNumber: boolean
  readonly hasSameEmail: boolean
  readonly hasSameName: boolean
  /** The link by which it is somebody's already, in digits. */
  readonly linkId: string | null
}

const mostShown = 10

/**
 * The words of a name in small letters without accents and points, as SQL text that the index
 * `imported_accounts_name_words_idx` has as well. Old systems write "Doe, John A." and "JOHN DOE".
 * @param text a column, as SQL.
 */
function nameWordsSql(text: string): string {
  return `regexp_split_to_array(lower(regexp_replace(normalize(${text}, NFKD), '${unheard}', '', 'g')), '[^[:alnum:]]+')`
}

const unheard = String.raw`[\u0300-\u036F''\u0060.\u2018-\u201B]+`

/** For each row before it by itself (OFFSET 0): joined as a whole the planner would read every account of the court. */
function byIndex(isAlike: string): string {
  return `SELECT i.id FROM imported_accounts i WHERE i.court_id = $2 AND ${isAlike} OFFSET 0`
}

/** One index for each of the four; a name is found by the family name and the first given one. */
export const importedAlikesStatement: Statement = {
  name: 'request-imported-alikes',
  text: `WITH asker AS (SELECT a.*,
      array_remove(${nameWordsSql(`split_part(a.given_name, ' ', 1) || ' ' || a.family_name`)}, '') AS words
      FROM accounts a WHERE a.id = $1::uuid),
    candidates AS (
      SELECT i.id FROM imported_accounts i WHERE i.court_id = $2 AND i.login_canonical = $3
      UNION
      SELECT i.id FROM asker a CROSS JOIN LATERAL jsonb_array_elements(a.bar_numbers) AS own(bar)
        CROSS JOIN LATERAL (${byIndex("i.bar_number = own.bar ->> 'number'")}) i
      UNION
      SELECT i.id FROM asker a
        CROSS JOIN LATERAL (${byIndex('i.email_canonical = a.email_canonical')}) i
      UNION
      SELECT i.id FROM asker a
        CROSS JOIN LATERAL (${byIndex(`${nameWordsSql('i.name')} @> a.words`)}) i
        WHERE cardinality(a.words) > 1
    ), alike AS (
      SELECT i.id::text AS id, i.login, i.name, i.status, i.login_canonical = $3 AS "isNamed",
        EXISTS (SELECT 1 FROM jsonb_array_elements(a.bar_numbers) AS own(bar)
          WHERE i.bar_number = own.bar ->> 'number') AS "hasSameBarNumber",
        coalesce(i.email_canonical = a.email_canonical, false) AS "hasSameEmail",
        coalesce(cardinality(a.words) > 1 AND ${nameWordsSql('i.name')} @> a.words, false)
          AS "hasSameName",
        (SELECT l.id::text FROM account_links l WHERE l.imported_id = i.id AND l.ended_at IS NULL)
          AS "linkId"
      FROM candidates c CROSS JOIN asker a
        CROSS JOIN LATERAL (SELECT * FROM imported_accounts WHERE id = c.id OFFSET 0) i)
    SELECT * FROM alike
    ORDER BY "isNamed"::int * 3 + "hasSameBarNumber"::int * 3 + "hasSameEmail"::int * 2
      + "hasSameName"::int * 2 DESC, login
    LIMIT ${mostShown}`,
}

/**
 * The accounts of the court's old system that may be those of whoever asks, the likest first.
 * @param named the login from before that the filer named in the request; empty for none.
 */
export function listImportedAlikes(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
  named: string,
): Promise<ImportedAlike[]> {
  return db.query(importedAlikesStatement, [accountId, courtId, canonicalLogin(named)])
}
