import Router from '@koa/router'
import { z } from 'zod'
import { now } from '../../clock.ts'
import { type Court, courtGroupLabels, courtTypeLabels } from '../../courts/court.ts'
import { findMeant } from '../../courts/search.ts'
import { listCourts } from '../../courts/store.ts'
import { formatDay } from '../../days.ts'
import type { Link } from '../../efiling/linking/link.ts'
import { findLinkStep } from '../../efiling/linking/link-step.ts'
import { findLinkOf, listLinksOf } from '../../efiling/linking/link-store.ts'
import {
  type Approach,
  approachCourt,
  approachCourts,
} from '../../efiling/requests/approach-court.ts'
import { findAskedBar, listAskable } from '../../efiling/requests/asking-bar.ts'
import { barInWords } from '../../efiling/requests/bar-words.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { askedInWords, requestInWords } from '../../efiling/requests/request-words.ts'
import { deleteDraft, listRequestsOf } from '../../efiling/requests/store.ts'
import { listDecisions } from '../../efiling/right-store.ts'
import { closedFilingText, describeStanding } from '../../efiling/standing-words.ts'
import type { FormOf } from '../../http/form-kit.ts'
import type { CourtId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { ownDecisionsPath } from '../rights/right-paths.ts'
import { accountCourtPath, askPath, discardDraftPath } from './asking-paths.ts'
import { courtIn, listedRequest, reachClerk } from './court-words.ts'
import { type CourtInList, courtContent, courtListContent, noSuchContent } from './courts-page.ts'

export type CourtPageDeps = { readonly db: Database; readonly portal: PortalGate }

const maximumQueryLength = 64

/** Every court as the holder of an account meets it, and each of them. */
export function accountCourtRoutes({ db, portal }: CourtPageDeps): Router {
  const router = new Router()
  router.get(
    paths.accountCourts,
    portal.page((visit) => showCourts(db, visit)),
  )
  router.get(
    accountCourtPath(':court'),
    portal.page((visit) => showCourt(db, visit)),
  )
  router.post(discardDraftPath(':court'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const discard = portal.form(discardForm(courtId), async ({ account }) => {
      // Where there is none any more, the page says so by itself.
      await inTransaction(db, (tx) => deleteDraft(tx, account.id, courtId))
      return { to: accountCourtPath(courtId) }
    })
    return discard(ctx, next)
  })
  return router
}

const discardForm = (courtId: CourtId) =>
  ({
    name: `discard-draft ${courtId}`,
    page: accountCourtPath(courtId),
    schema: z.object({}),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

async function showCourts(db: Database, { ctx, account }: PortalVisit): Promise<PortalAnswer> {
  const query = firstOf(ctx.query['q']).slice(0, maximumQueryLength).trim()
  const asked = firstOf(ctx.query['type'])
  const type = Object.hasOwn(courtTypeLabels, asked) ? asked : ''
  const all = await listCourts(db)
  const [approaches, requests, links] = await Promise.all([
    approachCourts(
      db,
      account.id,
      all.map(({ id }) => id),
    ),
    listRequestsOf(db, account.id),
    listLinksOf(db, account.id),
  ])
  const linked = new Map(
    links.filter(({ endedAt }) => !endedAt).map((link) => [link.courtId, link]),
  )
  const meant = findMeant(
    all.filter((court) => type === '' || court.type === type),
    query,
  )
  const inWork = new Map(requests.filter(isInWork).map((request) => [request.courtId, request]))
  const met = new Map(approaches.map((approach) => [approach.court.id, approach]))
  const courts = new Map(all.map((court) => [court.id, court]))
  const listed = meant.flatMap((court) => {
    const approach = met.get(court.id)
    return approach ? [listCourt(court, approach, inWork.get(court.id), linked.get(court.id))] : []
  })
  const types = Object.entries(courtGroupLabels)
  return courtListContent({
    query,
    type,
    types,
    requests: requests.flatMap((request) => {
      const court = courts.get(request.courtId)
      return court ? [{ ...listedRequest(request, court), courtName: court.name }] : []
    }),
    groups: types.flatMap(([group, label]) => {
      const ofGroup = listed.filter((one) => one.type === group)
      return ofGroup.length > 0 ? [{ type: group, label, courts: ofGroup }] : []
    }),
  })
}

function listCourt(
  court: Court,
  approach: Approach,
  inWork: FilingRequest | undefined,
  link: Link | undefined,
): CourtInList & { readonly type: string } {
  const { id, name, seat, type } = court
  const { account, court: facts, entry, bar } = approach
  const step = linkStepOf(approach, link)
  const standing = describeStanding(entry, account, closedFilingText(facts, now()))
  const whatIsThere = bar
    ? barInWords(bar, court, account).label
    : entry.status === 'none'
      ? 'You can ask this court'
      : `${standing.label}; you can ask for more`
  return {
    id,
    name,
    seat,
    type,
    url: accountCourtPath(id),
    label: inWork
      ? `Your request: ${requestInWords(inWork).label}`
      : step?.kind === 'linked'
        ? `Linked. ${standing.label}`
        : (step?.label ?? whatIsThere),
    canAsk: !bar,
  }
}

function linkStepOf({ account, court, plan }: Approach, link: Link | undefined) {
  return findLinkStep({ account, court, right: court.right, link, plan, at: now() })
}

async function showCourt(db: Database, visit: PortalVisit): Promise<PortalAnswer> {
  const { ctx, account, tokenFor } = visit
  const courtId = courtIn(ctx)
  if (!courtId) return noSuchContent('court')
  const approach = await approachCourt(db, account.id, courtId)
  if (!approach) return noSuchContent('court')
  const { court, entry, granted, practice, bar } = approach
  const [requests, decisions, clerk, link] = await Promise.all([
    listRequestsOf(db, account.id),
    listDecisions(db, account.id, courtId),
    reachClerk(db, courtId),
    findLinkOf(db, account.id, courtId),
  ])
  const step = linkStepOf(approach, link)
  const here = requests.filter((request) => request.courtId === courtId)
  const inWork = here.find(isInWork)
  const isDraft = inWork?.state === 'draft'
  const askable = listAskable(practice).filter((asked) => !findAskedBar(asked, granted, practice))
  const day = court.goLiveOn ? formatDay(court.goLiveOn) : undefined
  return courtContent({
    court,
    right: describeStanding(entry, account, closedFilingText(court, now())),
    decisionsUrl: decisions.length > 0 ? ownDecisionsPath(courtId) : undefined,
    inWork: inWork && listedRequest(inWork, court),
    discard: isDraft
      ? { action: discardDraftPath(courtId), csrf: tokenFor(discardForm(courtId)) }
      : undefined,
    bar: bar && barInWords(bar, court, account),
    askable: askable.map(askedInWords),
    askUrl: askPath(courtId, 'kind'),
    link: step,
    linkFirst: entry.status === 'none' && !step ? { day } : undefined,
    earlier: here.filter((one) => !isInWork(one)).map((one) => listedRequest(one, court)),
    ...clerk,
  })
}

function isInWork({ state }: Pick<FilingRequest, 'state'>): boolean {
  return state === 'draft' || state === 'open'
}

function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
