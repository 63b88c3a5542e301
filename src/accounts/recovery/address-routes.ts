import Router from '@koa/router'
import type { Context } from 'koa'
import { respond } from '../../http/form-kit.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { recoveredAddressPath } from '../../paths.ts'
import { inWords } from '../../time-in-words.ts'
import {
  confirmRecoveredAddress,
  findRecoveredAddress,
  type RecoveredAddressDeps,
} from './confirm-recovered-address.ts'
import { deadRecoveredAddressLinks } from './dead-links.ts'
import { type LinkFormDeps, readOwn, showDead, tokenFor, tokenOf } from './link-form.ts'
import { type RecoveryProblem, recoveredAddressDonePage, recoveredAddressPage } from './pages.ts'

export type RecoveredAddressRouteDeps = RecoveredAddressDeps & LinkFormDeps

const form = 'recovered-address'

/** `/recover/address/…`: who lost the mailbox takes the account back, from the new one. */
export function recoveredAddressRoutes(deps: RecoveredAddressRouteDeps): Router {
  const router = new Router()

  router.get(recoveredAddressPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const found = await findRecoveredAddress(deps, token)
    if (!found.ok) return showDead(ctx, deadRecoveredAddressLinks[found.reason])
    return show(deps, ctx, 200, {})
  })

  router.post(recoveredAddressPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const fields = await readOwn(deps, ctx, token, form)
    if (!fields) return
    const typed = (fields['number'] ?? '').trim()
    const number = typed.replace(/[ -]/g, '')
    const again = (status: number, problem: RecoveryProblem) =>
      show(deps, ctx, status, { typed, problem })
    if (number === '') {
      return again(422, { heading: 'Something is missing', field: 'Enter your account number' })
    }
    const done = await confirmRecoveredAddress(deps, { token, number }, requestOrigin(ctx))
    if (done.ok) {
      return respond(ctx, 200, recoveredAddressDonePage({ ...requestOf(ctx), ...done.value }))
    }
    switch (done.reason) {
      case 'other-number':
        return again(422, {
          heading: 'This is not the number of the account',
          field: 'Check the account number: it has seven digits',
          help: 'To hear the number again, call the PACER Service Center',
        })
      case 'too-many':
        ctx.set('Retry-After', String(done.retryAfterSeconds))
        return again(429, {
          heading: 'Several numbers were tried',
          text: `Nothing has changed. Wait ${inWords(done.retryAfterSeconds)}, then try again.`,
          help: 'To hear the number again, call the PACER Service Center',
        })
      default:
        return showDead(ctx, deadRecoveredAddressLinks[done.reason])
    }
  })

  return router
}

function show(
  deps: RecoveredAddressRouteDeps,
  ctx: Context,
  status: number,
  more: { typed?: string; problem?: RecoveryProblem },
): undefined {
  const token = tokenOf(ctx)
  const page = recoveredAddressPage({
    nonce: requestOf(ctx).nonce,
    action: recoveredAddressPath(token),
    csrf: tokenFor(deps, token, form),
    ...more,
  })
  return respond(ctx, status, page)
}
