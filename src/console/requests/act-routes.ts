import Router from '@koa/router'
import { maybeSamePerson } from '../../accounts/same-person.ts'
import { askFiler } from '../../efiling/requests/ask-filer.ts'
import { denyRequest } from '../../efiling/requests/deny-request.ts'
import { letRequestWait } from '../../efiling/requests/let-request-wait.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { findRequestAt } from '../../efiling/requests/store.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { Freshness } from '../../http/own-session.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import type { ConsoleContent } from '../frame.ts'
import { answerWords } from './act-words.ts'
import { showApproval, takeApproval } from './approve.ts'
import { type ActForm, actForm, type RequestAct, requestActs } from './forms.ts'
import { showHanding, takeHanding } from './hand.ts'
import { assignedMeanwhile, overtakenBy } from './overtaken.ts'
import { readHead } from './read-request.ts'
import { answerContent, type RequestProblem } from './request-page.ts'
import { courtRequestPath, requestActPath } from './request-paths.ts'
import { openRequest, showRequest } from './request-routes.ts'
import { seenBy, type TakenAct } from './taken-act.ts'

export type RequestActDeps = { readonly db: Database; readonly courtGate: CourtGate }

/** What gives a right asks who it is, as granting one to a person does. */
function freshnessOf(act: RequestAct): Freshness {
  return { isFresh: act === 'approve' }
}

/** What a clerk does with a request: each act is a form on a page of its own. */
export function requestActRoutes({ db, courtGate }: RequestActDeps): Router {
  const router = new Router()
  for (const act of requestActs) {
    router.get(
      requestActPath(':court', ':request', act),
      courtGate.page(
        ['clerk'],
        (visit) => openToDecide(db, visit, (request) => show(db, visit, request, act, {})),
        freshnessOf(act),
      ),
    )
  }
  const post = <Act extends RequestAct>(
    act: Act,
    take: (visit: CourtVisit, request: FilingRequest, typed: ActForm<Act>) => Promise<TakenAct>,
  ) =>
    router.post(
      requestActPath(':court', ':request', act),
      courtGate.form(
        ['clerk'],
        ({ court, request = '' }) => actForm(court, request, act),
        (visit, posted) =>
          openRequest(db, visit, (request) =>
            takeAct(db, visit, request, act, posted as Posted<ActForm<Act>>, take),
          ),
        freshnessOf(act),
      ),
    )

  post('approve', (visit, request, typed) => takeApproval(db, visit, request, typed))
  post('ask', (visit, request, typed) => askFiler(db, seenBy(visit, request, typed), visit.by))
  post('deny', (visit, request, typed) => denyRequest(db, seenBy(visit, request, typed), visit.by))
  post('wait', (visit, request, typed) =>
    letRequestWait(db, seenBy(visit, request, typed), visit.by),
  )
  post('hand', (visit, request, typed) => takeHanding(db, visit, request, typed))
  return router
}

/** A request that is open and of somebody else; what can be decided no more is shown as it is. */
function openToDecide(
  db: Database,
  visit: CourtVisit,
  show: (request: FilingRequest) => Promise<ConsoleAnswer>,
): Promise<ConsoleAnswer> {
  return openRequest(db, visit, async (request): Promise<ConsoleAnswer> => {
    const { account } = visit
    if (request.state !== 'open') {
      const problem = await overtakenBy(db, request, visit)
      return showRequest(db, visit, request, { status: 409, problem })
    }
    if (await maybeSamePerson(db, account.id, request.accountId)) {
      return showRequest(db, visit, request, { status: 403 })
    }
    return show(request)
  })
}

async function takeAct<Act extends RequestAct>(
  db: Database,
  visit: CourtVisit,
  request: FilingRequest,
  act: Act,
  posted: Posted<ActForm<Act>>,
  take: (visit: CourtVisit, request: FilingRequest, typed: ActForm<Act>) => Promise<TakenAct>,
): Promise<AfterStaffForm> {
  const heading = act === 'hand' ? 'Nothing was changed' : 'Nothing was decided'
  if (!posted.ok) {
    const { typed, problems } = posted
    if (request.state !== 'open') return late(db, visit, request, typed)
    return show(db, visit, request, act, { status: 422, typed, problem: { heading, problems } })
  }
  const typed = fieldsOf(posted.value)
  const taken = await take(visit, request, posted.value)
  if (taken.ok) return { to: courtRequestPath(visit.court.id, request.number) }
  const now = (await findRequestAt(db, visit.court.id, request.number)) ?? request
  switch (taken.reason) {
    case 'changed-meanwhile': {
      if (now.state !== 'open') return late(db, visit, now, typed)
      const isSame = now.version === posted.value.version
      const problem = isSame ? assignedMeanwhile : await overtakenBy(db, now, visit)
      return show(db, visit, now, act, { status: 409, typed, problem })
    }
    case 'own-request':
      return showRequest(db, visit, now, { status: 403 })
    default: {
      const problem = { heading, ...(taken.problem ?? { text: otherRefusals[taken.reason] }) }
      return show(db, visit, now, act, { status: 409, typed, problem })
    }
  }
}

const otherRefusals: Readonly<Record<string, string>> = {
  'not-clerk': 'You do not work at this court any more.',
  'not-from-here': 'The request waits for that already.',
}

/** It was decided meanwhile: the request as it is, by whom, and what was written in vain. */
async function late(db: Database, visit: CourtVisit, request: FilingRequest, typed: Fields) {
  const problem = await overtakenBy(db, request, visit, typed['message'])
  return showRequest(db, visit, request, { status: 409, problem })
}

/** The fields of a form that was read, to be shown again; a day as it is typed at a court. */
function fieldsOf(typed: object): Fields {
  const text = (name: string, value: unknown) => {
    const shown = value == null ? '' : String(value)
    return days.has(name) ? shown.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$2/$3/$1') : shown
  }
  return Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, text(name, value)]))
}

const days: ReadonlySet<string> = new Set(['endsOn', 'admittedUntil'])

async function show(
  db: Database,
  visit: CourtVisit,
  request: FilingRequest,
  act: RequestAct,
  more: { readonly status?: number; readonly typed?: Fields; readonly problem?: RequestProblem },
): Promise<ConsoleAnswer> {
  const { court, tokenFor } = visit
  const model = {
    court,
    request: await readHead(db, request),
    csrf: tokenFor(actForm(court.id, request.number, act)),
    typed: more.typed ?? {},
    problem: more.problem,
  }
  return { ...(await contentOf(db, request, act, model)), status: more.status }
}

async function contentOf(
  db: Database,
  request: FilingRequest,
  act: RequestAct,
  model: Parameters<typeof showApproval>[2],
): Promise<ConsoleContent> {
  switch (act) {
    case 'approve':
      return showApproval(db, request, model)
    case 'hand':
      return showHanding(db, request, model)
    default:
      return answerContent({ ...model, act, ...answerWords(act, request.waitsFor) })
  }
}
