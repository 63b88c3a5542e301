import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../clock.ts'
import { requestOf } from '../http/request-context.ts'
import { isCourtId } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import { type Court, courtResource, courtTypeLabels } from './court.ts'
import { goLiveText, isLive } from './go-live.ts'
import { courtPage, courtsPage } from './pages.ts'
import { findCourt, listCourts } from './store.ts'

const maximumQueryLength = 64

/** `/courts` and `/courts/{id}`: public facts, as a page for people and as JSON for programs. */
export function courtRoutes(deps: { db: Database }): Router {
  const router = new Router()

  router.get('/courts', async (ctx) => {
    const query = firstOf(ctx.query['q']).slice(0, maximumQueryLength).trim()
    const type = firstOf(ctx.query['type'])
    const courts = (await listCourts(deps.db.prisma)).filter(
      (court) => matches(court, query) && (!(type in courtTypeLabels) || court.type === type),
    )
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
        host: court.cmecfHost,
        isLive: isLive(court, now()),
        goLiveText: goLiveText(court, now()),
      })),
      query,
      type: type in courtTypeLabels ? type : undefined,
    })
  })

  router.get('/courts/:id', async (ctx, next) => {
    const id = ctx['params'].id
    const court = isCourtId(id) ? await findCourt(deps.db.prisma, id) : undefined
    if (!court) return next()
    if (wantsJson(ctx)) return answerJson(ctx, courtJson(court))
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
        pacerCourtId: court.pacerCourtId,
        pclCourtId: court.pclCourtId,
        goLiveText: goLiveText(court, now()),
        goLiveSource: court.goLiveSource,
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
    auxiliary: court.isAuxiliary,
  }
}

function matches(court: Court, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const text = [court.id, court.name, court.pacerCourtId, court.pclCourtId, ...court.states]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
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
