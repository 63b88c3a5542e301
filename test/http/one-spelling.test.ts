import { get, type IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { randomToken } from '../../src/ids.ts'
import { type Answer, send } from '../oidc/raw-requests.ts'
import { basicHeader, createCourt, newBrowser, openPage, type TestCourt } from '../support/court.ts'
import { listKept } from '../support/dump-stores.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

/** One path and one host may be written in several ways: everything in front of a route sees one. */

const discovery = '/.well-known/openid-configuration'

let signOn: SignOn
let ncwd: TestCourt
let browser: HttpClient | undefined

beforeAll(async () => {
  signOn = await startSignOn({ settings: { CSO_LIMIT_PAGES_PER_ADDRESS: '1000/60' } })
  await signOn.apply({ accounts: [jane] })
  ncwd = await createCourt(signOn, 'ncwd')
})
afterAll(() => signOn.stop())
afterEach(async () => {
  await browser?.stop()
  browser = undefined
})

const at = (path: string) => `${signOn.issuer}${path}`

describe('a path in another spelling', () => {
  test.each([
    `${discovery}/`,
    `/${discovery}`,
    '/.well-known//openid-configuration',
    '/.WELL-KNOWN/OpenID-Configuration',
    '/oidc/jwks/',
    '/.well-known/oauth-authorization-server/',
  ])('is the same document: %s', async (path) => {
    const plain = path
      .replace(/\/{2,}/g, '/')
      .replace(/\/$/, '')
      .toLowerCase()
    const [one, other] = [await send(at(plain)), await send(at(path))]
    expect(other.status).toBe(200)
    expect(other.text).toBe(one.text)
    for (const name of ['etag', 'cache-control', 'content-security-policy', 'content-type']) {
      expect([name, other.headers[name]]).toEqual([name, one.headers[name]])
    }
    expect(other.headers).not.toHaveProperty('x-frame-options')
  })

  test.each([
    ['/account/', '/account'],
    ['/Courts?q=a', '/courts?q=a'],
    ['/courts//ncwd', '/courts/ncwd'],
    ['/oidc/token/', '/oidc/token'],
    ['/HEALTHZ', '/healthz'],
    ['/oidc/auth/?client_id=x', '/oidc/auth?client_id=x'],
    ['/OIDC/Auth/AbC', '/oidc/auth/AbC'],
    ['/Sign-In/AbC/', '/sign-in/AbC'],
    ['//evil.example//', '/evil.example'],
  ])('leads who reads %s to %s', async (path, location) => {
    const answer = await send(at(path), { headers: { accept: 'text/html' } })
    expect(answer).toMatchObject({ status: 301, headers: { location } })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test.each(['/\\evil.example/', '//\\evil.example/'])(
    '%s leads nobody elsewhere',
    async (path) => {
      const { port } = signOn.config.listen
      const host = new URL(signOn.issuer).host
      // As it is: a URL would turn the back-slash round.
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path, headers: { host } }, resolve).once('error', reject)
      })
      answer.resume()
      expect(answer.statusCode).toBe(404)
      expect(answer.headers).not.toHaveProperty('location')
    },
  )

  test.each(['/oidc/token/', '/OIDC/PAR', '/oidc//introspect', '/oidc/Revoke/', '/oidc/userinfo/'])(
    'is no endpoint: a POST to %s does nothing, and is told where it belongs',
    async (path) => {
      const before = await listKept(signOn.services)
      const answer = await send(at(path), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form: { grant_type: 'refresh_token', token: 'x', client_id: ncwd.clientId },
      })
      const plain = path
        .replace(/\/{2,}/g, '/')
        .replace(/\/$/, '')
        .toLowerCase()
      expect(answer).toMatchObject({
        status: 404,
        body: { error_description: `the path is ${plain}, spelled exactly so` },
      })
      expect(await listKept(signOn.services)).toEqual(before)
    },
  )

  test('passes no cap: an oversized pushed request is not read', async () => {
    const form = { client_id: ncwd.clientId, filler: 'x'.repeat(40 * 1024) }
    for (const path of ['/OIDC/PAR', '/oidc/par/']) {
      expect((await send(at(path), { form })).status).toBe(404)
    }
    const { url } = await ncwd.authorize({ state: 's'.repeat(5000) })
    for (const path of ['/OIDC/AUTH', '/oidc/auth/']) {
      const answer = await send(url.replace('/oidc/auth', path))
      expect(answer.status).toBe(301)
      expect((await send(new URL(answer.headers['location']!, url).href)).status).toBe(400)
    }
  })

  test('is in the log without the identifier of an interaction', async () => {
    browser = newBrowser()
    const page = await openPage(browser, signOn, (await ncwd.authorize()).url)
    const uid = /\/sign-in\/([^?]+)/.exec(page.url)![1]!
    for (const path of [`//sign-in/${uid}`, `/SIGN-IN/${uid}`, `/oidc//auth/${uid}/`]) {
      expect((await send(at(path))).status).toBe(301)
    }
    expect(signOn.logLines.join('')).not.toContain(uid)
  })

  test('does not keep a person from signing in: the interaction keeps its capitals', async () => {
    browser = newBrowser()
    const page = await openPage(browser, signOn, (await ncwd.authorize()).url)
    expect(page.url).toMatch(/\/sign-in\/.*[A-Z]/)
    expect(page.status).toBe(200)
  })
})

test.each(['%00', '%0A', '%1f/act/hold', '%7F'])(
  'a path with a control character is none of ours: …%s',
  async (end) => {
    for (const start of ['/staff/support/accounts/7123456', '/courts/ncwd', '/sign-in/x']) {
      const answer = await send(at(`${start}${end}`), { headers: { accept: 'text/html' } })
      expect(answer.status, start).toBe(404)
    }
    expect((await send(at(`/courts${end}`), { form: { a: 'b' } })).status).toBe(404)
  },
)

test('the link of a mail is in no log, whatever a program has put behind it', async () => {
  const token = randomToken()
  for (const path of ['/recover/password/', '/account/not-me/', '/Register/Confirm/']) {
    for (const end of ['.', '%3E', '%00', '>', ')', '', '/']) {
      await send(at(`${path}${token}${end}`), { headers: { accept: 'text/html' } })
    }
  }
  expect(signOn.logLines.join('')).not.toContain(token)
  expect(signOn.logLines.join('')).toContain('/recover/password/…')
})

describe('the host', () => {
  let behindProxy: SignOn
  const direct = (path: string, headers: Record<string, string>): Promise<Answer> =>
    send(`http://127.0.0.1:${behindProxy.config.listen.port}${path}`, {
      headers: { 'x-forwarded-proto': 'https', ...headers },
    })

  beforeAll(async () => {
    behindProxy = await startSignOn({
      issuer: 'https://sso.test',
      settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
    })
  })
  afterAll(() => behindProxy.stop())

  test.each([
    { host: 'SSO.Test.:443' },
    { host: 'sso.test:443' },
    { host: 'SSO.TEST' },
    { host: 'sso.test.' },
    { host: 'backend', 'x-forwarded-host': 'Sso.test.:443' },
  ])('is the same in %j, and what is made of it is the issuer', async (headers) => {
    const answer = await direct(discovery, headers)
    expect(answer.status).toBe(200)
    expect(answer.body['token_endpoint']).toBe('https://sso.test/oidc/token')
    const signIn = await direct('/account', { accept: 'text/html', ...headers })
    expect(signIn.status).toBe(303)
    expect(JSON.stringify(signIn.headers)).not.toMatch(/SSO|Sso|sso\.test[.:]|backend/)
  })

  test.each(['sso.test:80', 'sso.test:8443', 'sso.test..', 'sso.test.example', 'xsso.test', ''])(
    'is another in %j',
    async (host) => {
      expect((await direct(discovery, { host })).status).toBe(421)
    },
  )

  test('that is another is answered under the same headers as any', async () => {
    const accept = 'text/html'
    const good = await direct('/courts', { host: 'sso.test', accept })
    const misdirected = await direct('/courts', { host: 'evil.example', accept })
    expect(misdirected.status).toBe(421)
    for (const name of [
      ...['x-request-id', 'strict-transport-security', 'x-content-type-options'],
      ...['x-frame-options', 'referrer-policy', 'content-security-policy', 'permissions-policy'],
      ...['cross-origin-opener-policy', 'cross-origin-resource-policy', 'cache-control'],
    ]) {
      expect([name, misdirected.headers[name]?.length]).toEqual([name, good.headers[name]?.length])
    }
  })

  test('that is another is in the log, with the scheme and the peer that were seen', async () => {
    const found = (answer: Answer) =>
      behindProxy.logLines
        .map((line) => JSON.parse(line))
        .find(
          ({ requestId, msg }) =>
            requestId === answer.headers['x-request-id'] && msg.startsWith('request misdirected'),
        )
    const clear = await direct('/courts', { host: 'sso.test', 'x-forwarded-proto': 'http' })
    expect(found(clear)).toMatchObject({
      level: 'info',
      host: 'sso.test',
      scheme: 'http',
      peer: '127.0.0.1',
      isTrustedProxy: true,
    })
    const long = await direct('/courts', { host: `evil.${'x'.repeat(4000)}.example` })
    expect(found(long).host).toHaveLength(255)
  })

  test('is named with its proxy, where that is not a trusted one', async () => {
    const unlisted = await startSignOn({ issuer: 'https://sso.test' })
    try {
      const answer = await send(`http://127.0.0.1:${unlisted.config.listen.port}/courts`, {
        headers: { host: 'sso.test', 'x-forwarded-proto': 'https' },
      })
      expect(answer.status).toBe(421)
      const lines = unlisted.logLines.map((line) => JSON.parse(line))
      expect(lines.find(({ msg }) => /CSO_TRUSTED_PROXIES/.test(msg))).toMatchObject({
        level: 'warn',
        scheme: 'http',
        peer: '127.0.0.1',
        isTrustedProxy: false,
      })
    } finally {
      await unlisted.stop()
    }
  })
})

describe('a script of another origin', () => {
  const origin = 'https://evil.example'
  const preflight = (path: string) =>
    send(at(path), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })

  test.each(['/oidc/token', '/oidc/par', '/oidc/introspect', '/oidc/revoke', '/oidc/userinfo'])(
    'is not let in at %s',
    async (path) => {
      const asked = await preflight(path)
      expect(asked.status).toBe(204)
      expect(asked.headers['allow']).toContain('POST')
      const called = await send(at(path), { headers: { origin }, form: { client_id: 'nobody' } })
      const proven = await send(at(path), {
        headers: { origin, ...basicHeader(ncwd.clientId, ncwd.secret) },
        form: { token: 'x', grant_type: 'x' },
      })
      for (const answer of [asked, called, proven]) {
        expect(Object.keys(answer.headers).join()).not.toContain('access-control')
        expect(JSON.stringify(answer.headers)).not.toContain('evil')
      }
    },
  )

  test.each([discovery, '/oidc/jwks'])('reads %s as everybody does', async (path) => {
    const asked = await preflight(path)
    expect(asked).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } })
    const read = await send(at(path), { headers: { origin } })
    expect(read).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } })
  })
})

test('HEAD of a document says what GET says', async () => {
  const [get, head] = [await send(at(discovery)), await send(at(discovery), { method: 'HEAD' })]
  expect(head.text).toBe('')
  const named = ({ headers }: Answer) =>
    Object.fromEntries(
      ['etag', 'content-length', 'cache-control', 'access-control-allow-origin'].map((name) => [
        name,
        headers[name],
      ]),
    )
  expect(named(head)).toEqual(named(get))
})
