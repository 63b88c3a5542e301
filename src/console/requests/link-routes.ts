import Router from '@koa/router'
import { maybeSamePerson } from '../../accounts/same-person.ts'
import { linkRequest } from '../../efiling/requests/link-request.ts'
import { isClerkRefusal } from '../../efiling/requests/open-for-clerk.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { findRequestAt } from '../../efiling/requests/store.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtVisit } from '../court-gate.ts'
import { type JoinTyped, joinForm } from '../links/join-form.ts'
import { joinContent, unknownLinkContent } from '../links/join-page.ts'
import { linkRequestPath } from '../links/link-paths.ts'
import { findPair, pairOnPage } from '../links/pair.ts'
import { type LinkProblem, linkProblem, linkStatus } from '../links/refusal-words.ts'
import { overtakenBy } from './overtaken.ts'
import { courtRequestPath } from './request-paths.ts'
import { openRequest, type RequestRouteDeps, showRequest } from './request-routes.ts'

const fresh = { isFresh: true }

/** `/staff/courts/:court/requests/:request/link/:imported`: whoever asks gets the account from before instead of a new right. */
export function linkRequestRoutes(deps: RequestRouteDeps): Router {
  const { db, courtGate } = deps
  const router = new Router()
  const path = linkRequestPath(':court', ':request', ':imported')
  router.get(
    path,
    courtGate.page(
      ['clerk'],
      (visit) => openRequest(db, visit, (request) => show(deps, visit, request)),
      fresh,
    ),
  )
  router.post(
    path,
    courtGate.form(
      ['clerk'],
      ({ court, request = '', imported = '' }) =>
        joinForm(linkRequestPath(court, request, imported)),
      (visit, posted) =>
        openRequest<AfterStaffForm>(db, visit, (request) => take(deps, visit, request, posted)),
      fresh,
    ),
  )
  return router
}

async function show(
  { db }: RequestRouteDeps,
  visit: CourtVisit,
  request: FilingRequest,
  again: {
    readonly status?: number
    readonly typed?: Fields
    readonly problem?: LinkProblem
  } = {},
): Promise<ConsoleAnswer> {
  const { court, account, params, tokenFor } = visit
  if (request.state !== 'open') {
    const problem = await overtakenBy(db, request, visit, again.typed?.['reason'])
    return showRequest(db, visit, request, { status: 409, problem })
  }
  const { accountId, number } = request
  if (await maybeSamePerson(db, account.id, accountId)) {
    return showRequest(db, visit, request, { status: 403 })
  }
  const { imported: importedId = '' } = params
  const back = { url: courtRequestPath(court.id, number), label: `Request ${number}` }
  const pair = await findPair(db, court.id, { accountId, importedId }, account.id)
  if (!pair) return { ...unknownLinkContent(court, back), status: 404 }
  const action = linkRequestPath(court.id, number, importedId)
  const content = joinContent({
    court,
    title: 'Link to the CM/ECF account from before',
    meaning: [
      'This person has, from then on, what the old system says of the account, and the request ends as approved.',
      'Both addresses are told, and either can say that it is wrong.',
    ],
    button: 'Link, and end the request',
    action,
    back,
    pair: pairOnPage(pair, court),
    csrf: tokenFor(joinForm(action)),
    hidden: { version: String(request.version) },
    typed: again.typed ?? {},
    problem: again.problem,
  })
  return { ...content, status: again.status }
}

async function take(
  deps: RequestRouteDeps,
  visit: CourtVisit,
  request: FilingRequest,
  posted: Posted<JoinTyped>,
): Promise<AfterStaffForm> {
  const { db } = deps
  const { court, account, params, by } = visit
  const heading = 'Nothing was linked'
  if (!posted.ok) {
    const { typed, problems } = posted
    return show(deps, visit, request, { status: 422, typed, problem: { heading, problems } })
  }
  const typed = posted.value
  const seen = {
    courtId: court.id,
    number: request.number,
    version: Number(typed.version),
    staffId: account.id,
  }
  const { imported: importedId = '' } = params
  const wanted = { importedId, isOnePerson: typed.onePerson === 'yes', reason: typed.reason }
  const linked = await linkRequest(db, { ...seen, ...wanted }, by)
  if (linked.ok) return { to: courtRequestPath(court.id, request.number) }
  const now = (await findRequestAt(db, court.id, request.number)) ?? request
  if (!isClerkRefusal(linked)) {
    const problem = linkProblem(heading, linked)
    return show(deps, visit, now, { status: linkStatus(linked), typed, problem })
  }
  if (linked.reason === 'own-request') return showRequest(db, visit, now, { status: 403 })
  const problem = await overtakenBy(db, now, visit, typed.reason)
  return show(deps, visit, now, { status: 409, typed: { reason: typed.reason }, problem })
}
