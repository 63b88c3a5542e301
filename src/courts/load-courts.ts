import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { parseDay } from '../days.ts'
import { type CourtId, courtIdPattern } from '../ids.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import type { Court } from './court.ts'
import { insertCourts, listCourts, noGoLivePlan, saveCourt } from './store.ts'

const day = z
  .string()
  .transform((value, context) => {
    const parsed = parseDay(value)
    if (parsed) return parsed
    context.addIssue({ code: 'custom', message: `${value} is no day` })
    return z.NEVER
  })
  .nullish()
  .transform((value) => value ?? null)

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

const courtSchema = z
  .object({
    id: z.string().regex(courtIdPattern),
    name: z.string(),
    type: z.enum(['appellate', 'bap', 'bankruptcy', 'district', 'national']),
    circuit: optionalText,
    states: z.array(z.string()),
    cmecfHost: z.string(),
    loginUrl: optionalText,
    webUrl: optionalText,
    pacerCourtId: optionalText,
    pclCourtId: optionalText,
    nextgenGoLive: day,
    nextgenLiveBy: day,
    nextgenGoLiveSource: optionalText,
    timeZone: z.string(),
    seat: optionalText,
    clerkOffices: z
      .array(z.object({ address: z.string().optional(), phone: z.string().optional() }))
      .default([]),
    clerkOfficesAsOf: day,
    auxiliary: z.boolean().default(false),
  })
  .transform(
    (row): Court => ({
      id: row.id as CourtId,
      name: row.name,
      type: row.type,
      circuit: row.circuit,
      states: row.states,
      cmecfHost: row.cmecfHost,
      loginUrl: row.loginUrl,
      webUrl: row.webUrl,
      pacerCourtId: row.pacerCourtId,
      pclCourtId: row.pclCourtId,
      goLiveOn: row.nextgenGoLive,
      liveBy: row.nextgenLiveBy,
      goLiveSource: row.nextgenGoLiveSource,
      ...noGoLivePlan,
      timeZone: row.timeZone,
      seat: row.seat,
      clerkOffices: row.clerkOffices,
      clerkOfficesAsOf: row.clerkOfficesAsOf,
      isAuxiliary: row.auxiliary,
    }),
  )

/** The courts as this release knows them, from `courts.json`. */
export async function readCourts(): Promise<Court[]> {
  const text = await readFile(new URL('courts.json', import.meta.url), 'utf8')
  return z.array(courtSchema).parse(JSON.parse(text))
}

/**
 * Brings the table to the facts of this release. Only courts whose facts differ are written, so a
 * second start writes nothing; a go-live day that was set here since is kept.
 * @returns how many courts were written.
 */
export async function loadCourts(db: Database): Promise<number> {
  const stored = new Map((await listCourts(db)).map((court) => [court.id, court]))
  const changed = (await readCourts()).filter((court) => {
    const before = stored.get(court.id)
    return !before || !sameFacts(before, court)
  })
  if (changed.length === 0) return 0
  await inTransaction(db, async (tx) => {
    await insertCourts(
      tx,
      changed.filter((court) => !stored.has(court.id)),
    )
    for (const court of changed) if (stored.has(court.id)) await saveCourt(tx, court)
  })
  return changed.length
}

/** The database gives the members of a clerk's office back in an order of its own. */
function sameFacts(before: Court, after: Court): boolean {
  const facts = ({ goLiveOn: _, ...rest }: Court) => ({ ...rest, ...noGoLivePlan })
  return isDeepStrictEqual(facts(before), facts(after))
}
