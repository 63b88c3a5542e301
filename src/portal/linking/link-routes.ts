import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { z } from 'zod'
import { byAccount } from '../../audit/by.ts'
import { now } from '../../clock.ts'
import { courtLoginAddress } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { efilingClaim, findFacts } from '../../efiling/facts.ts'
import type { ImportedAccount } from '../../efiling/imported/imported-account.ts'
import { findImported } from '../../efiling/imported/store.ts'
import { areNamesDifferent, fullName, isContested, type Link } from '../../efiling/linking/link.ts'
import { type LinkingRefusal, linkAccount } from '../../efiling/linking/link-account.ts'
import {
  confirmSchema,
  namesForm,
  oldLoginFields,
  oldLoginForm,
} from '../../efiling/linking/link-parts.ts'
import { openProof, type ShownLogin, sealProof } from '../../efiling/linking/link-proof.ts'
import {
  linkRefusalInWords,
  type NoOldAccounts,
  oldLoginProblem,
} from '../../efiling/linking/link-words.ts'
import { linkAccountPath } from '../../efiling/linking/linking-paths.ts'
import { type OpenLinking, openLinking } from '../../efiling/linking/open-linking.ts'
import {
  isOldAccountBar,
  type OldLoginDeps,
  proveOldLogin,
} from '../../efiling/linking/prove-old-login.ts'
import { describeStanding } from '../../efiling/standing-words.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { isCourtId } from '../../ids.ts'
import { courtPath } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { inTransaction } from '../../storage/db.ts'
import { accountCourtPath } from '../courts/asking-paths.ts'
import { courtIn, reachClerk } from '../courts/court-words.ts'
import { noSuchContent } from '../courts/courts-page.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { listBeside } from './courts-beside.ts'
import {
  askOldLoginContent,
  cannotLinkContent,
  confirmNamesContent,
  linkedContent,
} from './link-page.ts'

export type LinkingRouteDeps = OldLoginDeps & {
  readonly portal: PortalGate
  readonly key: KeyObject
}

const oldLoginFormOf = (courtId: string) =>
  ({
    name: `old-login ${courtId}`,
    page: linkAccountPath(courtId),
    ...oldLoginFields,
  }) satisfies FormOf<z.ZodType>

/** The yes has a path of its own, and leads back to the page. */
const confirmPath = (courtId: string) => `${linkAccountPath(courtId)}/confirm`
const confirmFormOf = (courtId: string) =>
  ({
    name: `confirm-link ${courtId}`,
    page: linkAccountPath(courtId),
    schema: confirmSchema,
    keeps: [],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** The holder links the old filing account at a court: in a sign-in of a moment ago, as what it gives is a right. */
export function linkingRoutes(deps: LinkingRouteDeps): Router {
  const { portal } = deps
  const router = new Router()
  router.get(
    linkAccountPath(':court'),
    portal.page((visit) => openFor(deps, visit, (linking) => show(deps, visit, linking)), fresh),
  )
  router.post(linkAccountPath(':court'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!isCourtId(courtId)) return next()
    const take = portal.form(
      oldLoginFormOf(courtId),
      (visit, posted) =>
        openFor(deps, visit, (linking) => takeOldLogin(deps, visit, linking, posted)),
      fresh,
    )
    return take(ctx, next)
  })
  router.post(confirmPath(':court'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!isCourtId(courtId)) return next()
    const take = portal.form(
      confirmFormOf(courtId),
      (visit, posted) => openFor(deps, visit, (linking) => takeYes(deps, visit, linking, posted)),
      fresh,
    )
    return take(ctx, next)
  })
  return router
}

async function openFor<After>(
  { db }: LinkingRouteDeps,
  visit: PortalVisit,
  show: (linking: OpenLinking) => After | Promise<After>,
): Promise<After | PortalAnswer> {
  const courtId = courtIn(visit.ctx)
  const linking = courtId && (await openLinking(db, visit.account, courtId))
  return linking ? show(linking) : noSuchContent('court')
}

const onEach = async (
  { db }: LinkingRouteDeps,
  { account }: Pick<PortalVisit, 'account'>,
  { court }: OpenLinking,
) => ({
  courtName: court.name,
  back: accountCourtPath(court.id),
  beside: await listBeside(db, account.id, court),
  ...(await reachClerk(db, court.id)),
})

async function show(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  again: { login?: string; problem?: FormTrouble; status?: number } = {},
): Promise<PortalAnswer> {
  const { court, closesAt, bar } = linking
  if (bar) return showBar(deps, visit, linking, bar)
  const { login = '', problem, status } = again
  const form = oldLoginForm({
    action: linkAccountPath(court.id),
    csrf: visit.tokenFor(oldLoginFormOf(court.id)),
    login,
    problems: problem?.problems ?? [],
  })
  const closesOn = closesAt ? momentAtCourt(closesAt, court) : undefined
  return {
    ...askOldLoginContent({ ...(await onEach(deps, visit, linking)), form, closesOn, problem }),
    status,
  }
}

async function showBar(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  bar: LinkingRefusal | NoOldAccounts,
): Promise<PortalAnswer> {
  if (bar.reason === 'linked-already') return showLinked(deps, visit, linking, bar.link)
  const refusal = linkRefusalInWords(bar, linking.court, visit.account)
  return { ...cannotLinkContent({ ...(await onEach(deps, visit, linking)), refusal }), status: 409 }
}

async function showLinked(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  link: Link,
): Promise<PortalAnswer> {
  const { account, session, ctx } = visit
  const { court } = linking
  const imported = await findImported(deps.db, court.id, link.importedId)
  const facts = await findFacts(deps.db, account.id, [court.id], session.uid)
  const entry = facts && efilingClaim(facts, now())[court.id]
  if (!imported || !entry) throw new Error('a link lacks its old account')
  const minutes = (now().getTime() - link.linkedAt.getTime()) / 60_000
  return linkedContent({
    ...(await onEach(deps, visit, linking)),
    courtUrl: courtPath(court.id),
    loginUrl: courtLoginAddress(court),
    login: imported.login,
    linkedOn: momentAtCourt(link.linkedAt, court),
    standing: describeStanding(entry, account),
    isJustNow: ctx.query['linked'] !== undefined && minutes < 5,
    isContested: isContested(link),
  })
}

async function takeOldLogin(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  posted: Posted<z.output<typeof oldLoginFields.schema>>,
): Promise<AfterForm> {
  const { account, ctx } = visit
  const { court, bar } = linking
  if (bar) return showBar(deps, visit, linking, bar)
  if (!posted.ok) {
    const problem = { heading: 'Something is missing', problems: posted.problems }
    return show(deps, visit, linking, {
      login: posted.typed['login'] ?? '',
      problem,
      status: 422,
    })
  }
  const { login, oldPassword: password } = posted.value
  const by = byAccount(account.id, requestOrigin(ctx))
  const proved = await proveOldLogin(deps, { account, court, login, password, by })
  if (proved.ok) {
    const { imported, way } = proved.value
    return showNames(deps, visit, linking, imported, { shown: { way } })
  }
  if (isOldAccountBar(proved)) {
    return showBar(deps, visit, linking, { reason: proved.reason })
  }
  const isTooOften = proved.reason === 'too-many'
  if (isTooOften) ctx.set('Retry-After', String(proved.retryAfterSeconds))
  const problem = oldLoginProblem(proved)
  return show(deps, visit, linking, { login, problem, status: isTooOften ? 429 : 422 })
}

async function showNames(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  { id, login, name: oldName, status }: ImportedAccount,
  again: { problems?: readonly Problem[]; shown?: Omit<ShownLogin, 'importedId'> } = {},
): Promise<PortalAnswer> {
  const { account } = visit
  const { court, version } = linking
  const { problems = [], shown: before = { way: 'password' } } = again
  const shown = { ...before, importedId: id }
  const form = namesForm({
    action: confirmPath(court.id),
    csrf: visit.tokenFor(confirmFormOf(court.id)),
    proof: sealProof(deps.key, shown, { accountId: account.id, courtId: court.id, version }),
    login,
    oldName,
    name: fullName(account),
    username: account.username,
    isSuspended: status === 'suspended',
    differ: areNamesDifferent(oldName, account),
    problems,
  })
  const problem = problems.length > 0 ? { heading: 'Nothing is linked yet', problems } : undefined
  return {
    ...confirmNamesContent({ ...(await onEach(deps, visit, linking)), form, problem }),
    status: problem && 422,
  }
}

async function takeYes(
  deps: LinkingRouteDeps,
  visit: PortalVisit,
  linking: OpenLinking,
  posted: Posted<z.output<typeof confirmSchema>>,
): Promise<AfterForm> {
  const { account, ctx } = visit
  const { court, bar, version } = linking
  const done = { to: `${linkAccountPath(court.id)}?linked` }
  // Of several presses the first one links, and the others find it done.
  if (bar?.reason === 'linked-already') return done
  if (bar) return showBar(deps, visit, linking, bar)
  const by = { accountId: account.id, courtId: court.id, version }
  const shown = posted.ok ? openProof(deps.key, posted.value.proof, by) : undefined
  if (!shown || !posted.ok) {
    const text = 'Too much time has passed since the old password was typed. Nothing was linked.'
    const problem = { heading: 'Type the old password once more', text }
    return show(deps, visit, linking, { problem, status: 409 })
  }
  const linked = await inTransaction(deps.db, (tx) =>
    linkAccount(tx, {
      accountId: account.id,
      courtId: court.id,
      ...shown,
      isOnePerson: posted.value.onePerson,
      by: byAccount(account.id, requestOrigin(ctx)),
    }),
  )
  if (linked.ok || linked.reason === 'linked-already') return done
  if (linked.reason !== 'names-differ') return showBar(deps, visit, linking, linked)
  const imported = await findImported(deps.db, court.id, shown.importedId)
  if (!imported) return showBar(deps, visit, linking, { reason: 'unknown' })
  const message = 'Say that both names are yours, or do not link'
  const problems = [{ path: ['onePerson'], message }]
  return showNames(deps, visit, linking, imported, { problems, shown })
}
