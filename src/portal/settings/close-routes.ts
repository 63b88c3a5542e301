import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { searchStatusOf } from '../../accounts/account.ts'
import { stateOf } from '../../accounts/account-state.ts'
import { findOpenEmailChange } from '../../accounts/email-change-store.ts'
import { findByNumber } from '../../accounts/store.ts'
import { canonicalUsername } from '../../accounts/username.ts'
import { now } from '../../clock.ts'
import { clerkLists } from '../../courts/clerk-lists.ts'
import { listOpenCourts } from '../../efiling/open-courts.ts'
import { type FormOf, type Posted, requiredText, respond, seeOther } from '../../http/form-kit.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { countSessionsOf } from '../../sessions/session-store.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import type { VendorGrants } from '../vendor-grants.ts'
import { closeOwnAccount, findClosingBar } from './close-own-account.ts'
import {
  accountClosedPage,
  type ClosePageProblem,
  closeContent,
  type OpenAtClosing,
} from './close-page.ts'
import { closedMark, numberInMark } from './closed-mark.ts'

export type CloseRouteDeps = {
  readonly db: Database
  /** That of stored identifiers: what shows that a page named an account to its holder. */
  readonly key: KeyObject
  readonly portal: PortalGate
  readonly vendorGrants: VendorGrants
}

const form = {
  name: 'close-account',
  page: paths.accountClose,
  schema: z.object({ username: requiredText('Type your username') }),
  keeps: ['username'],
} satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** The end of an account, by its holder: what it ends, the press, and the last page. */
export function closeRoutes(deps: CloseRouteDeps): Router {
  const { portal } = deps
  const router = new Router()

  router.get(
    paths.accountClose,
    portal.page((visit) => show(deps, visit), fresh),
  )

  const take = portal.form(form, (visit, posted) => close(deps, visit, posted), fresh)
  router.post(paths.accountClose, async (ctx, next) => {
    await take(ctx, next)
    // A second press finds no session, or an account that is closed: it is told what the first one did.
    if (ctx.status !== 403 || !(await findClosed(deps, ctx))) return
    seeOther(ctx, closedPage(ctx.query['account']))
  })

  router.get(paths.accountClosed, async (ctx) => {
    const number = await findClosed(deps, ctx)
    if (!number) return seeOther(ctx, paths.account)
    respond(ctx, 200, accountClosedPage({ nonce: requestOf(ctx).nonce, number }))
  })

  return router
}

async function close(
  deps: CloseRouteDeps,
  visit: PortalVisit,
  posted: Posted<z.output<typeof form.schema>>,
): Promise<AfterForm> {
  const { account, ctx } = visit
  const again = async (status: number, typed: string, problem: ClosePageProblem) => ({
    ...(await show(deps, visit, { typed, problem })),
    status,
  })
  if (!posted.ok) {
    return again(422, posted.typed['username'] ?? '', { ...notClosed, problems: posted.problems })
  }
  const { username } = posted.value
  if (canonicalUsername(username) !== canonicalUsername(account.username)) {
    return again(422, username, { ...notClosed, problems: [otherName] })
  }
  const closed = await closeOwnAccount(deps.db, account.id, requestOrigin(ctx))
  // Why it cannot be closed stands on the page.
  if (!closed.ok && closed.reason !== 'already-closed') return again(409, username, notClosed)
  // It is over already; what is left is the cookie in this browser.
  await visit.session.end()
  return { to: closedPage(closedMark(deps.key, account.number)) }
}

const notClosed = { heading: 'Your account was not closed' } as const

const otherName = {
  path: ['username'],
  message: 'Type the username of this account, as it stands above the field',
}

async function show(
  deps: CloseRouteDeps,
  visit: PortalVisit,
  again: { typed?: string; problem?: ClosePageProblem } = {},
): Promise<PortalAnswer> {
  const { account, tokenFor } = visit
  const { number, username } = account
  const [open, bar] = await Promise.all([findOpen(deps, visit), findClosingBar(deps.db, account)])
  return closeContent({
    ...again,
    action: `${paths.accountClose}?${new URLSearchParams({ account: closedMark(deps.key, number) })}`,
    csrf: tokenFor(form),
    username,
    number,
    open,
    emailTold: (account.isEmailVerified && account.email) || undefined,
    bar,
  })
}

async function findOpen(
  { db, vendorGrants }: CloseRouteDeps,
  { account }: PortalVisit,
): Promise<OpenAtClosing> {
  const [courts, sessions, vendors, change] = await Promise.all([
    listOpenCourts(db, account.id),
    countSessionsOf(db, account.id),
    vendorGrants.list(account.id),
    findOpenEmailChange(db, account.id),
  ])
  return {
    courts,
    clerks: await clerkLists(db, courts),
    otherSessions: Math.max(0, sessions - 1),
    vendors: vendors.map(({ clientName }) => clientName),
    waitingEmail: change?.toEmail,
    searches: account.type !== 'firm' && searchStatusOf(account, now()) === 'active',
  }
}

/** The number of the account that the address names, if it is true that it is closed. */
async function findClosed({ db, key }: CloseRouteDeps, ctx: Context): Promise<string | undefined> {
  const number = numberInMark(key, ctx.query['account'])
  const account = number && (await findByNumber(db, number))
  return account && stateOf(account) === 'closed' ? number : undefined
}

function closedPage(mark: unknown): string {
  return `${paths.accountClosed}?${new URLSearchParams({ account: String(mark) })}`
}
