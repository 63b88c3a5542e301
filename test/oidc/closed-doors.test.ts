import { describe, expect } from 'vitest'
import { basicHeader, callbackOf, errorIn, openPage } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { obtainCode, send } from './raw-requests.ts'

/** What the engine could do and is not asked to. */

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'refusedWith',
    ({ ncwd, openBrowser, signOn }) =>
      async (parameters: Record<string, string>) => {
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
      },
  )

describe('doors that the engine leaves open', () => {
  test('a code does not come in the fragment', async ({
    refusedWith,
    ncwd,
    browser,
    signOn,
    at,
  }) => {
    expect(await refusedWith({ response_mode: 'fragment' })).toBe('invalid_request')
    // Nor when there is a session already, and no page would be shown.
    await ncwd.signIn(browser, nora.username)
    const { url } = await ncwd.authorize({ response_mode: 'fragment' })
    expect(callbackOf(await openPage(browser, signOn, url))).not.toContain('code=')
    const { body } = await send(at('/.well-known/openid-configuration'))
    expect(body['response_modes_supported']).not.toContain('fragment')
  })

  test.for(['token', 'id_token', 'code id_token', 'code token', 'none'])(
    'a court cannot ask for the response type %s',
    async (responseType, { refusedWith }) => {
      expect(await refusedWith({ response_type: responseType })).toMatch(
        /^unsupported_response_type$|^unauthorized_client$|^invalid_request$/,
      )
    },
  )

  test('PKCE is required, with S256', async ({ ncwd, browser, signOn, refusedWith }) => {
    const { url } = await ncwd.authorize()
    const without = new URL(url)
    without.searchParams.delete('code_challenge')
    without.searchParams.delete('code_challenge_method')
    const page = await openPage(browser, signOn, without.href)
    expect(errorIn(callbackOf(page))).toBe('invalid_request')
    expect(await refusedWith({ code_challenge_method: 'plain' })).toBe('invalid_request')
  })

  test('a redirect address is compared byte for byte, and never left out', async ({
    refusedWith,
    ncwd,
    openBrowser,
    signOn,
  }) => {
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

  test.for(['request', 'request_uri', 'registration'])(
    '%s is not taken',
    async (name, { refusedWith }) => {
      const refusal = await refusedWith({ [name]: 'https://evil.example/request' })
      expect(refusal).not.toBeNull()
      expect([400, `${name}_not_supported`, 'invalid_request', 'invalid_request_uri']).toContain(
        refusal,
      )
    },
  )

  test.for([
    'password',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:device_code',
  ])('the grant type %s is not taken', async (grantType, { at, ncwd }) => {
    const answer = await send(at('/oidc/token'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: { grant_type: grantType, username: nora.username, password: nora.password },
    })
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(/unsupported_grant_type|unauthorized_client/)
  })

  test('every response says who it is from', async ({ signOn, ncwd, openBrowser }) => {
    const { callback } = await obtainCode(signOn, ncwd, openBrowser(), nora.username)
    expect(new URL(callback).searchParams.get('iss')).toBe(signOn.issuer)
    const { url } = await ncwd.authorize({ prompt: 'none' })
    const failed = callbackOf(await openPage(openBrowser(), signOn, url))
    expect(new URL(failed).searchParams.get('iss')).toBe(signOn.issuer)
  })

  test('an access token is not taken from the address, nor an ID token in its place', async ({
    ncwd,
    browser,
    at,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const inAddress = await send(at(`/oidc/userinfo?access_token=${tokens.access_token}`))
    expect(inAddress.status).toBeGreaterThanOrEqual(400)
    const idToken = await send(at('/oidc/userinfo'), {
      headers: { authorization: `Bearer ${tokens.id_token}` },
    })
    expect(idToken.status).toBe(401)
  })
})
