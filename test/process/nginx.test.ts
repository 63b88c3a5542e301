import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCourt, idClaims, openPage, type TestCourt } from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import { createHttpClient, type HttpClient } from '../support/http-client.ts'
import { type Nginx, startDocumentedNginx } from '../support/nginx.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { auditedAddress, signInWith } from './audited-address.ts'

// Neither nginx's address nor the server's.
const address = '127.0.0.9'
const discovery = '/.well-known/openid-configuration'

let nginx: Nginx
let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let browser: HttpClient

beforeAll(async () => {
  const [port, targetPort] = [await freePort(), await freePort()]
  const issuer = `https://localhost:${port}`
  nginx = await startDocumentedNginx(port, [targetPort, await freePort()])
  signOn = await startSignOn({
    issuer,
    port: targetPort,
    settings: { CSO_TRUSTED_PROXIES: '127.0.0.1/32' },
  })
  await signOn.apply({ accounts: [jane, nora] })
  ncwd = await createCourt(signOn, 'ncwd', { method: 'private_key_jwt', isPushed: true })
  ncwb = await createCourt(signOn, 'ncwb')
})
afterAll(async () => {
  await signOn.stop()
  await nginx.stop()
})
beforeEach(() => {
  browser = createHttpClient({ address })
})
afterEach(() => browser.stop())

/** Sends these lines as they are, over TLS; the status line of the answer. */
function sendRaw(...lines: string[]): Promise<string> {
  const { port } = new URL(signOn.issuer)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false })
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      socket.destroy()
      resolve(chunk.toString('latin1').split('\r\n')[0]!)
    })
    socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  })
}

describe('behind nginx as documented', () => {
  test('a person signs in over https, with cookies that are bound to the host', async () => {
    const tokens = await ncwd.signIn(browser, jane.username)
    expect(idClaims(tokens)['iss']).toBe(signOn.issuer)
    const held = browser.cookies.list(new URL(signOn.issuer))
    expect(held.map(({ name }) => name)).toContain('__Host-session')
    expect(held.every(({ isSecure }) => isSecure)).toBe(true)
    const refused = browser.transcript.flatMap(({ status, url }) => (status > 399 ? [url] : []))
    expect(refused).toEqual([])
    const account = await openPage(browser, signOn, `${signOn.issuer}/account`)
    expect(account.text).toContain('Jane Doe')
  })

  test('discovery names the public address', async () => {
    const document = (await browser.get(`${signOn.issuer}${discovery}`)).json()
    expect(document['issuer']).toBe(signOn.issuer)
    expect(document['token_endpoint']).toBe(`${signOn.issuer}/oidc/token`)
  })

  test("the audit has the browser's address, whatever the browser says of it", async () => {
    await signInWith(browser, signOn, ncwd, {})
    expect(await auditedAddress(signOn)).toBe(address)
    const other = createHttpClient({ address: '127.0.0.10' })
    await signInWith(other, signOn, ncwd, {
      'x-forwarded-for': '203.0.113.7',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
    }).finally(() => other.stop())
    expect(await auditedAddress(signOn)).toBe('127.0.0.10')
  })

  test('a spoofed X-Forwarded-Host or -Proto does not get through', async () => {
    const answer = await browser.get(`${signOn.issuer}${discovery}`, {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
    })
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('evil.example')
  })

  test('a request for another host is misdirected', async () => {
    const spoofed = await browser.get(`${signOn.issuer}${discovery}`, { host: 'evil.example' })
    expect(spoofed.status).toBe(421)
    expect(spoofed.text).not.toContain('evil.example')
    const { host } = new URL(signOn.issuer)
    const absolute = `GET https://evil.example${discovery} HTTP/1.1`
    expect(await sendRaw(absolute, `Host: ${host}`)).toContain(' 421 ')
    expect(await sendRaw(`GET ${discovery} HTTP/1.1`, `Host: ${host}`)).toContain(' 200 ')
  })

  test('a long authorization request reaches the server', async () => {
    const { url } = await ncwd.authorize()
    const long = await browser.get(`${url}&unknown=${'x'.repeat(12_000)}`)
    expect(long.headers['x-request-id']).toBeDefined()
    expect(long.status).toBe(303)
  })

  test('a state of 4,096 bytes goes there and back', async () => {
    for (const state of ['s'.repeat(4096), '%&+='.repeat(1024)]) {
      const { url } = await ncwb.authorize({ state, prompt: 'none' })
      const refused = await browser.get(url)
      expect(refused.status).toBe(303)
      expect(new URL(refused.location!).searchParams.get('state')).toBe(state)
    }
  })

  test('60 KiB of cookies reach the server, and for more its page says what to do', async () => {
    const cookies = (kibibytes: number) => ({ cookie: `c=${'x'.repeat(kibibytes * 1024)}` })
    expect((await browser.get(`${signOn.issuer}/courts`, cookies(60))).status).toBe(200)
    const refused = await browser.get(`${signOn.issuer}/courts`, cookies(100))
    expect(refused.status).toBe(431)
    expect(refused.text).toContain('Your browser holds too many cookies')
  })

  test('health is for the inside only', async () => {
    // Another spelling passes nginx's rule, and leads back to it.
    for (const path of ['/healthz/', '/READYZ']) {
      expect((await browser.get(`${signOn.issuer}${path}`)).status).toBe(301)
    }
    for (const path of ['/healthz', '/readyz']) {
      const answer = await browser.get(`${signOn.issuer}${path}`)
      expect(answer.status).toBe(403)
      expect(answer.headers['x-request-id']).toBeUndefined()
    }
  })

  test('its log has paths and request ids, but nothing of a query string', async () => {
    await ncwb.signIn(browser, nora.username, { login_hint: 'a-telling-hint' })
    const ids = browser.transcript.map(
      ({ responseHeaders }) => new Map(responseHeaders).get('x-request-id') ?? 'none',
    )
    await expect.poll(() => nginx.accessLog()).toContain(ids.at(-1))
    expect(nginx.accessLog()).toMatch(/^127\.0\.0\.9 \[[^\]]+\] "GET \/oidc\/auth" 303 /m)
    expect(nginx.accessLog()).not.toMatch(/\?|a-telling-hint/)
  })

  test.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256', true],
    ['ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384', true],
    ['ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256', false],
    ['ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA', false],
    ['AES128-GCM-SHA256:AES256-GCM-SHA384', false],
    ['AES128-SHA:AES256-SHA', false],
    ['DHE-RSA-AES128-GCM-SHA256', false],
  ])('with TLS 1.2 and %s: %s', async (ciphers, isTaken) => {
    const { port } = new URL(signOn.issuer)
    const negotiated = await new Promise<string | undefined>((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: Number(port),
        rejectUnauthorized: false,
        maxVersion: 'TLSv1.2',
        // What this side would refuse by itself is to be refused by nginx.
        ciphers: `${ciphers}:@SECLEVEL=0`,
      })
      socket.once('error', () => resolve(undefined))
      socket.once('secureConnect', () => {
        resolve(socket.getCipher().name)
        socket.destroy()
      })
    })
    if (isTaken) expect(ciphers).toContain(negotiated)
    else expect(negotiated).toBeUndefined()
  })
})
