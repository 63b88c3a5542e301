import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import { type WaitingAtCourt, waitingAtCourts } from '../waiting.ts'
import { courtLinksPath } from './link-paths.ts'
import { countContested } from './store.ts'

/** Links of a court that somebody says are wrong, in a sentence without its period; undefined where there are none. */
export async function linksWaiting(
  db: Queryable,
  courtId: CourtId,
): Promise<WaitingAtCourt | undefined> {
  const count = await countContested(db, courtId)
  if (count === 0) return undefined
  const sentence =
    count === 1
      ? '1 link that somebody says is wrong waits for the clerk'
      : `${count} links that somebody says are wrong wait for the clerk`
  return { count, sentence }
}

/** On the start page, for whoever works at a court. */
export const linksWaitingSource = waitingAtCourts({
  name: 'links',
  find: linksWaiting,
  path: courtLinksPath,
})
