import Router from '@koa/router'
import { now } from '../../clock.ts'
import { type GoLiveRefusal, termsOf } from '../../courts/apply-go-live.ts'
import { changeGoLive } from '../../courts/change-go-live.ts'
import { type GoLiveChangeKind, goLiveChangeKinds } from '../../courts/go-live-machine.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { goLiveRefusalWords } from '../../courts/go-live-words.ts'
import { zoneInWords } from '../../courts/office.ts'
import { countConcerned } from '../../efiling/concerned.ts'
import { goLiveEffect } from '../../efiling/go-live-effect.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import { versionIn } from '../court/fields.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { goLiveActs } from './acts.ts'
import { changeOf, fieldsOf, goLiveForm, type TypedGoLive } from './go-live-form.ts'
import { type GoLiveProblem, goLiveActContent, goLiveContent } from './go-live-page.ts'
import { goLiveActPath, goLivePath } from './go-live-paths.ts'
import { describeVersions, readStand } from './read-go-live.ts'

export type GoLiveRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

const notDone = 'Nothing was done'

/** `/staff/courts/:court/go-live`: when a court goes live; its manager plans, announces, moves and rolls it back. */
export function goLiveRoutes({ db, courtGate }: GoLiveRouteDeps): Router {
  const router = new Router()
  router.get(
    goLivePath(':court'),
    courtGate.page(['clerk'], (visit) => show(db, visit)),
  )
  for (const act of goLiveChangeKinds) {
    const path = goLiveActPath(':court', act)
    router.get(
      path,
      courtGate.page(['court-manager'], (visit) => showForm(db, visit, act), { isFresh: true }),
    )
    router.post(
      path,
      courtGate.form(
        ['court-manager'],
        ({ court }) => goLiveForm(court, act),
        (visit, posted) => take(db, visit, act, posted),
        { isFresh: true },
      ),
    )
  }
  return router
}

async function show(
  db: Database,
  { court, courtRoles }: CourtVisit,
  problem?: GoLiveProblem,
): Promise<ConsoleAnswer> {
  const [{ stand, acts }, versions] = await Promise.all([
    readStand(db, court),
    describeVersions(db, court),
  ])
  const isManager = courtRoles.includes('court-manager')
  const content = goLiveContent({
    court,
    stand,
    isManager,
    acts: isManager ? acts : [],
    versions,
    problem,
  })
  return problem ? { ...content, status: 409 } : content
}

/** What was typed before, and what came of it. */
type Again = {
  readonly status?: number
  readonly typed: Fields
  readonly effect?: readonly string[]
  readonly problem?: GoLiveProblem
}

async function showForm(
  db: Database,
  visit: CourtVisit,
  act: GoLiveChangeKind,
  again?: Again,
): Promise<ConsoleAnswer> {
  const { court, tokenFor } = visit
  const { stand, acts, plan } = await readStand(db, court)
  if (!acts.includes(act)) {
    const text = again?.problem?.text ?? goLiveRefusalWords['not-from-here']
    return show(db, visit, { heading: again?.problem?.heading ?? notDone, text })
  }
  const content = goLiveActContent({
    court,
    zone: zoneInWords(court.timeZone),
    act,
    stand,
    csrf: tokenFor(goLiveForm(court.id, act)),
    version: plan?.version ?? 0,
    typed: again?.typed ?? fieldsOf(termsOf(court, plan), court.timeZone),
    effect: again?.effect,
    problem: again?.problem,
  })
  return { ...content, status: again?.status }
}

async function take(
  db: Database,
  visit: CourtVisit,
  act: GoLiveChangeKind,
  posted: Posted<TypedGoLive>,
): Promise<AfterStaffForm> {
  const { court, by } = visit
  const wrong = (status: number, typed: Fields, problem: Omit<GoLiveProblem, 'heading'>) =>
    showForm(db, visit, act, { status, typed, problem: { heading: notDone, ...problem } })
  if (!posted.ok) return wrong(422, posted.typed, { problems: posted.problems })
  const { fields, step, version } = posted.value
  const change = changeOf(act, posted.value, court)
  if (!change.ok) return wrong(422, fields, { problems: change.problems })
  const plan = await findGoLivePlan(db, court.id)
  if (versionIn(fields) !== (plan?.version ?? 0)) return meanwhile(db, visit, act, fields)
  const effect = goLiveEffect(court, plan, change.value, await countConcerned(db, court.id), now())
  if (!effect.ok) return wrong(409, fields, refusalOnPage(act, effect.reason))
  if (step === 'look') return showForm(db, visit, act, { typed: fields, effect: effect.value })
  const order = { courtId: court.id, basedOn: version, change: change.value, by }
  const changed = await changeGoLive(db, order)
  if (changed.ok) return { to: goLivePath(court.id) }
  switch (changed.reason) {
    case 'changed-meanwhile':
      return meanwhile(db, visit, act, fields)
    case 'unknown-court':
      throw new Error(`the go-live of ${court.id} could not be changed: ${changed.reason}`)
    default:
      return wrong(409, fields, refusalOnPage(act, changed.reason))
  }
}

/** Somebody was faster: what that was is told, and what was typed is kept. */
async function meanwhile(
  db: Database,
  visit: CourtVisit,
  act: GoLiveChangeKind,
  typed: Fields,
): Promise<ConsoleAnswer> {
  const [newest] = await describeVersions(db, visit.court)
  const what = newest ? `${newest.done}: ${newest.moment}, on ${newest.at}, by ${newest.by}. ` : ''
  const problem = {
    heading: 'Somebody else changed the go-live meanwhile',
    text: `${what}Nothing of yours was done, and what you typed is kept. Look at what holds now, and send it again if it is still right.`,
  }
  return showForm(db, visit, act, { status: 409, typed, problem })
}

/** A refusal at the field that it is about, where there is one. */
function refusalOnPage(
  act: GoLiveChangeKind,
  reason: GoLiveRefusal,
): Omit<GoLiveProblem, 'heading'> {
  const { hasMoment, hasTerms } = goLiveActs[act]
  const fields: Partial<Record<GoLiveRefusal, string | false>> = {
    'no-moment': hasMoment && 'liveDay',
    'moment-passed': hasMoment && 'liveDay',
    'no-reason': 'reason',
    'closes-too-early': hasTerms && 'closesDay',
    'closed-already': hasTerms && 'closesDay',
    'bad-notice-days': hasTerms && 'noticesBefore',
  }
  const field = fields[reason]
  const message = goLiveRefusalWords[reason]
  return field ? { problems: [{ path: [field], message }] } : { text: message }
}
