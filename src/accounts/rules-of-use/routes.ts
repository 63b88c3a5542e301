import Router from '@koa/router'
import { respond } from '../../http/form-kit.ts'
import { requestOf } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { rulesOfUsePage } from './pages.ts'

/** `/rules-of-use`: what everybody accepts who has an account. */
export function rulesOfUseRoutes(): Router {
  const router = new Router()
  router.get(paths.rulesOfUse, (ctx) => respond(ctx, 200, rulesOfUsePage(requestOf(ctx))))
  return router
}
