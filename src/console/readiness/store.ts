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

/** Every imported account of court `$1` with its link and when it was told of the moment `$2` (null: none holds). */
const everyAccount = `FROM imported_accounts i
  LEFT JOIN account_links l ON l.imported_id = i.id AND l.ended_at IS NULL
  LEFT JOIN (SELECT imported_id, max(told_at) AS told_at FROM go_live_notices
      WHERE court_id = $1 AND live_at = $2::timestamptz AND wave NOT LIKE 'rolled-back-%'
      GROUP BY imported_id) t ON t.imported_id = i.id
  WHERE i.court_id = $1`

export type Readiness = {
  readonly imported: number
  readonly linking: Readonly<Record<LinkGroup, number>>
  readonly notices: Readonly<Record<NoticeGroup, number>>
}

const countAll: Statement = {
  name: 'readiness-count',
  text: `SELECT ${linkGroupSql} AS linking, ${noticeGroupSql} AS notices, count(*) AS count
    ${everyAccount} GROUP BY 1, 2`,
}

/**
 * How far a court is, in one look: what is imported is the sum of either list, whatever happens meanwhile.
 * @param liveAt the moment that holds and is told; undefined where there is none, and nobody counts as told.
 */
export async function countReadiness(
  db: Queryable,
  courtId: CourtId,
  liveAt: Date | undefined,
): Promise<Readiness> {
  type Row = { linking: LinkGroup; notices: NoticeGroup; count: number }
  const rows = await db.query<Row>(countAll, [courtId, liveAt ?? null])
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
  text: `SELECT i.id::text AS id, i.login, i.login_canonical AS "loginCanonical", i.name, i.email,
      i.bar_number AS "barNumber", i.status, ${linkGroupSql} AS linking, ${noticeGroupSql} AS notices,
      l.linked_at AS "linkedAt", i.tried_at AS "triedAt", t.told_at AS "toldAt"
    ${everyAccount} AND i.login_canonical > $4
      AND ($3 = '' OR $3 IN (${linkGroupSql}, ${noticeGroupSql}))
    ORDER BY i.login_canonical LIMIT $5::integer`,
}

/**
 * The accounts of one group, by login.
 * @param page.group undefined: all that are imported.
 * @param page.after the canonical login of the last one of the page before; empty for the first.
 */
export function listReadiness(
  db: Queryable,
  courtId: CourtId,
  liveAt: Date | undefined,
  page: {
    readonly group: ReadinessGroup | undefined
    readonly after: string
    readonly limit: number
  },
): Promise<ReadinessRow[]> {
  const values = [courtId, liveAt ?? null, page.group ?? '', page.after, page.limit]
  return db.query<ReadinessRow>(selectGroup, values)
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
