import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assets, assetUrl } from '../../src/http/assets.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { pageStates } from './page-states.ts'

let server: Server
let browser: TestBrowser
let origin: string

beforeAll(async () => {
  const app = new Koa({ env: 'test' })
  app.silent = true
  app.use(assets())
  app.use((ctx) => {
    const render = pageStates[ctx.path.slice(1)]
    if (!render) return
    ctx.type = 'html'
    ctx.body = render('nonce')
  })
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.stop()
  server?.closeAllConnections()
  server?.close()
})

const laptop = { width: 1366, height: 625 }
const phone = { width: 400, height: 800 }

async function withPage(
  viewport: { width: number; height: number },
  work: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.browser.newContext({ viewport, ...options })
  try {
    await work(await context.newPage())
  } finally {
    await context.close()
  }
}

describe('the button Sign in', () => {
  test.each([
    'sign-in',
    'sign-in-national',
    'sign-in-two-courts',
    'sign-in-vendor',
    'sign-in-many-courts',
  ])('is on the first screen of a laptop on the page %s', async (name) => {
    await withPage(laptop, async (page) => {
      await page.goto(`${origin}/${name}`)
      const box = await page.locator('#sign-in-submit').boundingBox()
      expect(box!.y + box!.height).toBeLessThan(laptop.height)
    })
  })

  test('is on the first screen of a telephone', async () => {
    await withPage(phone, async (page) => {
      await page.goto(`${origin}/sign-in`)
      const box = await page.locator('#sign-in-submit').boundingBox()
      expect(box!.y + box!.height).toBeLessThan(phone.height)
    })
  })

  test('stands below the field to show the password, which the keyboard reaches in between', async () => {
    await withPage(laptop, async (page) => {
      await page.goto(`${origin}/sign-in`)
      await page.focus('#password')
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.id')).toBe('show-password')
      const show = await page.locator('#show-password').boundingBox()
      const field = await page.locator('#password').boundingBox()
      expect(show!.y + show!.height).toBeLessThanOrEqual(field!.y + 1)
    })
  })
})

test('a hyphen in a heading is drawn as one', async () => {
  const file = assetUrl('uswds', 'fonts/source-sans-pro/sourcesanspro-bold-webfont.woff2')
  const stylesheet = readFileSync(new URL('../../src/http/static/cso.css', import.meta.url), 'utf8')
  expect(stylesheet).toContain(`"..${file.replace('/assets', '')}"`)
  await withPage(laptop, async (page) => {
    await page.goto(`${origin}/sign-in`, { waitUntil: 'networkidle' })
    const loaded = `[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family.replaceAll('"', ''))`
    expect(await page.evaluate(loaded)).toContain('Heading Hyphen')
  })
})

test('the icon of an error is seen where the system forces its colours', async () => {
  await withPage(
    laptop,
    async (page) => {
      await page.goto(`${origin}/sign-in-wrong-credentials`)
      const icon = await page.evaluate<string[]>(
        `(() => { const body = document.querySelector('#problem .usa-alert__body')
          return [getComputedStyle(body, '::before').backgroundColor, getComputedStyle(document.body).backgroundColor] })()`,
      )
      expect(icon[0]).not.toBe(icon[1])
    },
    { forcedColors: 'active' },
  )
})

test('the ring around the official banner is as wide as every other one', async () => {
  await withPage(laptop, async (page) => {
    await page.goto(`${origin}/sign-in`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const outline = 'getComputedStyle(document.activeElement).outlineWidth'
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
    expect(await page.evaluate(outline)).toBe('4px')
  })
})
