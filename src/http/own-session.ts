import type { KeyObject } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import type { z } from 'zod'
import { now } from '../clock.ts'
import { randomToken } from '../ids.ts'
import { enginePaths, paths } from '../paths.ts'
import { errorPage } from './error-page.ts'
import {
  type FormOf,
  type Posted,
  readFields,
  respond,
  seeOther,
  takeForm,
  typedIn,
} from './form-kit.ts'
import { keptFormPage } from './kept-form-page.ts'
import { referenceOf, requestOf } from './request-context.ts'
import { type PostedFile, takeUpload, type UploadForm } from './upload-form.ts'

/**
 * How long ago a sign-in may be for what somebody could do harm with in a browser that was left open.
 * Source: OWASP ASVS 5.0 7.5.1 and 7.5.3; the number is ours.
 */
export const freshSeconds = 5 * 60

/** As much of a session as the gate asks about. */
type AnySession = { readonly uid: string; readonly signedInAt: Date }

/** Whether a page asks for a sign-in of a moment ago. */
export type Freshness = { readonly isFresh?: boolean }

export type GateDeps<Session extends AnySession> = {
  readonly issuer: string
  readonly csrfKey: KeyObject
  /** Our own pages, as the authorization server knows them. */
  readonly clientId: string
  findSession(ctx: Context): Promise<Session | undefined>
}

/** What stands before our own pages. */
export type OwnSessionGate<Session extends AnySession> = {
  /** Asks for the password again, whoever is signed in, and comes back to that page. */
  signInAgain(ctx: Context, page: string): void
  /** A page for whoever is signed in; everybody else is asked to sign in, and comes back to it. */
  page(show: (ctx: Context, session: Session) => unknown, options?: Freshness): Middleware
  /** A form of such a page. */
  form<Schema extends z.ZodType>(
    form: FormOf<Schema>,
    take: (ctx: Context, session: Session, posted: Posted<z.output<Schema>>) => unknown,
    options?: Freshness,
  ): Middleware
  /** A form with a file; of whoever is not signed in, or too long ago, nothing is kept, and the page asks who it is. */
  upload(
    form: UploadForm,
    take: (ctx: Context, session: Session, posted: PostedFile) => unknown,
    options?: Freshness,
  ): Middleware
  /**
   * Goes in front of the one page that a sign-in comes back to, and leads to the one that was asked for.
   * The two answers are for who comes back and is not signed in: asking again would go round in a circle.
   */
  comeBack(answers: {
    gaveUp(ctx: Context, page: string): void
    /** An old address, or a browser that keeps no cookies. */
    notKept(ctx: Context, page: string): void
  }): Middleware
}

/**
 * Our own pages share the session of the courts: whoever has none is sent through the authorization
 * server like the browser of a court. One address is registered to come back to (`/account`); `state`
 * says which page was asked for.
 */
export function createOwnSessionGate<Session extends AnySession>(
  deps: GateDeps<Session>,
): OwnSessionGate<Session> {
  const isLongAgo = ({ signedInAt }: Session, { isFresh }: Freshness) =>
    isFresh === true && now().getTime() - signedInAt.getTime() > freshSeconds * 1000
  const address = (page: string, options: Freshness) => signInAddress(deps, page, options)

  return {
    signInAgain: (ctx, page) => seeOther(ctx, signInAddress(deps, page, {}, { prompt: 'login' })),

    page(show, options = {}) {
      return async (ctx) => {
        const session = await deps.findSession(ctx)
        if (session && !isLongAgo(session, options)) return show(ctx, session)
        return seeOther(ctx, address(`${ctx.path}${ctx.search}`, options))
      }
    },

    form(form, take, options = {}) {
      return async (ctx) => {
        const session = await deps.findSession(ctx)
        const fields = await readFields(ctx, form.texts)
        if (!fields) return
        if (!session || isLongAgo(session, options)) {
          const typed = typedIn(form, fields)
          // Where nothing was typed, nothing is lost: the page asks who it is.
          if (Object.keys(typed).length === 0) return seeOther(ctx, form.page)
          return respond(
            ctx,
            403,
            keptFormPage({
              nonce: requestOf(ctx).nonce,
              reason: session ? 'long-ago' : 'signed-out',
              signInAddress: address(paths.account, options),
              action: ctx.path,
              fields: { ...typed, csrf: fields['csrf'] ?? '' },
            }),
          )
        }
        const guard = { key: deps.csrfKey, issuer: deps.issuer, visit: session.uid }
        const posted = await takeForm(ctx, form, guard, fields)
        if (posted) await take(ctx, session, posted)
      }
    },

    upload(form, take, options = {}) {
      return async (ctx) => {
        const found = await deps.findSession(ctx)
        const session = found && !isLongAgo(found, options) ? found : undefined
        const guard = { key: deps.csrfKey, issuer: deps.issuer, visit: session?.uid ?? '' }
        await takeUpload(ctx, form, guard, (posted) => session && take(ctx, session, posted))
        if (!session) return seeOther(ctx, form.page)
      }
    },

    comeBack({ gaveUp, notKept }) {
      return async (ctx, next) => {
        const { state, error } = ctx.query
        if (state === undefined && error === undefined) return next()
        const page = pageIn(state) ?? paths.account
        if (await deps.findSession(ctx)) {
          // Who was to sign in again and gave up is still who it was; that page would only ask again.
          if (error !== undefined && page.split('?')[0] !== paths.account) {
            return respond(ctx, 403, notDonePage(ctx, page))
          }
          // What is kept as a bookmark after signing in is the page, and not this sign-in's answer.
          return state === undefined ? next() : seeOther(ctx, page)
        }
        if (error === 'access_denied') return gaveUp(ctx, page)
        return state === undefined ? next() : notKept(ctx, page)
      }
    },
  }
}

function signInAddress(
  deps: Pick<GateDeps<AnySession>, 'issuer' | 'clientId'>,
  page: string,
  { isFresh }: Freshness,
  more: Readonly<Record<string, string>> = {},
): string {
  return `${enginePaths.authorization}?${new URLSearchParams({
    client_id: deps.clientId,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${deps.issuer}${paths.account}`,
    state: stateFor(page),
    // The sign-in page says why it asks again.
    ...(isFresh && { max_age: String(freshSeconds) }),
    ...more,
  })}`
}

/** A `state` is kept up to 4096 bytes; a page of ours needs a tenth. */
const longestPage = 1024

function stateFor(page: string): string {
  const [path = ''] = page.split('?')
  const kept = page.length > longestPage ? path : page
  return `${randomToken(16)}.${Buffer.from(kept).toString('base64url')}`
}

/**
 * The page that a `state` names. Anybody can write one, and it leads where a link could lead: to a page
 * of ours and nowhere else. Opening one changes nothing.
 */
function pageIn(state: unknown): string | undefined {
  if (typeof state !== 'string') return undefined
  const page = Buffer.from(state.split('.')[1] ?? '', 'base64url').toString()
  return /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+(?:\?[\x21-\x5b\x5d-\x7e]*)?$/.test(page)
    ? page
    : undefined
}

/** Somebody was asked to sign in again and gave up. */
function notDonePage(ctx: Context, page: string): string {
  return errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 403,
    heading: 'The page you asked for needs a sign-in',
    explanation: 'You went back without signing in. Nothing was changed.',
    whatToDo: ['Choose “Sign in” to go on to the page, or open another one.'],
    action: { id: 'sign-in', url: page, label: 'Sign in' },
  })
}
