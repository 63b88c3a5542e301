import { now } from '../../clock.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { listCourtNames } from '../../courts/store.ts'
import { countWaiting } from '../../efiling/requests/queue-store.ts'
import type { CourtId } from '../../ids.ts'
import { courtRoles } from '../../staff/role.ts'
import type { Queryable } from '../../storage/db.ts'
import type { WaitingSource } from '../waiting.ts'
import { courtRequestsPath } from './request-paths.ts'

/** What waits for the clerk of a court, in a sentence without its period; undefined where nothing does. */
export async function requestsWaiting(
  db: Queryable,
  courtId: CourtId,
): Promise<{ readonly count: number; readonly sentence: string } | undefined> {
  const { lateAfterDays } = await findPractice(db, courtId)
  const { count, late } = await countWaiting(db, courtId, { at: now(), lateAfterDays })
  if (count === 0) return undefined
  const waits =
    count === 1 ? '1 request waits for the clerk' : `${count} requests wait for the clerk`
  return { count, sentence: late === 0 ? waits : `${waits}, ${late} of them late` }
}

/** On the start page, for whoever works at a court. */
export const requestsWaitingSource: WaitingSource = {
  roles: courtRoles,
  async list(db, { roles }) {
    const courts = [...new Set(roles.flatMap(({ courtId }) => courtId ?? []))]
    const names = await listCourtNames(db, courts)
    const things = []
    for (const courtId of courts) {
      const waiting = await requestsWaiting(db, courtId)
      if (!waiting) continue
      things.push({
        id: `requests-${courtId}`,
        count: waiting.count,
        sentence: `${waiting.sentence}: ${names.get(courtId) ?? courtId}`,
        path: courtRequestsPath(courtId),
      })
    }
    return things
  },
}
