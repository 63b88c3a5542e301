import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../../clock.ts'
import { findPractice } from '../../courts/practice-store.ts'
import {
  countQueue,
  listDone,
  listQueue,
  type QueueFilter,
  type QueuePlace,
} from '../../efiling/requests/queue-store.ts'
import { waits } from '../../efiling/requests/request.ts'
import type { Database } from '../../storage/db.ts'
import type { ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { doneDays, isQueueChoice, type QueueQuery, queueContent } from './queue-page.ts'
import { courtRequestsPath } from './request-paths.ts'

export type QueueRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

const perPage = 25
const dayMilliseconds = 24 * 3600_000

/** `/staff/courts/:court/requests`: what waits at a court, and what was done. */
export function queueRoutes(deps: QueueRouteDeps): Router {
  const router = new Router()
  router.get(
    courtRequestsPath(':court'),
    deps.courtGate.page(['clerk'], (visit) => show(deps, visit)),
  )
  return router
}

async function show({ db }: QueueRouteDeps, visit: CourtVisit): Promise<ConsoleAnswer> {
  const { court, account, ctx } = visit
  const at = now()
  const query = readQuery(ctx)
  const after = readPlace(ctx.query['after'])
  const since = new Date(at.getTime() - doneDays * dayMilliseconds)
  const { lateAfterDays } = await findPractice(db, court.id)
  const filter: QueueFilter = {
    kind: query.kind || undefined,
    waitsFor: waits.find((each) => each === query.shows),
    before: query.age ? new Date(at.getTime() - Number(query.age) * dayMilliseconds) : undefined,
    assignedTo: query.who === 'me' ? account.id : query.who === 'nobody' ? 'nobody' : undefined,
  }
  const limit = perPage + 1
  const isDone = query.shows === 'done'
  const [counts, rows] = await Promise.all([
    countQueue(db, court.id, { at, lateAfterDays, viewer: account.id, since }),
    isDone
      ? listDone(db, court.id, filter, { after, since, limit })
      : listQueue(db, court.id, filter, { after, at, lateAfterDays, limit }),
  ])
  const requests = rows.slice(0, perPage)
  const last = rows.length > perPage ? requests.at(-1) : undefined
  return queueContent({
    court,
    query,
    counts,
    lateAfterDays,
    requests,
    isLater: after !== undefined,
    after: last && placeText({ at: last.endedAt ?? last.submittedAt, id: last.id }),
  })
}

/** What the address asks for; what it does not know is as if it were not there. */
function readQuery({ query }: Context): QueueQuery {
  const read = (field: keyof QueueQuery, otherwise: string) => {
    const value = query[field]
    return typeof value === 'string' && isQueueChoice(field, value) ? value : otherwise
  }
  return {
    shows: read('shows', 'clerk'),
    kind: read('kind', ''),
    age: read('age', ''),
    who: read('who', ''),
  }
}

function placeText({ at, id }: QueuePlace): string {
  return `${at.getTime()}.${id}`
}

/** Where a page goes on; undefined for what is no place. */
function readPlace(text: unknown): QueuePlace | undefined {
  if (typeof text !== 'string') return undefined
  const [, at, id] =
    /^(\d{1,14})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(text) ?? []
  return id === undefined ? undefined : { at: new Date(Number(at)), id }
}
