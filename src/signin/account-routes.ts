import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import {
  type AccountFacts,
  accountTypeLabel,
  canHoldFilingRights,
  canSignIn,
  displayName,
} from '../accounts/account.ts'
import { now } from '../clock.ts'
import { formatDay } from '../courts/go-live.ts'
import { findFacts } from '../efiling/facts.ts'
import { type EfilingStatus, efilingEntry, roleLabel } from '../efiling/standing.ts'
import { listStandingCourts } from '../efiling/store.ts'
import { csrfToken, isOwnForm } from '../http/csrf.ts'
import { readForm } from '../http/read-form.ts'
import { requestOf } from '../http/request-context.ts'
import { type AccountId, randomToken } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import { accountPage, errorPage, signedOutPage } from './pages.ts'

/** The browser's session as our own pages need it; `app.ts` provides it. */
export type OwnSession = {
  readonly accountId: AccountId
  /** The stored form of the session's uid. */
  readonly uid: string
  /** Its idle time starts again. How long that is and when the session ends depends on who it is. */
  use(isStaff: boolean): Promise<{ readonly idleSeconds: number; readonly endsAt: Date }>
}

export type AccountRouteDeps = {
  readonly db: Database
  readonly issuer: string
  readonly csrfKey: KeyObject
  readonly portalClientId: string
  /** Where the engine, which stands above this slice, takes our own requests. */
  readonly enginePaths: { readonly authorization: string; readonly endSession: string }
  /** The session of this browser. */
  findSession(ctx: Context): Promise<OwnSession | undefined>
}

/** The form on our pages that ends the session; its token is also the hint that no question is due. */
export const signOutForm = 'sign-out'

/** `/account`: our own page, a first-party client that asks for nothing but a session. */
export function accountRoutes(deps: AccountRouteDeps): Router {
  const router = new Router()

  router.get('/', (ctx) => {
    ctx.redirect('/account')
    ctx.status = 303
  })

  router.get('/account', async (ctx) => {
    const session = await deps.findSession(ctx)
    if (session) return renderAccount(deps, ctx, session)
    // Coming back without a session means that the person gave up, or that no cookie was kept;
    // asking again would go round in a circle.
    if (ctx.query['error'] === 'access_denied') return renderSignedOut(ctx)
    if (ctx.query['state']) return renderNoCookies(ctx)
    ctx.redirect(signInAddress(deps))
    ctx.status = 303
  })

  router.post('/account/sign-out', async (ctx) => {
    const session = await deps.findSession(ctx)
    const form = await readForm(ctx)
    const token = form.ok ? form.value['csrf'] : undefined
    const { csrfKey: key, issuer } = deps
    const isOurs =
      session && isOwnForm(ctx, { key, visit: session.uid, form: signOutForm, token, issuer })
    const parameters = new URLSearchParams({
      client_id: deps.portalClientId,
      post_logout_redirect_uri: `${issuer}/signed-out`,
      ...(isOurs && { logout_hint: token ?? '' }),
    })
    ctx.redirect(`${deps.enginePaths.endSession}?${parameters}`)
    ctx.status = 303
  })

  router.get('/signed-out', (ctx) => renderSignedOut(ctx))

  return router
}

function signInAddress(deps: AccountRouteDeps): string {
  return `${deps.enginePaths.authorization}?${new URLSearchParams({
    client_id: deps.portalClientId,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${deps.issuer}/account`,
    state: randomToken(16),
  })}`
}

async function renderAccount(deps: AccountRouteDeps, ctx: Context, session: OwnSession) {
  const courtIds = await listStandingCourts(deps.db, session.accountId)
  const facts = await findFacts(deps.db, session.accountId, courtIds, session.uid)
  if (!facts || !canSignIn(facts.account)) return renderSignedOut(ctx)
  const { account, isStaff } = facts
  const { idleSeconds, endsAt } = await session.use(isStaff)
  const cannotFileText = cannotFileSentences(account)
  const standings = facts.courts.map((court) => {
    const entry = efilingEntry(court, account, court.standing, undefined, now())
    return {
      courtName: court.name,
      courtId: court.id,
      status: entry.status,
      statusText: (entry.status === 'none' && cannotFileText) || statusSentences[entry.status],
      role: entry.role && roleLabel(entry.role),
      filerId: entry.filer_id,
      actions: [...entry.actions],
      since: entry.since && formatDay(new Date(`${entry.since}T00:00:00Z`)),
    }
  })
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = accountPage({
    nonce: requestOf(ctx).nonce,
    account: {
      name: displayName(account),
      username: account.username,
      number: account.number,
      typeLabel: accountTypeLabel(account),
      searchStatus: account.type === 'firm' ? undefined : account.searchStatus,
      cannotFileText,
    },
    standings,
    session: { idleMinutes: idleSeconds / 60, endsAt: endsAt.toISOString(), isStaff },
    signOutAction: '/account/sign-out',
    csrf: csrfToken(deps.csrfKey, session.uid, signOutForm),
  })
}

const statusSentences: Readonly<Record<EfilingStatus, string>> = {
  'not-live': 'This court is not on NextGen CM/ECF yet. File there with your old CM/ECF login.',
  none: 'Your account is not linked here. Link your old filing account at the court, or register.',
  pending: 'The court has your registration and has not decided yet.',
  active: 'You may file here.',
  suspended: 'The court has suspended your right to file. Ask the clerk of this court.',
  revoked: 'The court has ended your right to file. Ask the clerk of this court.',
  lapsed: 'Your right to file here has run out. Ask the clerk of this court.',
}

/** Linking an account of such a kind, which the page advises to everybody else, leads nowhere. */
function cannotFileSentences(account: AccountFacts): string | undefined {
  if (canHoldFilingRights(account)) return undefined
  switch (account.type) {
    case 'firm':
      return 'A PACER Administrative Account pays for the accounts of others. It sees no cases and does not file.'
    case 'shared':
      return 'A shared account can search cases, but not file. To file, sign in with an individual account of your own.'
    case 'individual':
      return 'A legacy account can search cases, but not file. Upgrade it first: open Manage My Account at pacer.uscourts.gov.'
  }
}

function renderSignedOut(ctx: Context) {
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = signedOutPage({ nonce: requestOf(ctx).nonce })
}

function renderNoCookies(ctx: Context) {
  const { nonce, requestId } = requestOf(ctx)
  ctx.status = 400
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = errorPage({
    nonce,
    requestId,
    status: 400,
    heading: 'Your browser did not keep you signed in',
    explanation: 'Signing in needs cookies, and your browser did not send one back.',
    whatToDo: ['Allow cookies for this site, then open your account again.'],
  })
}
