import Router from '@koa/router'
import { z } from 'zod'
import { findNamed } from '../../accounts/find-named.ts'
import { type FormOf, type Posted, requiredText } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { isCourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { paths } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { type ProposeRefusal, proposeRole } from '../../staff/propose-role.ts'
import { type ProposableRole, proposableRoles, staffRole } from '../../staff/role.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleVisit } from '../console-gate.ts'
import type { ActProblem } from '../support/act-page.ts'
import { reasonText } from '../support/reason.ts'
import { proposeRoleContent } from './propose-page.ts'
import { proposeRolePath } from './role-paths.ts'
import { proposeRefusals } from './role-words.ts'
import { listCourtChoices, type RoleRouteDeps } from './roles-routes.ts'

const form = {
  name: 'propose-role',
  page: proposeRolePath,
  schema: z.object({
    number: requiredText('Enter the account number: seven digits'),
    familyName: requiredText('Enter the last name, as it stands in the account'),
    role: z.enum(proposableRoles, { error: 'Choose the role' }),
    court: z.string().default(''),
    reason: reasonText('Enter why: the second registrar reads it'),
  }),
  keeps: ['number', 'familyName', 'role', 'court', 'reason'],
} satisfies FormOf<z.ZodType>

type Typed = z.output<typeof form.schema>

const fresh = { isFresh: true }

/** A registrar proposes a role, after a sign-in of the last five minutes. */
export function proposeRoutes(deps: RoleRouteDeps): Router {
  const router = new Router()
  router.get(
    proposeRolePath,
    deps.console.page(['registrar'], (visit) => show(deps, visit, {}), fresh),
  )
  router.post(
    proposeRolePath,
    deps.console.form(['registrar'], form, (visit, posted) => take(deps, visit, posted), fresh),
  )
  return router
}

async function take(
  deps: RoleRouteDeps,
  visit: ConsoleVisit,
  posted: Posted<Typed>,
): Promise<AfterStaffForm> {
  if (!posted.ok) return show(deps, visit, { status: 422, ...posted })
  const typed = posted.value
  const role = readRole(typed)
  if (!role.ok) {
    const problems = [{ path: ['court'], message: courtProblems[role.reason] }]
    return show(deps, visit, { status: 422, typed, problems })
  }
  const accountId = await findNamed(deps.db, typed)
  const done = accountId
    ? await proposeRole(
        deps.db,
        { accountId, role: role.value, reason: typed.reason, staffId: visit.account.id },
        visit.by,
      )
    : refused('unknown-account')
  if (done.ok) return { to: `${paths.staffRoles}#waiting-heading` }
  return show(deps, visit, { status: statusOf(done.reason), typed, ...inWords(done.reason) })
}

const courtProblems = {
  'court-missing': 'Choose the court whose manager this is',
  'court-not-taken': 'Choose no court: this role is for all courts',
}

function readRole({
  role,
  court,
}: Typed): Outcome<ProposableRole, 'court-missing' | 'court-not-taken'> {
  const read = staffRole(role, isCourtId(court) ? court : null)
  // The form has no other role of a court.
  return read.ok ? ok(read.value as ProposableRole) : read
}

function statusOf(reason: ProposeRefusal): number {
  return proposeRefusals[reason].field && reason !== 'already-proposed' ? 422 : 409
}

function inWords(reason: ProposeRefusal): { text?: string; problems?: readonly Problem[] } {
  const { field, text } = proposeRefusals[reason]
  return field ? { problems: [{ path: [field], message: text }] } : { text }
}

async function show(
  { db }: RoleRouteDeps,
  visit: ConsoleVisit,
  again: { status?: number; typed?: Fields } & Omit<ActProblem, 'heading'>,
): Promise<ConsoleAnswer> {
  const { status, typed = {}, text, problems } = again
  const problem = status ? { heading: 'Nothing was proposed', text, problems } : undefined
  const courts = await listCourtChoices(db)
  return { ...proposeRoleContent({ courts, csrf: visit.tokenFor(form), typed, problem }), status }
}
