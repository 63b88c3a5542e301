import { now } from '../../clock.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok } from '../../outcome.ts'
import { unlessRefused } from '../../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { NoticeOfChange, NoticeState, Offer } from './notice.ts'

const columns = `n.id::text AS id, n.account_id::text AS "accountId", n.court_id AS "courtId", n.fact,
  n.before, n.after, n.up_to_change::float8 AS "upToChange", n.reason, n.scope, n.state,
  n.asked_at AS "askedAt", n.ended_at AS "endedAt", n.decided_by::text AS "decidedBy",
  n.decision_reason AS "decisionReason"`

/** What a notice has for its id; whatever else stands in an address is none. */
const idPattern = /^\d{1,15}$/

const insertRow: Statement = {
  name: 'notice-of-change-insert',
  text: `INSERT INTO notices_of_change (account_id, court_id, fact, before, after, up_to_change, reason,
      scope, state, asked_at)
    VALUES ($1::uuid, $2, $3, $4::text[], $5::text[], $6::bigint, $7, $8, 'asked', $9::timestamptz)`,
}

/** @returns `asked-already` where the court is being asked about this fact. */
export async function insertNotice(
  tx: Transaction,
  accountId: AccountId,
  { courtId, fact, before, after, upToChange }: Offer,
  { reason, scope }: Pick<NoticeOfChange, 'reason' | 'scope'>,
): Promise<Outcome<void, 'asked-already'>> {
  const values = [accountId, courtId, fact, before, after, upToChange, reason, scope, now()]
  const written = await unlessRefused(
    { notices_of_change_asked_key: 'asked-already' as const },
    () => tx.query(insertRow, values),
  )
  return written.ok ? ok() : written
}

const selectOf: Statement = {
  name: 'notices-of-change-of',
  text: `SELECT ${columns} FROM notices_of_change n WHERE n.account_id = $1::uuid ORDER BY n.id DESC`,
}

/** Everything that a person asked courts to take over, the newest first. */
export function listNoticesOf(db: Queryable, accountId: AccountId): Promise<NoticeOfChange[]> {
  return db.query<NoticeOfChange>(selectOf, [accountId])
}

/** A notice with whose it is, for the people of its court. */
export type NoticeAtCourt = NoticeOfChange & {
  readonly number: string
  readonly username: string
  readonly givenName: string | null
  readonly familyName: string | null
}

const selectAtCourt = `SELECT ${columns}, a.number, a.username, a.given_name AS "givenName",
    a.family_name AS "familyName"
  FROM notices_of_change n JOIN accounts a ON a.id = n.account_id`

const selectAsked: Statement = {
  name: 'notices-of-change-asked',
  text: `${selectAtCourt} WHERE n.court_id = $1 AND n.state = 'asked' AND n.id > $2::bigint
    ORDER BY n.id LIMIT $3`,
}

/** A page of a list of notices. */
export type NoticesPage = {
  readonly limit: number
  /** The id of the last notice of the page before; whatever else stands there is the first page. */
  readonly after?: string | undefined
}

const placeOf = ({ after = '' }: NoticesPage) => (idPattern.test(after) ? after : undefined)

/** What waits for a court, the oldest first. */
export function listAskedAt(
  db: Queryable,
  courtId: CourtId,
  page: NoticesPage,
): Promise<NoticeAtCourt[]> {
  return db.query<NoticeAtCourt>(selectAsked, [courtId, placeOf(page) ?? '0', page.limit])
}

const selectDecided: Statement = {
  name: 'notices-of-change-decided',
  text: `${selectAtCourt} WHERE n.court_id = $1 AND n.state IN ('taken-over', 'declined')
      AND ($2::bigint IS NULL OR (n.ended_at, n.id) <
        (SELECT l.ended_at, l.id FROM notices_of_change l WHERE l.court_id = $1 AND l.id = $2::bigint))
    ORDER BY n.ended_at DESC, n.id DESC LIMIT $3`,
}

/** What a court decided last, the newest first. */
export function listDecidedAt(
  db: Queryable,
  courtId: CourtId,
  page: NoticesPage,
): Promise<NoticeAtCourt[]> {
  return db.query<NoticeAtCourt>(selectDecided, [courtId, placeOf(page) ?? null, page.limit])
}

const selectOne: Statement = {
  name: 'notice-of-change-at',
  text: `${selectAtCourt} WHERE n.court_id = $1 AND n.id = $2::bigint`,
}

/** A notice as its court sees it; never another court's. */
export async function findNoticeAt(
  db: Queryable,
  courtId: CourtId,
  id: string,
): Promise<NoticeAtCourt | undefined> {
  if (!idPattern.test(id)) return undefined
  const [notice] = await db.query<NoticeAtCourt>(selectOne, [courtId, id])
  return notice
}

const countOf: Statement = {
  name: 'notices-of-change-count',
  text: `SELECT count(*)::int AS count FROM notices_of_change WHERE court_id = $1 AND state = 'asked'`,
}

/** How many wait for a court. */
export async function countAsked(db: Queryable, courtId: CourtId): Promise<number> {
  const [row] = await db.query<{ count: number }>(countOf, [courtId])
  return row?.count ?? 0
}

const decideRow: Statement = {
  name: 'notice-of-change-decide',
  text: `UPDATE notices_of_change SET state = $3, ended_at = $4::timestamptz, decided_by = $5::uuid,
      decision_reason = $6
    WHERE court_id = $1 AND id = $2::bigint AND state = 'asked' RETURNING 1`,
}

/** @returns false where it waits no more: of many at once one is written. */
export async function writeDecision(
  tx: Transaction,
  { courtId, id }: Pick<NoticeOfChange, 'courtId' | 'id'>,
  decided: {
    readonly state: Extract<NoticeState, 'taken-over' | 'declined'>
    readonly decidedBy: AccountId
    readonly reason: string | null
  },
): Promise<boolean> {
  const { state, decidedBy, reason } = decided
  const rows = await tx.query(decideRow, [courtId, id, state, now(), decidedBy, reason])
  return rows.length === 1
}

const withdrawRow: Statement = {
  name: 'notice-of-change-withdraw',
  text: `UPDATE notices_of_change n SET state = 'withdrawn', ended_at = $3::timestamptz
    WHERE n.account_id = $1::uuid AND n.id = $2::bigint AND n.state = 'asked' RETURNING ${columns}`,
}

/** @returns undefined where it waits no more, or is somebody else's. */
export async function writeWithdrawal(
  tx: Transaction,
  accountId: AccountId,
  id: string,
): Promise<NoticeOfChange | undefined> {
  if (!idPattern.test(id)) return undefined
  const [notice] = await tx.query<NoticeOfChange>(withdrawRow, [accountId, id, now()])
  return notice
}
