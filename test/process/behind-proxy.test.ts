import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { trustAuthority } from '../support/certificate.ts'
import {
  createCourt,
  idClaims,
  newBrowser,
  openPage,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts'
import { auditedAddress, signInWith } from './audited-address.ts'

let proxy: TlsProxy
let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let browser: HttpClient
let endTrust: () => Promise<void>

beforeAll(async () => {
  const [port, targetPort] = [await freePort(), await freePort()]
  proxy = await startTlsProxy(port, targetPort)
  endTrust = trustAuthority(proxy.authority)
  signOn = await startSignOn({
    issuer: proxy.url,
    port: targetPort,
    settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
  })
  await signOn.apply({ accounts: [jane, nora] })
  ncwd = await createCourt(signOn, 'ncwd', {
    method: 'private_key_jwt',
    isPushed: true,
    hasDpop: true,
  })
  ncwb = await createCourt(signOn, 'ncwb')
})
afterAll(async () => {
  await signOn.stop()
  await proxy.stop()
  await endTrust()
})
beforeEach(() => {
  browser = newBrowser()
})
afterEach(() => browser.stop())

const direct = (on: SignOn, path: string) => `http://127.0.0.1:${on.config.listen.port}${path}`
const discovery = '/.well-known/openid-configuration'

describe('behind a proxy that ends TLS', () => {
  test('a whole sign-in at two courts works over https', async () => {
    const tokens = await ncwd.signIn(browser, jane.username)
    expect(idClaims(tokens)['iss']).toBe(proxy.url)
    expect(tokens.token_type.toLowerCase()).toBe('dpop')
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBe(idClaims(tokens)['sub'])
    expect((await oidc.tokenIntrospection(ncwd.rp, tokens.access_token)).active).toBe(true)
    const account = await openPage(browser, signOn, `${proxy.url}/account`)
    expect(account.text).toContain('Jane Doe')
  })

  test('every address in discovery is https and on the public host', async () => {
    const document = (await browser.get(`${proxy.url}${discovery}`)).json()
    const addresses = Object.values(document).filter(
      (value): value is string => typeof value === 'string' && value.includes('://'),
    )
    expect(addresses.length).toBeGreaterThan(7)
    for (const address of addresses) expect(new URL(address).origin).toBe(proxy.url)
  })

  test('cookies are __Host-, Secure, HttpOnly, Lax, and a browser takes them all', async () => {
    const { url } = await ncwb.authorize()
    const page = await openPage(browser, signOn, url)
    await signInAt(browser, signOn, page, nora.username)
    const set = browser.transcript.flatMap(({ responseHeaders }) =>
      responseHeaders.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
    )
    const names = new Set(set.map((line) => line.slice(0, line.indexOf('='))))
    for (const name of ['__Host-session', '__Host-cso-interaction']) {
      expect([...names]).toContain(name)
    }
    for (const line of set) {
      expect(line).toMatch(/^__Host-/)
      expect(line).toMatch(/; secure/i)
      expect(line).toMatch(/; httponly/i)
      expect(line).toMatch(/; samesite=lax/i)
      if (line.startsWith('__Host-')) expect(line).toMatch(/; path=\/(;|$)/i)
    }
    const held = browser.cookies.list(new URL(proxy.url)).map(({ name }) => name)
    expect(held).toContain('__Host-session')
  })

  test('every answer says HSTS for two years', async () => {
    for (const path of [discovery, '/oidc/jwks', '/courts', '/account', '/no-such-page']) {
      const { headers } = await browser.get(`${proxy.url}${path}`)
      expect(headers['strict-transport-security'], path).toBe('max-age=63072000; includeSubDomains')
    }
  })

  test('the audit has the nearest address that is not a proxy of ours, whatever stands left of it', async () => {
    await signInWith(browser, signOn, ncwb, {
      'x-forwarded-for': '203.0.113.7, 198.51.100.9, 127.0.0.5',
    })
    expect(await auditedAddress(signOn)).toBe('198.51.100.9')
    await signInWith(browser, signOn, ncwb, { 'x-forwarded-for': 'made up, <script>, 2001:db8::7' })
    expect(await auditedAddress(signOn)).toBe('2001:db8::7')
  })

  test('an address with the port of its connection is the address', async () => {
    for (const [header, address] of [
      ['203.0.113.7, 198.51.100.9:4711', '198.51.100.9'],
      ['[2001:db8::9]:4711, 127.0.0.5:80', '2001:db8::9'],
    ] as const) {
      await signInWith(browser, signOn, ncwb, { 'x-forwarded-for': header })
      expect(await auditedAddress(signOn)).toBe(address)
    }
  })

  test('what is no address ends the way: left of it anything may be invented', async () => {
    await signInWith(browser, signOn, ncwb, {
      'x-forwarded-for': '203.0.113.7, unknown, 127.0.0.5',
    })
    expect(await auditedAddress(signOn)).toBe('127.0.0.5')
  })

  test('a request that came in the clear is misdirected, also from the proxy itself', async () => {
    const { host } = new URL(proxy.url)
    for (const headers of [
      { host },
      { host, 'x-forwarded-proto': 'http' },
      { host, 'x-forwarded-proto': 'http, https' },
      { 'x-forwarded-proto': 'https' },
      { host: 'evil.example', 'x-forwarded-proto': 'https' },
      { host, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' },
    ]) {
      const answer = await browser.get(direct(signOn, discovery), headers)
      expect(answer.status, JSON.stringify(headers)).toBe(421)
      expect(answer.text).not.toContain('evil.example')
    }
    const answer = await browser.get(direct(signOn, discovery), {
      host,
      'x-forwarded-proto': 'https',
    })
    expect(answer.status).toBe(200)
  })

  test('a probe by address and in the clear is answered', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await browser.get(direct(signOn, path))).status).toBe(200)
    }
  })
})

describe('a peer that is not a trusted proxy', () => {
  test('cannot make a request count as https', async () => {
    const port = await freePort()
    const stranger = await startSignOn({
      issuer: 'https://login.test',
      port,
      settings: { CSO_TRUSTED_PROXIES: '10.0.0.0/8' },
    })
    for (const headers of [
      { 'x-forwarded-proto': 'https' },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'login.test' },
      { forwarded: 'proto=https;host=login.test' },
    ]) {
      const answer = await browser.get(direct(stranger, discovery), {
        host: 'login.test',
        ...headers,
      })
      expect(answer.status, JSON.stringify(headers)).toBe(421)
    }
    await stranger.stop()
  })

  test('can invent neither the host nor its own address', async () => {
    const plain = await startSignOn({ settings: { CSO_TRUSTED_PROXIES: '10.0.0.0/8' } })
    try {
      await plain.apply({ accounts: [nora] })
      const court = await createCourt(plain, 'ncwd')
      const lies = {
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'x-original-url': '/oidc/jwks',
        forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
      }
      await signInWith(browser, plain, court, lies)
      expect(await auditedAddress(plain)).toBe('127.0.0.1')
      const document = await browser.get(`${plain.issuer}${discovery}`, lies)
      expect(document.json()).toMatchObject({ issuer: plain.issuer })
      expect(document.text).not.toContain('evil.example')
    } finally {
      await plain.stop()
    }
  })
})
