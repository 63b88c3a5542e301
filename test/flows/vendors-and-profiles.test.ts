import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import {
  callbackOf,
  createCourt,
  errorIn,
  idClaims,
  newBrowser,
  offlineRequest,
  openPage,
  sendPassword,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const test = kit().override('people', [jane, nora])

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { error?: string }) => error.error,
  )
const refreshing = {
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email pacer efiling offline_access',
}

describe('filing software of a vendor', () => {
  let vendor: TestCourt

  test.beforeAll(async ({ signOn }) => {
    vendor = await createCourt(signOn, 'ncwd', {
      id: 'vendor',
      kind: 'vendor',
      courts: ['ncwd', 'ncwb'],
      resource: 'https://ecf.ncwd.uscourts.gov/',
      metadata: refreshing,
    })
  })

  test('asks the person first, and again only for more', async ({ signOn }) => {
    const browser = newBrowser()
    const { url, checks } = await vendor.authorize({ scope: 'openid efiling' })
    const page = await openPage(browser, signOn, url)
    await vendor.redeem(await signInAt(browser, signOn, page, nora.username), checks)
    await vendor.walkIn(browser, { scope: 'openid efiling' })
    const more = await vendor.authorize({ scope: 'openid email efiling' })
    expect((await openPage(browser, signOn, more.url)).text).toContain('consent-allow')
    await browser.stop()
  })

  test('a person who does not agree sends it away with access_denied', async ({ signOn }) => {
    const browser = newBrowser()
    await vendor.signIn(browser, nora.username)
    const { url } = await vendor.authorize({ prompt: 'consent' })
    const page = await openPage(browser, signOn, url)
    const deny = page.forms().find((form) => form.action.endsWith('/cancel'))!
    const denied = await browser.submit(deny)
    expect(denied.text).toContain('You did not allow it')
    expect(denied.text).toContain('NCWD CM/ECF')
    const goBack = /id="go-back" href="([^"]+)"/.exec(denied.text)![1]!
    const out = await openPage(browser, signOn, new URL(goBack, signOn.issuer).href)
    expect(errorIn(callbackOf(out))).toBe('access_denied')
    await browser.stop()
  })

  test('who signs in for it and does not allow it is not signed in, and the page says so', async ({
    signOn,
  }) => {
    const browser = newBrowser()
    const asked = async () => {
      const { url } = await vendor.authorize({ prompt: 'consent' })
      return openPage(browser, signOn, url)
    }
    const deny = async (page: HttpResponse) => browser.submit(page.form('consent-refusal'))
    const goOn = (page: HttpResponse) => {
      const [, to] = /id="go-back" href="([^"]+)"/.exec(page.text)!
      return openPage(browser, signOn, new URL(to!, signOn.issuer).href)
    }
    const isSignedIn = async () =>
      (await browser.get(`${signOn.issuer}/signed-in`)).json()['isSignedIn']
    const consent = await browser.followWhile(
      await sendPassword(browser, await asked(), nora.username),
      (to) => to.origin === signOn.issuer,
    )
    const denied = await deny(consent)
    expect(denied.text).toContain('You are not signed in, also if your password was right')
    expect(denied.text).not.toContain('id="still-signed-in"')
    expect(await isSignedIn()).toBe(false)
    expect(errorIn(callbackOf(await goOn(denied)))).toBe('access_denied')
    expect(await isSignedIn()).toBe(false)

    await vendor.signIn(browser, nora.username)
    const again = await deny(await asked())
    expect(again.text).toContain('You are still signed in as <strong>Nora Nowhere</strong>')
    expect(again.text).not.toContain('id="not-signed-in"')
    expect(errorIn(callbackOf(await goOn(again)))).toBe('access_denied')
    expect(await isSignedIn()).toBe(true)
    await browser.stop()
  })

  test('refreshes with the facts of now, with one token that is kept', async ({ signOn }) => {
    const countTokens = () => signOn.services.db.prisma.refreshToken.count()
    const before = await countTokens()
    const browser = newBrowser()
    const first = await vendor.signIn(browser, jane.username, offlineRequest)
    for (let times = 0; times < 3; times += 1) {
      const next = await oidc.refreshTokenGrant(vendor.rp, first.refresh_token!)
      expect(next.refresh_token).toBe(first.refresh_token)
      expect(idClaims(next)['efiling']).toMatchObject({ ncwd: { status: 'active' } })
      expect((await oidc.tokenIntrospection(vendor.rp, next.access_token)).active).toBe(true)
    }
    expect(await countTokens()).toBe(before + 1)
    await browser.stop()
  })

  test('its refresh tokens end when the person signs out', async ({ signOn }) => {
    const browser = newBrowser()
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    const account = await openPage(browser, signOn, `${signOn.issuer}/account`)
    const signOut = account.forms().find((form) => form.action.endsWith('/account/sign-out'))!
    await browser.followWhile(await browser.submit(signOut), () => true)
    expect(await errorOf(oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!))).toBe(
      'invalid_grant',
    )
    await browser.stop()
  })

  test('a token for one court says nothing of the other, and is refused for a third', async ({
    signOn,
  }) => {
    const browser = newBrowser()
    const resource = 'https://ecf.ncwd.uscourts.gov/'
    const { url, checks } = await vendor.authorize({ resource, scope: 'openid pacer efiling' })
    const page = await openPage(browser, signOn, url)
    const callback = await signInAt(browser, signOn, page, jane.username)
    const tokens = await oidc.authorizationCodeGrant(
      vendor.rp,
      new URL(callback),
      {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
      },
      { resource },
    )
    const answer = await oidc.tokenIntrospection(vendor.rp, tokens.access_token)
    expect(answer).toMatchObject({ active: true, aud: resource })
    expect(Object.keys(answer['efiling'] as object)).toEqual(['ncwd'])
    const third = await vendor.authorize({ resource: 'https://ecf.nceb.uscourts.gov/' })
    const refused = callbackOf(await openPage(browser, signOn, third.url))
    expect(errorIn(refused)).toBe('invalid_target')
    await browser.stop()
  })

  test('a court’s own application gets no refresh token', async ({ signOn }) => {
    await expect(
      createCourt(signOn, 'ca4', { id: 'greedy', metadata: refreshing }),
    ).rejects.toThrow(/vendor clients only/)
  })
})

/** As a library speaks it; each rule of the profile by itself is held by test/certification/. */
describe('the FAPI 2.0 Security Profile', () => {
  let fapi: TestCourt

  test.beforeAll(async ({ signOn }) => {
    fapi = await createCourt(signOn, 'ncwb', {
      id: 'fapi-vendor',
      kind: 'vendor',
      method: 'private_key_jwt',
      isPushed: true,
      hasDpop: true,
      metadata: { ...refreshing, profile: 'fapi2' },
    })
  })

  test('signs in with a pushed request, a signed assertion and DPoP-bound tokens', async ({
    signOn,
  }) => {
    const browser = newBrowser()
    const { url, checks } = await fapi.authorize()
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    const page = await openPage(browser, signOn, url)
    const callback = await signInAt(browser, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('iss')).toBe(signOn.issuer)
    const tokens = await fapi.redeem(callback, checks)
    expect(tokens.token_type).toBe('dpop')
    const introspected = await oidc.tokenIntrospection(fapi.rp, tokens.access_token)
    expect(introspected['cnf']).toHaveProperty('jkt')
    await browser.stop()
  })
})
