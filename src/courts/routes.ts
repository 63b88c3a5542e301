import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../clock.ts'
import { formatDay } from '../days.ts'
import { requestOf } from '../http/request-context.ts'
import { isCourtId } from '../ids.ts'
import { courtPath, paths } from '../paths.ts'
import type { Database } from '../storage/db.ts'
import { type Court, courtResource, courtTypeLabels } from './court.ts'
import { goLiveText, isLive } from './go-live.ts'
import type { Office } from './office.ts'
import { listOffices } from './office-store.ts'
import { courtPage, courtsPage } from './pages.ts'
import { findMeant } from './search.ts'
import { findCourt, listCourts } from './store.ts'

const maximumQueryLength = 64

/** `/courts` and `/courts/{id}`: public facts, as a page for people and as JSON for programs. */
export function courtRoutes(deps: { db: Database }): Router {
  const router = new Router()

  router.get(paths.courts, async (ctx) => {
    const query = firstOf(ctx.query['q']).slice(0, maximumQueryLength).trim()
    const type = firstOf(ctx.query['type'])
    const ofType = (await listCourts(deps.db)).filter(
      (court) => !(type in courtTypeLabels) || court.type === type,
    )
    const courts = findMeant(ofType, query)
    if (wantsJson(ctx)) return answerJson(ctx, { courts: courts.map(courtJson) })
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = courtsPage({
      nonce: requestOf(ctx).nonce,
      courts: courts.map((court) => ({
        id: court.id,
        name: court.name,
        type: court.type,
        typeLabel: courtTypeLabels[court.type],
        circuit: court.circuit,
        seat: court.seat,
        isLive: isLive(court, now()),
        goLiveText: goLiveText(court, now()),
      })),
      query,
      type: type in courtTypeLabels ? type : undefined,
    })
  })

  router.get(courtPath(':id'), async (ctx, next) => {
    const id = ctx['params'].id
    const court = isCourtId(id) ? await findCourt(deps.db, id) : undefined
    if (!court) return next()
    const offices = await listOffices(deps.db, court.id)
    if (wantsJson(ctx)) {
      return answerJson(ctx, { ...courtJson(court), offices: offices.map(officeJson) })
    }
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = courtPage({
      nonce: requestOf(ctx).nonce,
      court: {
        id: court.id,
        name: court.name,
        typeLabel: courtTypeLabels[court.type],
        circuit: court.circuit,
        states: [...court.states],
        host: court.cmecfHost,
        webUrl: court.webUrl,
        seat: court.seat,
        offices,
        clerkOffices: court.clerkOffices,
        clerkOfficesAsOf: court.clerkOfficesAsOf && formatDay(court.clerkOfficesAsOf),
        goLiveText: goLiveText(court, now()),
      },
    })
  })

  return router
}

function courtJson(court: Court) {
  return {
    id: court.id,
    name: court.name,
    type: court.type,
    circuit: court.circuit,
    states: court.states,
    cmecf_host: court.cmecfHost,
    resource: courtResource(court),
    web_url: court.webUrl,
    pacer_court_id: court.pacerCourtId,
    pcl_court_id: court.pclCourtId,
    is_live: isLive(court, now()),
    go_live_on: court.goLiveOn,
    live_by: court.liveBy,
    go_live_source: court.goLiveSource,
    time_zone: court.timeZone,
    seat: court.seat,
    clerk_offices: court.clerkOffices,
    clerk_offices_as_of: court.clerkOfficesAsOf,
    auxiliary: court.isAuxiliary,
  }
}

function officeJson({ name, telephone, hours, timeZone }: Office) {
  return { name, telephone, hours, time_zone: timeZone }
}

function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function wantsJson(ctx: Context): boolean {
  ctx.vary('Accept')
  return ctx.accepts('html', 'json') === 'json'
}

/** Facts that change a few times a year and are the same for everybody. */
function answerJson(ctx: Context, body: object): void {
  ctx.set('Cache-Control', 'public, max-age=60')
  ctx.body = body
}
