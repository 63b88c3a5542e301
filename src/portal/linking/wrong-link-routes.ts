import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { DeadLink } from '../../accounts/recovery/dead-links.ts'
import { readOwn, showDead, tokenFor, tokenOf } from '../../accounts/recovery/link-form.ts'
import { wrongLinkPath } from '../../efiling/linking/linking-paths.ts'
import {
  findWrongLink,
  reportWrongLink,
  type WrongLinkRefusal,
} from '../../efiling/linking/report-wrong-link.ts'
import { respond } from '../../http/form-kit.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { courtPath, paths } from '../../paths.ts'
import type { Database } from '../../storage/db.ts'
import { saidWrongPage, wrongLinkPage } from './wrong-link-page.ts'

export type WrongLinkRouteDeps = {
  readonly db: Database
  readonly key: KeyObject
  readonly issuer: string
  readonly csrfKey: KeyObject
}

/**
 * What the links in the two mails about a link between accounts open. Who reads the mail needs no account: the
 * token is all there is to have. Opening the page changes nothing; its form does, once.
 */
export function wrongLinkRoutes(deps: WrongLinkRouteDeps): Router {
  const router = new Router()
  router.get(wrongLinkPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    const found = await findWrongLink(deps, token)
    if (!found.ok) return showDead(ctx, deadWrongLinks[found.reason])
    const { courtName, login, reader } = found.value
    const page = wrongLinkPage({
      ...requestOf(ctx),
      action: wrongLinkPath(token),
      csrf: tokenFor(deps, token, 'wrong-link'),
      courtName,
      login,
      isHolder: reader === 'holder',
    })
    return respond(ctx, 200, page)
  })
  router.post(wrongLinkPath(':token'), async (ctx) => {
    const token = tokenOf(ctx)
    if (!(await readOwn(deps, ctx, token, 'wrong-link'))) return
    const said = await reportWrongLink(deps, token, requestOrigin(ctx))
    if (!said.ok) return showDead(ctx, deadWrongLinks[said.reason])
    const { courtName, courtId, login } = said.value
    const model = { ...requestOf(ctx), courtName, login, courtUrl: courtPath(courtId) }
    return respond(ctx, 200, saidWrongPage(model))
  })
  return router
}

const findCourt = { url: paths.courts, label: 'Find the court' }

const deadWrongLinks: Readonly<Record<WrongLinkRefusal, DeadLink>> = {
  used: {
    heading: 'This was done already',
    text: 'The button was pressed before. To say more about it, ask the clerk of the court.',
    action: findCourt,
  },
  'contested-already': {
    heading: 'Somebody has said so already',
    text: 'Nobody files with this link until the clerk of the court has looked at it. To say more about it, ask the clerk.',
    action: findCourt,
  },
  'ended-already': {
    heading: 'This link is undone already',
    text: 'The two accounts are not linked any more. There is nothing to stop.',
    action: findCourt,
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for 30 days, and nothing has been changed. If the two accounts should not be linked, ask the clerk of the court.',
    action: findCourt,
  },
  'other-address': {
    heading: 'This link does not count any more',
    text: 'Since it was sent, the PACER account has had another e-mail address. Nothing has been changed. If the two accounts should not be linked, ask the clerk of the court.',
    action: findCourt,
  },
  unknown: {
    heading: 'This link does not work',
    text: 'It is not complete, or too old. Open it from the message itself, or copy the whole address.',
    action: findCourt,
  },
}
