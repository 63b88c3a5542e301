import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import {
  type CourtOptions,
  createCourt,
  errorIn,
  filingSoftware,
  idClaims,
  offlineRequest,
  openPage,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { obtainCode } from './raw-requests.ts'

const ncwdResource = 'https://ecf.ncwd.uscourts.gov/'
const ncwbResource = 'https://ecf.ncwb.uscourts.gov/'

let count = 0

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('newClient', { scope: 'file' }, ({ signOn }) => (options: CourtOptions = {}) => {
    count += 1
    return createCourt(signOn, 'ncwd', {
      ...filingSoftware,
      courts: ['ncwd', 'ncwb'],
      ...options,
      id: `client-${count}`,
    })
  })

const isActive = async (court: TestCourt, token: string) =>
  (await oidc.tokenIntrospection(court.rp, token)).active
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { error?: string; status?: number }) => error.error ?? error.status,
  )

describe('software of several courts with bearer tokens', () => {
  test('is told to name a court, and which ones it can name', async ({
    newClient,
    browser,
    signOn,
  }) => {
    const vendor = await newClient()
    const { url } = await vendor.authorize(offlineRequest)
    const { location = '' } = await openPage(browser, signOn, url)
    expect(errorIn(location)).toBe('invalid_target')
    const description = new URL(location).searchParams.get('error_description')
    expect(description).toContain(`${ncwbResource} or ${ncwdResource}`)
  })

  test('is told so when it pushes its request, too', async ({ newClient }) => {
    const vendor = await newClient({ isPushed: true })
    expect(await errorOf(vendor.authorize(offlineRequest))).toBe('invalid_target')
  })

  test('gets a token for the court that it named, and the other court learns nothing', async ({
    newClient,
    browser,
    ncwd,
    ncwb,
  }) => {
    const vendor = await newClient({ resource: ncwdResource })
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    for (const { access_token: token } of [
      tokens,
      await oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!),
    ]) {
      const own = await oidc.tokenIntrospection(vendor.rp, token)
      expect(own).toMatchObject({ active: true, aud: ncwdResource })
      expect(Object.keys(own['efiling'] as object)).toEqual(['ncwd'])
      expect(await isActive(ncwd, token)).toBe(true)
      expect(await isActive(ncwb, token)).toBe(false)
    }
  })

  test('with two of them authorized names one in each token request, or is refused at no cost', async ({
    newClient,
    signOn,
    browser,
    ncwd,
    ncwb,
  }) => {
    const vendor = await newClient()
    const { url, checks } = await vendor.authorize(offlineRequest)
    const both = `${url}&${new URLSearchParams([
      ['resource', ncwdResource],
      ['resource', ncwbResource],
    ])}`
    const asking = { ...vendor, authorize: async () => ({ url: both, checks }) }
    const { callback } = await obtainCode(signOn, asking, browser, nora.username)
    const expected = {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.verifier,
    }
    const redeem = (parameters?: Record<string, string>) =>
      oidc.authorizationCodeGrant(vendor.rp, new URL(callback), expected, parameters)
    expect(await errorOf(redeem())).toBe('invalid_target')
    const tokens = await redeem({ resource: ncwdResource })
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    expect(await isActive(ncwb, tokens.access_token)).toBe(false)

    const refresh = (parameters?: Record<string, string>) =>
      oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!, parameters)
    expect(await errorOf(refresh())).toBe('invalid_target')
    const other = await refresh({ resource: ncwbResource })
    expect(await isActive(ncwb, other.access_token)).toBe(true)
    expect(await isActive(ncwd, other.access_token)).toBe(false)
  })

  test('that had one court before has to name one from the next request on', async ({
    newClient,
    browser,
    ncwd,
    signOn,
    ncwb,
  }) => {
    const vendor = await newClient({ courts: ['ncwd'] })
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await signOn.apply({ clients: [{ ...vendor.registration, courts: ['ncwd', 'ncwb'] }] })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1001 })
    for (const court of [vendor, ncwd, ncwb]) {
      expect(await isActive(court, tokens.access_token)).toBe(false)
    }
    const refreshed = oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!)
    expect(await errorOf(refreshed)).toBe('invalid_target')
  })
})

describe('who need not name a court', () => {
  test('software whose tokens are bound to its key', async ({ newClient, browser, ncwd, ncwb }) => {
    const vendor = await newClient({ hasDpop: true })
    const { access_token: token } = await vendor.signIn(browser, nora.username, offlineRequest)
    expect(await isActive(ncwd, token)).toBe(true)
    expect(await isActive(ncwb, token)).toBe(true)
  })

  test('courts that share one host, and so one resource', async ({ signOn, browser }) => {
    const circuit = await createCourt(signOn, 'ca6', { courts: ['ca6', 'bap6'] })
    const { access_token: token } = await circuit.signIn(browser, nora.username)
    expect((await oidc.tokenIntrospection(circuit.rp, token)).aud).toBe(
      'https://ecf.ca6.uscourts.gov/',
    )
  })

  test('a national service of no court', async ({ signOn, browser }) => {
    const locator = await createCourt(signOn, 'ncwd', {
      id: 'locator',
      kind: 'national',
      courts: [],
    })
    expect(idClaims(await locator.signIn(browser, nora.username))).toHaveProperty('pacer')
  })
})

test('a JWT is for a court that was named, with a key or without', async ({
  newClient,
  browser,
  signOn,
}) => {
  for (const hasDpop of [false, true]) {
    const metadata = { access_token_format: 'jwt' }
    const court = await newClient({ kind: 'court', hasDpop, metadata })
    const { url } = await court.authorize()
    const { location = '' } = await openPage(browser, signOn, url)
    expect(errorIn(location)).toBe('invalid_target')
  }
  const named = await newClient({
    kind: 'court',
    resource: ncwbResource,
    metadata: { access_token_format: 'jwt' },
  })
  const { access_token: token } = await named.signIn(browser, nora.username)
  expect(decodeJwt(token).aud).toBe(ncwbResource)
})
