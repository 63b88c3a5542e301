import type { CourtId } from '../ids.ts'
import type { Database, Transaction } from '../storage/db.ts'
import type { Court } from './court.ts'

type Reader = Pick<Database['prisma'], 'court'> | Transaction

export async function listCourts(reader: Reader): Promise<Court[]> {
  const rows: unknown = await reader.court.findMany({ orderBy: { id: 'asc' } })
  return rows as Court[]
}

export async function findCourt(reader: Reader, id: CourtId): Promise<Court | undefined> {
  const row: unknown = await reader.court.findUnique({ where: { id } })
  return (row ?? undefined) as Court | undefined
}

/** Inserts courts that are not there yet, in one statement; two processes may start at once. */
export async function insertCourts(tx: Transaction, courts: readonly Court[]): Promise<void> {
  const data = courts.map(({ states, ...facts }) => ({ ...facts, states: [...states] }))
  await tx.court.createMany({ data, skipDuplicates: true })
}

/** Inserts or replaces the facts of a court; its go-live day is kept once it has been set here. */
export async function saveCourt(tx: Transaction, court: Court): Promise<void> {
  const { id, states, ...facts } = court
  const { goLiveOn, ...rest } = facts
  await tx.court.upsert({
    where: { id },
    create: { id, states: [...states], goLiveOn, ...rest },
    update: { states: [...states], ...rest },
  })
}

export async function saveGoLive(
  tx: Transaction,
  id: CourtId,
  goLiveOn: Date | null,
): Promise<void> {
  await tx.court.update({ where: { id }, data: { goLiveOn } })
}
