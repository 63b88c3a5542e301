import { countAsked } from '../../efiling/changes/store.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { changesPath } from '../court/court-paths.ts'
import { type WaitingAtCourt, waitingAtCourts } from '../waiting.ts'

/** What a court is asked to take over, in a sentence without its period; undefined where it is nothing. */
export async function changesWaiting(
  db: Queryable,
  courtId: CourtId,
): Promise<WaitingAtCourt | undefined> {
  const count = await countAsked(db, courtId)
  if (count === 0) return undefined
  const what = count === 1 ? '1 change of a person waits' : `${count} changes of people wait`
  return { count, sentence: `${what} for the clerk` }
}

/** On the start page, for whoever works at a court. */
export const changesWaitingSource = waitingAtCourts({
  name: 'changes',
  find: changesWaiting,
  path: changesPath,
})
