import Router from '@koa/router'
import { type AccountEvent, listAccountEvents } from '../../audit/account-history.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { listCourtNames } from '../../courts/store.ts'
import { coarseNetwork } from '../../networks.ts'
import { paths } from '../../paths.ts'
import type { Database } from '../../storage/db.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { activityContent } from './activity-page.ts'
import { tellEvent, toldEvents } from './activity-words.ts'

export type ActivityRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly directory: ClientDirectory
}

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

async function show(
  { db, directory }: ActivityRouteDeps,
  { account, ctx }: PortalVisit,
): Promise<PortalAnswer> {
  const { before } = ctx.query
  // An id as the page before named it; anything else begins at the newest.
  const olderThan = typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : undefined
  const about = { events: toldEvents, olderThan, limit: perPage + 1 }
  const found = await listAccountEvents(db, account.id, about)
  const events = found.slice(0, perPage)
  const courts = await listCourtNames(db, [
    ...new Set(events.flatMap(({ courtId }) => courtId ?? [])),
  ])
  const described = await Promise.all(
    events.map(async (event) => {
      const client = event.clientId ? ((await directory.find(event.clientId))?.name ?? '') : ''
      const court = event.courtId ? (courts.get(event.courtId) ?? '') : ''
      const text = tellEvent(event, { client, court }, account.id) ?? ''
      return { at: event.recordedAt, text, network: networkIn(event) }
    }),
  )
  return activityContent({
    events: described,
    isLater: olderThan !== undefined,
    olderThan: found.length > perPage ? events.at(-1)?.id : undefined,
  })
}

/** What the holder sees of where something came from; of who works for the judiciary nothing. */
function networkIn({ ip, actorKind }: AccountEvent): string | undefined {
  return ip && actorKind !== 'operator' ? coarseNetwork(ip) : undefined
}
