import { now } from '../../clock.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { countWaiting } from '../../efiling/requests/queue-store.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { type WaitingAtCourt, waitingAtCourts } from '../waiting.ts'
import { courtRequestsPath } from './request-paths.ts'

/** What waits for the clerk of a court, in a sentence without its period; undefined where nothing does. */
export async function requestsWaiting(
  db: Queryable,
  courtId: CourtId,
): Promise<WaitingAtCourt | undefined> {
  const { lateAfterDays } = await findPractice(db, courtId)
  const { count, late } = await countWaiting(db, courtId, { at: now(), lateAfterDays })
  if (count === 0) return undefined
  const waits =
    count === 1 ? '1 request waits for the clerk' : `${count} requests wait for the clerk`
  return { count, sentence: late === 0 ? waits : `${waits}, ${late} of them late` }
}

/** On the start page, for whoever works at a court. */
export const requestsWaitingSource = waitingAtCourts({
  name: 'requests',
  find: requestsWaiting,
  path: courtRequestsPath,
})
