import Router from '@koa/router'
import { listUses } from '../../audit/account-history.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { secondsFromNow } from '../../clock.ts'
import { paths } from '../../paths.ts'
import type { Database } from '../../storage/db.ts'
import type { PortalGate } from '../portal-gate.ts'
import { usageContent } from './usage-page.ts'

export type UsageRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly directory: ClientDirectory
}

const shownDays = 90

/** What the account was used for: each application that was signed in to, the latest first. */
export function usageRoutes({ db, portal, directory }: UsageRouteDeps): Router {
  const router = new Router()

  router.get(
    paths.accountUsage,
    portal.page(async ({ account }) => {
      const uses = await listUses(db, account.id, secondsFromNow(-shownDays * 24 * 3600))
      const described = await Promise.all(
        uses.map(async ({ clientId, times, lastAt }) => {
          const client = await directory.find(clientId)
          const name = client?.name ?? clientId
          const courtNames = (client?.courts ?? []).map((court) => court.name)
          return { name, courtNames: courtNames.filter((each) => each !== name), times, lastAt }
        }),
      )
      return usageContent({ days: shownDays, uses: described })
    }),
  )

  return router
}
