import { readFileSync } from 'node:fs'
import Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../clock.ts'
import { requestOf } from '../http/request-context.ts'
import { accessibilityPage, privacyPage } from './pages.ts'
import { securityText } from './security-text.ts'

/**
 * Where a password is changed: PACER's Manage My Account. There is no page of ours for that yet.
 * Source: https://pacer.uscourts.gov/my-account-billing/manage-my-account-login
 */
const changePasswordAddress = 'https://pacer.psc.uscourts.gov/pscof/login.xhtml'

const robots = `User-agent: *
Allow: /courts
Allow: /privacy
Allow: /accessibility
Disallow: /
`

const favicon = readFileSync(new URL('./favicon.ico', import.meta.url))

/** What a visitor and a program expect at any website. */
export function siteRoutes(deps: { issuer: string; securityContacts: readonly string[] }): Router {
  const router = new Router()

  router.get('/privacy', (ctx) => answer(ctx, 'html', privacyPage(requestOf(ctx))))
  router.get('/accessibility', (ctx) => answer(ctx, 'html', accessibilityPage(requestOf(ctx))))
  router.get('/robots.txt', (ctx) => {
    keepForADay(ctx)
    answer(ctx, 'text', robots)
  })
  router.get('/favicon.ico', (ctx) => {
    keepForADay(ctx)
    answer(ctx, 'image/x-icon', favicon)
  })
  router.get('/.well-known/security.txt', (ctx) =>
    answer(ctx, 'text', securityText(deps.issuer, deps.securityContacts, now())),
  )
  router.get('/.well-known/change-password', (ctx) => ctx.redirect(changePasswordAddress))
  return router
}

function answer(ctx: Context, type: string, body: string | Buffer): void {
  ctx.type = type
  ctx.body = body
}

function keepForADay(ctx: Context): void {
  ctx.set('Cache-Control', 'public, max-age=86400')
}
