import { randomInt, randomUUID } from 'node:crypto'
import { now } from '../../clock.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { SweepRule } from '../../jobs/sweep.ts'
import { type Outcome, ok } from '../../outcome.ts'
import { unlessRefused } from '../../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { FilingRequest, RequestEvent, RequestState, WaitsFor } from './request.ts'

/** The columns of a request under the alias `r`, in the names of `FilingRequest`. */
export const requestColumns = `r.id::text AS id, r.number, r.account_id::text AS "accountId",
  r.court_id AS "courtId", r.kind, r.role, r.state, r.waits_for AS "waitsFor",
  r.practice_version AS "practiceVersion", r.answers, r.delivery_frequency AS "deliveryFrequency",
  r.delivery_format AS "deliveryFormat", r.terms_version AS "termsVersion",
  r.assigned_to::text AS "assignedTo", r.created_at AS "createdAt", r.changed_at AS "changedAt",
  r.submitted_at AS "submittedAt", r.waits_since AS "waitsSince", r.clerk_seconds AS "clerkSeconds",
  r.ended_at AS "endedAt", r.version`

/** What somebody writes into a draft. */
export type DraftContent = Pick<
  FilingRequest,
  'kind' | 'role' | 'practiceVersion' | 'answers' | 'deliveryFrequency' | 'deliveryFormat'
>

/** Of ninety million numbers so many are never all taken. */
const candidates = 16

const insertRow: Statement = {
  name: 'filing-request-insert',
  text: `INSERT INTO filing_requests AS r (id, number, account_id, court_id, kind, role, state,
      practice_version, answers, delivery_frequency, delivery_format, created_at, changed_at)
    SELECT $1::uuid, free.number, $3::uuid, $4, $5, $6, 'draft', $7::integer, $8::jsonb, $9, $10,
      $11::timestamptz, $11::timestamptz
    FROM (SELECT number FROM unnest($2::text[]) AS given(number)
      WHERE NOT EXISTS (SELECT 1 FROM filing_requests WHERE number = given.number) LIMIT 1) free
    RETURNING ${requestColumns}`,
}

/** @returns the draft; `one-is-open` where the person has one in work at that court, or wrote one just now. */
export async function insertDraft(
  tx: Transaction,
  whose: { readonly accountId: AccountId; readonly courtId: CourtId },
  content: DraftContent,
): Promise<Outcome<FilingRequest, 'one-is-open'>> {
  const numbers = Array.from({ length: candidates }, () =>
    String(randomInt(10_000_000, 100_000_000)),
  )
  const { kind, role, practiceVersion, answers, deliveryFrequency, deliveryFormat } = content
  const written = await unlessRefused({ filing_requests_in_work_key: 'one-is-open' as const }, () =>
    tx.query<FilingRequest>(insertRow, [
      randomUUID(),
      numbers,
      whose.accountId,
      whose.courtId,
      kind,
      role,
      practiceVersion,
      JSON.stringify(answers),
      deliveryFrequency,
      deliveryFormat,
      now(),
    ]),
  )
  if (!written.ok) return written
  const [request] = written.value
  if (!request) throw new Error('there is hardly a number of a request left')
  return ok(request)
}

const updateDraft: Statement = {
  name: 'filing-request-update-draft',
  text: `UPDATE filing_requests AS r SET kind = $2, role = $3, practice_version = $4::integer,
      answers = $5::jsonb, delivery_frequency = $6, delivery_format = $7,
      changed_at = $8::timestamptz, version = version + 1
    WHERE id = $1::uuid AND state = 'draft' RETURNING ${requestColumns}`,
}

/** @returns the draft as it is now; undefined where it is a draft no more. */
export async function writeDraft(
  tx: Transaction,
  id: string,
  content: DraftContent,
): Promise<FilingRequest | undefined> {
  const { kind, role, practiceVersion, answers, deliveryFrequency, deliveryFormat } = content
  const values = [id, kind, role, practiceVersion, JSON.stringify(answers)]
  const [request] = await tx.query<FilingRequest>(updateDraft, [
    ...values,
    deliveryFrequency,
    deliveryFormat,
    now(),
  ])
  return request
}

const deleteRow: Statement = {
  name: 'filing-request-delete-draft',
  text: `DELETE FROM filing_requests WHERE account_id = $1::uuid AND court_id = $2
    AND state = 'draft' RETURNING 1`,
}

/** @returns whether there was a draft. */
export async function deleteDraft(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
): Promise<boolean> {
  return (await tx.query(deleteRow, [accountId, courtId])).length > 0
}

const selectInWork: Statement = {
  name: 'filing-request-in-work',
  text: `SELECT ${requestColumns} FROM filing_requests r
    WHERE account_id = $1::uuid AND court_id = $2 AND state IN ('draft', 'open')`,
}

/** The person's draft or open request at a court; there is one at most. */
export async function findRequestInWork(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<FilingRequest | undefined> {
  const [request] = await db.query<FilingRequest>(selectInWork, [accountId, courtId])
  return request
}

const selectAt: Statement = {
  name: 'filing-request-at',
  text: `SELECT ${requestColumns} FROM filing_requests r
    WHERE court_id = $1 AND number = $2 AND state <> 'draft'`,
}

/** A request as its court sees it: never a draft, and never another court's. */
export async function findRequestAt(
  db: Queryable,
  courtId: CourtId,
  number: string,
): Promise<FilingRequest | undefined> {
  const [request] = await db.query<FilingRequest>(selectAt, [courtId, number])
  return request
}

const selectOwn: Statement = {
  name: 'filing-request-own',
  text: `SELECT ${requestColumns} FROM filing_requests r
    WHERE account_id = $1::uuid AND court_id = $2 AND number = $3 AND state <> 'draft'`,
}

/** A request as the person sees it who sent it; nobody else's. */
export async function findOwnRequest(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
  number: string,
): Promise<FilingRequest | undefined> {
  const [request] = await db.query<FilingRequest>(selectOwn, [accountId, courtId, number])
  return request
}

const selectOf: Statement = {
  name: 'filing-requests-of',
  text: `SELECT ${requestColumns} FROM filing_requests r
    WHERE account_id = $1::uuid ORDER BY created_at DESC, id`,
}

/** Everything that a person asks or asked of courts, drafts among it, the newest first. */
export function listRequestsOf(db: Queryable, accountId: AccountId): Promise<FilingRequest[]> {
  return db.query<FilingRequest>(selectOf, [accountId])
}

const moveRow: Statement = {
  name: 'filing-request-move',
  text: `UPDATE filing_requests AS r SET state = $3, waits_for = $4,
      waits_since = CASE WHEN $3 <> 'open' THEN NULL WHEN waits_for = $4 THEN waits_since
        ELSE $5::timestamptz END,
      clerk_seconds = clerk_seconds + CASE WHEN waits_for = 'clerk' AND $4 IS DISTINCT FROM 'clerk' THEN
        greatest(0, floor(extract(epoch FROM $5::timestamptz - waits_since)))::integer ELSE 0 END,
      submitted_at = coalesce(submitted_at, $5::timestamptz),
      terms_version = coalesce($6::integer, terms_version),
      ended_at = CASE WHEN $3 = 'open' THEN NULL ELSE $5::timestamptz END,
      changed_at = $5::timestamptz, version = version + 1
    WHERE id = $1::uuid AND version = $2::integer RETURNING ${requestColumns}`,
}

/**
 * Moves a request from where it was read to stand. For `moveRequest` alone.
 * @returns the request as it is now; undefined where somebody else was first.
 */
export async function writeMove(
  tx: Transaction,
  { id, version }: Pick<FilingRequest, 'id' | 'version'>,
  to: {
    readonly state: RequestState
    readonly waitsFor: WaitsFor | null
    readonly termsVersion: number | undefined
    readonly at: Date
  },
): Promise<FilingRequest | undefined> {
  const values = [id, version, to.state, to.waitsFor, to.at, to.termsVersion ?? null]
  const [request] = await tx.query<FilingRequest>(moveRow, values)
  return request
}

const insertEvent: Statement = {
  name: 'filing-request-event-insert',
  text: `INSERT INTO filing_request_events (request_id, kind, waits_for, reason, message, by_account,
      recorded_at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6::uuid, $7::timestamptz)`,
}

export async function insertRequestEvent(
  tx: Transaction,
  requestId: string,
  event: Omit<RequestEvent, 'id'>,
): Promise<void> {
  const { kind, waitsFor, reason, message, byAccount, recordedAt } = event
  const values = [requestId, kind, waitsFor, reason, message, byAccount, recordedAt]
  await tx.query(insertEvent, values)
}

const selectEvents: Statement = {
  name: 'filing-request-events',
  text: `SELECT id::text AS id, kind, waits_for AS "waitsFor", reason, message,
      by_account::text AS "byAccount", recorded_at AS "recordedAt"
    FROM filing_request_events e WHERE request_id = $1::uuid ORDER BY e.id`,
}

/** What became of a request, the oldest first. */
export function listRequestEvents(db: Queryable, requestId: string): Promise<RequestEvent[]> {
  return db.query<RequestEvent>(selectEvents, [requestId])
}

/** So long a draft is kept after it was written last. */
export const draftDays = 14

/** The documents of a draft go with it. */
export const draftSweep: SweepRule = {
  table: 'filing_requests',
  key: 'id',
  isOver: `state = 'draft' AND changed_at < $1::timestamptz - interval '${draftDays} days'`,
}
