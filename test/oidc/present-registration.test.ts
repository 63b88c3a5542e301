import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import {
  callbackOf,
  createCourt,
  filingSoftware,
  idClaims,
  newBrowser,
  openPage,
  raiseLevel,
  type TestCourt,
  type Tokens,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'
import { obtainCode } from './raw-requests.ts'

const ncwdResource = 'https://ecf.ncwd.uscourts.gov/'
const everything = 'openid profile email pacer efiling offline_access'
const offline = { scope: everything, prompt: 'consent' }

let count = 0

const test = kit()
  .override('people', [jane])
  .extend('service', { scope: 'file' }, ({ court }) => court('ncwd', { id: 'ncwd-docket' }))
  .extend(
    'newVendor',
    { scope: 'file' },
    ({ signOn }) =>
      (metadata: Record<string, unknown> = {}, courts: string[] = ['ncwd']) => {
        count += 1
        return createCourt(signOn, 'ncwd', {
          id: `vendor-${count}`,
          kind: 'vendor',
          courts,
          metadata: { ...filingSoftware.metadata, scope: everything, ...metadata },
        })
      },
  )
  /** Registers it anew with these differences; each process sees it within a second. */
  .extend(
    'register',
    { scope: 'file' },
    ({ signOn }) =>
      async (court: TestCourt, change: { metadata?: object; courts?: string[] }) => {
        const before = court.registration as { metadata: object }
        const metadata = { ...before.metadata, ...change.metadata }
        await signOn.apply({ clients: [{ ...before, ...change, metadata }] })
        vi.setSystemTime(Date.now() + 1001)
      },
  )
  /** Nothing that came from this sign-in is good for anything any more. */
  .extend(
    'expectDead',
    { scope: 'file' },
    ({ service }) =>
      async (court: TestCourt, tokens: Tokens) => {
        expect(await outcomeOf(userinfo(court, tokens))).toBe(401)
        expect(await introspect(court, tokens)).toEqual({ active: false })
        expect(await introspect(service, tokens)).toEqual({ active: false })
        expect((await oidc.tokenIntrospection(court.rp, tokens.refresh_token!)).active).toBe(false)
        expect(await outcomeOf(refresh(court, tokens))).toBe('invalid_grant')
      },
  )

test.beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})

const userinfo = (court: TestCourt, tokens: { access_token: string }) =>
  oidc.fetchUserInfo(court.rp, tokens.access_token, oidc.skipSubjectCheck)
const introspect = (court: TestCourt, tokens: { access_token: string }) =>
  oidc.tokenIntrospection(court.rp, tokens.access_token)
const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { error?: string; status?: number }) => error.error ?? error.status,
  )
const refresh = (court: TestCourt, tokens: Tokens, more?: Record<string, string>) =>
  oidc.refreshTokenGrant(court.rp, tokens.refresh_token!, more)

describe('the present registration limits what is out already', () => {
  test('a scope that was taken out is given by nothing', async ({
    newVendor,
    browser,
    register,
    service,
  }) => {
    const vendor = await newVendor()
    const tokens = await vendor.signIn(browser, jane.username, offline)
    expect(await userinfo(vendor, tokens)).toHaveProperty('pacer')
    await register(vendor, { metadata: { scope: 'openid efiling offline_access' } })

    const rest = await userinfo(vendor, tokens)
    expect(Object.keys(rest).sort()).toEqual(['efiling', 'sub'])
    for (const asking of [vendor, service]) {
      const introspected = await introspect(asking, tokens)
      expect(introspected).toMatchObject({ active: true, scope: 'openid efiling offline_access' })
      expect(introspected).toHaveProperty('efiling')
      expect(introspected).not.toHaveProperty('pacer')
    }
    const fresh = await refresh(vendor, tokens)
    expect(fresh.scope).toBe('openid efiling offline_access')
    for (const name of ['pacer', 'name', 'email', 'preferred_username']) {
      expect(idClaims(fresh)).not.toHaveProperty(name)
    }
    expect(await userinfo(vendor, fresh)).toEqual(rest)
  })

  test('and neither is a claim of it that was asked for by itself', async ({
    newVendor,
    browser,
    register,
  }) => {
    const vendor = await newVendor()
    const claims = JSON.stringify({ id_token: { email: null }, userinfo: { email: null } })
    const asked = { scope: 'openid offline_access', prompt: 'consent', claims }
    const tokens = await vendor.signIn(browser, jane.username, asked)
    expect(await userinfo(vendor, tokens)).toHaveProperty('email')
    await register(vendor, { metadata: { scope: 'openid offline_access' } })
    expect(await userinfo(vendor, tokens)).not.toHaveProperty('email')
    expect(idClaims(await refresh(vendor, tokens))).not.toHaveProperty('email')
  })

  test('a client that may not refresh any more does not', async ({
    newVendor,
    browser,
    register,
  }) => {
    const vendor = await newVendor()
    const tokens = await vendor.signIn(browser, jane.username, offline)
    await register(vendor, {
      metadata: { scope: 'openid efiling', grant_types: ['authorization_code'] },
    })
    expect(await outcomeOf(refresh(vendor, tokens))).toBe('invalid_request')
    expect((await oidc.tokenIntrospection(vendor.rp, tokens.refresh_token!)).active).toBe(false)
  })

  test('a level that was raised ends what comes from a lower one, and lowered gives it back', async ({
    newVendor,
    browser,
    signOn,
    expectDead,
    register,
  }) => {
    const vendor = await newVendor()
    const tokens = await vendor.signIn(browser, jane.username, offline)
    const { url, checks } = await vendor.authorize({ scope: 'openid' })
    const callback = callbackOf(await openPage(browser, signOn, url))
    await raiseLevel(signOn, vendor.clientId, 'urn:uscourts:cso:acr:mfa')
    vi.setSystemTime(Date.now() + 1001)
    await expectDead(vendor, tokens)
    expect(await outcomeOf(vendor.redeem(callback, checks))).toBe('invalid_grant')
    await register(vendor, { metadata: { minimum_acr: 'urn:uscourts:cso:acr:pwd' } })
    expect(await outcomeOf(userinfo(vendor, tokens))).toBe('ok')
    expect(await outcomeOf(refresh(vendor, tokens))).toBe('ok')
  })

  test('a court that was taken away is told nothing, and nothing is said of it', async ({
    newVendor,
    signOn,
    browser,
    service,
    register,
  }) => {
    const vendor = await newVendor()
    const asked = { ...offline, resource: ncwdResource }
    const { callback, checks } = await obtainCode(signOn, vendor, browser, jane.username, asked)
    const forCourt = await oidc.authorizationCodeGrant(
      vendor.rp,
      new URL(callback),
      {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
      },
      { resource: ncwdResource },
    )
    expect((await introspect(service, forCourt)).active).toBe(true)
    const other = newBrowser()
    const unbound = await vendor.signIn(other, jane.username, offline)
    await other.stop()
    await register(vendor, { courts: ['ncwb'] })
    expect(await introspect(vendor, forCourt)).toEqual({ active: false })
    for (const tokens of [forCourt, unbound]) {
      expect(await introspect(service, tokens)).toEqual({ active: false })
    }
    expect((await userinfo(vendor, unbound))['efiling'] ?? {}).not.toHaveProperty('ncwd')
    expect(await outcomeOf(refresh(vendor, unbound, { resource: ncwdResource }))).toBe(
      'invalid_target',
    )
  })

  test('tokens without a key end when the client is to prove one', async ({
    newVendor,
    browser,
    register,
    service,
  }) => {
    const vendor = await newVendor()
    const tokens = await vendor.signIn(browser, jane.username, offline)
    await register(vendor, { metadata: { dpop_bound_access_tokens: true } })
    expect(await outcomeOf(userinfo(vendor, tokens))).toBe(401)
    expect(await introspect(service, tokens)).toEqual({ active: false })
  })

  test('a service is told what its own registration holds', async ({
    signOn,
    browser,
    service,
  }) => {
    const narrow = await createCourt(signOn, 'ncwd', {
      id: 'narrow-service',
      metadata: { scope: 'openid efiling' },
    })
    const court = await createCourt(signOn, 'ncwd', { id: 'wide-court' })
    const tokens = await court.signIn(browser, jane.username)
    expect(await introspect(service, tokens)).toHaveProperty('pacer')
    const told = await introspect(narrow, tokens)
    expect(told).toHaveProperty('efiling.ncwd.status', 'active')
    expect(told).not.toHaveProperty('pacer')
  })
})

describe('a token gives what it was issued for', () => {
  test.for([
    ['a court', 'court'],
    ['a vendor', 'vendor'],
  ] as const)(
    'whatever is asked for later, less or more: %s',
    async ([_, kind], { signOn, browser }) => {
      count += 1
      const metadata = { scope: 'openid profile email pacer efiling' }
      const court = await createCourt(signOn, 'ncwd', { id: `${kind}-${count}`, kind, metadata })
      const wide = await court.signIn(browser, jane.username)
      const before = await userinfo(court, wide)
      expect(before).toHaveProperty('efiling')
      const narrow = await court.walkIn(browser, { scope: 'openid', prompt: 'none' })
      expect(await userinfo(court, wide)).toEqual(before)
      expect(Object.keys(await userinfo(court, narrow))).toEqual(['sub'])
      expect(await introspect(court, narrow)).not.toHaveProperty('efiling')
    },
  )

  test('also where the narrower request came between the code and its tokens', async ({
    signOn,
    browser,
  }) => {
    const court = await createCourt(signOn, 'ncwd', { id: 'two-tabs' })
    await court.signIn(browser, jane.username)
    const { url, checks } = await court.authorize()
    const callback = callbackOf(await openPage(browser, signOn, url))
    await court.walkIn(browser, { scope: 'openid' })
    const tokens = await court.redeem(callback, checks)
    expect(idClaims(tokens)).toHaveProperty('efiling')
    expect(await userinfo(court, tokens)).toHaveProperty('efiling')
  })

  test('to its last second, and not a second longer', async ({ signOn, browser }) => {
    const court = await createCourt(signOn, 'ncwd', { id: 'last-second' })
    const tokens = await court.signIn(browser, jane.username)
    const end = (await introspect(court, tokens)).exp! * 1000
    vi.setSystemTime(end - 1)
    expect(await outcomeOf(userinfo(court, tokens))).toBe('ok')
    vi.setSystemTime(end)
    expect(await outcomeOf(userinfo(court, tokens))).toBe(401)
    expect(await introspect(court, tokens)).toEqual({ active: false })
  })
})
