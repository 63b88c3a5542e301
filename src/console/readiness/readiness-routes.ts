import Router from '@koa/router'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { goLiveText, isLive, liveMoment } from '../../courts/go-live.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { toldMoment } from '../../efiling/go-live/waves.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtGate, CourtVisit, ShownToCourt } from '../court-gate.ts'
import { csvFile } from '../csv-export.ts'
import { readinessExported } from '../events.ts'
import { groupLabels, isReadinessGroup, type ReadinessGroup } from './groups.ts'
import { readinessContent, readinessGroupContent } from './readiness-page.ts'
import {
  everything,
  readinessExportPath,
  readinessGroupPath,
  readinessPath,
} from './readiness-paths.ts'
import { momentsOfShare } from './share-picture.ts'
import { countLinkedOverTime, countReadiness, listReadiness, type ReadinessRow } from './store.ts'

export type ReadinessDeps = { readonly db: Database; readonly courtGate: CourtGate }

const perPage = 25
const perRead = 1000
const longestLogin = 100

/** `/staff/courts/:court/readiness`: who was told of the go-live, who has linked, and who has not. */
export function readinessRoutes(deps: ReadinessDeps): Router {
  const router = new Router()
  const { courtGate } = deps
  router.get(
    readinessPath(':court'),
    courtGate.page(['clerk'], (visit) => show(deps, visit)),
  )
  router.get(readinessGroupPath(':court', ':group'), async (ctx, next) => {
    if (readGroup(ctx['params'].group) === undefined) return next()
    return courtGate.page(['clerk'], (visit) => showGroup(deps, visit))(ctx, next)
  })
  router.get(readinessExportPath(':court', ':group'), async (ctx, next) => {
    if (readGroup(ctx['params'].group) === undefined) return next()
    return courtGate.page(['clerk'], (visit) => exportGroup(deps, visit))(ctx, next)
  })
  return router
}

/** What the path names: one group, or everything; undefined where it is neither. */
function readGroup(name: string | undefined): ReadinessGroup | typeof everything | undefined {
  return name === everything || isReadinessGroup(name) ? name : undefined
}

function groupOf({ params }: CourtVisit): ReadinessGroup | undefined {
  return isReadinessGroup(params['group']) ? params['group'] : undefined
}

/** The moment that people are told of now. */
async function findToldMoment(db: Database, court: Court, at: Date): Promise<Date | undefined> {
  const plan = await findGoLivePlan(db, court.id)
  return plan && toldMoment(plan, at)
}

async function show({ db }: ReadinessDeps, { court }: CourtVisit): Promise<ShownToCourt> {
  const at = now()
  const told = await findToldMoment(db, court, at)
  const moments = momentsOfShare(isLive(court, at) ? liveMoment(court) : undefined, at)
  const [readiness, shares] = await Promise.all([
    countReadiness(db, court.id, told),
    moments.length > 0 ? countLinkedOverTime(db, court.id, moments) : [],
  ])
  return readinessContent({
    court,
    at,
    goLiveText: goLiveText(court, at),
    toldMoment: told && momentAtCourt(told, court),
    readiness,
    shares,
  })
}

async function showGroup({ db }: ReadinessDeps, visit: CourtVisit): Promise<ShownToCourt> {
  const { ctx, court } = visit
  const group = groupOf(visit)
  const { after: place } = ctx.query
  const isLater = typeof place === 'string' && place !== '' && place.length <= longestLogin
  const rows = await listReadiness(db, court.id, await findToldMoment(db, court, now()), {
    group,
    after: isLater ? place : '',
    limit: perPage + 1,
  })
  const shown = rows.slice(0, perPage)
  return readinessGroupContent({
    court,
    group,
    rows: shown,
    isLater,
    after: rows.length > perPage ? shown.at(-1)?.loginCanonical : undefined,
  })
}

async function exportGroup({ db }: ReadinessDeps, visit: CourtVisit): Promise<ShownToCourt> {
  const { court, by } = visit
  const group = groupOf(visit)
  const told = await findToldMoment(db, court, now())
  await recordEvent(db, readinessExported({ courtId: court.id, list: group ?? everything, by }))
  const moment = (at: Date | null) => at?.toISOString()
  return csvFile<ReadinessRow>({
    name: `${court.id}-${group ?? everything}`,
    columns: [
      ['login', ({ login }) => login],
      ['name', ({ name }) => name],
      ['email', ({ email }) => email],
      ['bar_number', ({ barNumber }) => barNumber],
      ['status', ({ status }) => status],
      ['linking', ({ linking }) => groupLabels[linking]],
      ['notices', ({ notices }) => groupLabels[notices]],
      ['told_at', ({ toldAt }) => moment(toldAt)],
      ['tried_at', ({ triedAt }) => moment(triedAt)],
      ['linked_at', ({ linkedAt }) => moment(linkedAt)],
    ],
    list: (last) =>
      listReadiness(db, court.id, told, {
        group,
        after: last?.loginCanonical ?? '',
        limit: perRead,
      }),
  })
}
