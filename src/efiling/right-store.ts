import { now } from '../clock.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import { unlessRefused } from '../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { DecidedRight, NextDecision } from './apply-decision.ts'
import type { Right } from './right.ts'
import type { DecisionKind, ReasonCode } from './right-machine.ts'

/**
 * The row in force as a query, one step of its index: the newest that holds by then. What was decided at once
 * holds at once, also on a process whose clock is a little behind.
 * @param at the parameter that holds the moment.
 */
export function rightInForceSql(account: string, court: string, at: string): string {
  return `SELECT * FROM right_decisions
    WHERE account_id = ${account} AND court_id = ${court}
      AND (holds_from <= ${at}::timestamptz OR holds_from = decided_at)
    ORDER BY ordinal DESC LIMIT 1`
}

/** `Right` as a JSON value in SQL, for a row of decisions under that alias. */
export function rightJson(alias: string): string {
  return `json_build_object('state', ${alias}.state, 'role', ${alias}.role,
    'filerId', ${alias}.filer_id, 'isAdmitted', ${alias}.is_admitted,
    'admittedUntil', ${alias}.admitted_until, 'actions', ${alias}.actions,
    'keepsNotices', ${alias}.keeps_notices, 'sinceOn', ${alias}.since_on,
    'endsOn', ${alias}.ends_on, 'version', ${alias}.version)`
}

const selectCourts: Statement = {
  name: 'rights-courts',
  text: `SELECT court_id AS "courtId" FROM rights r WHERE account_id = $1::uuid AND EXISTS (
      SELECT 1 FROM right_decisions d WHERE d.account_id = r.account_id AND d.court_id = r.court_id)
    ORDER BY court_id`,
}

/** The courts that have decided something about this person, in alphabetical order of their ids. */
export async function listRightCourts(db: Queryable, accountId: AccountId): Promise<CourtId[]> {
  const rows = await db.query<{ courtId: CourtId }>(selectCourts, [accountId])
  return rows.map(({ courtId }) => courtId)
}

const selectRight: Statement = {
  name: 'rights-find',
  text: `SELECT ${rightJson('d')} AS "right" FROM (${rightInForceSql('$1::uuid', '$2', '$3')}) d`,
}

/** What holds at this moment; undefined where nothing does. */
export async function findRight(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
  at = now(),
): Promise<Right | undefined> {
  const [row] = await db.query<{ right: Right }>(selectRight, [accountId, courtId, at])
  return row?.right
}

export type HeldRight = Right & { readonly accountId: AccountId; readonly courtId: CourtId }

const selectRights: Statement = {
  name: 'rights-list',
  text: `SELECT r.account_id AS "accountId", r.court_id AS "courtId", ${rightJson('d')} AS "right"
    FROM rights r CROSS JOIN LATERAL (${rightInForceSql('r.account_id', 'r.court_id', '$2')}) d
    WHERE r.account_id = ANY($1::uuid[]) ORDER BY r.court_id`,
}

/** Everything that holds of what courts decided about these people, court by court. */
export async function listRights(
  db: Queryable,
  accountIds: readonly AccountId[],
): Promise<HeldRight[]> {
  type Row = Omit<HeldRight, keyof Right> & { readonly right: Right }
  const rows = await db.query<Row>(selectRights, [accountIds, now()])
  return rows.map(({ right, ...of }) => ({ ...right, ...of }))
}

const selectFilers: Statement = {
  name: 'rights-filers',
  text: `SELECT r.court_id AS "courtId", r.filer_id AS "filerId", a.number
    FROM rights r JOIN accounts a ON a.id = r.account_id
    WHERE lower(r.filer_id) IN (SELECT lower(f) FROM unnest($1::text[]) f)
    ORDER BY r.is_filer_doubled DESC`,
}

/**
 * Who holds one of these CM/ECF accounts, in whatever spelling and at whatever court, with the number of the
 * account. Of several at one court those that are marked come first.
 */
export function listFilers(
  db: Queryable,
  filerIds: readonly string[],
): Promise<{ courtId: CourtId; filerId: string; number: string }[]> {
  return db.query(selectFilers, [filerIds])
}

const selectFilerAt: Statement = {
  name: 'rights-filer-at',
  text: `SELECT a.number FROM rights r JOIN accounts a ON a.id = r.account_id
    WHERE r.court_id = $1 AND lower(r.filer_id) = lower($2) ORDER BY r.is_filer_doubled LIMIT 1`,
}

/** The number of the account that has this CM/ECF account, in whatever spelling, at the court. */
export async function findFilerAt(
  db: Queryable,
  courtId: CourtId,
  filerId: string,
): Promise<string | undefined> {
  const [row] = await db.query<{ number: string }>(selectFilerAt, [courtId, filerId])
  return row?.number
}

const selectDoubled: Statement = {
  name: 'rights-filers-doubled',
  text: `SELECT r.court_id AS "courtId", min(o.filer_id) AS "filerId",
      array_agg(DISTINCT a.number ORDER BY a.number) AS numbers
    FROM rights r
      JOIN rights o ON o.court_id = r.court_id AND lower(o.filer_id) = lower(r.filer_id)
      JOIN accounts a ON a.id = o.account_id
    WHERE r.is_filer_doubled GROUP BY r.court_id, lower(r.filer_id) ORDER BY 1, 2`,
}

/** CM/ECF accounts that several people have at one court, from before that was refused in any spelling. */
export function listDoubledFilers(
  db: Queryable,
): Promise<{ courtId: CourtId; filerId: string; numbers: string[] }[]> {
  return db.query(selectDoubled, [])
}

/** A row of the history, with who decided it and why. */
export type RightDecision = DecidedRight & {
  readonly kind: DecisionKind | 'apply' | 'migrate'
  readonly reason: ReasonCode | null
  readonly message: string | null
  /** The account of who decided; null for a file. */
  readonly decidedBy: AccountId | null
}

const decisionColumns = `ordinal, version, kind, state, holds_from AS "holdsFrom", role,
  filer_id AS "filerId", is_admitted AS "isAdmitted", admitted_until AS "admittedUntil", actions,
  keeps_notices AS "keepsNotices", since_on AS "sinceOn", ends_on AS "endsOn", reason, message,
  decided_by AS "decidedBy", decided_at AS "decidedAt"`

const selectDecisions: Statement = {
  name: 'rights-decisions',
  text: `SELECT ${decisionColumns} FROM right_decisions
    WHERE account_id = $1::uuid AND court_id = $2 ORDER BY ordinal`,
}

/** Everything that one court ever decided about one person, also ahead, in the order of deciding. */
export function listDecisions(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<RightDecision[]> {
  return db.query<RightDecision>(selectDecisions, [accountId, courtId])
}

const selectDecisionsOf: Statement = {
  name: 'rights-decisions-of',
  text: `SELECT court_id AS "courtId", ${decisionColumns} FROM right_decisions
    WHERE account_id = $1::uuid ORDER BY court_id, ordinal`,
}

/** The same of every court. */
export function listDecisionsOf(
  db: Queryable,
  accountId: AccountId,
): Promise<(RightDecision & { readonly courtId: CourtId })[]> {
  return db.query<RightDecision & { readonly courtId: CourtId }>(selectDecisionsOf, [accountId])
}

const lockRow: Statement = {
  name: 'rights-lock',
  text: `INSERT INTO rights (account_id, court_id) VALUES ($1::uuid, $2)
    ON CONFLICT (account_id, court_id) DO UPDATE SET court_id = EXCLUDED.court_id`,
}

const selectFromInForce: Statement = {
  name: 'rights-from-in-force',
  text: `SELECT ${decisionColumns} FROM right_decisions
    WHERE account_id = $1::uuid AND court_id = $2 AND ordinal >= COALESCE(
      (SELECT ordinal FROM (${rightInForceSql('$1::uuid', '$2', '$3')}) d), 0)
    ORDER BY ordinal`,
}

/**
 * The row in force and those after it, in their order, for who is about to add one: nobody else decides about
 * this person at this court until the transaction ends. The account's row is locked before.
 */
export async function lockRight(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
  at: Date,
): Promise<RightDecision[]> {
  await tx.query(lockRow, [accountId, courtId])
  return tx.query<RightDecision>(selectFromInForce, [accountId, courtId, at])
}

/** The next row of a history, whole. */
export type NewDecision = NextDecision &
  Pick<RightDecision, 'kind' | 'reason' | 'message' | 'decidedBy' | 'decidedAt'> & {
    readonly accountId: AccountId
    readonly courtId: CourtId
  }

const decisionRecord = `jsonb_to_recordset($1::jsonb) AS s("accountId" uuid, "courtId" text,
  ordinal integer, version integer, kind text, state text, "holdsFrom" timestamptz, role text,
  "filerId" text, "isAdmitted" boolean, "admittedUntil" date, actions text[],
  "keepsNotices" boolean, "sinceOn" date, "endsOn" date, reason text, message text,
  "decidedBy" uuid, "decidedAt" timestamptz)`

const insertInto = `INSERT INTO right_decisions (account_id, court_id, ordinal, version, kind, state,
    holds_from, role, filer_id, is_admitted, admitted_until, actions, keeps_notices, since_on, ends_on,
    reason, message, decided_by, decided_at)
  SELECT s."accountId", s."courtId", s.ordinal, s.version, s.kind, s.state, s."holdsFrom", s.role,
    s."filerId", s."isAdmitted", s."admittedUntil", s.actions, s."keepsNotices", s."sinceOn",
    s."endsOn", s.reason, s.message, s."decidedBy", s."decidedAt"`

const insertOne: Statement = {
  name: 'rights-decide',
  text: `WITH s AS (SELECT * FROM ${decisionRecord}),
    r AS (UPDATE rights SET filer_id = s."filerId" FROM s
      WHERE rights.account_id = s."accountId" AND rights.court_id = s."courtId")
    ${insertInto} FROM s`,
}

/**
 * Adds a decision to the history that `lockRight` gave.
 * @returns `filer-taken` where somebody else has that CM/ECF account there.
 */
export async function insertDecision(
  tx: Transaction,
  decision: NewDecision,
): Promise<Outcome<void, 'filer-taken'>> {
  const inserted = await unlessRefused(
    {
      rights_court_id_filer_id_key: 'filer-taken' as const,
      rights_court_id_filer_any_spelling_key: 'filer-taken' as const,
    },
    () => tx.query(insertOne, [JSON.stringify([decision])]),
  )
  return inserted.ok ? ok() : inserted
}

// One statement and no client, as for many accounts.
const insertFirst: Statement = {
  name: 'rights-insert-first',
  text: `WITH s AS (SELECT * FROM ${decisionRecord}),
    r AS (INSERT INTO rights (account_id, court_id, filer_id)
      SELECT s."accountId", s."courtId", s."filerId" FROM s
      ON CONFLICT DO NOTHING RETURNING account_id, court_id)
    ${insertInto} FROM s JOIN r ON r.account_id = s."accountId" AND r.court_id = s."courtId"
    RETURNING account_id AS "accountId", court_id AS "courtId"`,
}

/**
 * Saves the first decisions about people of whom courts had decided nothing, all in one statement.
 * @returns whether each is saved; not where somebody else has that CM/ECF account there.
 */
export async function insertFirstDecisions(
  tx: Transaction,
  decisions: readonly NewDecision[],
): Promise<boolean[]> {
  const rows = await tx.query<{ accountId: string; courtId: string }>(insertFirst, [
    JSON.stringify(decisions),
  ])
  const saved = new Set(rows.map((row) => `${row.accountId} ${row.courtId}`))
  return decisions.map(({ accountId, courtId }) => saved.has(`${accountId} ${courtId}`))
}

const countRequest: Statement = {
  name: 'rights-note-request',
  text: `INSERT INTO rights (account_id, court_id, request_version) VALUES ($1::uuid, $2, 1)
    ON CONFLICT (account_id, court_id) DO UPDATE SET request_version = rights.request_version + 1`,
}

/** A request of the person opens at the court or ends: what the court is told has another version. */
export async function noteRequest(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
): Promise<void> {
  await tx.query(countRequest, [accountId, courtId])
}
