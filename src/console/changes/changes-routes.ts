import Router from '@koa/router'
import { z } from 'zod'
import { looksLikeSamePerson, maybeSamePerson } from '../../accounts/same-person.ts'
import { decideNotice } from '../../efiling/changes/decide-notice.ts'
import {
  countAsked,
  findNoticeAt,
  listAskedAt,
  listDecidedAt,
  type NoticeAtCourt,
} from '../../efiling/changes/store.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import { changePath, changesPath } from '../court/court-paths.ts'
import { shownText } from '../court/fields.ts'
import { listNamesOfPeople } from '../court/store.ts'
import type { CourtGate, CourtParams, CourtVisit } from '../court-gate.ts'
import { changeContent, changesContent, longestReason, noChangeContent } from './changes-page.ts'

export type ChangeRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

/** So many stand on one page. */
const mostWaiting = 50
const mostDecided = 20

const schema = z
  .object({
    state: z.enum(['taken-over', 'declined'], { error: 'Choose what your court does with it' }),
    reason: shownText(longestReason).default(''),
  })
  .transform(({ state, reason }, context) => {
    if (state === 'taken-over') return { state } as const
    if (reason === '') {
      const message = 'Write why your court declines it: the person reads this'
      context.addIssue({ code: 'custom', path: ['reason'], message })
    }
    return { state, reason } as const
  })
type Decided = z.output<typeof schema>

const formOf = ({ court, change = '' }: CourtParams) =>
  ({
    name: `change ${court} ${change}`,
    page: changePath(court, change),
    schema,
    keeps: ['state', 'reason'],
  }) satisfies FormOf<z.ZodType>

/** `/staff/courts/:court/changes`: what people ask the court to take over, and its clerk's decision. */
export function changeRoutes({ db, courtGate }: ChangeRouteDeps): Router {
  const router = new Router()

  router.get(
    changesPath(':court'),
    courtGate.page(['clerk'], (visit) => showList(db, visit)),
  )
  const path = changePath(':court', ':change')
  router.get(
    path,
    courtGate.page(['clerk'], (visit) => show(db, visit)),
  )
  router.post(
    path,
    courtGate.form(['clerk'], formOf, (visit, posted) => take(db, visit, posted)),
  )
  return router
}

/** Both lists; of each a further page stands alone. */
async function showList(db: Database, { court, ctx }: CourtVisit): Promise<ConsoleAnswer> {
  const afterWaiting = placeIn(ctx.query['waiting'])
  const afterDecided = placeIn(ctx.query['decided'])
  const [waiting, count, decided] = await Promise.all([
    listAskedAt(db, court.id, { after: afterWaiting, limit: mostWaiting + 1 }),
    countAsked(db, court.id),
    listDecidedAt(db, court.id, { after: afterDecided, limit: mostDecided + 1 }),
  ])
  return changesContent({
    court,
    waiting: pageOf(waiting, mostWaiting),
    count,
    decided: pageOf(decided, mostDecided),
    names: await namesOf(db, decided),
    only: afterWaiting ? 'waiting' : afterDecided ? 'decided' : undefined,
  })
}

function placeIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What of one more than a page is shown, and the last of it where more follow. */
function pageOf(rows: readonly NoticeAtCourt[], most: number) {
  const notices = rows.slice(0, most)
  return { notices, next: rows.length > most ? notices.at(-1)?.id : undefined }
}

async function show(
  db: Database,
  visit: CourtVisit,
  again: { readonly status?: number } & Partial<Parameters<typeof changeContent>[0]> = {},
): Promise<ConsoleAnswer> {
  const { court, account, params } = visit
  const { status, ...shown } = again
  const notice = await findNoticeAt(db, court.id, params['change'] ?? '')
  if (!notice) return { ...noChangeContent(court), status: 404 }
  return {
    ...changeContent({
      court,
      notice,
      names: await namesOf(db, [notice]),
      csrf: visit.tokenFor(formOf(params)),
      isOwn: await maybeSamePerson(db, account.id, notice.accountId),
      isLikeOwn: await looksLikeSamePerson(db, account.id, notice.accountId),
      ...shown,
    }),
    ...(status && { status }),
  }
}

async function take(
  db: Database,
  visit: CourtVisit,
  posted: Posted<Decided>,
): Promise<AfterStaffForm> {
  if (!posted.ok) {
    const { typed, problems } = posted
    return show(db, visit, { typed, problems, status: 422 })
  }
  const { court, by, params } = visit
  const about = { court, id: params['change'] ?? '', decision: posted.value }
  const decided = await inTransaction(db, (tx) => decideNotice(tx, about, by))
  if (decided.ok) return { to: changesPath(court.id) }
  switch (decided.reason) {
    case 'not-waiting':
      return show(db, visit, { isLate: true, status: 409 })
    case 'not-there':
      return show(db, visit)
    case 'not-own':
    case 'not-yours':
      return show(db, visit, { status: 403 })
  }
}

function namesOf(db: Database, notices: readonly NoticeAtCourt[]) {
  return listNamesOfPeople(
    db,
    notices.flatMap(({ decidedBy }) => decidedBy ?? []),
  )
}
