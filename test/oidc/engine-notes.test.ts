import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  basicHeader,
  callbackOf,
  createCourt,
  errorIn,
  filingSoftware,
  getPasswordForm,
  idClaims,
  newBrowser,
  offlineRequest,
  openPage,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { createHttpClient, type HttpClient } from '../support/http-client.ts'
import { becomes } from '../support/measure.ts'
import { jane, nora, stan } from '../support/people.ts'
import { startRedis } from '../support/redis.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { assertion, assertionForm, codeForm, obtainCode, send } from './raw-requests.ts'

/** What the engine does not do by itself, and what was done about it: one group for each. */

const mfa = 'urn:uscourts:cso:acr:mfa'

let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let signed: TestCourt
let vendor: TestCourt
let browser: HttpClient
const browsers: HttpClient[] = []

beforeAll(async () => {
  signOn = await startSignOn()
  await signOn.apply({ accounts: [jane, nora] })
  ncwd = await createCourt(signOn, 'ncwd')
  ncwb = await createCourt(signOn, 'ncwb')
  signed = await createCourt(signOn, 'nceb', { method: 'private_key_jwt' })
  vendor = await createCourt(signOn, 'ca4', filingSoftware)
})
afterAll(() => signOn.stop())
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(browsers.splice(0).map((each) => each.stop()))
})

const openBrowser = () => {
  browser = newBrowser()
  browsers.push(browser)
  return browser
}
const at = (path: string) => `${signOn.issuer}${path}`
const introspect = (court: TestCourt, token: string) => oidc.tokenIntrospection(court.rp, token)
const isActive = async (court: TestCourt, token: string) => (await introspect(court, token)).active

describe('the Host header decides nothing', () => {
  const foreign = { host: 'evil.example' }

  test.each([
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oidc/jwks',
    '/oidc/auth?client_id=ncwd-cmecf',
    '/account',
    '/courts',
    '/no-such-page',
  ])('%s under another name is misdirected', async (path) => {
    const answer = await send(at(path), { headers: foreign })
    expect(answer.status).toBe(421)
    expect(answer.text).not.toContain('evil')
    expect(JSON.stringify(answer.headers)).not.toContain('evil')
  })

  test('a token request under another name is misdirected', async () => {
    const headers = { ...foreign, ...basicHeader(ncwd.clientId, ncwd.secret) }
    const answer = await send(at('/oidc/token'), { headers, form: { grant_type: 'x' } })
    expect(answer.status).toBe(421)
  })

  test('what a stranger says about proxies is not believed', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '8443',
      'x-original-host': 'evil.example',
      'x-original-url': 'https://evil.example/',
      forwarded: 'host=evil.example;proto=https;for=203.0.113.7',
    }
    const discovery = await send(at('/.well-known/openid-configuration'), { headers })
    expect(discovery.status).toBe(200)
    expect(discovery.body['token_endpoint']).toBe(at('/oidc/token'))
    expect(discovery.text).not.toContain('evil')
    const pushed = await send(at('/oidc/par'), { headers, form: { client_id: 'ncwd-cmecf' } })
    expect(pushed.status).toBe(401)
    const rows = await signOn.services.db.query<{ ip: string }>(
      {
        name: 'test-last-ip',
        text: 'SELECT ip FROM audit_events WHERE ip IS NOT NULL ORDER BY id DESC LIMIT 1',
      },
      [],
    )
    expect(rows[0]?.ip).toMatch(/127\.0\.0\.1$/)
  })

  test('an assertion is for the issuer, and for nothing and nobody else', async () => {
    const introspectAs = async (audience: string | string[], change = {}) => {
      const form = {
        token: 'x',
        ...assertionForm(await assertion(signed, audience, change)),
      }
      return (await send(at('/oidc/introspect'), { form })).status
    }
    expect(await introspectAs(signOn.issuer)).toBe(200)
    expect(await introspectAs([signOn.issuer])).toBe(200)
    for (const audience of [
      at('/oidc/token'),
      at('/oidc/introspect'),
      `${signOn.issuer}/`,
      'http://evil.example',
      'http://evil.example/oidc/token',
      [signOn.issuer, at('/oidc/token')],
      [],
    ]) {
      expect([audience, await introspectAs(audience)]).toEqual([audience, 401])
    }
    const now = Math.floor(Date.now() / 1000)
    for (const payload of [
      { exp: now + 420, iat: undefined },
      { exp: now + 330, iat: now - 10 },
      { exp: now - 30 },
      { iat: now + 90, exp: now + 120 },
      { nbf: now + 90 },
      { iat: now - 330, exp: now - 5 },
      { iss: 'somebody-else' },
      { jti: undefined },
    ]) {
      expect([payload, await introspectAs(signOn.issuer, { payload })]).toEqual([payload, 401])
    }
    const header = { jku: 'https://evil.example/jwks' }
    expect(await introspectAs(signOn.issuer, { header })).toBe(401)
    for (const payload of [
      { iat: now, exp: now + 300 },
      { iat: undefined, exp: now + 300 },
      { iat: now + 55, nbf: now + 55, exp: now + 355 },
      { iat: now - 200, nbf: now - 200, exp: now + 100 },
    ]) {
      expect([payload, await introspectAs(signOn.issuer, { payload })]).toEqual([payload, 200])
    }
  })
})

describe('an assertion of a FAPI client', () => {
  test('lives for a minute, and comes from a clock as good as ours', async () => {
    const fapi = await createCourt(signOn, 'ncmb', {
      id: 'fapi',
      method: 'private_key_jwt',
      metadata: { profile: 'fapi2' },
    })
    const now = Math.floor(Date.now() / 1000)
    const statusOf = async (payload: Record<string, unknown>) => {
      const form = {
        token: 'x',
        ...assertionForm(await assertion(fapi, signOn.issuer, { payload })),
      }
      return (await send(at('/oidc/introspect'), { form })).status
    }
    expect(await statusOf({ iat: now + 5, nbf: now + 5 })).toBe(200)
    for (const payload of [
      { exp: now + 300 },
      { iat: now + 30, exp: now + 60 },
      { nbf: now + 30 },
      { iat: now - 80, exp: now - 5 },
    ]) {
      expect([payload, await statusOf(payload)]).toEqual([payload, 401])
    }
  })
})

test('an assertion is good once, for as long as it lives', async () => {
  const start = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  const now = Math.floor(start / 1000)
  const payload = { iat: now + 50, exp: now + 350 }
  const form = { token: 'x', ...assertionForm(await assertion(signed, signOn.issuer, { payload })) }
  const statusOf = async () => (await send(at('/oidc/introspect'), { form })).status
  expect(await statusOf()).toBe(200)
  for (const seconds of [0, 100, 300, 349]) {
    vi.setSystemTime(start + seconds * 1000)
    expect([seconds, await statusOf()]).toEqual([seconds, 401])
  }
})

describe('introspection is closed across clients', () => {
  test('a court learns nothing of another court’s token, not even that it exists', async () => {
    const tokens = await ncwd.signIn(openBrowser(), nora.username)
    expect(await introspect(ncwd, tokens.access_token)).toMatchObject({ active: true })
    expect(await introspect(ncwb, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(signed, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(vendor, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(ncwb, 'no-such-token')).toEqual({ active: false })
  })

  test('a court that is the audience of a vendor’s token learns its own facts only', async () => {
    // Bound to its key: a bearer token would be for one of the two courts.
    const both = await createCourt(signOn, 'ca4', {
      ...filingSoftware,
      id: 'of-two-courts',
      courts: ['ca4', 'ncwd'],
      hasDpop: true,
    })
    const tokens = await both.signIn(openBrowser(), jane.username, offlineRequest)
    const own = await introspect(both, tokens.access_token)
    expect(Object.keys(own['efiling'] as object).sort()).toEqual(['ca4', 'ncwd'])
    const asked = await introspect(ncwd, tokens.access_token)
    expect(Object.keys(asked['efiling'] as object)).toEqual(['ncwd'])
    expect(JSON.stringify(asked['efiling'])).not.toContain('ca4')
    expect(await introspect(ncwb, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(ncwd, tokens.refresh_token!)).toEqual({ active: false })
    expect(await isActive(both, tokens.refresh_token!)).toBe(true)
  })

  test('nobody revokes another client’s token', async () => {
    const tokens = await ncwd.signIn(openBrowser(), nora.username)
    await oidc.tokenRevocation(ncwb.rp, tokens.access_token).catch(() => undefined)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await oidc.tokenRevocation(ncwd.rp, tokens.access_token)
    expect(await isActive(ncwd, tokens.access_token)).toBe(false)
    const revoked = await signOn.services.db.prisma.auditEvent.findMany({
      where: { event: 'token.revoked', accountId: String(idClaims(tokens)['sub']) },
    })
    expect(revoked.map(({ clientId }) => clientId)).toEqual([ncwd.clientId])
  })

  test('who proves nothing learns nothing', async () => {
    const { access_token: token } = await ncwd.signIn(openBrowser(), nora.username)
    const anonymous = await send(at('/oidc/introspect'), { form: { token } })
    expect(anonymous.body).not.toHaveProperty('active')
    const named = await send(at('/oidc/introspect'), {
      form: { token, client_id: ncwd.clientId },
    })
    expect(named).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await isActive(ncwd, token)).toBe(true)
  })

  test.each([
    ['introspect', { token: 'x' }],
    ['revoke', { token: 'x' }],
    ['par', { response_type: 'none', scope: 'openid' }],
    ['token', { grant_type: 'authorization_code', code: 'x' }],
  ] as [string, Record<string, string>][])(
    'nobody speaks for our own pages at /oidc/%s',
    async (path, parameters) => {
      for (const authentication of [
        { form: { ...parameters, client_id: 'portal' } },
        { form: parameters, headers: basicHeader('portal', 'x'.repeat(43)) },
        { form: { ...parameters, client_id: 'portal', client_secret: 'x'.repeat(43) } },
      ]) {
        const answer = await send(at(`/oidc/${path}`), authentication)
        expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
      }
    },
  )
})

describe('levels of assurance are enforced', () => {
  const walkWith = async (court: TestCourt, parameters: Record<string, string>) => {
    await ncwd.signIn(openBrowser(), nora.username)
    const { url } = await court.authorize(parameters)
    return callbackOf(await openPage(browser, signOn, url))
  }

  test('a session below an essential level gets no code', async () => {
    for (const acr of [
      { essential: true, value: mfa },
      { essential: true, values: [mfa, 'urn:example:gold'] },
    ]) {
      const claims = JSON.stringify({ id_token: { acr } })
      const callback = await walkWith(ncwb, { claims })
      expect(errorIn(callback)).toBe('unmet_authentication_requirements')
      expect(callback).not.toContain('code=')
    }
  })

  test('a session below the registered minimum of the court gets no code', async () => {
    const strict = await createCourt(signOn, 'ncmb', { minimumLevel: mfa })
    const callback = await walkWith(strict, {})
    expect(errorIn(callback)).toBe('unmet_authentication_requirements')
  })

  test.each([['x'], [{}]])(
    'levels that are no list are the mistake of the court: %j',
    async (values) => {
      for (const essential of [true, false]) {
        const claims = JSON.stringify({ id_token: { acr: { essential, values } } })
        const { url } = await ncwd.authorize({ claims })
        const callback = callbackOf(await openPage(openBrowser(), signOn, url))
        expect(errorIn(callback)).toBe('invalid_request')
      }
    },
  )

  test('a wish is no promise: the token tells the level that was reached', async () => {
    await ncwd.signIn(openBrowser(), nora.username)
    for (const acrValues of [mfa, 'urn:example:gold', `${mfa} urn:uscourts:cso:acr:pwd`]) {
      const claims = idClaims(await ncwb.walkIn(browser, { acr_values: acrValues }))
      expect(claims).toMatchObject({ acr: 'urn:uscourts:cso:acr:pwd', amr: ['pwd'] })
    }
  })
})

test('acr, amr, auth_time and sid stand in every ID token without being asked for', async () => {
  const before = Math.floor(Date.now() / 1000)
  const first = idClaims(await ncwd.signIn(openBrowser(), nora.username, { scope: 'openid' }))
  expect(first).toMatchObject({
    acr: 'urn:uscourts:cso:acr:pwd',
    amr: ['pwd'],
    sid: expect.stringMatching(/^.{16,}$/),
  })
  expect(first['auth_time']).toBeGreaterThanOrEqual(before)
  const second = idClaims(await ncwb.walkIn(browser, { scope: 'openid' }))
  expect(second['auth_time']).toBe(first['auth_time'])
  expect(second['sid']).not.toBe(first['sid'])
})

describe('access tokens', () => {
  test('as JWT carry the claims of RFC 9068 and the facts of their issue', async () => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'ncwd-jwt',
      metadata: { access_token_format: 'jwt' },
    })
    const tokens = await court.signIn(openBrowser(), jane.username)
    const { body } = await send(at('/oidc/jwks'))
    const keys = createLocalJWKSet(body as unknown as JSONWebKeySet)
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer: signOn.issuer,
      audience: 'https://ecf.ncwd.uscourts.gov/',
      typ: 'at+jwt',
    })
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: expect.any(String) })
    expect(payload).toMatchObject({
      sub: idClaims(tokens)['sub'],
      client_id: 'ncwd-jwt',
      jti: expect.any(String),
      scope: expect.stringContaining('efiling'),
      acr: 'urn:uscourts:cso:acr:pwd',
      amr: ['pwd'],
      auth_time: idClaims(tokens)['auth_time'],
      efiling: { ncwd: { status: 'active', filer_id: 'jdoe-ecf' } },
      pacer: { account_number: '7123456' },
    })
    // 300 from now; issued two seconds ago, for clocks that are behind.
    expect(payload.exp! - payload.iat!).toBe(302)
    expect(JSON.stringify(payload)).not.toMatch(/ca4|jdoe-attorney|example\.com/)
    expect(decodeProtectedHeader(tokens.id_token!)['typ']).not.toBe('at+jwt')

    // Nobody can ask about one or take one back: it lives out its 300 seconds.
    for (const path of ['/oidc/introspect', '/oidc/revoke']) {
      const answer = await send(at(path), {
        headers: basicHeader(court.clientId, court.secret),
        form: { token: tokens.access_token },
      })
      expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } })
    }
  })

  test('a court cannot ask for a token for another court', async () => {
    await ncwd.signIn(openBrowser(), nora.username)
    const { url } = await ncwd.authorize({ resource: 'https://ecf.ncwb.uscourts.gov/' })
    expect(errorIn(callbackOf(await openPage(browser, signOn, url)))).toBe('invalid_target')
  })

  const withinASecond = async (isSo: () => Promise<boolean>) => {
    // What a process has read of a client is a second old at most; the rest is the way there.
    expect(await becomes('it is so', 5000, isSo)).toBeLessThan(1250)
  }

  test('tell the facts of now: a standing that changes', async () => {
    const person = { ...stan, standings: [{ ...jane.standings[0]!, filer_id: 'stan-ncwd' }] }
    await signOn.apply({ accounts: [person] })
    const tokens = await ncwd.signIn(openBrowser(), stan.username)
    const seen = async () => {
      const { efiling } = (await introspect(ncwd, tokens.access_token)) as unknown as {
        efiling: Record<string, { status: string; actions: string[]; version: number }>
      }
      return efiling['ncwd']!
    }
    expect(await seen()).toMatchObject({ status: 'active', version: 1 })
    const suspended = { ...person.standings[0]!, status: 'suspended' }
    await signOn.apply({ accounts: [{ ...person, standings: [suspended] }] })
    await withinASecond(async () => (await seen()).status === 'suspended')
    expect(await seen()).toMatchObject({ actions: ['receive-notices'], version: 2 })
    const subject = String(idClaims(tokens)['sub'])
    expect(await oidc.fetchUserInfo(ncwd.rp, tokens.access_token, subject)).toMatchObject({
      efiling: { ncwd: { status: 'suspended' } },
    })
  })

  test('end with the account', async () => {
    const person = { ...nora, number: '7000011', username: 'soon-disabled', email: 'soon@x.test' }
    await signOn.apply({ accounts: [person] })
    const tokens = await ncwd.signIn(openBrowser(), person.username)
    const refreshable = await vendor.signIn(openBrowser(), person.username, offlineRequest)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await signOn.apply({ accounts: [{ ...person, disabled: true }] })
    await withinASecond(async () => !(await isActive(ncwd, tokens.access_token)))
    expect(await isActive(vendor, refreshable.access_token)).toBe(false)
    const userinfo = await send(at('/oidc/userinfo'), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(userinfo.status).toBe(401)
    const refreshed = await send(at('/oidc/token'), {
      headers: basicHeader(vendor.clientId, vendor.secret),
      form: { grant_type: 'refresh_token', refresh_token: refreshable.refresh_token! },
    })
    expect(refreshed.body['error']).toBe('invalid_grant')
  })

  test('end with the client', async () => {
    const software = await createCourt(signOn, 'ncwd', { ...filingSoftware, id: 'soon-inactive' })
    const tokens = await software.signIn(openBrowser(), nora.username, offlineRequest)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await signOn.apply({ clients: [{ ...software.registration, active: false }] })
    await withinASecond(async () => !(await isActive(ncwd, tokens.access_token)))
    const userinfo = await send(at('/oidc/userinfo'), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(userinfo.status).toBe(401)
    const refreshed = await send(at('/oidc/token'), {
      headers: basicHeader(software.clientId, software.secret),
      form: { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! },
    })
    expect(refreshed).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const { url } = await software.authorize()
    expect((await openPage(openBrowser(), signOn, url)).status).toBe(400)
  })

  test('end with the session, also those of a vendor and its refresh token', async () => {
    const tokens = await ncwd.signIn(openBrowser(), nora.username)
    const { url, checks } = await vendor.authorize(offlineRequest)
    const consent = await openPage(browser, signOn, url)
    const [form] = consent.forms().filter((each) => !each.action.endsWith('/cancel'))
    const out = await browser.followWhile(
      await browser.submit(form!),
      (to) => to.origin === signOn.issuer,
    )
    const refreshable = await vendor.redeem(callbackOf(out), checks)
    expect(await isActive(vendor, refreshable.access_token)).toBe(true)

    const end = oidc.buildEndSessionUrl(ncwd.rp, { id_token_hint: tokens.id_token! })
    expect((await browser.get(end.href)).text).toContain('id="signed-out"')
    await withinASecond(async () => !(await isActive(ncwd, tokens.access_token)))
    expect(await isActive(vendor, refreshable.access_token)).toBe(false)
    expect(await isActive(vendor, refreshable.refresh_token!)).toBe(false)
  })
})

describe('the grant of a court', () => {
  test('is kept: a second tab does not end the tokens of the first', async () => {
    const first = await ncwd.signIn(openBrowser(), jane.username)
    const second = await ncwd.walkIn(browser)
    const third = await ncwd.walkIn(browser)
    for (const { access_token } of [first, second, third]) {
      expect(await isActive(ncwd, access_token)).toBe(true)
    }
  })

  test('is for what is asked now: fewer scopes give fewer claims', async () => {
    await ncwd.signIn(openBrowser(), jane.username)
    const fewer = await ncwd.walkIn(browser, { scope: 'openid' })
    const claims = idClaims(fewer)
    for (const name of ['efiling', 'pacer', 'name', 'email', 'preferred_username']) {
      expect(claims).not.toHaveProperty(name)
    }
    const subject = String(claims['sub'])
    const userinfo = await oidc.fetchUserInfo(ncwd.rp, fewer.access_token, subject)
    expect(userinfo).not.toHaveProperty('efiling')
    expect(userinfo).not.toHaveProperty('email')
    const introspected = await introspect(ncwd, fewer.access_token)
    expect(introspected).toMatchObject({ active: true, scope: 'openid' })
    expect(introspected).not.toHaveProperty('efiling')
    expect(introspected).not.toHaveProperty('pacer')

    const more = idClaims(await ncwd.walkIn(browser, { scope: 'openid efiling' }))
    expect(more).toHaveProperty('efiling.ncwd.status', 'active')
    expect(more).not.toHaveProperty('pacer')
  })

  test('says exactly what was asked last, more or less than before', async () => {
    const person = { ...nora, number: '7000012', username: 'asked-again', email: 'again@x.test' }
    await signOn.apply({ accounts: [person] })
    const grants = () =>
      signOn.services.db.query<{ id: string; scope: string }>(
        {
          name: 'test-grants',
          text: `SELECT g.id, g.payload -> 'openid' ->> 'scope' AS scope FROM grants g
            JOIN accounts a ON a.id = g.account_id WHERE a.username = $1 AND g.revoked_at IS NULL`,
        },
        [person.username],
      )
    const asked = ['openid', 'openid pacer efiling', 'openid efiling', 'openid profile']
    await ncwd.signIn(openBrowser(), person.username, { scope: asked[0]! })
    const [first, ...others] = await grants()
    expect(others).toEqual([])
    for (const scope of asked) {
      const claims = idClaims(await ncwd.walkIn(browser, { scope }))
      expect(await grants()).toEqual([{ id: first!.id, scope }])
      expect([scope, 'efiling' in claims]).toEqual([scope, scope.includes('efiling')])
      expect([scope, 'pacer' in claims]).toEqual([scope, scope.includes('pacer')])
    }
  })

  test('never gives a court what it is not registered for', async () => {
    const narrow = await createCourt(signOn, 'ncmd', { metadata: { scope: 'openid pacer' } })
    const { url } = await narrow.authorize({ scope: 'openid pacer efiling' })
    const page = await openPage(openBrowser(), signOn, url)
    if (page.location) expect(errorIn(page.location)).toBe('invalid_scope')
    else {
      const callback = await signInAt(browser, signOn, page, nora.username)
      expect(errorIn(callback)).toBe('invalid_scope')
    }
  })
})

describe('a session does not slide for ever', () => {
  const isOver = async () => {
    const { url } = await ncwb.authorize({ prompt: 'none' })
    const callback = callbackOf(await openPage(browser, signOn, url))
    return errorIn(callback) === 'login_required'
  }

  test('half an hour without use ends it', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwb.signIn(openBrowser(), nora.username)
    vi.setSystemTime(start + 29 * 60_000)
    expect(await isOver()).toBe(false)
    vi.setSystemTime(start + (29 + 31) * 60_000)
    expect(await isOver()).toBe(true)
  })

  test('twelve hours end it, however often it is used', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwb.signIn(openBrowser(), nora.username)
    for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
      vi.setSystemTime(start + minutes * 60_000)
      expect([minutes, await isOver()]).toEqual([minutes, false])
    }
    vi.setSystemTime(start + (12 * 60 + 1) * 60_000)
    expect(await isOver()).toBe(true)
  })
})

test('signing out waits for no court: back-channel logout is not offered without an outbox', async () => {
  const { body } = await send(at('/.well-known/openid-configuration'))
  expect(body).not.toHaveProperty('backchannel_logout_supported')
  expect(body).not.toHaveProperty('frontchannel_logout_supported')
  await expect(
    createCourt(signOn, 'ncmb', {
      id: 'wants-logout',
      metadata: { backchannel_logout_uri: 'https://ncmb.test/logout' },
    }),
  ).rejects.toThrow('backchannel_logout_uri')
})

describe('outbound requests', () => {
  test('a court’s keys are read where it is listed; elsewhere the refusal is on record', async () => {
    let requests = 0
    const keys = await createCourt(signOn, 'nceb', { id: 'nceb-keys', method: 'private_key_jwt' })
    const { metadata } = keys.registration as { metadata: { jwks: object } }
    const server = createServer((_request, response) => {
      requests += 1
      response.end(JSON.stringify(metadata.jwks))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const registration = {
      ...keys.registration,
      metadata: { ...metadata, jwks: null, jwks_uri: `http://${host}/jwks` },
    }
    const listed = await startSignOn({ settings: { CSO_OUTBOUND_LOOPBACK_HOSTS: host } })
    try {
      for (const [server, status] of [
        [listed, 200],
        [signOn, 401],
      ] as const) {
        await server.apply({ clients: [registration] })
        // An edit is live within a second.
        await new Promise((resolve) => setTimeout(resolve, 1100))
        const before = requests
        const answer = await send(`${server.issuer}/oidc/introspect`, {
          form: { token: 'x', ...assertionForm(await assertion(keys, server.issuer)) },
        })
        expect(answer.status).toBe(status)
        expect(requests - before).toBe(status === 200 ? 1 : 0)
      }
      const refusals = await becomes('the refusal is recorded', 5000, async () => {
        const rows = await signOn.services.db.query<{ reason: string }>(
          {
            name: 'test-keys-refused',
            text: `SELECT detail ->> 'reason' AS reason FROM audit_events
              WHERE event = 'client.keys-refused' AND client_id = 'nceb-keys'`,
          },
          [],
        )
        return rows[0]?.reason === 'not-https'
      })
      expect(refusals).toBeLessThan(1000)
    } finally {
      await listed.stop()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})

describe('client secrets', () => {
  const tryWith = async (clientId: string, secret: string) =>
    (
      await send(at('/oidc/introspect'), {
        headers: basicHeader(clientId, secret),
        form: { token: 'x' },
      })
    ).status

  test('two are good during a rotation, the old one no longer after it', async () => {
    const court = await createCourt(signOn, 'ncmd', { id: 'rotating' })
    const next = 'n'.repeat(43)
    await signOn.apply({ clients: [{ ...court.registration, secrets: [court.secret, next] }] })
    await becomes(
      'the new one is good',
      5000,
      async () => (await tryWith('rotating', next)) === 200,
    )
    expect(await tryWith('rotating', court.secret)).toBe(200)
    expect(await tryWith('rotating', 'x'.repeat(43))).toBe(401)

    await signOn.apply({ clients: [{ ...court.registration, secrets: [next] }] })
    expect(
      await becomes(
        'the old one is not',
        5000,
        async () => (await tryWith('rotating', court.secret)) === 401,
      ),
    ).toBeLessThan(1250)
    expect(await tryWith('rotating', next)).toBe(200)

    const three = { ...court.registration, secrets: [court.secret, next, 't'.repeat(43)] }
    await expect(signOn.apply({ clients: [three] })).rejects.toThrow('at most 2')
    const dump = await dumpStores(signOn.services)
    for (const secret of [court.secret, next, ncwd.secret]) expect(dump).not.toContain(secret)
  })

  test('a secret ends after a year', async () => {
    const court = await createCourt(signOn, 'ncmd', { id: 'forgetful' })
    const start = Date.now()
    expect(await tryWith('forgetful', court.secret)).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: start + 364 * 86_400_000 })
    expect(await tryWith('forgetful', court.secret)).toBe(200)
    vi.setSystemTime(start + 366 * 86_400_000)
    expect(await tryWith('forgetful', court.secret)).toBe(401)
  })

  test('only the registered method is accepted', async () => {
    const posted = await send(at('/oidc/introspect'), {
      form: { token: 'x', client_id: ncwd.clientId, client_secret: ncwd.secret },
    })
    expect(posted).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const none = await send(at('/oidc/introspect'), {
      form: { token: 'x', client_id: ncwd.clientId },
    })
    expect(none.status).toBe(401)
    expect(await tryWith(signed.clientId, 'x'.repeat(43))).toBe(401)
    const { body } = await send(at('/.well-known/openid-configuration'))
    expect(body['token_endpoint_auth_methods_supported']).toEqual([
      'private_key_jwt',
      'client_secret_basic',
    ])
  })
})

describe('what nobody has asked for is not written', () => {
  /** Everything that is kept, without what counts requests or records refusals. */
  const kept = async () =>
    (await dumpStores(signOn.services))
      .split('\n')
      .filter((line) => !/^(audit_|rate_limits )|:?(pages|client-failures):/.test(line))
      .sort()

  const oversized: [string, string][] = [
    ['state', 's'.repeat(4097)],
    ['nonce', 'n'.repeat(257)],
    ['login_hint', 'l'.repeat(257)],
    ['scope', `openid ${'x'.repeat(510)}`],
    ['claims', JSON.stringify({ id_token: { ['c'.repeat(4096)]: null } })],
    ['acr_values', 'a'.repeat(513)],
    ['ui_locales', 'en '.repeat(400).trim()],
    ['claims_locales', 'en '.repeat(400).trim()],
    ['redirect_uri', `https://ncwd.test/${'r'.repeat(512)}`],
    ['resource', `https://ecf.ncwd.uscourts.gov/${'r'.repeat(512)}`],
    ['code_challenge', 'c'.repeat(1025)],
    ['id_token_hint', 'i'.repeat(8193)],
    ['display', 'd'.repeat(1025)],
    ['prompt', 'login '.repeat(300).trim()],
    ['max_age', '1'.repeat(1025)],
    ['response_mode', 'q'.repeat(1025)],
  ]
  /** What the engine does not know it ignores, and does not keep either. */
  const ignored: [string, string][] = [
    ['unknown', 'u'.repeat(6000)],
    ['web_message_uri', `https://ncwd.test/${'w'.repeat(6000)}`],
  ]

  test.each(oversized)('an authorization request with an oversized %s', async (name, value) => {
    const before = await kept()
    const { url } = await ncwd.authorize({ [name]: value })
    const answer = await createHttpClient().get(url)
    expect([400, 303]).toContain(answer.status)
    if (answer.status === 303) {
      expect(answer.location).toMatch(/^https:\/\/ncwd\.test\/callback\?error=/)
    }
    expect(await kept()).toEqual(before)
  })

  test('and the log says of which parameter there was too much, under the number on the page', async () => {
    const { url } = await ncwd.authorize({ state: 's'.repeat(4097) })
    const answer = await createHttpClient().get(url)
    const requestId = answer.headers['x-request-id']
    const lines = signOn.logLines.map((line) => JSON.parse(line))
    const refused = lines.find(
      (line) => line.requestId === requestId && line.msg === 'request refused',
    )
    expect(refused).toMatchObject({ reason: 'invalid_request', detail: 'state is too long' })
  })

  test.each(oversized)('a pushed request with an oversized %s', async (name, value) => {
    const before = await kept()
    const { url } = await ncwd.authorize({ [name]: value })
    const answer = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL(url).searchParams],
    })
    // Of the scopes that are not known none is left to be too long.
    if (name === 'scope') {
      expect(answer.status).toBe(201)
      expect(await dumpStores(signOn.services)).not.toContain('x'.repeat(510))
      return
    }
    expect(answer.status).toBe(400)
    expect(await kept()).toEqual(before)
  })

  /** PostgreSQL takes neither a NUL nor half a surrogate pair; JSON may spell them as escapes. */
  const unstorable: [string, string][] = [
    ['state', 'a\0b'],
    ['nonce', 'a\0b'],
    ['login_hint', 'a\0b'],
    ['claims', '{"id_token":{"email":{"value":"a\\u0000b"}}}'],
    ['claims', '{"userinfo":{"a\\u0000b":null}}'],
    ['claims', '{"id_token":{"email":{"value":"\\ud800"}}}'],
  ]

  test.each(unstorable)(
    'a request with a character in %s that is not kept: %j',
    async (name, value) => {
      const before = await kept()
      const { url } = await ncwd.authorize({ [name]: value })
      expect((await createHttpClient().get(url)).status).toBe(400)
      const pushed = await send(at('/oidc/par'), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form: [...new URL(url).searchParams],
      })
      expect(pushed).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(await kept()).toEqual(before)
    },
  )

  test.each(ignored)('an authorization request with the parameter %s', async (name, value) => {
    const { url } = await ncwd.authorize({ [name]: value })
    const answer = await createHttpClient().get(url)
    expect(answer.location).toMatch(/\/sign-in\//)
    const pushed = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL(url).searchParams],
    })
    expect(pushed.status).toBe(201)
    expect(await dumpStores(signOn.services)).not.toContain(value)
  })

  test('an authorization request that names its court a hundred times', async () => {
    const before = await kept()
    const { url } = await ncwd.authorize()
    const resources = '&resource=https://ecf.ncwd.uscourts.gov/'.repeat(100)
    expect((await createHttpClient().get(`${url}${resources}`)).status).toBe(400)
    const pushed = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL(`${url}${resources}`).searchParams],
    })
    expect(pushed.status).toBe(400)
    expect(await kept()).toEqual(before)
  })

  test('a pushed request of 33 KiB', async () => {
    const before = await kept()
    const answer = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: { client_id: ncwd.clientId, filler: 'x'.repeat(33 * 1024) },
    })
    expect(answer.status).toBe(413)
    expect(await kept()).toEqual(before)
  })

  test('a state of 4,096 bytes comes back whole', async () => {
    const state = 's'.repeat(4096)
    const { callback } = await obtainCode(signOn, ncwd, openBrowser(), nora.username, {
      state,
      nonce: 'n'.repeat(256),
    })
    expect(new URL(callback).searchParams.get('state')).toBe(state)
  })

  test('a parameter that is given twice is refused', async () => {
    const { url } = await ncwd.authorize()
    for (const name of ['state', 'redirect_uri', 'client_id', 'scope', 'nonce']) {
      const before = await kept()
      const twice = await createHttpClient().get(`${url}&${name}=again`)
      if (twice.location) expect(errorIn(twice.location)).toBe('invalid_request')
      else expect(twice.status).toBe(400)
      expect(await kept()).toEqual(before)
    }
  })
})

describe('doors that the engine leaves open', () => {
  const refusedWith = async (parameters: Record<string, string>) => {
    const { url } = await ncwd.authorize(parameters)
    const page = await openPage(openBrowser(), signOn, url)
    expect(page.text).not.toContain('sign-in-submit')
    if (!page.location) return page.status
    // An error may go where an answer of the asked kind would; nothing else goes there.
    const { hash, search } = new URL(page.location)
    const answered = new URLSearchParams(hash.slice(1) || search)
    for (const name of answered.keys()) {
      expect(['error', 'error_description', 'iss', 'state']).toContain(name)
    }
    return answered.get('error')
  }

  test('a code does not come in the fragment', async () => {
    expect(await refusedWith({ response_mode: 'fragment' })).toBe('invalid_request')
    // Nor when there is a session already, and no page would be shown.
    await ncwd.signIn(openBrowser(), nora.username)
    const { url } = await ncwd.authorize({ response_mode: 'fragment' })
    expect(callbackOf(await openPage(browser, signOn, url))).not.toContain('code=')
    const { body } = await send(at('/.well-known/openid-configuration'))
    expect(body['response_modes_supported']).not.toContain('fragment')
  })

  test.each(['token', 'id_token', 'code id_token', 'code token', 'none'])(
    'a court cannot ask for the response type %s',
    async (responseType) => {
      expect(await refusedWith({ response_type: responseType })).toMatch(
        /^unsupported_response_type$|^unauthorized_client$|^invalid_request$/,
      )
    },
  )

  test('PKCE is required, with S256', async () => {
    const { url } = await ncwd.authorize()
    const without = new URL(url)
    without.searchParams.delete('code_challenge')
    without.searchParams.delete('code_challenge_method')
    const page = await openPage(openBrowser(), signOn, without.href)
    expect(errorIn(callbackOf(page))).toBe('invalid_request')
    expect(await refusedWith({ code_challenge_method: 'plain' })).toBe('invalid_request')
  })

  test('a redirect address is compared byte for byte, and never left out', async () => {
    for (const uri of [
      'https://ncwd.test/callback/',
      'https://ncwd.test/callback?x=1',
      'https://NCWD.test/callback',
      'https://ncwd.test:443/callback',
      'https://ncwd.test/./callback',
      'https://ncwd.test/callback%00',
      'https://ncwd.test.evil.example/callback',
      'https://ncwd.test@evil.example/callback',
    ]) {
      expect([uri, await refusedWith({ redirect_uri: uri })]).toEqual([uri, 400])
    }
    const { url } = await ncwd.authorize()
    const without = new URL(url)
    without.searchParams.delete('redirect_uri')
    const page = await openPage(openBrowser(), signOn, without.href)
    expect(page.status).toBe(400)
    expect(page.location).toBeUndefined()
  })

  test.each(['request', 'request_uri', 'registration'])('%s is not taken', async (name) => {
    const refusal = await refusedWith({ [name]: 'https://evil.example/request' })
    expect(refusal).not.toBeNull()
    expect([400, `${name}_not_supported`, 'invalid_request', 'invalid_request_uri']).toContain(
      refusal,
    )
  })

  test.each([
    'password',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:device_code',
  ])('the grant type %s is not taken', async (grantType) => {
    const answer = await send(at('/oidc/token'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: { grant_type: grantType, username: nora.username, password: nora.password },
    })
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(/unsupported_grant_type|unauthorized_client/)
  })

  test('every response says who it is from', async () => {
    const { callback } = await obtainCode(signOn, ncwd, openBrowser(), nora.username)
    expect(new URL(callback).searchParams.get('iss')).toBe(signOn.issuer)
    const { url } = await ncwd.authorize({ prompt: 'none' })
    const failed = callbackOf(await openPage(openBrowser(), signOn, url))
    expect(new URL(failed).searchParams.get('iss')).toBe(signOn.issuer)
  })

  test('an access token is not taken from the address, nor an ID token in its place', async () => {
    const tokens = await ncwd.signIn(openBrowser(), nora.username)
    const inAddress = await send(at(`/oidc/userinfo?access_token=${tokens.access_token}`))
    expect(inAddress.status).toBeGreaterThanOrEqual(400)
    const idToken = await send(at('/oidc/userinfo'), {
      headers: { authorization: `Bearer ${tokens.id_token}` },
    })
    expect(idToken.status).toBe(401)
  })
})

describe('cookies and headers', () => {
  let behindProxy: SignOn
  const forwarded = { host: 'sso.test', 'x-forwarded-proto': 'https' }

  beforeAll(async () => {
    behindProxy = await startSignOn({
      issuer: 'https://sso.test',
      settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
    })
    await behindProxy.apply({ clients: [ncwd.registration], accounts: [nora] })
  })
  afterAll(() => behindProxy.stop())

  /** An address of the server, as its proxy calls it. */
  const inside = (address: string) => {
    const { pathname, search } = new URL(address)
    return `http://127.0.0.1:${behindProxy.config.listen.port}${pathname}${search}`
  }
  const proxied = (path: string, headers: Record<string, string> = {}) =>
    send(inside(`https://sso.test${path}`), {
      headers: { ...forwarded, accept: 'text/html', ...headers },
    })

  test('over https the cookies are bound to this host, closed to scripts and not kept', async () => {
    const client = openBrowser()
    const follow = async (location: string) => {
      let answer = await client.get(inside(location), forwarded)
      while (answer.location && new URL(answer.location).hostname !== 'ncwd.test') {
        answer = await client.get(inside(answer.location), forwarded)
      }
      return answer
    }
    const page = await follow((await ncwd.authorize()).url)
    const form = getPasswordForm(page)
    const values = { ...form.fields, username: nora.username, password: nora.password }
    const accepted = await client.post(form.action, values, forwarded)
    const out = await follow(accepted.location!)
    expect(out.location).toMatch(/^https:\/\/ncwd\.test\/callback\?code=/)

    const lines = client.transcript.flatMap(({ responseHeaders }) =>
      responseHeaders.flatMap(([name, value]) => (name === 'set-cookie' ? [value] : [])),
    )
    const names = lines.map((line) => line.slice(0, line.indexOf('=')).replace(/\.sig$/, ''))
    expect([...new Set(names)].sort()).toEqual([
      '__Host-cso-interaction',
      '__Host-known-browser',
      '__Host-session',
    ])
    for (const line of lines) {
      expect(line).toMatch(/; secure/i)
      expect(line).toMatch(/; httponly/i)
      expect(line).toMatch(/; samesite=lax/i)
      expect(line).not.toMatch(/; domain=/i)
      expect(line.length).toBeLessThan(4096)
    }
    for (const line of lines.filter((each) => each.startsWith('__Host-'))) {
      expect(line).toMatch(/; path=\/(;|$)/i)
      // That a browser is known is the one thing that outlives it, and opens nothing by itself.
      if (line.startsWith('__Host-known-browser')) continue
      expect(line).not.toMatch(/max-age=|expires=(?!Thu, 01 Jan 1970)/i)
    }
  })

  test.each(['/courts', '/account', '/no-such-page', '/oidc/auth', '/sign-in/unknown'])(
    '%s cannot be framed, sniffed, cached or run foreign scripts',
    async (path) => {
      const { headers } = await proxied(path)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      const csp = String(headers['content-security-policy'])
      expect(csp).toContain("default-src 'none'")
      expect(csp).toContain("frame-ancestors 'none'")
      expect(csp).toContain("base-uri 'none'")
      expect(csp).toMatch(/script-src 'nonce-[\w-]{16,}'(;|$)/)
      expect(csp).not.toMatch(/unsafe|\*/)
      if (path !== '/courts') expect(headers['cache-control']).toBe('no-store')
    },
  )

  test('in the clear, or past the proxy, it does not answer', async () => {
    expect((await proxied('/courts', { 'x-forwarded-proto': 'http' })).status).toBe(421)
    const direct = await send(`http://127.0.0.1:${behindProxy.config.listen.port}/courts`)
    expect(direct.status).toBe(421)
  })
})

test('identifiers that were handed out are stored nowhere in clear', async () => {
  const client = openBrowser()
  const { url, checks } = await ncwd.authorize()
  const page = await openPage(client, signOn, url)
  const interactionId = /\/sign-in\/([^/?]+)/.exec(page.url)![1]!
  const during = await dumpStores(signOn.services)
  const cookiesDuring = client.cookies.list().map(({ value }) => value)
  const callback = await signInAt(client, signOn, page, jane.username)
  const code = new URL(callback).searchParams.get('code')!
  const beforeRedeeming = await dumpStores(signOn.services)
  const tokens = await ncwd.redeem(callback, checks)
  const refreshable = await vendor.signIn(openBrowser(), jane.username, offlineRequest)
  const pushed = await send(at('/oidc/par'), {
    headers: basicHeader(ncwd.clientId, ncwd.secret),
    form: [...new URL((await ncwd.authorize()).url).searchParams],
  })
  expect(pushed.status).toBe(201)
  const requestUri = String(pushed.body['request_uri'])
  const after = await dumpStores(signOn.services)

  const secrets = {
    interactionId,
    code,
    accessToken: tokens.access_token,
    refreshToken: refreshable.refresh_token!,
    requestUri: requestUri.slice(requestUri.lastIndexOf(':') + 1),
    idToken: tokens.id_token!,
    verifier: checks.verifier,
  }
  const sessionCookies = [...cookiesDuring, ...client.cookies.list().map(({ value }) => value)]
  for (const dump of [during, beforeRedeeming, after]) {
    for (const [name, value] of Object.entries(secrets)) {
      expect([name, dump.includes(value)]).toEqual([name, false])
    }
    for (const value of sessionCookies.filter((each) => each.length > 16)) {
      expect(dump.includes(value)).toBe(false)
    }
  }
  expect(during).toContain(checks.state)
})

describe('a store that fails', () => {
  test('is 503 with Retry-After: JSON for programs, a page for people; and passes by itself', async () => {
    const redis = await startRedis()
    const server = await startSignOn({ settings: { REDIS_URL: redis.url } })
    const court = await createCourt(server, 'ncwd')
    const { url } = await court.authorize()
    const client = openBrowser()
    const tokenRequest = () =>
      send(`${server.issuer}/oidc/token`, {
        headers: basicHeader(court.clientId, court.secret),
        form: codeForm(court, 'unknown', { state: '', nonce: '', verifier: 'v'.repeat(43) }),
      })
    try {
      expect((await tokenRequest()).status).toBe(400)
      await redis.kill()
      const token = await tokenRequest()
      expect(token.status).toBe(503)
      expect(Number(token.headers['retry-after'])).toBeGreaterThan(0)
      expect(token.headers['content-type']).toContain('application/json')
      expect(token.text).not.toMatch(/ioredis|ECONN|127\.0\.0\.1|at .*\.ts/)

      const page = await client.get(url)
      expect(page.status).toBe(503)
      expect(Number(page.headers['retry-after'])).toBeGreaterThan(0)
      expect(page.text).toContain('Nothing is lost')
      expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")

      expect((await send(`${server.issuer}/.well-known/openid-configuration`)).status).toBe(200)
      await redis.restart()
      expect(
        await becomes('it is served', 5000, async () => (await tokenRequest()).status === 400),
      ).toBeLessThan(5000)
    } finally {
      await server.stop()
      await redis.stop()
    }
  })
})
