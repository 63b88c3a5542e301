import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import { isOwnForm } from '../http/csrf.ts'
import { respond, seeOther } from '../http/form-kit.ts'
import { readForm } from '../http/read-form.ts'
import { requestOf } from '../http/request-context.ts'
import { signOutForm } from '../http/sign-out-form.ts'
import { enginePaths, paths } from '../paths.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { signedOutPage, stillSignedInPage } from './pages.ts'

export type OwnSignOutDeps = {
  readonly issuer: string
  readonly csrfKey: KeyObject
  /** The session of this browser. */
  findSession(ctx: Context): Promise<OwnSession | undefined>
}

/** The button of our own pages that ends the session, and the page it leads to. */
export function ownSignOutRoutes(deps: OwnSignOutDeps): Router {
  const router = new Router()

  router.post(paths.accountSignOut, async (ctx) => {
    const session = await deps.findSession(ctx)
    const form = await readForm(ctx)
    const token = form.ok ? form.value['csrf'] : undefined
    const { csrfKey: key, issuer } = deps
    const isOurs =
      session && isOwnForm(ctx, { key, visit: session.uid, form: signOutForm, token, issuer })
    if (isOurs) await session.end()
    // A form that is not ours ends nothing: there the person is asked.
    seeOther(ctx, session && !isOurs ? enginePaths.end_session : paths.signedOut)
  })

  router.get(paths.signedOut, async (ctx) => {
    const { nonce } = requestOf(ctx)
    const page = (await deps.findSession(ctx))
      ? stillSignedInPage({ nonce, signOutAddress: enginePaths.end_session })
      : signedOutPage({ nonce })
    respond(ctx, 200, page)
  })

  return router
}
