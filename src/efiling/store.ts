import { dayOfColumn } from '../days.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Queryable } from '../storage/db.ts'
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
