import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import { csrfToken, isForeign, isOwnForm } from '../../http/csrf.ts'
import type { WayBack } from '../../http/error-page.ts'
import { formRefusalPage } from '../../http/fault-page.ts'
import { readFields, respond, seeOther } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { isClientId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { readEmail } from '../email-address.ts'
import { type AskRecoveryDeps, askRecovery, type TooManyQuestions } from './ask-recovery.ts'
import type { RecoveryBrowsers } from './browser.ts'
import { askPage, type RecoveryProblem, recoverPage, sentPage } from './pages.ts'
import { type RecoveryKind, recoveryKinds } from './recovery.ts'

export type RecoveryRouteDeps = AskRecoveryDeps & {
  readonly issuer: string
  readonly csrfKey: KeyObject
  readonly browsers: RecoveryBrowsers
  /** Where a person goes back to who came from the sign-in page of an application. */
  findWayBack(clientId: string): Promise<WayBack | undefined>
}

const ask = { usernames: paths.recoverUsername, password: paths.recoverPassword } as const
const sent = { usernames: paths.recoverUsernameSent, password: paths.recoverPasswordSent } as const
const fieldOf = { usernames: 'email', password: 'name' } as const

/** `/recover`: asking for the way back into an account. Every answer is the same, and mail does the talking. */
export function recoveryRoutes(deps: RecoveryRouteDeps): Router {
  const router = new Router()

  router.get(paths.recover, async (ctx) => {
    const client = clientIn(ctx.query['client'])
    const page = recoverPage({
      ...requestOf(ctx),
      usernameAddress: withClient(paths.recoverUsername, client),
      passwordAddress: withClient(paths.recoverPassword, client),
      wayBack: await wayBackOf(deps, client),
    })
    respond(ctx, 200, page)
  })

  for (const kind of recoveryKinds) {
    router.get(ask[kind], (ctx) => {
      respond(ctx, 200, formPage(deps, ctx, kind, { client: clientIn(ctx.query['client']) }))
    })
    router.post(ask[kind], (ctx) => takeQuestion(deps, ctx, kind))
    router.get(sent[kind], async (ctx) => {
      const client = clientIn(ctx.query['client'])
      const page = sentPage({
        ...requestOf(ctx),
        kind,
        again: withClient(ask[kind], client),
        wayBack: await wayBackOf(deps, client),
      })
      respond(ctx, 200, page)
    })
  }
  return router
}

async function takeQuestion(
  deps: RecoveryRouteDeps,
  ctx: Context,
  kind: RecoveryKind,
): Promise<undefined> {
  const fields = await readFields(ctx)
  if (!fields) return
  const client = clientIn(fields['client'])
  const typed = fields[fieldOf[kind]]?.trim() ?? ''
  const again = (status: number, problem: RecoveryProblem) =>
    respond(ctx, status, formPage(deps, ctx, kind, { client, typed, problem }))
  if (isForeign(ctx, deps.issuer)) {
    return respond(ctx, 403, formRefusalPage(ctx, 403, 'foreign-form'))
  }
  if (!isFormOf(deps, ctx, kind, fields)) return again(403, otherBrowser)
  const wrong = problemOf(kind, typed, fields)
  if (wrong) return again(422, { heading: 'Something is missing', field: wrong })

  const { address } = requestOf(ctx)
  const question = { kind, typed, clientId: client, address }
  const asked = await askRecovery(deps, question, requestOrigin(ctx))
  if (!asked.ok) {
    ctx.set('Retry-After', String(asked.retryAfterSeconds))
    return again(429, tooManyWords(asked))
  }
  return seeOther(ctx, withClient(sent[kind], client))
}

function isFormOf(deps: RecoveryRouteDeps, ctx: Context, kind: RecoveryKind, fields: Fields) {
  const { issuer, csrfKey: key } = deps
  const visit = deps.browsers.read(ctx)
  const form = `recover-${kind}`
  return visit !== undefined && isOwnForm(ctx, { key, issuer, visit, form, token: fields['csrf'] })
}

/** What is missing or cannot be an address; nothing is looked up. */
function problemOf(kind: RecoveryKind, typed: string, fields: Fields): string | undefined {
  if (kind === 'password') {
    return typed === '' ? 'Enter your username, account number or e-mail address' : undefined
  }
  const email = readEmail(fields)
  return email.ok ? undefined : email.problems[0]?.message
}

const otherBrowser: RecoveryProblem = {
  heading: 'Send it once more',
  text: 'This page belonged to another visit, or your browser did not send our cookie. Allow cookies for this site, check what you typed, and send it again.',
  help: 'If this comes again, call the PACER Service Center',
}

function tooManyWords({ of, retryAfterSeconds }: TooManyQuestions): RecoveryProblem {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60))
  const wait = `Wait ${minutes} minute${minutes === 1 ? '' : 's'}, then try again.`
  return of === 'name'
    ? {
        heading: 'You asked for this several times',
        text: `No further message was sent. Check your e-mail, and its spam or junk folder: the newest message counts. ${wait}`,
        help: 'If no message comes, call the PACER Service Center',
      }
    : {
        heading: 'Too many questions from your network',
        text: `No message was sent. ${wait}`,
        help: 'If this happens often in your office, tell the PACER Service Center',
      }
}

function formPage(
  deps: RecoveryRouteDeps,
  ctx: Context,
  kind: RecoveryKind,
  state: { client?: string | undefined; typed?: string; problem?: RecoveryProblem },
): string {
  return askPage({
    ...state,
    nonce: requestOf(ctx).nonce,
    kind,
    action: ask[kind],
    csrf: csrfToken(deps.csrfKey, deps.browsers.ensure(ctx), `recover-${kind}`),
  })
}

function clientIn(value: unknown): string | undefined {
  return isClientId(value) ? value : undefined
}

function withClient(path: string, client: string | undefined): string {
  return client ? `${path}?${new URLSearchParams({ client })}` : path
}

async function wayBackOf({ findWayBack }: RecoveryRouteDeps, client: string | undefined) {
  return client ? findWayBack(client) : undefined
}
