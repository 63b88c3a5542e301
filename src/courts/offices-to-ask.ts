import type { Day } from '../days.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable } from '../storage/db.ts'
import type { Office } from './office.ts'
import { type KnownOffices, listKnownOffices } from './office-store.ts'

/** Whom to ask about one's rights at a court. */
export type OfficesToAsk = {
  readonly offices: readonly Office[]
  /** The day of their source, where the court itself has named none. */
  readonly asOf: Day | null
}

/**
 * The offices of each of these courts: what its own people keep, and else what its public directory said.
 * Every page that sends somebody to a clerk asks here.
 */
export async function findOfficesToAsk(
  db: Queryable,
  courtIds: readonly CourtId[],
): Promise<ReadonlyMap<CourtId, OfficesToAsk>> {
  const known = await listKnownOffices(db, courtIds)
  return new Map(known.map((each) => [each.courtId, officesToAsk(each)]))
}

/** What a court itself has named comes before what was published of it. */
export function officesToAsk({
  kept,
  clerkOffices,
  clerkOfficesAsOf,
  timeZone,
}: Omit<KnownOffices, 'courtId'>): OfficesToAsk {
  if (kept && kept.length > 0) return { offices: kept, asOf: null }
  const offices = clerkOffices.map(({ address, phone }) => ({
    name: address?.split(', ').at(-2) ?? 'Office',
    telephone: phone ?? null,
    hours: null,
    timeZone,
  }))
  return { offices, asOf: offices.length > 0 ? clerkOfficesAsOf : null }
}
