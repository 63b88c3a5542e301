import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goOn } from '../../src/http/go-on-page.ts'
import { requestContext } from '../../src/http/request-context.ts'
import { securityHeaders } from '../../src/http/security-headers.ts'
import { createLog } from '../../src/log.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { createCourt, type TestCourt } from '../support/court.ts'
import { nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

let signOn: SignOn
let browser: TestBrowser
let court: TestCourt
/** The court's application of two origins: the callback of one redirects to the other. */
let callback: string
let application: string
const servers: Server[] = []

async function listen(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  await signOn.apply({ accounts: [nora] })
  application = await listen((req, res) => {
    res.setHeader('Content-Type', 'text/html')
    res.end(`<!doctype html><title>at the court</title><p id="arrived">${req.url}</p>`)
  })
  callback = await listen((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const posted = Buffer.concat(chunks).toString()
      const parameters = new URLSearchParams(posted || req.url?.split('?')[1])
      const outcome = parameters.has('code') ? 'code' : parameters.get('error')
      res.writeHead(303, { Location: `${application}/${req.method}/${outcome}` }).end()
    })
  })
  court = await createCourt(signOn, 'ncwd', { redirectUri: `${callback}/callback` })
})
afterAll(async () => {
  await browser?.stop()
  for (const server of servers) server.close()
  await signOn.stop()
})

describe.each([
  ['with scripts', true],
  ['without scripts', false],
] as const)('%s', (_, javaScriptEnabled) => {
  test.each([
    ['query', 'GET'],
    ['form_post', 'POST'],
  ])(
    'a court whose callback redirects to another origin is reached by %s after a form',
    async (responseMode, method) => {
      const page = await browser.newPage({ javaScriptEnabled })
      const { url } = await court.authorize({ response_mode: responseMode })
      await page.goto(url)
      await page.fill('#username', nora.username)
      await page.fill('#password', password)
      await page.click('#sign-in-submit')
      if (responseMode === 'form_post' && !javaScriptEnabled) {
        await page.waitForSelector('#go-on-submit')
        await page.click('#go-on-submit')
      }
      await page.waitForSelector('#arrived')
      expect(page.url()).toBe(`${application}/${method}/code`)
      await page.context().close()
    },
  )

  test.each([
    ['query', 'GET'],
    ['form_post', 'POST'],
  ])('so is it by %s after Cancel', async (responseMode, method) => {
    const page = await browser.newPage({ javaScriptEnabled })
    const { url } = await court.authorize({ response_mode: responseMode })
    await page.goto(url)
    await page.click('#cancel-submit')
    if (responseMode === 'form_post' && !javaScriptEnabled) {
      await page.waitForSelector('#go-on-submit')
      await page.click('#go-on-submit')
    }
    await page.waitForSelector('#arrived')
    expect(page.url()).toBe(`${application}/${method}/access_denied`)
    await page.context().close()
  })
})

describe('a page that goes on by itself', () => {
  /** Long and full of what HTML, scripts and refreshes could stumble over. */
  const target = () =>
    `${application}/?quotes='"&and=1;url=https://else.where/<b>&script=</script>&state=${'s'.repeat(4096)}`
  let origin: string

  beforeAll(async () => {
    const app = new Koa()
    app.use(requestContext({ trustedProxies: [], log: createLog('silent') }))
    app.use(securityHeaders({ issuer: 'http://localhost' }))
    app.use((ctx) => {
      if (ctx.path === '/form') {
        ctx.type = 'text/html'
        ctx.body = `<!doctype html><html lang="en"><title>form</title><main><h1>form</h1>
          <form method="post" action="/take"><button id="send">Send</button></form></main>`
      } else goOn(ctx, target())
    })
    origin = await listen(app.callback())
  })

  test.each([true, false])('takes a long address as it is (scripts: %s)', async (scripts) => {
    const page = await browser.newPage({ javaScriptEnabled: scripts })
    await page.goto(`${origin}/form`)
    await page.click('#send')
    await page.waitForSelector('#arrived')
    expect(page.url()).toBe(new URL(target()).href)
    await page.goBack()
    if (scripts) expect(page.url()).toBe(`${origin}/form`)
    await page.context().close()
  })

  test('asks for the address once', async () => {
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().startsWith(application) && request.isNavigationRequest())
        asked.push(request.url())
    })
    await page.goto(`${origin}/form`)
    await page.click('#send')
    await page.waitForSelector('#arrived')
    await page.waitForLoadState('networkidle')
    expect(asked).toHaveLength(1)
    await page.context().close()
  })

  test('has a link for who has neither script nor refresh', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    const html = await (await fetch(`${origin}/take`, { method: 'POST' })).text()
    // As a browser shows it that was told to refresh nothing.
    await page.setContent(html.replace(/<noscript>[\s\S]*?<\/noscript>/g, ''))
    expect(await page.locator('#go-on').getAttribute('href')).toBe(target())
    await page.context().close()
  })
})

test('it goes on to web addresses and own paths, to nothing else', async () => {
  const ctx = {} as never
  for (const address of ['javascript:alert(1)', 'data:text/html,x', '//else.where', 'x', '/\\x']) {
    expect(() => goOn(ctx, address)).toThrow()
  }
})
