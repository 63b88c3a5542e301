import type { KeyObject } from 'node:crypto'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { csrfToken } from '../../http/csrf.ts'
import type { WayBack } from '../../http/error-page.ts'
import { respond, seeOther } from '../../http/form-kit.ts'
import { requestOf } from '../../http/request-context.ts'
import { isClientId } from '../../ids.ts'
import { findLink, type LinkRefusal } from '../../mail/one-use-link.ts'
import { paths, registrationConfirmPath, tokenInLink } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { codeProblemOf, notACode, readCode } from '../address-code.ts'
import { readEmail } from '../email-address.ts'
import { type AskDeps, sendAgain, startRegistration } from './ask-for-mail.ts'
import type { RegistrationBrowser } from './browser.ts'
import { confirmByCode, confirmByLink } from './confirm-address.ts'
import { type LostRegistration, renderLost, renderTooMany } from './lost.ts'
import { checkMailPage, confirmPage, type PageProblem, registerPage } from './pages.ts'
import { type Registration, registrationPurpose } from './registration.ts'
import { findAsked, findConfirmed, findRegistration, markConfirmedIn } from './store.ts'
import { type TakeFormDeps, takeOwnForm } from './take-form.ts'

export type AddressRouteDeps = AskDeps &
  TakeFormDeps & {
    /** The installation's key of stored identifiers. */
    readonly key: KeyObject
    /** Where an application is begun: who has an account already signs in there. */
    findWayBack(clientId: string): Promise<WayBack | undefined>
  }

const forms = { address: 'register', code: 'register-code', again: 'register-again' } as const
/** Good for one link of a mail. */
const confirmForm = (token: string) => `register-confirm ${token}`

const openedLongAgo: Problem = {
  path: [],
  message: 'This page was opened in an earlier visit. Check the address, and send it again.',
}

/** From the address to its confirmation: nothing here tells who has an account. */
export function addAddressRoutes(router: Router, deps: AddressRouteDeps): void {
  const { db, key, csrfKey, browsers } = deps
  const tokenOf = ({ id }: RegistrationBrowser, form: string) => csrfToken(csrfKey, id, form)

  const showAddress = async (
    ctx: Context,
    browser: RegistrationBrowser,
    about: {
      status?: number
      email?: string | undefined
      client?: string | undefined
      problems?: readonly Problem[]
    },
  ) => {
    const { status = 200, ...shown } = about
    const csrf = tokenOf(browser, forms.address)
    const wayBack = shown.client ? await deps.findWayBack(shown.client) : undefined
    respond(ctx, status, registerPage({ nonce: requestOf(ctx).nonce, csrf, wayBack, ...shown }))
  }

  const showCheck = (
    ctx: Context,
    browser: RegistrationBrowser,
    { email }: Registration,
    about: { status?: number; typedCode?: string; summary?: PageProblem } = {},
  ) => {
    const { status = 200, ...shown } = about
    const page = checkMailPage({
      nonce: requestOf(ctx).nonce,
      csrf: tokenOf(browser, forms.code),
      againCsrf: tokenOf(browser, forms.again),
      next: browsers.draw(),
      email,
      isSentAgain: ctx.query['sent'] === 'again' && !shown.summary,
      ...shown,
    })
    respond(ctx, status, page)
  }

  router.get(paths.register, async (ctx) => {
    const browser = browsers.ensure(ctx)
    const asked = await findAsked(db, browser.mark)
    const before = asked?.accountId === null ? asked : undefined
    const client = clientIn(ctx.query['client']) ?? before?.clientId ?? undefined
    await showAddress(ctx, browser, { email: before?.email, client })
  })

  router.post(paths.register, async (ctx) => {
    const taken = await takeOwnForm(deps, ctx, forms.address)
    if (!taken) return
    const { browser, fields, isOfVisit } = taken
    const client = clientIn(fields['client'])
    const typed = { email: fields['email'], client }
    if (!isOfVisit) {
      return showAddress(ctx, browser, { status: 403, ...typed, problems: [openedLongAgo] })
    }
    const email = readEmail(fields)
    if (!email.ok) {
      return showAddress(ctx, browser, { status: 422, ...typed, problems: email.problems })
    }
    const started = await startRegistration(deps, {
      email: email.value,
      browserMark: browser.mark,
      clientId: client,
      address: requestOf(ctx).address,
    })
    return started.ok ? seeOther(ctx, paths.registerCheck) : renderTooMany(ctx, started)
  })

  router.get(paths.registerCheck, async (ctx) => {
    const found = await askedIn(deps, ctx, browsers.read(ctx))
    if (found) showCheck(ctx, found.browser, found.asked)
  })

  router.post(paths.registerCheck, async (ctx) => {
    const taken = await takeOwnForm(deps, ctx, forms.code)
    if (!taken) return
    if (!taken.isOfVisit) return renderOtherVisit(deps, ctx, taken.browser)
    const found = await askedIn(deps, ctx, taken.browser)
    if (!found) return
    const { browser, asked } = found
    const typedCode = taken.fields['code']?.trim() ?? ''
    const code = readCode(typedCode)
    const again = (summary: PageProblem) =>
      showCheck(ctx, browser, asked, { status: 422, typedCode, summary })
    if (code === undefined) return again(notACode)
    const drawn = browsers.drawn(taken.fields['next'])
    const confirmed = await confirmByCode(deps, asked, browser.mark, code, (tx) =>
      markConfirmedIn(tx, asked.id, drawn.mark),
    )
    if (!confirmed.ok) return again(codeProblemOf(confirmed))
    browsers.keep(ctx, drawn)
    seeOther(ctx, paths.registerForm)
  })

  router.post(paths.registerAgain, async (ctx) => {
    const taken = await takeOwnForm(deps, ctx, forms.again)
    if (!taken) return
    if (!taken.isOfVisit) return renderLost(ctx, 'other-visit')
    const found = await askedIn(deps, ctx, taken.browser)
    if (!found) return
    const sent = await sendAgain(deps, found.asked, requestOf(ctx).address)
    if (sent.ok) return seeOther(ctx, `${paths.registerCheck}?sent=again`)
    return sent.reason === 'over' ? renderLost(ctx, 'over') : renderTooMany(ctx, sent)
  })

  router.get(registrationConfirmPath(':token'), async (ctx) => {
    const token = tokenInLink(ctx.path)
    const found = await findLink(db, key, registrationPurpose, token)
    if (!found.ok) return renderLink(deps, ctx, found.reason)
    const registration = await findRegistration(db, found.value.about['registration'] ?? '')
    if (!registration || registration.isOver || registration.accountId) {
      return renderLink(deps, ctx, 'used')
    }
    const csrf = tokenOf(browsers.ensure(ctx), confirmForm(token))
    const { email } = registration
    const action = registrationConfirmPath(token)
    const { nonce } = requestOf(ctx)
    respond(ctx, 200, confirmPage({ nonce, csrf, email, action, next: browsers.draw() }))
  })

  router.post(registrationConfirmPath(':token'), async (ctx) => {
    const token = tokenInLink(ctx.path)
    const taken = await takeOwnForm(deps, ctx, confirmForm(token))
    if (!taken) return
    if (!taken.isOfVisit) return renderOtherVisit(deps, ctx, taken.browser)
    const drawn = browsers.drawn(taken.fields['next'])
    const confirmed = await confirmByLink(deps, token, drawn.mark)
    // Pressed twice: the second press is of the same browser, whose cookie may not be there yet.
    if (!confirmed.ok && !(await isConfirmedIn(deps, drawn))) {
      return renderLink(deps, ctx, confirmed.reason)
    }
    browsers.keep(ctx, drawn)
    seeOther(ctx, paths.registerForm)
  })
}

/** What this browser asked for, as long as no account was made of it; otherwise the page is rendered. */
async function askedIn(
  { db }: AddressRouteDeps,
  ctx: Context,
  browser: RegistrationBrowser | undefined,
): Promise<{ browser: RegistrationBrowser; asked: Registration } | undefined> {
  const asked = browser && (await findAsked(db, browser.mark))
  if (browser && asked && !asked.accountId) return { browser, asked }
  if (asked?.accountId) seeOther(ctx, paths.registerDone)
  else if (browser && (await isConfirmedIn({ db }, browser))) seeOther(ctx, paths.registerForm)
  else renderLost(ctx, 'not-begun')
  return undefined
}

/** Whether the form, or the account that was made with it, is this browser's. */
async function isConfirmedIn(
  { db }: Pick<AddressRouteDeps, 'db'>,
  { mark }: RegistrationBrowser,
): Promise<boolean> {
  const confirmed = await findConfirmed(db, mark)
  return confirmed !== undefined && !confirmed.isOver
}

/** A page from before the address was confirmed leads to the form that is this browser's since. */
async function renderOtherVisit(
  deps: AddressRouteDeps,
  ctx: Context,
  browser: RegistrationBrowser,
): Promise<void> {
  if (await isConfirmedIn(deps, browser)) return seeOther(ctx, paths.registerForm)
  renderLost(ctx, 'other-visit')
}

/** A link that does not work any more: the browser in which it did goes on from there. */
async function renderLink(
  { db, browsers }: AddressRouteDeps,
  ctx: Context,
  reason: LinkRefusal,
): Promise<void> {
  const browser = browsers.read(ctx)
  if (reason === 'used' && browser && (await isConfirmedIn({ db }, browser))) {
    return seeOther(ctx, paths.registerForm)
  }
  const words: Record<LinkRefusal, LostRegistration> = {
    used: 'link-used',
    voided: 'link-used',
    expired: 'link-expired',
    unknown: 'link-unknown',
  }
  renderLost(ctx, words[reason])
}

/** The application that a link or a field names. */
function clientIn(value: unknown): string | undefined {
  return isClientId(value) ? value : undefined
}
