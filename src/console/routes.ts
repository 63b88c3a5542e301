import Router from '@koa/router'
import { paths } from '../paths.ts'
import { staffRoleLabels } from '../staff/role.ts'
import { listStaffPosts } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { ConsoleGate } from './console-gate.ts'
import { entriesFor } from './entries.ts'
import { homeContent } from './frame.ts'

/** `/staff`: what whoever has any role can do. */
export function consoleRoutes(deps: {
  readonly db: Database
  readonly console: ConsoleGate
}): Router {
  const router = new Router()
  router.get(
    paths.staff,
    deps.console.page('any', async ({ account, roles }) => {
      const posts = await listStaffPosts(deps.db, account.id)
      return homeContent({
        posts: posts.map(({ role, courtName }) =>
          courtName ? `${staffRoleLabels[role]}, ${courtName}` : staffRoleLabels[role],
        ),
        entries: entriesFor(roles),
      })
    }),
  )
  return router
}
