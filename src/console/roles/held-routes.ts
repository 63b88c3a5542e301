import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import type { FormOf } from '../../http/form-kit.ts'
import { paths } from '../../paths.ts'
import { findListedStaff, type ListedStaff, roleOf } from '../../staff/listed-staff-store.ts'
import { withdrawRole } from '../../staff/withdraw-role.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleVisit } from '../console-gate.ts'
import type { ActProblem } from '../support/act-page.ts'
import { heldRoleContent } from './held-page.ts'
import { unknownRoleContent } from './proposal-page.ts'
import { heldRolePath } from './role-paths.ts'
import { withdrawRefusals } from './role-words.ts'
import type { RoleRouteDeps } from './roles-routes.ts'

const formOf = (id: string) =>
  ({
    name: `take-role ${id}`,
    page: heldRolePath(id),
    schema: z.object({}),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** One registrar takes a role away, after a sign-in of the last five minutes. */
export function heldRoleRoutes(deps: RoleRouteDeps): Router {
  const router = new Router()
  const { console } = deps
  router.get(
    heldRolePath(':id'),
    console.page(['registrar'], (visit) => open(deps, visit, (held) => show(visit, held)), fresh),
  )
  router.post(heldRolePath(':id'), (ctx, next) =>
    console.form(
      ['registrar'],
      formOf(idOf(ctx)),
      (visit) => open(deps, visit, (held) => take(deps, visit, held)),
      fresh,
    )(ctx, next),
  )
  return router
}

function idOf(ctx: Context): string {
  return (ctx as Context & { params: Record<string, string> }).params['id'] ?? ''
}

/** The role in the path, as somebody holds it. */
async function open<After>(
  { db }: RoleRouteDeps,
  { ctx }: ConsoleVisit,
  work: (held: ListedStaff) => After | Promise<After>,
): Promise<After | ConsoleAnswer> {
  const id = idOf(ctx)
  const held = /^\d{1,18}$/.test(id) ? await findListedStaff(db, id) : undefined
  return held ? work(held) : unknownRoleContent()
}

async function take(
  { db }: RoleRouteDeps,
  visit: ConsoleVisit,
  held: ListedStaff,
): Promise<AfterStaffForm> {
  const { accountId, courtId } = held
  const unwanted = { accountId, role: roleOf(held), staffId: visit.account.id }
  const done = await withdrawRole(db, unwanted, 'registrar', visit.by)
  if (done.ok) {
    return { to: `${paths.staffRoles}${courtId ? `?court=${courtId}` : ''}#staff-heading` }
  }
  if (done.reason === 'not-held') return unknownRoleContent()
  const problem = { heading: 'Nothing was taken away', text: withdrawRefusals[done.reason] }
  return { ...show(visit, held, problem), status: 409 }
}

function show(visit: ConsoleVisit, held: ListedStaff, problem?: ActProblem): ConsoleAnswer {
  return heldRoleContent({ held, csrf: visit.tokenFor(formOf(held.id)), problem })
}
