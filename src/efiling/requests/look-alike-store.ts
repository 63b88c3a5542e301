import { sameNameSql } from '../../accounts/folded-name.ts'
import { barNumbersSql, samePostalAddressSql } from '../../accounts/person-keys.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

/** Somebody who has something at a court, and may be the person who asks it. */
export type LookAlike = {
  readonly accountId: AccountId
  readonly number: string
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
  /** The CM/ECF account at this court; null where there is none. */
  readonly filerId: string | null
  readonly hasSameBarNumber: boolean
  readonly hasSameName: boolean
  readonly hasSameBirthDate: boolean
  readonly hasSameAddress: boolean
  /** It asks this court as well: the number of its open request. */
  readonly openRequest: string | null
}

const mostShown = 10

/**
 * One index for each of the three; of those only who has something at this court. Who shares no more than the
 * address of a large building stands last.
 */
export const lookAlikesStatement: Statement = {
  name: 'request-look-alikes',
  text: `WITH candidates AS (
      SELECT b.id FROM accounts a JOIN accounts b ON ${sameNameSql('a', 'b')} WHERE a.id = $1::uuid
      UNION
      SELECT b.id FROM accounts a
        CROSS JOIN LATERAL jsonb_array_elements(${barNumbersSql('a')}) AS own(bar)
        JOIN accounts b ON ${barNumbersSql('b')} @> jsonb_build_array(own.bar)
        WHERE a.id = $1::uuid
      UNION
      SELECT b.id FROM accounts a JOIN accounts b ON ${samePostalAddressSql('a', 'b')}
        WHERE a.id = $1::uuid AND b.address IS NOT NULL
    ), alike AS (
      SELECT b.id AS "accountId", b.number, b.username, b.given_name AS "givenName",
        b.family_name AS "familyName", r.filer_id AS "filerId", q.number AS "openRequest",
        EXISTS (SELECT 1 FROM jsonb_array_elements(${barNumbersSql('a')}) AS own(bar)
          WHERE ${barNumbersSql('b')} @> jsonb_build_array(own.bar)) AS "hasSameBarNumber",
        coalesce(${sameNameSql('a', 'b')}, false) AS "hasSameName",
        coalesce(a.birth_date_mark = b.birth_date_mark, false) AS "hasSameBirthDate",
        coalesce(${samePostalAddressSql('a', 'b')}, false) AS "hasSameAddress"
      FROM candidates JOIN accounts b USING (id) JOIN accounts a ON a.id = $1::uuid
        LEFT JOIN rights r ON r.account_id = b.id AND r.court_id = $2
        LEFT JOIN filing_requests q
          ON q.account_id = b.id AND q.court_id = $2 AND q.state = 'open'
      WHERE b.id <> $1::uuid AND (q.id IS NOT NULL OR EXISTS (SELECT 1 FROM right_decisions d
        WHERE d.account_id = b.id AND d.court_id = $2)))
    SELECT * FROM alike
    ORDER BY "hasSameBarNumber"::int * 3 + "hasSameName"::int * 2 + "hasSameBirthDate"::int * 2
      + "hasSameAddress"::int DESC, number
    LIMIT ${mostShown}`,
}

/** Who else at this court the account may be, the likest first. */
export function listLookAlikes(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<LookAlike[]> {
  return db.query<LookAlike>(lookAlikesStatement, [accountId, courtId])
}
