import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import {
  basicHeader,
  callbackOf,
  createCourt,
  errorIn,
  filingSoftware,
  idClaims,
  offlineRequest,
  openPage,
  type TestCourt,
  told,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { jane, nora, stan } from '../support/people.ts'
import { send } from './raw-requests.ts'

/** What an access token says, and when it ends. */

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('vendor', { scope: 'file' }, ({ court }) => court('ca4', filingSoftware))

const introspect = (court: TestCourt, token: string) => oidc.tokenIntrospection(court.rp, token)
const isActive = async (court: TestCourt, token: string) => (await introspect(court, token)).active

describe('access tokens', () => {
  test('as JWT carry the claims of RFC 9068 and the facts of their issue', async ({
    signOn,
    browser,
    at,
  }) => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'ncwd-jwt',
      metadata: { access_token_format: 'jwt' },
    })
    const tokens = await court.signIn(browser, jane.username)
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
    expect(told(payload)).not.toMatch(/ca4|jdoe-attorney|example\.com/)
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

  test('a court cannot ask for a token for another court', async ({ ncwd, browser, signOn }) => {
    await ncwd.signIn(browser, nora.username)
    const { url } = await ncwd.authorize({ resource: 'https://ecf.ncwb.uscourts.gov/' })
    expect(errorIn(callbackOf(await openPage(browser, signOn, url)))).toBe('invalid_target')
  })

  const withinASecond = async (isSo: () => Promise<boolean>) => {
    // What a process has read of a client is a second old at most; the rest is the way there.
    expect(await becomes('it is so', 5000, isSo)).toBeLessThan(1250)
  }

  test('tell the facts of now: a standing that changes', async ({ signOn, ncwd, browser }) => {
    const person = { ...stan, standings: [{ ...jane.standings[0]!, filer_id: 'stan-ncwd' }] }
    await signOn.apply({ accounts: [person] })
    const tokens = await ncwd.signIn(browser, stan.username)
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

  test('end with the account', async ({ signOn, ncwd, openBrowser, vendor, at }) => {
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

  test('end with the client', async ({ signOn, openBrowser, ncwd, at }) => {
    const software = await createCourt(signOn, 'ncwd', { ...filingSoftware, id: 'soon-inactive' })
    const tokens = await software.signIn(openBrowser(), nora.username, offlineRequest)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await signOn.apply({ clients: [{ ...software.registration, active: false }] })
    await withinASecond(async () => !(await isActive(ncwd, tokens.access_token)))
    const userinfo = await send(at('/oidc/userinfo'), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(userinfo.status).toBe(401)
    // The tokens end with the change; what a process has read of the client, a second later.
    const refresh = () =>
      send(at('/oidc/token'), {
        headers: basicHeader(software.clientId, software.secret),
        form: { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! },
      })
    await withinASecond(async () => (await refresh()).status === 401)
    expect(await refresh()).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const { url } = await software.authorize()
    expect((await openPage(openBrowser(), signOn, url)).status).toBe(400)
  })

  test('end with the session, also those of a vendor and its refresh token', async ({
    ncwd,
    browser,
    vendor,
    signOn,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
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
