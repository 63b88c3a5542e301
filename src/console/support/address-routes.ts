import Router from '@koa/router'
import { z } from 'zod'
import { displayName } from '../../accounts/account.ts'
import { may, stateOf } from '../../accounts/account-state.ts'
import { type AddressProposal, findOpenProposal } from '../../accounts/address-proposal-store.ts'
import { readEmail } from '../../accounts/email-address.ts'
import { recordEvent } from '../../audit/store.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Database } from '../../storage/db.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountLookedAt } from '../events.ts'
import type { ActProblem } from './act-page.ts'
import { addressProposalContent, proposeAddressContent } from './address-page.ts'
import { decisionRefusals, proposalRefusals } from './address-words.ts'
import { numberOf, openAccount } from './open-account.ts'
import { reasonMissing, reasonText } from './reason.ts'
import { findObjection, findSeenAccount, listUsernames, type SeenAccount } from './store.ts'
import {
  supportAccountPath,
  supportAddressDecisionPath,
  supportAddressPath,
} from './support-paths.ts'
import { addressDecisions, decideAddress, proposeForHolder } from './take-address.ts'

export type ProposalRouteDeps = { readonly db: Database; readonly console: ConsoleGate }

const reason = reasonText(reasonMissing)

const proposalOf = (number: string) =>
  ({
    name: `propose-address ${number}`,
    page: supportAddressPath(number),
    schema: z.object({
      email: z.string().default(''),
      proof: reasonText('Enter how the caller proved who it is'),
      reason,
    }),
    keeps: ['email', 'proof', 'reason'],
  }) satisfies FormOf<z.ZodType>

const decisionOf = (number: string) =>
  ({
    name: `decide-address ${number}`,
    page: supportAddressDecisionPath(number),
    schema: z.object({
      decision: z.enum(addressDecisions, { error: 'Choose what you decide' }),
      proposal: z.string().default(''),
      reason,
    }),
    keeps: ['decision', 'reason'],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/**
 * Another e-mail address for somebody who lost the mailbox, by two people: the one proposes, the other
 * approves. Both ask for a sign-in of the last five minutes.
 */
export function addressRoutes(deps: ProposalRouteDeps): Router {
  const router = new Router()
  const { console, db } = deps

  for (const path of [supportAddressPath, supportAddressDecisionPath]) {
    router.get(
      path(':number'),
      console.page(
        supportRoles,
        (visit) => openAccount(db, visit, (account) => show(deps, visit, account, {})),
        fresh,
      ),
    )
  }
  router.post(supportAddressPath(':number'), (ctx, next) =>
    console.form(
      supportRoles,
      proposalOf(numberOf(ctx)),
      (visit, posted) => openAccount(db, visit, (account) => propose(deps, visit, account, posted)),
      fresh,
    )(ctx, next),
  )
  router.post(supportAddressDecisionPath(':number'), (ctx, next) =>
    console.form(
      supportRoles,
      decisionOf(numberOf(ctx)),
      (visit, posted) => openAccount(db, visit, (account) => decide(deps, visit, account, posted)),
      fresh,
    )(ctx, next),
  )

  return router
}

async function propose(
  deps: ProposalRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  posted: Posted<{ email: string; proof: string; reason: string }>,
): Promise<AfterStaffForm> {
  const typed: Fields = posted.ok ? posted.value : posted.typed
  const heading = 'Nothing was proposed'
  const email = readEmail(typed, { whose: 'the' })
  if (!email.ok || !posted.ok) {
    const problems = [email, posted].flatMap((part) => (part.ok ? [] : part.problems))
    return show(deps, visit, account, { status: 422, typed, problem: { heading, problems } })
  }
  const { proof, reason: why } = posted.value
  const wanted = { accountId: account.id, email: email.value, proof, reason: why }
  const done = await proposeForHolder(deps.db, { ...wanted, staffId: visit.account.id }, visit.by)
  if (done.ok) return { to: `${supportAccountPath(account.number)}#done` }
  const problem = { heading, ...proposalRefusals[done.reason] }
  return show(deps, visit, account, { status: 409, typed, problem })
}

async function decide(
  deps: ProposalRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  posted: Posted<z.output<ReturnType<typeof decisionOf>['schema']>>,
): Promise<AfterStaffForm> {
  const heading = 'Nothing was decided'
  if (!posted.ok) {
    const { problems, typed } = posted
    return show(deps, visit, account, { status: 422, typed, problem: { heading, problems } })
  }
  const { decision, proposal: proposalId, reason: why } = posted.value
  const decided = { accountId: account.id, proposalId, decision, reason: why }
  const done = await decideAddress(deps.db, { ...decided, staffId: visit.account.id }, visit.by)
  if (done.ok) return { to: `${supportAccountPath(account.number)}#done` }
  const now = (await findSeenAccount(deps.db, account.number)) ?? account
  const problem = { heading, text: decisionRefusals[done.reason] }
  return show(deps, visit, now, { status: 409, typed: posted.value, problem })
}

/** The proposal that waits, or the form for one. */
async function show(
  { db }: ProposalRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  more: { status?: number; typed?: Fields; problem?: ActProblem },
): Promise<ConsoleAnswer> {
  const { status, typed = {}, problem } = more
  const proposal = await findOpenProposal(db, account.id)
  const shown = proposal ? 'address-proposal' : 'account'
  // What cannot be recorded is not shown.
  await recordEvent(db, accountLookedAt({ accountId: account.id, shown, by: visit.by }))
  const { number, username, email } = account
  const facts = {
    account: { number, username, name: displayName(account) },
    email: email ? `${email}${account.isEmailVerified ? '' : ', not confirmed'}` : 'none',
    typed,
    problem,
  }
  if (!proposal) {
    const csrf = visit.tokenFor(proposalOf(number))
    return { ...proposeAddressContent({ ...facts, csrf, notPossible: whyNot(account) }), status }
  }
  const content = addressProposalContent({
    ...facts,
    csrf: visit.tokenFor(decisionOf(number)),
    proposal: await inWordsOf(db, proposal),
    isProposer: proposal.proposedBy === visit.account.id,
  })
  return { ...content, status }
}

function whyNot(account: SeenAccount): string | undefined {
  return may({ state: stateOf(account) }, 'recover')
    ? undefined
    : 'Nobody can get back into this account as it is: it is closed or disabled.'
}

async function inWordsOf(db: Database, proposal: AddressProposal) {
  const { id, accountId, toEmail, proof, reason: why, proposedBy, createdAt, expiresAt } = proposal
  const [usernames, objectedAt] = await Promise.all([
    listUsernames(db, [proposedBy]),
    findObjection(db, accountId, createdAt),
  ])
  return {
    id,
    toEmail,
    proof,
    reason: why,
    proposedBy: usernames.get(proposedBy) ?? 'somebody',
    proposedAt: dayAndTime(createdAt),
    until: dayAndTime(expiresAt),
    isApproved: proposal.approvedAt !== null,
    objectedAt: objectedAt && dayAndTime(objectedAt),
  }
}
