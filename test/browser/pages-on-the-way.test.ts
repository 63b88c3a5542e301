import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assets } from '../../src/http/assets.ts'
import { goOn, goOnByForm } from '../../src/http/go-on-page.ts'
import { requestContext } from '../../src/http/request-context.ts'
import { securityHeaders } from '../../src/http/security-headers.ts'
import { tooManyCookies } from '../../src/http/too-many-cookies.ts'
import { createLog } from '../../src/log.ts'
import { expectNoAxeViolations } from '../support/axe.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'

let server: Server
let browser: TestBrowser
let origin: string

beforeAll(async () => {
  const app = new Koa()
  app.use(requestContext({ trustedProxies: [], log: createLog('silent') }))
  app.use(securityHeaders({ issuer: 'http://localhost' }))
  app.use(assets())
  app.use((ctx) => {
    if (ctx.path === '/go-on') goOn(ctx, '/next')
    if (ctx.path === '/go-on-by-form') goOnByForm(ctx, `${origin}/next`, { code: 'c', state: 's' })
    // As a person sees them for whom they do not go on.
    if (typeof ctx.body === 'string') {
      ctx.body = ctx.body.replace(/<script[\s\S]*?<\/script>|<noscript>[\s\S]*?<\/noscript>/g, '')
    }
    if (ctx.path === '/431') {
      ctx.respond = false
      ctx.req.socket.end(tooManyCookies().answer)
    }
  })
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.stop()
  server?.closeAllConnections()
  server?.close()
})

// A person sees them when the network is slow, with refreshing switched off, or with too many cookies.
test.each([400, 1280])(
  'the pages that go on and the one for too many cookies are accessible at %i pixels',
  async (width) => {
    for (const path of ['go-on', 'go-on-by-form', '431']) {
      const page = await browser.newPage({ width })
      await page.goto(`${origin}/${path}`)
      expect(await page.locator('h1').count()).toBe(1)
      await expectNoAxeViolations(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      // A telephone number on two lines is read out wrongly.
      const lines = 'document.querySelector(\'a[href^="tel:"]\')?.getClientRects().length ?? 1'
      expect(await page.evaluate(lines)).toBe(1)
      await page.context().close()
    }
  },
)
