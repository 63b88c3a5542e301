import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import {
  basicHeader,
  createCourt,
  filingSoftware,
  idClaims,
  offlineRequest,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { send } from './raw-requests.ts'

/** What one client learns of the tokens of another: nothing. */

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('signed', { scope: 'file' }, ({ court }) => court('nceb', { method: 'private_key_jwt' }))
  .extend('vendor', { scope: 'file' }, ({ court }) => court('ca4', filingSoftware))

const introspect = (court: TestCourt, token: string) => oidc.tokenIntrospection(court.rp, token)
const isActive = async (court: TestCourt, token: string) => (await introspect(court, token)).active

describe('introspection is closed across clients', () => {
  test('a court learns nothing of another court’s token, not even that it exists', async ({
    ncwd,
    browser,
    ncwb,
    signed,
    vendor,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    expect(await introspect(ncwd, tokens.access_token)).toMatchObject({ active: true })
    expect(await introspect(ncwb, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(signed, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(vendor, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(ncwb, 'no-such-token')).toEqual({ active: false })
  })

  test('a court that is the audience of a vendor’s token learns its own facts only', async ({
    signOn,
    browser,
    ncwd,
    ncwb,
  }) => {
    // Bound to its key: a bearer token would be for one of the two courts.
    const both = await createCourt(signOn, 'ca4', {
      ...filingSoftware,
      id: 'of-two-courts',
      courts: ['ca4', 'ncwd'],
      hasDpop: true,
    })
    const tokens = await both.signIn(browser, jane.username, offlineRequest)
    const own = await introspect(both, tokens.access_token)
    expect(Object.keys(own['efiling'] as object).sort()).toEqual(['ca4', 'ncwd'])
    const asked = await introspect(ncwd, tokens.access_token)
    expect(Object.keys(asked['efiling'] as object)).toEqual(['ncwd'])
    expect(JSON.stringify(asked['efiling'])).not.toContain('ca4')
    expect(await introspect(ncwb, tokens.access_token)).toEqual({ active: false })
    expect(await introspect(ncwd, tokens.refresh_token!)).toEqual({ active: false })
    expect(await isActive(both, tokens.refresh_token!)).toBe(true)
  })

  test('nobody revokes another client’s token', async ({ ncwd, browser, ncwb, audited }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    await oidc.tokenRevocation(ncwb.rp, tokens.access_token).catch(() => undefined)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    await oidc.tokenRevocation(ncwd.rp, tokens.access_token)
    expect(await isActive(ncwd, tokens.access_token)).toBe(false)
    const about = { accountId: String(idClaims(tokens)['sub']) }
    const revoked = await audited('token.revoked', about)
    expect(revoked.map(({ clientId }) => clientId)).toEqual([ncwd.clientId])
  })

  test('who proves nothing learns nothing', async ({ ncwd, browser, at }) => {
    const { access_token: token } = await ncwd.signIn(browser, nora.username)
    const anonymous = await send(at('/oidc/introspect'), { form: { token } })
    expect(anonymous.body).not.toHaveProperty('active')
    const named = await send(at('/oidc/introspect'), {
      form: { token, client_id: ncwd.clientId },
    })
    expect(named).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await isActive(ncwd, token)).toBe(true)
  })

  test.for([
    ['introspect', { token: 'x' }],
    ['revoke', { token: 'x' }],
    ['par', { response_type: 'none', scope: 'openid' }],
    ['token', { grant_type: 'authorization_code', code: 'x' }],
  ] as [string, Record<string, string>][])(
    'nobody speaks for our own pages at /oidc/%s',
    async ([path, parameters], { at }) => {
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
