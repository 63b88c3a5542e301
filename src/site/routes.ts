import { readFileSync } from 'node:fs'
import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../clock.ts'
import { requestOf } from '../http/request-context.ts'
import { paths } from '../paths.ts'
import { accessibilityPage, privacyPage } from './pages.ts'
import { securityText } from './security-text.ts'

const robots = `User-agent: *
Allow: ${paths.courts}
Allow: ${paths.privacy}
Allow: ${paths.accessibility}
Allow: ${paths.rulesOfUse}
Disallow: /
`

const favicon = readFileSync(new URL('./favicon.ico', import.meta.url))

/** What a visitor and a program expect at any website. */
export function siteRoutes(deps: { issuer: string; securityContacts: readonly string[] }): Router {
  const router = new Router()

  router.get(paths.privacy, (ctx) => answer(ctx, 'html', privacyPage(requestOf(ctx))))
  router.get(paths.accessibility, (ctx) => answer(ctx, 'html', accessibilityPage(requestOf(ctx))))
  router.get(paths.robots, (ctx) => {
    keepForADay(ctx)
    answer(ctx, 'text', robots)
  })
  router.get(paths.favicon, (ctx) => {
    keepForADay(ctx)
    answer(ctx, 'image/x-icon', favicon)
  })
  router.get(paths.securityText, (ctx) =>
    answer(ctx, 'text', securityText(deps.issuer, deps.securityContacts, now())),
  )
  router.get(paths.whereToChangePassword, (ctx) => ctx.redirect(paths.changePassword))
  return router
}

function answer(ctx: Context, type: string, body: string | Buffer): void {
  ctx.type = type
  ctx.body = body
}

function keepForADay(ctx: Context): void {
  ctx.set('Cache-Control', 'public, max-age=86400')
}
