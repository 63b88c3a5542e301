import type { ImportedStatus } from '../../efiling/imported/imported-account.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'
import {
  type LinkGroup,
  linkGroupSql,
  linkGroups,
  type NoticeGroup,
  noticeGroupSql,
  noticeGroups,
  type ReadinessGroup,
} from './groups.ts'

/**
 * So many imported accounts of court `$1` behind a login, each with its link and when it was told of the moment `$2`
 * (null: none holds). What one statement looks through is bounded: it has less than a second.
 */
const sliceOf = (
  after: string,
  limit: string,
) => `slice AS MATERIALIZED (SELECT * FROM imported_accounts
    WHERE court_id = $1 AND login_canonical > ${after} ORDER BY login_canonical LIMIT ${limit}::integer),
  seen AS MATERIALIZED (SELECT i.id, i.login, i.login_canonical, i.name, i.email, i.bar_number, i.status, i.tried_at,
      l.linked_at, t.told_at, ${linkGroupSql} AS linking, ${noticeGroupSql} AS notices
    FROM slice i
      LEFT JOIN LATERAL (SELECT l.id, l.linked_at FROM account_links l
        WHERE l.imported_id = i.id AND l.ended_at IS NULL LIMIT 1) l ON true
      LEFT JOIN LATERAL (SELECT max(n.told_at) AS told_at FROM go_live_notices n
        WHERE n.imported_id = i.id AND n.live_at = $2::timestamptz
          AND n.wave NOT LIKE 'rolled-back-%' AND n.refused_at IS NULL) t ON true)`

const sliceSize = 5000

export type Readiness = {
  readonly imported: number
  readonly linking: Readonly<Record<LinkGroup, number>>
  readonly notices: Readonly<Record<NoticeGroup, number>>
}

const countSlice: Statement = {
  name: 'readiness-count',
  text: `WITH ${sliceOf('$3', '$4')}
    SELECT linking, notices, count(*) AS count,
      (SELECT max(login_canonical) FROM slice) AS last
    FROM seen GROUP BY 1, 2`,
}

/**
 * How far a court is: each account is looked at once, for both lists. So what is imported is the sum of either,
 * whatever happens meanwhile.
 * @param liveAt the moment that holds and is told; undefined where there is none, and nobody counts as told.
 */
export async function countReadiness(
  db: Queryable,
  courtId: CourtId,
  liveAt: Date | undefined,
): Promise<Readiness> {
  type Row = { linking: LinkGroup; notices: NoticeGroup; count: number; last: string }
  const rows: Row[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const slice: Row[] = await db.query(countSlice, [courtId, liveAt ?? null, after, sliceSize])
    rows.push(...slice)
    const lookedAt = slice.reduce((sum, { count }) => sum + count, 0)
    after = lookedAt < sliceSize ? undefined : slice[0]?.last
  }
  const sumOf = (fits: (row: Row) => boolean) =>
    rows.filter(fits).reduce((sum, { count }) => sum + count, 0)
  return {
    imported: sumOf(() => true),
    linking: Object.fromEntries(
      linkGroups.map((group) => [group, sumOf(({ linking }) => linking === group)]),
    ) as Record<LinkGroup, number>,
    notices: Object.fromEntries(
      noticeGroups.map((group) => [group, sumOf(({ notices }) => notices === group)]),
    ) as Record<NoticeGroup, number>,
  }
}

export type ReadinessRow = {
  readonly id: string
  readonly login: string
  readonly loginCanonical: string
  readonly name: string
  readonly email: string | null
  readonly barNumber: string | null
  readonly status: ImportedStatus
  readonly linking: LinkGroup
  readonly notices: NoticeGroup
  readonly linkedAt: Date | null
  readonly triedAt: Date | null
  readonly toldAt: Date | null
}

const selectGroup: Statement = {
  name: 'readiness-list',
  text: `WITH ${sliceOf('$4', '$5')}
    SELECT whole.last, whole.looked_at AS "lookedAt", s.id::text AS id, s.login,
      s.login_canonical AS "loginCanonical", s.name, s.email, s.bar_number AS "barNumber", s.status,
      s.linking, s.notices, s.linked_at AS "linkedAt", s.tried_at AS "triedAt", s.told_at AS "toldAt"
    FROM (SELECT max(login_canonical) AS last, count(*) AS looked_at FROM slice) whole
      LEFT JOIN LATERAL (SELECT * FROM seen WHERE $3 = '' OR $3 IN (linking, notices)
        ORDER BY login_canonical LIMIT $6::integer) s ON true
    ORDER BY s.login_canonical`,
}

/**
 * The accounts of one group, by login.
 * @param page.group undefined: all that are imported.
 * @param page.after the canonical login of the last one of the page before; empty for the first.
 */
export async function listReadiness(
  db: Queryable,
  courtId: CourtId,
  liveAt: Date | undefined,
  page: {
    readonly group: ReadinessGroup | undefined
    readonly after: string
    readonly limit: number
  },
): Promise<ReadinessRow[]> {
  type Row = ReadinessRow & { readonly last: string | null; readonly lookedAt: number }
  const found: ReadinessRow[] = []
  for (let after: string | null = page.after; after !== null && found.length < page.limit; ) {
    const left = page.limit - found.length
    const values = [courtId, liveAt ?? null, page.group ?? '', after, sliceSize, left]
    const rows: Row[] = await db.query(selectGroup, values)
    const isEnd = (rows[0]?.lookedAt ?? 0) < sliceSize
    after = isEnd ? null : (rows[0]?.last ?? null)
    // Where nobody of a slice is in the group there is a row without an account.
    found.push(...rows.filter(({ id }) => id !== null).map(({ last, lookedAt, ...row }) => row))
  }
  return found
}

const countOverTime: Statement = {
  name: 'readiness-over-time',
  text: `SELECT 'imported' AS what, width_bucket(imported_at, $2::timestamptz[]) AS bucket, count(*) AS count
      FROM imported_accounts WHERE court_id = $1 GROUP BY 2
    UNION ALL SELECT 'linked', width_bucket(linked_at, $2::timestamptz[]), count(*)
      FROM account_links WHERE court_id = $1 GROUP BY 2
    UNION ALL SELECT 'ended', width_bucket(ended_at, $2::timestamptz[]), count(*)
      FROM account_links WHERE court_id = $1 AND ended_at IS NOT NULL GROUP BY 2`,
}

/** At one moment. */
export type LinkedShare = { readonly at: Date; readonly imported: number; readonly linked: number }

/**
 * How many were imported and linked just before each of these moments.
 * @param moments in their order, at least one.
 */
export async function countLinkedOverTime(
  db: Queryable,
  courtId: CourtId,
  moments: readonly Date[],
): Promise<LinkedShare[]> {
  type Row = { what: 'imported' | 'linked' | 'ended'; bucket: number; count: number }
  const rows = await db.query<Row>(countOverTime, [courtId, moments])
  const until = (what: Row['what'], index: number) =>
    rows
      .filter((row) => row.what === what && row.bucket <= index)
      .reduce((sum, { count }) => sum + count, 0)
  return moments.map((at, index) => ({
    at,
    imported: until('imported', index),
    linked: until('linked', index) - until('ended', index),
  }))
}
