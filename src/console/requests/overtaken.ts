import { momentAtCourt } from '../../courts/court-time.ts'
import { listNamedEvents } from '../../efiling/requests/queue-store.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtVisit } from '../court-gate.ts'
import type { RequestProblem } from './request-page.ts'
import { doneFirst, nameOf } from './request-words.ts'

/**
 * What somebody is told who came second: by whom it was done, and when. The names are those that the staff of a
 * court sees.
 * @param written what the second one had written, which is shown and not kept.
 */
export async function overtakenBy(
  db: Database,
  request: FilingRequest,
  { court, account }: Pick<CourtVisit, 'court' | 'account'>,
  written = '',
): Promise<RequestProblem> {
  const newest = (await listNamedEvents(db, request.id)).at(-1)
  const isOver = request.state !== 'open'
  const who = !newest?.by
    ? 'Somebody else'
    : newest.by.id === request.accountId
      ? 'The filer'
      : newest.by.id === account.id
        ? 'You yourself'
        : nameOf(newest.by)
  const what = newest
    ? `${doneFirst[newest.kind]} on ${momentAtCourt(newest.recordedAt, court)}`
    : 'was faster'
  const next = isOver
    ? 'Nothing of yours was saved, and the decision stands.'
    : 'Nothing of yours was saved. Look at what has changed, and decide again if it is still right.'
  const lost = isOver && written !== '' ? ` You had written: “${written}”` : ''
  return {
    heading: isOver ? 'This request is decided already' : 'Somebody else was faster',
    text: `${who} ${what}. ${next}${lost}`,
  }
}
