import Router from '@koa/router'
import { looksLikeSamePerson, maybeSamePerson } from '../../accounts/same-person.ts'
import { assignRequest } from '../../efiling/requests/assign-request.ts'
import { type FilingRequest, requestNumberPattern } from '../../efiling/requests/request.ts'
import { findRequestAt } from '../../efiling/requests/store.ts'
import type { Posted } from '../../http/form-kit.ts'
import { isAccountId } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { assignForm, requestActs } from './forms.ts'
import { assignedMeanwhile, overtakenBy } from './overtaken.ts'
import { readRequest } from './read-request.ts'
import { type RequestProblem, requestContent, unknownRequestContent } from './request-page.ts'
import { courtRequestPath } from './request-paths.ts'

export type RequestRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

/** `/staff/courts/:court/requests/:request`: a request with everything that a clerk decides on, and who has taken it on. */
export function courtRequestRoutes(deps: RequestRouteDeps): Router {
  const router = new Router()
  const path = courtRequestPath(':court', ':request')
  router.get(
    path,
    deps.courtGate.page(['clerk'], (visit) =>
      openRequest(deps.db, visit, (request) => showRequest(deps.db, visit, request)),
    ),
  )
  router.post(
    path,
    deps.courtGate.form(
      ['clerk'],
      ({ court, request = '' }) => assignForm(court, request),
      (visit, posted) =>
        openRequest(deps.db, visit, (request) => assign(deps.db, visit, request, posted)),
    ),
  )
  return router
}

/** The request in the path, if it is one of this court. */
export async function openRequest<After>(
  db: Database,
  { court, params }: CourtVisit,
  show: (request: FilingRequest) => Promise<After>,
): Promise<After | ConsoleAnswer> {
  const { request: number = '' } = params
  const request = requestNumberPattern.test(number)
    ? await findRequestAt(db, court.id, number)
    : undefined
  return request ? show(request) : { ...unknownRequestContent(court), status: 404 }
}

export async function showRequest(
  db: Database,
  visit: CourtVisit,
  request: FilingRequest,
  more: { readonly status?: number; readonly problem?: RequestProblem } = {},
): Promise<ConsoleAnswer> {
  const { court, account, tokenFor } = visit
  const [onPage, isOwn, isLikeOwn] = await Promise.all([
    readRequest(db, request, court),
    maybeSamePerson(db, account.id, request.accountId),
    looksLikeSamePerson(db, account.id, request.accountId),
  ])
  const content = requestContent({
    court,
    request: onPage,
    isOwn,
    isLikeOwn,
    acts: request.state === 'open' && !isOwn ? requestActs : [],
    assign: {
      csrf: tokenFor(assignForm(court.id, request.number)),
      from: request.assignedTo ?? '',
      isMine: request.assignedTo === account.id,
    },
    problem: more.problem,
  })
  return { ...content, status: more.status }
}

type Assignment = { readonly version: number; readonly to: 'me' | 'nobody'; readonly from: string }

async function assign(
  db: Database,
  visit: CourtVisit,
  request: FilingRequest,
  posted: Posted<Assignment>,
): Promise<AfterStaffForm> {
  const { court, account, by } = visit
  if (!posted.ok) {
    const problem = { heading: 'Nothing was changed', problems: posted.problems }
    return showRequest(db, visit, request, { status: 422, problem })
  }
  const { version, to, from } = posted.value
  const done = await assignRequest(
    db,
    {
      courtId: court.id,
      number: request.number,
      version,
      staffId: account.id,
      from: isAccountId(from) ? from : null,
      to: to === 'me' ? account.id : null,
    },
    by,
  )
  if (done.ok) return { to: courtRequestPath(court.id, request.number) }
  const now = (await findRequestAt(db, court.id, request.number)) ?? request
  const problem = now.version === version ? assignedMeanwhile : await overtakenBy(db, now, visit)
  return showRequest(db, visit, now, { status: 409, problem })
}
