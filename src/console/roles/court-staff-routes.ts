import Router from '@koa/router'
import { z } from 'zod'
import { findNamed } from '../../accounts/find-named.ts'
import { type FormOf, type Posted, requiredText } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { refused } from '../../outcome.ts'
import { grantClerk } from '../../staff/grant-clerk.ts'
import {
  findListedStaff,
  type ListedStaff,
  listStaffOf,
  roleOf,
} from '../../staff/listed-staff-store.ts'
import { withdrawRole } from '../../staff/withdraw-role.ts'
import type { Database } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { inWords } from '../../time-in-words.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtParams, CourtVisit } from '../court-gate.ts'
import type { ActProblem } from '../support/act-page.ts'
import { addClerkContent, courtStaffContent, heldClerkContent } from './court-staff-page.ts'
import { addClerkPath, courtStaffPath, heldClerkPath } from './court-staff-paths.ts'
import { unknownRoleContent } from './proposal-page.ts'
import { clerkRefusals, withdrawRefusals } from './role-words.ts'

export type CourtStaffRouteDeps = {
  readonly db: Database
  readonly courtGate: CourtGate
  /** How often one of a court tries a number and a name: the same count as for the people of the court. */
  readonly findings: Pick<WindowCounter, 'count'>
}

const perPage = 50

const added = z.object({
  number: requiredText('Enter the account number: seven digits'),
  familyName: requiredText('Enter the last name, as it stands in the account'),
})

const addFormOf = ({ court }: Pick<CourtParams, 'court'>) =>
  ({
    name: `add-clerk ${court}`,
    page: addClerkPath(court),
    schema: added,
    keeps: ['number', 'familyName'],
  }) satisfies FormOf<z.ZodType>

const takeFormOf = ({ court, id = '' }: CourtParams) =>
  ({
    name: `take-clerk ${court} ${id}`,
    page: heldClerkPath(court, id),
    schema: z.object({}),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** Who works for a court: its people see it, its manager makes clerks and takes the role away. */
export function courtStaffRoutes(deps: CourtStaffRouteDeps): Router {
  const router = new Router()
  const { courtGate, db } = deps
  router.get(
    courtStaffPath(':court'),
    courtGate.page(['clerk'], (visit) => list(db, visit)),
  )
  router.get(
    addClerkPath(':court'),
    courtGate.page(['court-manager'], (visit) => showForm(visit, {}), fresh),
  )
  router.post(
    addClerkPath(':court'),
    courtGate.form(
      ['court-manager'],
      addFormOf,
      (visit, posted) => add(deps, visit, posted),
      fresh,
    ),
  )
  router.get(
    heldClerkPath(':court', ':id'),
    courtGate.page(
      ['court-manager'],
      (visit) => open(db, visit, (held) => showHeld(visit, held)),
      fresh,
    ),
  )
  router.post(
    heldClerkPath(':court', ':id'),
    courtGate.form(
      ['court-manager'],
      takeFormOf,
      (visit) => open(db, visit, (held) => take(db, visit, held)),
      fresh,
    ),
  )
  return router
}

async function list(db: Database, visit: CourtVisit): Promise<ConsoleAnswer> {
  const { ctx, court, courtRoles, account } = visit
  const asked = ctx.query['after']
  const after = typeof asked === 'string' && /^\d{1,18}$/.test(asked) ? asked : '0'
  const rows = await listStaffOf(db, court.id, { after, limit: perPage + 1 })
  const staff = rows.slice(0, perPage)
  return courtStaffContent({
    court,
    readerId: account.id,
    isManager: courtRoles.includes('court-manager'),
    staff,
    after: rows.length > perPage ? staff.at(-1)?.id : undefined,
  })
}

async function add(
  { db, findings }: CourtStaffRouteDeps,
  visit: CourtVisit,
  posted: Posted<z.output<typeof added>>,
): Promise<AfterStaffForm> {
  const heading = 'Nobody was added'
  if (!posted.ok) {
    const { problems, typed } = posted
    return showForm(visit, { status: 422, typed, problem: { heading, problems } })
  }
  const typed = posted.value
  const { retryAfterSeconds } = await findings.count(visit.account.id)
  if (retryAfterSeconds !== undefined) {
    visit.ctx.set('Retry-After', String(retryAfterSeconds))
    const text = `You looked for too many accounts. Wait ${inWords(retryAfterSeconds)}.`
    return showForm(visit, { status: 429, typed, problem: { heading, text } })
  }
  const accountId = await findNamed(db, typed)
  const wanted = { courtId: visit.court.id, staffId: visit.account.id }
  const done = accountId
    ? await grantClerk(db, { accountId, ...wanted }, visit.by)
    : refused('unknown-account')
  if (done.ok) return { to: `${courtStaffPath(visit.court.id)}#staff-heading` }
  const { field, text } = clerkRefusals[done.reason]
  const problem = field
    ? { heading, problems: [{ path: [field], message: text }] }
    : { heading, text }
  return showForm(visit, { status: field ? 422 : 409, typed, problem })
}

function showForm(
  visit: CourtVisit,
  again: { status?: number; typed?: Fields; problem?: ActProblem },
): ConsoleAnswer {
  const { court } = visit
  const { status, typed = {}, problem } = again
  const csrf = visit.tokenFor(addFormOf({ court: court.id }))
  return { ...addClerkContent({ court, csrf, typed, problem }), status }
}

/** The clerk in the path; one of another court is not there. */
async function open<After>(
  db: Database,
  { court, params }: CourtVisit,
  work: (held: ListedStaff) => After | Promise<After>,
): Promise<After | ConsoleAnswer> {
  const { id = '' } = params
  const held = /^\d{1,18}$/.test(id) ? await findListedStaff(db, id) : undefined
  const isHere = held?.courtId === court.id && held.role === 'clerk'
  return isHere ? work(held) : unknownRoleContent(courtStaffPath(court.id))
}

async function take(db: Database, visit: CourtVisit, held: ListedStaff): Promise<AfterStaffForm> {
  const unwanted = { accountId: held.accountId, role: roleOf(held), staffId: visit.account.id }
  const done = await withdrawRole(db, unwanted, 'court-manager', visit.by)
  if (done.ok) return { to: `${courtStaffPath(visit.court.id)}#staff-heading` }
  if (done.reason === 'not-held') return unknownRoleContent(courtStaffPath(visit.court.id))
  const problem = { heading: 'Nothing was taken away', text: withdrawRefusals[done.reason] }
  return { ...showHeld(visit, held, problem), status: 409 }
}

function showHeld(visit: CourtVisit, held: ListedStaff, problem?: ActProblem): ConsoleAnswer {
  const csrf = visit.tokenFor(takeFormOf(visit.params))
  return heldClerkContent({ court: visit.court, held, csrf, problem })
}
