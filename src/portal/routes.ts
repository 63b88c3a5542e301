import Router from '@koa/router'
import type { Context } from 'koa'
import { findFacts } from '../efiling/facts.ts'
import { listRightCourts } from '../efiling/right-store.ts'
import { errorPage } from '../http/error-page.ts'
import { respond, seeOther } from '../http/form-kit.ts'
import type { OwnSessionGate } from '../http/own-session.ts'
import { referenceOf, requestOf } from '../http/request-context.ts'
import { paths } from '../paths.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import type { Database } from '../storage/db.ts'
import { accountContent, notSignedInPage, stayContent } from './account-page.ts'
import { portalTabs } from './entries.ts'
import { nextSteps } from './next-steps.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from './portal-gate.ts'
import { readAccountPage } from './read-account-page.ts'
import { searchAgainForm } from './search-again.ts'
import { tabContent } from './tab-page.ts'

export type PortalRouteDeps = {
  readonly db: Database
  readonly gate: OwnSessionGate<OwnSession>
  readonly portal: PortalGate
}

/** `/account` and its tabs: a first-party client that asks for nothing but a session. */
export function portalRoutes({ db, gate, portal }: PortalRouteDeps): Router {
  const router = new Router()

  router.get(paths.home, (ctx) => seeOther(ctx, paths.account))

  // The upgrade is a part of a sign-in: it stands on the password that was proved there.
  router.get(paths.accountUpgrade, (ctx) => gate.signInAgain(ctx, paths.account))

  // What the warning before the end of the session leads to, beside a page with a form.
  router.get(
    paths.accountStay,
    portal.page(() => stayContent()),
  )
  router.get(paths.accountSignInAgain, (ctx) => gate.signInAgain(ctx, paths.accountStay))

  router.get(
    paths.account,
    gate.comeBack({ gaveUp: renderNotSignedIn, notKept: renderNotKept }),
    portal.page((visit) => showAccount(db, visit)),
  )

  for (const { id, path, title } of portalTabs) {
    // These say something themselves.
    if (id === 'overview' || id === 'courts' || id === 'usage') continue
    router.get(
      path,
      portal.page(() => tabContent(title, id)),
    )
  }

  return router
}

async function showAccount(db: Database, visit: PortalVisit): Promise<PortalAnswer> {
  const { account, session, isStaff } = visit
  const courtIds = await listRightCourts(db, account.id)
  const facts = await findFacts(db, account.id, courtIds, session.uid)
  if (!facts) throw new Error('the account of a session is gone')
  const { previousSignInAt, ...shown } = await readAccountPage(db, facts, session.signedInAt)
  const courts = shown.standings.map(({ courtId: id, courtName: name, status }) => ({
    id,
    name,
    status,
  }))
  return accountContent({
    ...shown,
    steps: nextSteps(account, courts),
    pressCsrf: visit.tokenFor(searchAgainForm),
    session: { ...(await visit.use()), signedInAt: session.signedInAt, previousSignInAt, isStaff },
  })
}

function renderNotSignedIn(ctx: Context, page: string) {
  respond(ctx, 200, notSignedInPage({ nonce: requestOf(ctx).nonce, signInAddress: page }))
}

/** The answer of a sign-in without its session: an old address, or a browser without cookies. */
function renderNotKept(ctx: Context) {
  const page = errorPage({
    nonce: requestOf(ctx).nonce,
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
  respond(ctx, 400, page)
}
