import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../clock.ts'
import { formatDay } from '../days.ts'
import { requestOf } from '../http/request-context.ts'
import { isCourtId } from '../ids.ts'
import { courtPath, paths } from '../paths.ts'
import type { Database } from '../storage/db.ts'
import { type Court, courtResource, courtTypeLabels } from './court.ts'
import { goLiveText, isLive, toldLiveMoment } from './go-live.ts'
import type { GoLivePlan } from './go-live-plan.ts'
import { goLiveSection, staysTrueSeconds } from './go-live-section.ts'
import { findGoLivePlan } from './go-live-store.ts'
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
    if (wantsJson(ctx)) {
      const stay = courts.map((court) => staysTrueSeconds(court, undefined, now()))
      return answerJson(ctx, { courts: courts.map(courtJson) }, Math.min(60, ...stay))
    }
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
    const at = now()
    const [offices, plan] = await Promise.all([
      listOffices(deps.db, court.id),
      findGoLivePlan(deps.db, court.id),
    ])
    if (wantsJson(ctx)) {
      const facts = {
        ...courtJson(court),
        ...planJson(plan),
        offices: offices.map(officeJson),
      }
      return answerJson(ctx, facts, staysTrueSeconds(court, plan, at))
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
        goLiveText: goLiveText(court, at),
      },
      goLive: goLiveSection(court, plan, at),
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
    live_at: toldLiveMoment(court) ?? null,
    filing_closed_from: court.filingClosedFrom,
    filing_closed_until: court.filingClosedUntil,
    go_live_source: court.goLiveSource,
    time_zone: court.timeZone,
    seat: court.seat,
    clerk_offices: court.clerkOffices,
    clerk_offices_as_of: court.clerkOfficesAsOf,
    auxiliary: court.isAuxiliary,
  }
}

/** What a plan that is kept here says beside the court itself. */
function planJson(plan: GoLivePlan | undefined) {
  return {
    requests_closed_from: plan?.requestsClosed?.from ?? null,
    requests_closed_until: plan?.requestsClosed?.until ?? null,
    emergency_way: plan?.emergencyWay ?? null,
    links_until: plan?.legacyClosesAt ?? null,
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

/** Facts that are the same for everybody. @param seconds for which they stay true. */
function answerJson(ctx: Context, body: object, seconds: number): void {
  ctx.set('Cache-Control', `public, max-age=${seconds}`)
  ctx.body = body
}
