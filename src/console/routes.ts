import Router from '@koa/router'
import { paths } from '../paths.ts'
import { staffRoleLabels } from '../staff/role.ts'
import { listStaffPosts } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { ConsoleGate } from './console-gate.ts'
import { entriesFor, listWaitingFor } from './entries.ts'
import { homeContent } from './frame.ts'

/** `/staff`: what waits for whoever has any role, and what there is to do. */
export function consoleRoutes(deps: {
  readonly db: Database
  readonly console: ConsoleGate
}): Router {
  const router = new Router()
  router.get(
    paths.staff,
    deps.console.page('any', async ({ account, roles }) => {
      const [posts, waiting] = await Promise.all([
        listStaffPosts(deps.db, account.id),
        listWaitingFor(deps.db, { accountId: account.id, roles }),
      ])
      return homeContent({
        posts: posts.map(({ role, courtName }) =>
          courtName ? `${staffRoleLabels[role]}, ${courtName}` : staffRoleLabels[role],
        ),
        waiting,
        entries: entriesFor(roles),
      })
    }),
  )
  return router
}
