import Router from '@koa/router'
import { paths } from '../../paths.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { activityContent } from './activity-page.ts'
import { type ActivityDeps, listActivity } from './tell-activity.ts'

export type ActivityRouteDeps = ActivityDeps & { readonly portal: PortalGate }

const perPage = 25

/** *Activity*: what happened to the account, in words, as far as it is its holder's to know. */
export function activityRoutes(deps: ActivityRouteDeps): Router {
  const router = new Router()
  router.get(
    paths.accountActivity,
    deps.portal.page((visit) => show(deps, visit)),
  )
  return router
}

async function show(deps: ActivityRouteDeps, { account, ctx }: PortalVisit): Promise<PortalAnswer> {
  const { before } = ctx.query
  // An id as the page before named it; anything else begins at the newest.
  const olderThan = typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : undefined
  const found = await listActivity(deps, account.id, { olderThan, limit: perPage + 1 })
  const events = found.slice(0, perPage)
  return activityContent({
    events,
    isLater: olderThan !== undefined,
    olderThan: found.length > perPage ? events.at(-1)?.id : undefined,
  })
}
