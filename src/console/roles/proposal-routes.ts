import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { isAccountId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { decideRoleProposal, roleDecisions } from '../../staff/decide-role-proposal.ts'
import { findSeenProposal, type SeenProposal } from '../../staff/role-proposal-store.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleVisit } from '../console-gate.ts'
import { roleReaders } from '../entries.ts'
import type { ActProblem } from '../support/act-page.ts'
import { reasonMissing, reasonText } from '../support/reason.ts'
import { roleProposalContent, unknownRoleContent } from './proposal-page.ts'
import { roleProposalPath } from './role-paths.ts'
import { decideRefusals } from './role-words.ts'
import type { RoleRouteDeps } from './roles-routes.ts'

const decisionOf = (id: string) =>
  ({
    name: `decide-role ${id}`,
    page: roleProposalPath(id),
    schema: z.object({
      decision: z.enum(roleDecisions, { error: 'Choose what you decide' }),
      reason: reasonText(reasonMissing),
    }),
    keeps: ['decision', 'reason'],
  }) satisfies FormOf<z.ZodType>

type Decided = z.output<ReturnType<typeof decisionOf>['schema']>

const fresh = { isFresh: true }

/** A proposed role: auditors read it, a second registrar decides after a sign-in of the last five minutes. */
export function roleProposalRoutes(deps: RoleRouteDeps): Router {
  const router = new Router()
  const { console } = deps
  router.get(
    roleProposalPath(':id'),
    console.page(
      roleReaders,
      (visit) => open(deps, visit, (proposal) => show(visit, proposal, {})),
      fresh,
    ),
  )
  router.post(roleProposalPath(':id'), (ctx, next) =>
    console.form(
      ['registrar'],
      decisionOf(idOf(ctx)),
      (visit, posted) => open(deps, visit, (proposal) => decide(deps, visit, proposal, posted)),
      fresh,
    )(ctx, next),
  )
  return router
}

function idOf(ctx: Context): string {
  return (ctx as Context & { params: Record<string, string> }).params['id'] ?? ''
}

/** The proposal in the path. Its identifier is of the same form as that of an account. */
async function open<After>(
  { db }: RoleRouteDeps,
  { ctx }: ConsoleVisit,
  work: (proposal: SeenProposal) => After | Promise<After>,
): Promise<After | ConsoleAnswer> {
  const id = idOf(ctx)
  const proposal = isAccountId(id) ? await findSeenProposal(db, id) : undefined
  return proposal ? work(proposal) : unknownRoleContent()
}

async function decide(
  deps: RoleRouteDeps,
  visit: ConsoleVisit,
  proposal: SeenProposal,
  posted: Posted<Decided>,
): Promise<AfterStaffForm> {
  const heading = 'Nothing was decided'
  if (!posted.ok) {
    const { problems, typed } = posted
    return show(visit, proposal, { status: 422, typed, problem: { heading, problems } })
  }
  const typed = posted.value
  const decided = { ...typed, proposalId: proposal.id, staffId: visit.account.id }
  const done = await decideRoleProposal(deps.db, decided, visit.by)
  if (done.ok) return { to: `${paths.staffRoles}#decided-heading` }
  const problem = { heading, text: decideRefusals[done.reason] }
  const now = (await findSeenProposal(deps.db, proposal.id)) ?? proposal
  return show(visit, now, { status: 409, typed, problem })
}

function show(
  visit: ConsoleVisit,
  proposal: SeenProposal,
  again: { status?: number; typed?: Fields; problem?: ActProblem },
): ConsoleAnswer {
  const { status, typed = {}, problem } = again
  const reader = visit.account.id
  const isFor = proposal.accountId === reader
  const content = roleProposalContent({
    proposal,
    can: whatToDo(visit, proposal, isFor),
    isFor,
    csrf: visit.tokenFor(decisionOf(proposal.id)),
    typed,
    problem,
  })
  return { ...content, status }
}

function whatToDo({ account, roles }: ConsoleVisit, { proposedBy }: SeenProposal, isFor: boolean) {
  if (isFor || !roles.some(({ role }) => role === 'registrar')) return 'read'
  return proposedBy === account.id ? 'take-back' : 'decide'
}
