import { dateColumn, dayOfColumn } from '../days.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import { unlessRefused } from '../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { Standing } from './standing.ts'

/** The courts that have decided something about this person, in alphabetical order of their ids. */
export async function listStandingCourts(db: Queryable, accountId: AccountId): Promise<CourtId[]> {
  const rows = await db.prisma.standing.findMany({
    where: { accountId },
    select: { courtId: true },
    orderBy: { courtId: 'asc' },
  })
  return rows.map((row) => row.courtId as CourtId)
}

export async function findStanding(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<Standing | undefined> {
  const row = await db.prisma.standing.findUnique({
    where: { accountId_courtId: { accountId, courtId } },
  })
  return row ? readStanding(row) : undefined
}

type StandingRow = NonNullable<Awaited<ReturnType<Queryable['prisma']['standing']['findUnique']>>>

function readStanding(row: StandingRow): Standing {
  return {
    status: row.status,
    role: row.role as Standing['role'],
    filerId: row.filerId,
    isAdmitted: row.isAdmitted,
    actions: row.actions as Standing['actions'][number][],
    sinceOn: row.sinceOn && dayOfColumn(row.sinceOn),
    endsOn: row.endsOn && dayOfColumn(row.endsOn),
    version: row.version,
  }
}

/**
 * Saves what a court decided about a person; the version grows by one.
 * @returns the new version, or `filer-taken` where somebody else has that CM/ECF account there.
 */
export async function writeStanding(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
  standing: Omit<Standing, 'version'>,
): Promise<Outcome<{ readonly version: number }, 'filer-taken'>> {
  const data = {
    ...standing,
    actions: [...standing.actions],
    sinceOn: standing.sinceOn && dateColumn(standing.sinceOn),
    endsOn: standing.endsOn && dateColumn(standing.endsOn),
  }
  return unlessRefused({ standings_court_id_filer_id_key: 'filer-taken' }, () =>
    tx.prisma.standing.upsert({
      where: { accountId_courtId: { accountId, courtId } },
      create: { accountId, courtId, ...data },
      update: { ...data, version: { increment: 1 } },
      select: { version: true },
    }),
  )
}

export type NewStanding = Omit<Standing, 'version'> & {
  readonly accountId: AccountId
  readonly courtId: CourtId
}

// One statement and no client, as for many accounts.
const insertAll: Statement = {
  name: 'standings-insert-all',
  text: `INSERT INTO standings (account_id, court_id, status, role, filer_id, is_admitted, actions,
      since_on, ends_on)
    SELECT s."accountId", s."courtId", s.status, s.role, s."filerId", s."isAdmitted", s.actions,
      s."sinceOn", s."endsOn"
    FROM jsonb_to_recordset($1::jsonb) AS s("accountId" uuid, "courtId" text, status standing_status,
      role text, "filerId" text, "isAdmitted" boolean, actions text[], "sinceOn" date, "endsOn" date)
    ON CONFLICT DO NOTHING RETURNING account_id AS "accountId", court_id AS "courtId", version`,
}

/**
 * Saves what courts decided about people of whom they had decided nothing, all in one statement.
 * @returns the versions, in order; undefined where somebody else has that CM/ECF account there.
 */
export async function insertStandings(
  tx: Transaction,
  standings: readonly NewStanding[],
): Promise<(number | undefined)[]> {
  const rows = await tx.query<{ accountId: string; courtId: string; version: number }>(insertAll, [
    JSON.stringify(standings),
  ])
  const versions = new Map(rows.map((row) => [`${row.accountId} ${row.courtId}`, row.version]))
  return standings.map(({ accountId, courtId }) => versions.get(`${accountId} ${courtId}`))
}

export type HeldStanding = Standing & { readonly accountId: AccountId; readonly courtId: CourtId }

/** Everything that courts decided about these people, court by court. */
export async function listStandings(
  db: Queryable,
  accountIds: readonly AccountId[],
): Promise<HeldStanding[]> {
  const rows = await db.prisma.standing.findMany({
    where: { accountId: { in: [...accountIds] } },
    orderBy: { courtId: 'asc' },
  })
  return rows.map((row) => ({
    ...readStanding(row),
    accountId: row.accountId as AccountId,
    courtId: row.courtId as CourtId,
  }))
}

/** Who holds one of these CM/ECF accounts, at whatever court, with the number of the account. */
export async function listFilers(
  db: Queryable,
  filerIds: readonly string[],
): Promise<{ courtId: CourtId; filerId: string; number: string }[]> {
  const rows = await db.prisma.standing.findMany({
    where: { filerId: { in: [...filerIds] } },
    select: { courtId: true, filerId: true, account: { select: { number: true } } },
  })
  return rows.map(({ courtId, filerId, account }) => ({
    courtId: courtId as CourtId,
    filerId: filerId ?? '',
    number: account.number,
  }))
}
