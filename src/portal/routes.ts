import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { type AccountState, barringState } from '../accounts/account-state.ts'
import { stateWords } from '../accounts/state-words.ts'
import { byAccount } from '../audit/by.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { findFacts } from '../efiling/facts.ts'
import { listStandingCourts } from '../efiling/store.ts'
import { csrfToken } from '../http/csrf.ts'
import { errorPage } from '../http/error-page.ts'
import { type FormOf, respond, seeOther } from '../http/form-kit.ts'
import type { OwnSessionGate } from '../http/own-session.ts'
import { referenceOf, requestOf, requestOrigin } from '../http/request-context.ts'
import { signOutFormOf } from '../http/sign-out-form.ts'
import type { ClientId } from '../ids.ts'
import { paths } from '../paths.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { consentSentences, stayConnectedSentence } from '../signin/consent-words.ts'
import type { Database } from '../storage/db.ts'
import { accountPage, notSignedInPage } from './account-page.ts'
import { readAccountPage } from './read-account-page.ts'
import type { VendorGrants } from './vendor-grants.ts'

export type PortalRouteDeps = {
  readonly db: Database
  readonly csrfKey: KeyObject
  readonly gate: OwnSessionGate<OwnSession>
  readonly directory: ClientDirectory
  readonly vendorGrants: VendorGrants
}

/** Takes back what a vendor's application was allowed. Nothing is typed into it. */
const withdrawal = {
  name: 'withdraw',
  page: paths.account,
  schema: z.object({ client: z.string().default('') }),
  keeps: [],
} satisfies FormOf<z.ZodType>

/** `/account`: our own page, a first-party client that asks for nothing but a session. */
export function portalRoutes(deps: PortalRouteDeps): Router {
  const router = new Router()
  const { gate } = deps

  router.get(paths.home, (ctx) => {
    ctx.redirect(paths.account)
    ctx.status = 303
  })

  router.get(
    paths.account,
    gate.comeBack({ gaveUp: renderNotSignedIn, notKept: renderNotKept }),
    gate.page((ctx, session) => renderAccount(deps, ctx, session)),
  )

  router.post(
    paths.vendorWithdrawal,
    gate.form(withdrawal, async (ctx, session, posted) => {
      const clientId = (posted.ok ? posted.value.client : '') as ClientId
      const { accountId } = session
      await deps.vendorGrants.end({ accountId, clientId }, byAccount(accountId, requestOrigin(ctx)))
      seeOther(ctx, `${paths.account}?${new URLSearchParams({ withdrawn: clientId })}`)
    }),
  )

  return router
}

async function renderAccount(deps: PortalRouteDeps, ctx: Context, session: OwnSession) {
  const courtIds = await listStandingCourts(deps.db, session.accountId)
  const facts = await findFacts(deps.db, session.accountId, courtIds, session.uid)
  const barring = facts ? barringState(facts.account) : 'closed'
  if (!facts || barring) return renderBarred(ctx, barring ?? 'closed')
  const { isStaff } = facts
  const { idleSeconds, endsAt } = await session.use(isStaff)
  const [page, vendors] = await Promise.all([
    readAccountPage(deps.db, facts, session.signedInAt),
    deps.vendorGrants.list(session.accountId),
  ])
  const { previousSignInAt, ...shown } = page
  const body = accountPage({
    ...shown,
    nonce: requestOf(ctx).nonce,
    vendors: vendors.map(({ clientId, clientName, courtNames, scopes, allowedAt }) => ({
      clientId,
      name: clientName,
      courtNames: [...courtNames],
      wants: [
        ...consentSentences(scopes),
        ...(scopes.includes('offline_access') ? [stayConnectedSentence] : []),
      ],
      allowedAt,
    })),
    withdrawnFrom: await withdrawnFrom(deps, ctx, vendors),
    session: {
      idleMinutes: idleSeconds / 60,
      signedInAt: session.signedInAt,
      previousSignInAt,
      endsAt,
      isStaff,
    },
    ...signOutFormOf(deps.csrfKey, session.uid),
    withdraw: {
      action: paths.vendorWithdrawal,
      csrf: csrfToken(deps.csrfKey, session.uid, withdrawal.name),
    },
  })
  respond(ctx, 200, body)
}

/** The vendor that the address names, if it is true that it may do nothing: anybody can write one. */
async function withdrawnFrom(
  deps: PortalRouteDeps,
  ctx: Context,
  inForce: readonly { readonly clientId: ClientId }[],
): Promise<string | undefined> {
  const named = ctx.query['withdrawn']
  if (typeof named !== 'string' || inForce.some(({ clientId }) => clientId === named)) {
    return undefined
  }
  const client = await deps.directory.find(named)
  return client?.kind === 'vendor' ? client.name : undefined
}

function renderNotSignedIn(ctx: Context, page: string) {
  respond(ctx, 200, notSignedInPage({ nonce: requestOf(ctx).nonce, signInAddress: page }))
}

/** The session is this person's, so the state may be told. */
function renderBarred(ctx: Context, state: AccountState) {
  const { headline, meaning, help } = stateWords({ state, held: null })
  const page = errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 403,
    heading: headline,
    explanation: meaning,
    whatToDo: [`${help}.`],
  })
  respond(ctx, 403, page)
}

/** The answer of a sign-in without its session: an old address, or a browser without cookies. */
function renderNotKept(ctx: Context) {
  const { nonce } = requestOf(ctx)
  ctx.status = 400
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = errorPage({
    nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 400,
    heading: 'You are not signed in',
    explanation:
      'Either this address is an old one, or your browser did not keep the cookie that signing in needs.',
    whatToDo: [
      'Open your account from here, and sign in.',
      'If you come to this page again, allow cookies for this site.',
    ],
    action: { id: 'open-account', url: paths.account, label: 'Open your account' },
  })
}
