import { listCourtNames } from '../../courts/store.ts'
import { countAsked } from '../../efiling/changes/store.ts'
import type { CourtId } from '../../ids.ts'
import { courtRoles } from '../../staff/role.ts'
import type { Queryable } from '../../storage/db.ts'
import { changesPath } from '../court/court-paths.ts'
import type { WaitingSource } from '../waiting.ts'

/** What a court is asked to take over, in a sentence without its period; undefined where it is nothing. */
export async function changesWaiting(
  db: Queryable,
  courtId: CourtId,
): Promise<{ readonly count: number; readonly sentence: string } | undefined> {
  const count = await countAsked(db, courtId)
  if (count === 0) return undefined
  const what = count === 1 ? '1 change of a person waits' : `${count} changes of people wait`
  return { count, sentence: `${what} for the clerk` }
}

/** On the start page, for whoever works at a court. */
export const changesWaitingSource: WaitingSource = {
  roles: courtRoles,
  async list(db, { roles }) {
    const courts = [...new Set(roles.flatMap(({ courtId }) => courtId ?? []))]
    const names = await listCourtNames(db, courts)
    const things = []
    for (const courtId of courts) {
      const waiting = await changesWaiting(db, courtId)
      if (!waiting) continue
      things.push({
        id: `changes-${courtId}`,
        count: waiting.count,
        sentence: `${waiting.sentence}: ${names.get(courtId) ?? courtId}`,
        path: changesPath(courtId),
      })
    }
    return things
  },
}
