import { momentAtCourt } from '../../courts/court-time.ts'
import { listNamedEvents, type NamedEvent } from '../../efiling/requests/queue-store.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtVisit } from '../court-gate.ts'
import type { RequestProblem } from './request-page.ts'
import { doneFirst, isClosing, nameOf } from './request-words.ts'

/**
 * What somebody is told who came second: by whom it was done, and when. The names are those that the staff of a
 * court sees.
 * @param written what the second one had written, which is shown and not kept.
 */
export async function overtakenBy(
  db: Database,
  request: FilingRequest,
  visit: Pick<CourtVisit, 'court' | 'account'>,
  written = '',
): Promise<RequestProblem> {
  const newest = (await listNamedEvents(db, request.id)).at(-1)
  const isOver = request.state !== 'open'
  const next = isOver
    ? 'Nothing of yours was saved, and the decision stands.'
    : 'Nothing of yours was saved. Look at what has changed, and decide again if it is still right.'
  const lost = isOver && written !== '' ? ` You had written: “${written}”` : ''
  return {
    heading: isOver ? 'This request is decided already' : 'Somebody else was faster',
    text: `${newest ? doneBy(newest, request, visit) : 'Somebody else was faster'}. ${next}${lost}`,
  }
}

/** A request that nobody moved, and that somebody else has now to look after. */
export const assignedMeanwhile: RequestProblem = {
  heading: 'Nothing was changed',
  text: 'A colleague was faster: look who has it now.',
}

function doneBy(
  event: NamedEvent,
  { accountId }: FilingRequest,
  { court, account }: Pick<CourtVisit, 'court' | 'account'>,
): string {
  const at = momentAtCourt(event.recordedAt, court)
  if (isClosing(event)) return `The account was closed on ${at}`
  const { by } = event
  const who = !by
    ? 'Somebody else'
    : by.id === accountId
      ? 'The filer'
      : by.id === account.id
        ? 'You yourself'
        : nameOf(by)
  return `${who} ${doneFirst[event.kind]} on ${at}`
}
