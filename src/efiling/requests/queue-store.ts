import type { RequestKind } from '../../courts/practice.ts'
import type { Role } from '../../courts/roles.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { RequestEvent, RequestState, WaitsFor } from './request.ts'

/** A person as staff sees who it is. */
export type NamedAccount = {
  readonly givenName: string | null
  readonly familyName: string | null
  readonly username: string
}

/** A request as the queue of its court lists it. */
export type QueuedRequest = {
  readonly id: string
  readonly number: string
  readonly kind: RequestKind
  readonly role: Role
  readonly state: RequestState
  /** Null when it is over. */
  readonly waitsFor: WaitsFor | null
  readonly submittedAt: Date
  readonly endedAt: Date | null
  readonly isLate: boolean
  readonly filer: NamedAccount & { readonly number: string }
  readonly assignedTo: (NamedAccount & { readonly id: AccountId }) | null
}

/** Where a page of the queue goes on: behind the last request of the page before. */
export type QueuePlace = { readonly at: Date; readonly id: string }

/** What of a court's queue is shown; what is left out does not count. */
export type QueueFilter = {
  readonly kind?: string | undefined
  readonly waitsFor?: WaitsFor | undefined
  /** Only what was sent before this moment. */
  readonly before?: Date | undefined
  readonly assignedTo?: AccountId | 'nobody' | undefined
}

const namedJson = (alias: string) =>
  `'givenName', ${alias}.given_name, 'familyName', ${alias}.family_name, 'username', ${alias}.username`

/** How long it has waited for the clerk, in seconds, as SQL text; only his part counts. */
export function clerkSecondsSql(request: string, at: string): string {
  return `(${request}.clerk_seconds + CASE WHEN ${request}.waits_for = 'clerk'
    THEN extract(epoch FROM ${at}::timestamptz - ${request}.waits_since) ELSE 0 END)`
}

/** Late is what waits for the clerk, and has for longer than the court allows itself. */
function isLateSql(request: string, at: string, seconds: string): string {
  return `(${request}.waits_for IS NOT DISTINCT FROM 'clerk'
    AND ${clerkSecondsSql(request, at)} > ${seconds}::float8)`
}

function listed(rows: string): string {
  return `SELECT q.id::text AS id, q.number, q.kind, q.role, q.state, q.waits_for AS "waitsFor",
      q.submitted_at AS "submittedAt", q.ended_at AS "endedAt", q."isLate",
      json_build_object('number', a.number, ${namedJson('a')}) AS filer,
      CASE WHEN s.id IS NOT NULL
        THEN json_build_object('id', s.id, ${namedJson('s')}) END AS "assignedTo"
    FROM (${rows}) q JOIN accounts a ON a.id = q.account_id
      LEFT JOIN accounts s ON s.id = q.assigned_to`
}

/** In the order of the index `filing_requests_queue_idx`, from the place on: a page reads as many rows as it shows. */
export const queueStatement: Statement = {
  name: 'request-queue',
  text: `${listed(`SELECT o.*, ${isLateSql('o', '$8', '$9')} AS "isLate" FROM filing_requests o
      WHERE o.court_id = $1 AND o.state = 'open' AND (o.submitted_at, o.id) > ($2::timestamptz, $3::uuid)
        AND ($4::text IS NULL OR o.kind = $4) AND ($5::text IS NULL OR o.waits_for = $5)
        AND o.submitted_at < $6::timestamptz
        AND ($7::text IS NULL OR coalesce(o.assigned_to::text, 'nobody') = $7)
      ORDER BY o.submitted_at, o.id LIMIT $10::integer`)}
    ORDER BY q.submitted_at, q.id`,
}

/** Before and after every request. */
const firstPlace: QueuePlace = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' }
const lastPlace: QueuePlace = {
  at: new Date('9999-12-31T00:00:00Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
}

/**
 * What waits at a court, the oldest first.
 * @param page.after the last request of the page before; undefined for the first page.
 * @param page.at now; @param page.lateAfterDays after how many days of the clerk's own time one is late.
 */
export function listQueue(
  db: Queryable,
  courtId: CourtId,
  filter: QueueFilter,
  page: {
    readonly after: QueuePlace | undefined
    readonly at: Date
    readonly lateAfterDays: number
    readonly limit: number
  },
): Promise<QueuedRequest[]> {
  const after = page.after ?? firstPlace
  return db.query<QueuedRequest>(queueStatement, [
    courtId,
    after.at,
    after.id,
    filter.kind ?? null,
    filter.waitsFor ?? null,
    filter.before ?? lastPlace.at,
    filter.assignedTo ?? null,
    page.at,
    secondsOf(page.lateAfterDays),
    page.limit,
  ])
}

/** By the index `filing_requests_done_idx`. */
export const doneStatement: Statement = {
  name: 'request-done',
  text: `${listed(`SELECT o.*, false AS "isLate" FROM filing_requests o
      WHERE o.court_id = $1 AND o.ended_at > $2::timestamptz
        AND (o.ended_at, o.id) < ($3::timestamptz, $4::uuid)
        AND ($5::text IS NULL OR o.kind = $5) AND o.submitted_at < $6::timestamptz
        AND ($7::text IS NULL OR coalesce(o.assigned_to::text, 'nobody') = $7)
      ORDER BY o.ended_at DESC, o.id DESC LIMIT $8::integer`)}
    ORDER BY q.ended_at DESC, q.id DESC`,
}

/** What was decided or taken back since a moment, the newest first. */
export function listDone(
  db: Queryable,
  courtId: CourtId,
  filter: Omit<QueueFilter, 'waitsFor'>,
  page: { readonly after: QueuePlace | undefined; readonly since: Date; readonly limit: number },
): Promise<QueuedRequest[]> {
  const after = page.after ?? lastPlace
  return db.query<QueuedRequest>(doneStatement, [
    courtId,
    page.since,
    after.at,
    after.id,
    filter.kind ?? null,
    filter.before ?? lastPlace.at,
    filter.assignedTo ?? null,
    page.limit,
  ])
}

/** A court's queue in numbers. */
export type QueueCounts = {
  /** Open requests, by whom they wait for. */
  readonly waits: Readonly<Record<WaitsFor, number>>
  readonly late: number
  /** Open, and taken on by who asks. */
  readonly mine: number
  /** Since the moment that was named. */
  readonly approved: number
  readonly denied: number
  readonly withdrawn: number
}

const countRows: Statement = {
  name: 'request-counts',
  text: `SELECT json_build_object('clerk', o.clerk, 'you', o.you, 'fee', o.fee, 'judge', o.judge,
      'training', o.training) AS waits, o.late, o.mine, d.approved, d.denied, d.withdrawn
    FROM (SELECT count(*) FILTER (WHERE waits_for = 'clerk') AS clerk,
        count(*) FILTER (WHERE waits_for = 'you') AS you,
        count(*) FILTER (WHERE waits_for = 'fee') AS fee,
        count(*) FILTER (WHERE waits_for = 'judge') AS judge,
        count(*) FILTER (WHERE waits_for = 'training') AS training,
        count(*) FILTER (WHERE ${isLateSql('r', '$2', '$3')}) AS late,
        count(*) FILTER (WHERE assigned_to = $4::uuid) AS mine
      FROM filing_requests r WHERE r.court_id = $1 AND r.state = 'open') o,
    (SELECT count(*) FILTER (WHERE state = 'approved') AS approved,
        count(*) FILTER (WHERE state = 'denied') AS denied,
        count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn
      FROM filing_requests WHERE court_id = $1 AND ended_at > $5::timestamptz) d`,
}

/** @param about.viewer whose own requests are counted; @param about.since from when on what was done counts. */
export async function countQueue(
  db: Queryable,
  courtId: CourtId,
  about: {
    readonly at: Date
    readonly lateAfterDays: number
    readonly viewer: AccountId
    readonly since: Date
  },
): Promise<QueueCounts> {
  const values = [courtId, about.at, secondsOf(about.lateAfterDays), about.viewer, about.since]
  const [row] = await db.query<QueueCounts>(countRows, values)
  if (!row) throw new Error('a count gave no row')
  return row
}

function secondsOf(days: number): number {
  return days * 24 * 3600
}

const assignRow: Statement = {
  name: 'request-assign',
  text: `UPDATE filing_requests SET assigned_to = $3::uuid
    WHERE id = $1::uuid AND assigned_to IS NOT DISTINCT FROM $2::uuid AND state = 'open'
    RETURNING 1`,
}

/** @returns false where somebody else took it on meanwhile, or it is over. */
export async function writeAssignment(
  tx: Transaction,
  id: string,
  { from, to }: { readonly from: AccountId | null; readonly to: AccountId | null },
): Promise<boolean> {
  return (await tx.query(assignRow, [id, from, to])).length === 1
}

/** One row of a request's history, with who did it as the staff of its court sees who it is. */
export type NamedEvent = Omit<RequestEvent, 'byAccount'> & {
  /** Null where it happened by itself. */
  readonly by: (NamedAccount & { readonly id: AccountId }) | null
}

const selectEvents: Statement = {
  name: 'request-named-events',
  text: `SELECT e.id::text AS id, e.kind, e.waits_for AS "waitsFor", e.reason, e.message,
      e.recorded_at AS "recordedAt",
      CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, ${namedJson('a')}) END AS by
    FROM filing_request_events e LEFT JOIN accounts a ON a.id = e.by_account
    WHERE e.request_id = $1::uuid ORDER BY e.id`,
}

/** What became of a request, the oldest first. */
export function listNamedEvents(db: Queryable, requestId: string): Promise<NamedEvent[]> {
  return db.query<NamedEvent>(selectEvents, [requestId])
}

const selectNamed: Statement = {
  name: 'request-named-account',
  text: `SELECT given_name AS "givenName", family_name AS "familyName", username
    FROM accounts WHERE id = $1::uuid`,
}

/** Who somebody is, for the staff of a court. */
export async function findNamed(db: Queryable, id: AccountId): Promise<NamedAccount | undefined> {
  const [row] = await db.query<NamedAccount>(selectNamed, [id])
  return row
}

const countWaitingRows: Statement = {
  name: 'request-count-waiting',
  text: `SELECT count(*) AS count, count(*) FILTER (WHERE ${isLateSql('r', '$2', '$3')}) AS late
    FROM filing_requests r WHERE r.court_id = $1 AND r.state = 'open' AND r.waits_for = 'clerk'`,
}

/** How many requests wait for the clerk of a court, and how many of these are late. */
export async function countWaiting(
  db: Queryable,
  courtId: CourtId,
  about: { readonly at: Date; readonly lateAfterDays: number },
): Promise<{ readonly count: number; readonly late: number }> {
  const values = [courtId, about.at, secondsOf(about.lateAfterDays)]
  const [row] = await db.query<{ count: number; late: number }>(countWaitingRows, values)
  return row ?? { count: 0, late: 0 }
}
