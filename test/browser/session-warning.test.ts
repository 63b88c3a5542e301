import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assets } from '../../src/http/assets.ts'
import { pageStates } from '../http/page-states.ts'
import { startWebKit } from '../support/browsers/webkit.ts'

let server: Server
let origin: string

beforeAll(async () => {
  const app = new Koa()
  app.use(assets())
  app.use((ctx) => {
    ctx.type = 'html'
    ctx.body = pageStates['account-ending']!('nonce')
  })
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('the session warning is as high as its text in WebKit, not as the window', async () => {
  const browser = await startWebKit(true)
  try {
    const page = await browser.newPage()
    await page.open(`${origin}/account`)
    await page.see('#session-stay')
    const [box, heading, window] = await page.evaluate<[number, number, number]>(`(() => {
      const height = (selector) => document.querySelector(selector).getBoundingClientRect().height
      return [height('#session-warning'), height('#session-warning-heading'), innerHeight]
    })()`)
    expect(box).toBeLessThan(window / 2)
    expect(heading).toBeLessThan(60)
    await page.close()
  } finally {
    await browser.stop()
  }
}, 60_000)
