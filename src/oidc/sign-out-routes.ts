import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import type { Client } from '../clients/client.ts'
import { csrfToken, isOwnForm } from '../http/csrf.ts'
import { readBody } from '../http/read-body.ts'
import { requestOf } from '../http/request-context.ts'
import type { Log } from '../log.ts'
import { networkOf } from '../networks.ts'
import { signOutPaths } from '../paths.ts'
import type { WindowCounter } from '../storage/window-counter.ts'
import type { BrowserSessions, SignedIn } from './browser-session.ts'
import {
  readSignOutRequest,
  returnAddress,
  type SignOutRequest,
  type SignOutRequestDeps,
  shortParameters,
} from './sign-out-request.ts'

/** What people see on the way out; `app.ts` provides it. */
export type SignOutPages = {
  question(ctx: Context, about: SignOutQuestion): void
  /** Nobody is signed in in this browser. */
  signedOut(ctx: Context, client: Client | undefined): void
  /** The person chose to stay signed in. */
  stillSignedIn(ctx: Context, client: Client | undefined): void
  /** Goes on to an application by itself; for answers to a form, where a redirect may be blocked. */
  goOn(ctx: Context, address: string, client: Client | undefined): void
  tooMany(ctx: Context, retryAfterSeconds: number): void
}

export type SignOutQuestion = {
  readonly client: Client | undefined
  /** What was wrong with the request; then the person is not sent back to the application. */
  readonly hasProblem: boolean
  readonly action: string
  readonly stayAddress: string
  /** Hidden fields of the form. */
  readonly fields: Readonly<Record<string, string>>
}

export type SignOutRouteDeps = SignOutRequestDeps & {
  readonly issuer: string
  readonly csrfKey: KeyObject
  readonly sessions: BrowserSessions
  readonly log: Log
  readonly pages: SignOutPages
  readonly counter: Pick<WindowCounter, 'count'>
  storedId(id: string): string
}

/** As much as a court may send: an ID token has no promised size, and headers end at 64 KiB. */
const maximumBytes = 64 * 1024
const form = 'end-session'

/**
 * Signing out, at the address that discovery names. The engine has such an endpoint and it is never
 * reached: it saves a session for everybody who comes without one, answers them with a page that the
 * browser blocks, ends the court's tokens for who chooses to stay, and offers no way to sign out where
 * a court's request has a mistake.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export function signOutRoutes(deps: SignOutRouteDeps): Router {
  const router = new Router()
  const { pages, sessions } = deps
  const { question: path, leave: answerPath, stay: stayPath } = signOutPaths

  /** Without a session there is nothing to sign out of, and whoever has one is never turned away. */
  router.use(async (ctx, next) => {
    if (ctx.cookies.get(sessions.cookieName, { signed: true }) === undefined) {
      const { retryAfterSeconds } = await deps.counter.count(networkOf(requestOf(ctx).address))
      if (retryAfterSeconds !== undefined) return pages.tooMany(ctx, retryAfterSeconds)
    }
    await next()
  })

  router.get(path, async (ctx) => {
    await take(ctx, await look(ctx, new URLSearchParams(ctx.querystring)))
  })

  router.post(path, async (ctx) => {
    const request = await look(ctx, await readParameters(ctx))
    if (await sessions.find(ctx)) return take(ctx, request)
    // From a court's page at another site the browser brings no SameSite=Lax cookie; to the address
    // that it is sent to now it does. The token stays out of it: it is long, and addresses are logged.
    const proof = request.proof && { hint_proof: request.proof }
    seeOther(ctx, path, { ...shortParameters(request), ...proof })
  })

  router.post(answerPath, async (ctx) => {
    const parameters = await readParameters(ctx)
    const token = parameters.get('csrf') ?? undefined
    parameters.delete('csrf')
    const request = await look(ctx, parameters)
    const session = await sessions.find(ctx)
    // Clicked twice, or once more after going back: what was asked for is so.
    if (!session) return leave(ctx, request)
    const visit = deps.storedId(session.uid)
    const { csrfKey: key, issuer } = deps
    if (!isOwnForm(ctx, { key, visit, form, token, issuer })) {
      ctx.status = 403
      return ask(ctx, request, session)
    }
    await sessions.end(ctx, session, request.client?.id)
    leave(ctx, request)
  })

  router.get(stayPath, async (ctx) => {
    const { client } = await look(ctx, new URLSearchParams(ctx.querystring))
    if (await sessions.find(ctx)) pages.stillSignedIn(ctx, client)
    else pages.signedOut(ctx, client)
  })

  // Loaded again after signing out; and the engine's addresses, kept from an earlier release.
  const enginePaths = [`${path}/confirm`, `${path}/success`]
  router.get([answerPath, ...enginePaths], (ctx) => seeOther(ctx, path, {}))
  router.post(enginePaths, (ctx) => seeOther(ctx, path, {}))
  router.all([path, answerPath, stayPath, ...enginePaths], (ctx) => {
    ctx.set('Allow', 'GET, HEAD, POST')
    ctx.status = 405
  })
  return router

  async function look(ctx: Context, parameters: URLSearchParams): Promise<SignOutRequest> {
    const request = await readSignOutRequest(deps, parameters)
    if (request.problem) {
      const { requestId } = requestOf(ctx)
      const clientId = request.client?.id
      deps.log.info({ requestId, clientId, reason: request.problem }, 'request refused')
    }
    return request
  }

  async function take(ctx: Context, request: SignOutRequest): Promise<void> {
    const session = await sessions.find(ctx)
    if (!session) return leave(ctx, request)
    if (!request.isProvenFor(session.accountId) || !isNavigation(ctx)) {
      return ask(ctx, request, session)
    }
    await sessions.end(ctx, session, request.client?.id)
    leave(ctx, request)
  }

  function ask(ctx: Context, request: SignOutRequest, session: SignedIn): void {
    const fields = shortParameters(request)
    const csrf = csrfToken(deps.csrfKey, deps.storedId(session.uid), form)
    const stayed = request.client && { client_id: request.client.id }
    pages.question(ctx, {
      client: request.client,
      hasProblem: request.problem !== undefined,
      action: answerPath,
      stayAddress: stayed ? `${stayPath}?${new URLSearchParams(stayed)}` : stayPath,
      fields: { ...fields, csrf },
    })
  }

  /** To where the application wants the person, or to the page that says that nobody is signed in. */
  function leave(ctx: Context, request: SignOutRequest): void {
    const address = returnAddress(request)
    const isForm = ctx.method === 'POST'
    if (address === undefined) {
      // Loading the page again should not send the form again.
      if (isForm) seeOther(ctx, path, shortParameters({ ...request, problem: undefined }))
      else pages.signedOut(ctx, request.client)
    } else if (isForm && new URL(address).origin !== deps.issuer) {
      pages.goOn(ctx, address, request.client)
    } else {
      ctx.redirect(address)
      ctx.status = 303
    }
  }
}

/** The form's parameters; one that cannot be read has none but that problem. */
async function readParameters(ctx: Context): Promise<URLSearchParams> {
  const unreadable = () => new URLSearchParams({ problem: 'form-unreadable' })
  if (!ctx.is('application/x-www-form-urlencoded')) return unreadable()
  try {
    return new URLSearchParams(await readBody(ctx, maximumBytes))
  } catch (error) {
    const { status } = error as { status?: number }
    if (status === 413 || status === 415) return unreadable()
    throw error
  }
}

/**
 * Whether a person went to this address: an image or a frame on some page, or a browser that loads
 * ahead, ends no session. Browsers that say nothing of it are believed.
 */
function isNavigation(ctx: Context): boolean {
  const destination = ctx.get('Sec-Fetch-Dest')
  const isAhead = ctx.get('Sec-Purpose').includes('prefetch')
  return ctx.method !== 'HEAD' && (!destination || destination === 'document') && !isAhead
}

function seeOther(ctx: Context, path: string, parameters: Record<string, string>): void {
  const query = new URLSearchParams(parameters).toString()
  ctx.redirect(query ? `${path}?${query}` : path)
  ctx.status = 303
}
