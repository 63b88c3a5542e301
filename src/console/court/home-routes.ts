import Router from '@koa/router'
import { staffRoleLabels } from '../../staff/role.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtGate } from '../court-gate.ts'
import { staffCourtPath } from './court-paths.ts'
import { courtFeatures } from './features.ts'
import { courtHomeContent } from './home-page.ts'

/** `/staff/courts/:court`: what the people of a court do, and what waits for them. */
export function homeRoutes(deps: { readonly db: Database; readonly courtGate: CourtGate }): Router {
  const router = new Router()
  router.get(
    staffCourtPath(':court'),
    deps.courtGate.page(['clerk'], async ({ court, courtRoles }) => {
      const isManager = courtRoles.includes('court-manager')
      const features = courtFeatures.filter(
        ({ roles }) => isManager || roles.some((role) => courtRoles.includes(role)),
      )
      return courtHomeContent({
        courtName: court.name,
        roles: courtRoles.map((role) => staffRoleLabels[role]),
        features: await Promise.all(
          features.map(async ({ title, text, path, waits }) => ({
            title,
            text,
            url: path(court.id),
            waits: await waits?.(deps.db, court.id),
          })),
        ),
      })
    }),
  )
  return router
}
