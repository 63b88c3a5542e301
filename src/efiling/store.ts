import type { AccountId, CourtId } from '../ids.ts'
import type { Database } from '../storage/db.ts'

/** The courts that have decided something about this person, in alphabetical order of their ids. */
export async function listStandingCourts(db: Database, accountId: AccountId): Promise<CourtId[]> {
  const rows = await db.prisma.standing.findMany({
    where: { accountId },
    select: { courtId: true },
    orderBy: { courtId: 'asc' },
  })
  return rows.map((row) => row.courtId as CourtId)
}
