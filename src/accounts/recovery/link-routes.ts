import Router from '@koa/router'
import type { Context } from 'koa'
import type { WayBack } from '../../http/error-page.ts'
import { respond } from '../../http/form-kit.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import type { AccountId } from '../../ids.ts'
import { notMePath, oldAddressPath, resetPasswordPath } from '../../paths.ts'
import { passwordProblemWords } from '../password-policy.ts'
import { deadNotMeLinks, deadOldAddressLinks, deadResetLinks } from './dead-links.ts'
import { type LinkFormDeps, readOwn, showDead, tokenFor, tokenOf } from './link-form.ts'
import {
  notMeDonePage,
  notMePage,
  oldAddressDonePage,
  oldAddressPage,
  type RecoveryProblem,
  resetDonePage,
  resetPage,
} from './pages.ts'
import { findNotMe, reportNotMe } from './report-not-me.ts'
import { findOldAddress, reportOldAddress } from './report-old-address.ts'
import { findReset, type ResetDeps, resetPassword } from './reset-password.ts'

export type LinkRouteDeps = ResetDeps &
  LinkFormDeps & {
    findWayBack(clientId: string): Promise<WayBack | undefined>
    /** How to reach the clerks of the courts where the account has something; trusted HTML. */
    listClerks(accountId: AccountId): Promise<string>
  }

/**
 * What the links in mails open. Opening a page changes nothing, since mail gateways open every link; its
 * form does, once. Who has the token has all there is to have, so that the form is bound to that.
 */
export function recoveryLinkRoutes(deps: LinkRouteDeps): Router {
  const router = new Router()

  router.get(resetPasswordPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const found = await findReset(deps, token)
    if (!found.ok) return showDead(ctx, deadResetLinks[found.reason])
    return respond(ctx, 200, showReset(deps, ctx, token, found.value.account.username))
  })
  router.post(resetPasswordPath(':token'), (ctx) => takeReset(deps, ctx))

  router.get(notMePath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const found = await findNotMe(deps, token)
    if (!found.ok) return showDead(ctx, deadNotMeLinks[found.reason])
    const { id, username } = found.value
    const page = notMePage({
      ...requestOf(ctx),
      action: notMePath(token),
      csrf: tokenFor(deps, token, 'not-me'),
      username,
      clerks: await deps.listClerks(id),
    })
    return respond(ctx, 200, page)
  })
  router.post(notMePath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    if (!(await readOwn(deps, ctx, token, 'not-me'))) return
    const reported = await reportNotMe(deps, token, requestOrigin(ctx))
    if (!reported.ok) return showDead(ctx, deadNotMeLinks[reported.reason])
    const clerks = await deps.listClerks(reported.value.accountId)
    return respond(ctx, 200, notMeDonePage({ ...requestOf(ctx), clerks }))
  })

  router.get(oldAddressPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const found = await findOldAddress(deps, token)
    if (!found.ok) return showDead(ctx, deadOldAddressLinks[found.reason])
    const page = oldAddressPage({
      ...requestOf(ctx),
      action: oldAddressPath(token),
      csrf: tokenFor(deps, token, 'old-address'),
      isProposed: found.value.about['stage'] === 'proposed',
    })
    return respond(ctx, 200, page)
  })
  router.post(oldAddressPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    if (!(await readOwn(deps, ctx, token, 'old-address'))) return
    const reported = await reportOldAddress(deps, token, requestOrigin(ctx))
    if (!reported.ok) return showDead(ctx, deadOldAddressLinks[reported.reason])
    return respond(ctx, 200, oldAddressDonePage(requestOf(ctx)))
  })

  return router
}

async function takeReset(deps: LinkRouteDeps, ctx: Context): Promise<undefined> {
  const token = tokenOf(ctx)
  const fields = await readOwn(deps, ctx, token, 'reset')
  if (!fields) return
  const found = await findReset(deps, token)
  if (!found.ok) return showDead(ctx, deadResetLinks[found.reason])
  const { username } = found.value.account
  const again = (problem: RecoveryProblem) =>
    respond(ctx, 422, showReset(deps, ctx, token, username, problem))
  const password = fields['password'] ?? ''
  if (password === '') {
    return again({ heading: 'Something is missing', field: 'Enter a new password' })
  }
  const reset = await resetPassword(deps, { token, password }, requestOrigin(ctx))
  if (!reset.ok) {
    if (reset.reason !== 'weak') return showDead(ctx, deadResetLinks[reset.reason])
    return again({
      heading: 'Choose another password',
      text: 'Your password was not changed.',
      field: passwordProblemWords[reset.problem],
    })
  }
  const { clientId } = reset.value
  const wayBack = clientId ? await deps.findWayBack(clientId) : undefined
  return respond(ctx, 200, resetDonePage({ ...requestOf(ctx), username, wayBack }))
}

function showReset(
  deps: LinkRouteDeps,
  ctx: Context,
  token: string,
  username: string,
  problem?: RecoveryProblem,
): string {
  return resetPage({
    nonce: requestOf(ctx).nonce,
    action: resetPasswordPath(token),
    csrf: tokenFor(deps, token, 'reset'),
    username,
    ...(problem && { problem }),
  })
}
