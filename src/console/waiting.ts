import { listCourtNames } from '../courts/store.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { StaffRole } from '../staff/role.ts'
import { courtRoles } from '../staff/role.ts'
import type { Queryable } from '../storage/db.ts'

/** Something that waits for whoever opens the start page. */
export type WaitingThing = {
  /** Kebab-case; of one page. */
  readonly id: string
  readonly count: number
  /** With the number in it: `2 roles wait for a second registrar`. */
  readonly sentence: string
  /** Where it is done. */
  readonly path: string
}

/** Whoever opens the start page. */
export type WaitingReader = {
  readonly accountId: AccountId
  readonly roles: readonly StaffRole[]
}

/** What one feature says of what waits; nothing is personal in it, for nobody records that it was read. */
export type WaitingSource = {
  /** Whoever has one of these is asked for. */
  readonly roles: readonly StaffRole['role'][]
  list(db: Queryable, reader: WaitingReader): Promise<readonly WaitingThing[]>
}

/** What waits at one court, in a sentence without its period. */
export type WaitingAtCourt = { readonly count: number; readonly sentence: string }

/** What one feature says to whoever works at courts, court by court, each with its name. */
export function waitingAtCourts(feature: {
  /** Of the things on the page. */
  readonly name: string
  readonly find: (db: Queryable, courtId: CourtId) => Promise<WaitingAtCourt | undefined>
  readonly path: (courtId: CourtId) => string
}): WaitingSource {
  return {
    roles: courtRoles,
    async list(db, { roles }) {
      const courts = [...new Set(roles.flatMap(({ courtId }) => courtId ?? []))]
      const names = await listCourtNames(db, courts)
      const things: WaitingThing[] = []
      for (const courtId of courts) {
        const waiting = await feature.find(db, courtId)
        if (!waiting) continue
        things.push({
          id: `${feature.name}-${courtId}`,
          count: waiting.count,
          sentence: `${waiting.sentence}: ${names.get(courtId) ?? courtId}`,
          path: feature.path(courtId),
        })
      }
      return things
    },
  }
}
