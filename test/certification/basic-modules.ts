import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { send } from '../oidc/raw-requests.ts'
import { newBrowser, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import {
  type AuthorizeOptions,
  algorithmOf,
  authorize,
  callToken,
  callUserinfo,
  codeGrant,
  codeOf,
  complete,
  errorOf,
  expectErrorPage,
  expectRefusal,
  expectUserinfo,
  idTokenClaims,
  type Run,
  randomText,
  registerClient,
  startForConformance,
  tokensOf,
  type Values,
} from './suite.ts'

/**
 * The modules of the Basic plan, in its order, under one response mode: the Form Post plan is the same
 * with the other. Static registration, no PKCE, `client_secret_basic` unless a module says otherwise.
 */
export function describeBasicModules(responseMode: Run['responseMode']): void {
  let signOn: SignOn
  let run: Run
  let other: TestCourt
  /** Of a person who has signed in and agreed: for modules that do not say «remove your cookies». */
  let known: HttpClient
  const browsers: HttpClient[] = []

  beforeAll(async () => {
    signOn = await startForConformance()
    await signOn.apply({ accounts: [jane] })
    const client = await registerClient(signOn, 'suite-1')
    other = await registerClient(signOn, 'suite-2')
    run = { signOn, client, responseMode, person: jane }
    known = openBrowser()
    await complete(run, {}, { browser: known })
  })
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.stop()))
    await signOn.stop()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function openBrowser(): HttpClient {
    const browser = newBrowser()
    browsers.push(browser)
    return browser
  }
  const flow = (change: Values = {}, options: AuthorizeOptions = {}) =>
    complete(run, change, { browser: known, ...options })
  const later = (seconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  const discovery = async () =>
    (await send(`${signOn.issuer}/.well-known/openid-configuration`)).body as Record<
      string,
      string[]
    >

  // oidcc-server
  test('the code flow succeeds for a person who signs in', async () => {
    const { authorization, tokens, claims } = await flow({}, { browser: openBrowser() })
    // The redaction notice, since this person may file at the client's court; and the consent.
    expect(authorization.pages).toEqual(['sign-in', 'redaction', 'consent'])
    expect(tokens.scope).toBe('openid')
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(claims).not.toHaveProperty('name')
    const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16)
    expect(claims['at_hash'] ?? half.toString('base64url')).toBe(half.toString('base64url'))
  })

  // oidcc-response-type-missing
  test('a request without a response type is an error at the client', async () => {
    const refused = await authorize(run, { response_type: undefined }, { browser: openBrowser() })
    expect(errorOf(refused)).toBe('invalid_request')
  })

  // oidcc-idtoken-signature (not for static registration; held by a client that registers RS256)
  test('an ID token is signed with RS256 where the client says so, and names its key', async () => {
    const client = await registerClient(signOn, 'rs256', { id_token_signed_response_alg: 'RS256' })
    const { tokens } = await complete({ ...run, client }, {}, { browser: known })
    expect(algorithmOf(tokens)).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
  })

  // oidcc-idtoken-unsigned (skipped by the suite where discovery does not list "none")
  test('there are no unsigned ID tokens', async () => {
    expect((await discovery())['id_token_signing_alg_values_supported']).toEqual(['ES256', 'RS256'])
    const unsigned = { id_token_signed_response_alg: 'none' }
    await expect(registerClient(signOn, 'unsigned', unsigned)).rejects.toThrow(
      /id_token_signed_response_alg/,
    )
  })

  // oidcc-userinfo-get, oidcc-userinfo-post-header
  test.each(['GET', 'POST'] as const)('userinfo answers %s with a header', async (method) => {
    const { tokens, claims } = await flow()
    expectUserinfo(await callUserinfo(signOn, tokens.access_token, method), claims['sub'])
  })

  // oidcc-userinfo-post-body
  test('userinfo answers POST with the token in the body', async () => {
    const { tokens, claims } = await flow()
    const form = { access_token: tokens.access_token }
    expectUserinfo(await send(`${signOn.issuer}/oidc/userinfo`, { form }), claims['sub'])
  })

  // oidcc-ensure-request-without-nonce-succeeds-for-code-flow
  test('a request without a nonce succeeds, and the ID token has none', async () => {
    const { claims } = await flow({ nonce: undefined })
    expect(claims).not.toHaveProperty('nonce')
  })

  // oidcc-scope-profile
  test('the scope profile gives the standard claims of the profile', async () => {
    const { userinfo } = await flow({ scope: 'openid profile' })
    expect(userinfo).toMatchObject({
      name: 'Jane Doe',
      given_name: 'Jane',
      family_name: 'Doe',
      preferred_username: jane.username,
    })
    expect(userinfo).not.toHaveProperty('email')
  })

  // oidcc-scope-email
  test('the scope email gives the address and whether it is verified', async () => {
    const { userinfo } = await flow({ scope: 'openid email' })
    expect(userinfo).toMatchObject({ email: jane.email, email_verified: true })
    expect(userinfo).not.toHaveProperty('name')
  })

  // oidcc-scope-address, oidcc-scope-phone (skipped by the suite: discovery does not list them)
  test.each(['address', 'phone'])('the scope %s is not offered, and ignored', async (scope) => {
    expect((await discovery())['scopes_supported']).not.toContain(scope)
    const { tokens } = await flow({ scope: `openid ${scope}` })
    expect(tokens.scope).toBe('openid')
  })

  // oidcc-scope-all
  test('all standard scopes at once give what there is', async () => {
    const { userinfo } = await flow({ scope: 'openid email phone address profile' })
    expect(userinfo).toMatchObject({ name: 'Jane Doe', email: jane.email })
    expect(userinfo).not.toHaveProperty('address')
    expect(userinfo).not.toHaveProperty('phone_number')
  })

  // oidcc-alternate-happy-flow
  test('the order of scopes and of parameters means nothing', async () => {
    const { userinfo } = await flow({ scope: 'email openid' }, { isReversed: true })
    expect(userinfo).toMatchObject({ email: jane.email })
  })

  // oidcc-display-page, oidcc-display-popup
  test.each(['page', 'popup'])('display=%s does not disturb', async (display) => {
    await flow({ display }, { browser: openBrowser() })
  })

  // oidcc-prompt-login
  test('prompt=login asks for the password again, and says when', async () => {
    const browser = openBrowser()
    const first = await flow({}, { browser })
    later(1)
    const second = await flow({ prompt: 'login' }, { browser })
    expect(second.authorization.pages).toContain('sign-in')
    expect(second.claims['auth_time']).toBeGreaterThan(Number(first.claims['auth_time']))
    expect(second.claims['sub']).toBe(first.claims['sub'])
  })

  // oidcc-prompt-none-not-logged-in
  test('prompt=none without a session is login_required, with the long state unharmed', async () => {
    const change = { prompt: 'none', state: randomText(128) }
    const refused = await authorize(run, change, { browser: openBrowser() })
    expect(refused.pages).toEqual([])
    expect(errorOf(refused)).toBe('login_required')
  })

  // oidcc-prompt-none-logged-in
  test('prompt=none with a session succeeds without a page', async () => {
    const first = await flow()
    const second = await flow({ prompt: 'none' })
    expect(second.authorization.pages).toEqual([])
    expect(second.claims['auth_time']).toBe(first.claims['auth_time'])
    expect(second.claims['sub']).toBe(first.claims['sub'])
  })

  // oidcc-max-age-1
  test('max_age=1 asks for the password again after two seconds', async () => {
    const browser = openBrowser()
    const first = await flow({}, { browser })
    later(2)
    const second = await flow({ max_age: '1' }, { browser })
    expect(second.authorization.pages).toContain('sign-in')
    expect(second.claims['auth_time']).toBeGreaterThan(Number(first.claims['auth_time']))
    expect(Math.abs(Number(second.claims['auth_time']) - Date.now() / 1000)).toBeLessThan(5)
  })

  // oidcc-max-age-10000
  test('max_age=10000 does not ask again, and the ID tokens say when', async () => {
    const browser = openBrowser()
    const first = await flow({ max_age: '15000' }, { browser })
    const second = await flow({ max_age: '10000' }, { browser })
    expect(second.authorization.pages).toEqual([])
    expect(first.claims['auth_time']).toEqual(expect.any(Number))
    expect(second.claims['auth_time']).toBe(first.claims['auth_time'])
  })

  // oidcc-ensure-request-with-unknown-parameter-succeeds
  test('an unknown parameter is ignored', async () => {
    await flow({ extra: 'foobar' })
  })

  // oidcc-id-token-hint
  test('prompt=none with the ID token as hint succeeds without a page', async () => {
    const first = await flow()
    const hint = { prompt: 'none', id_token_hint: first.tokens.id_token }
    const second = await flow(hint)
    expect(second.authorization.pages).toEqual([])
    expect(second.claims).toMatchObject({
      sub: first.claims['sub'],
      auth_time: first.claims['auth_time'],
    })
  })

  // oidcc-login-hint
  test('a login hint fills in the username', async () => {
    const browser = openBrowser()
    const { client, person } = run
    const query = new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'openid',
      login_hint: person.username,
    })
    const page = await browser.followWhile(
      await browser.get(`${signOn.issuer}/oidc/auth?${query}`),
      (to) => to.origin === signOn.issuer,
    )
    expect(page.form('sign-in').fields['username']).toBe(person.username)
    await flow({ login_hint: 'buffy@suite.test' }, { browser: openBrowser() })
  })

  // oidcc-ui-locales, oidcc-claims-locales
  test.each(['ui_locales', 'claims_locales'])('%s does not disturb', async (name) => {
    await flow({ [name]: 'se' }, { browser: name === 'ui_locales' ? openBrowser() : known })
  })

  // oidcc-ensure-request-with-acr-values-succeeds
  test('acr_values as discovery lists them are met and stated', async () => {
    const offered = (await discovery())['acr_values_supported'] ?? []
    const { claims } = await flow({ acr_values: offered.join(' ') })
    expect(offered).toContain(claims['acr'])
    // Where a server lists none, the suite asks for these.
    await flow({ acr_values: '1 2' })
  })

  // oidcc-codereuse, oidcc-codereuse-30seconds
  test.each([0, 30])('a code is refused after %i seconds, and its tokens die', async (seconds) => {
    const { code, tokens } = await flow({}, { browser: openBrowser() })
    if (seconds > 0) later(seconds)
    const again = await callToken(run.client, signOn, codeGrant(run.client, code))
    expectRefusal(again, 400, 'invalid_grant')
    expectRefusal(await callUserinfo(signOn, tokens.access_token), 401, 'invalid_token')
  })

  // Not a module of its own: the other client of the plan cannot redeem the code.
  test('a code is refused to another client', async () => {
    const code = codeOf(await authorize(run, {}, { browser: known }))
    expectRefusal(await callToken(other, signOn, codeGrant(run.client, code)), 400, 'invalid_grant')
  })

  // oidcc-ensure-registered-redirect-uri
  test('an unregistered redirect address is an error page, and nobody is sent there', async () => {
    const redirectUri = `${run.client.redirectUri}/${randomText(10)}`
    expectErrorPage(await authorize(run, { redirect_uri: redirectUri }, { browser: openBrowser() }))
  })

  // oidcc-ensure-post-request-succeeds
  test('the authorization endpoint takes POST', async () => {
    await flow({}, { browser: openBrowser(), method: 'POST' })
    const { authorization } = await flow({}, { method: 'POST' })
    expect(authorization.pages).toEqual([])
  })

  // oidcc-server-client-secret-post
  test('a client registered for client_secret_post posts its secret', async () => {
    const metadata = { token_endpoint_auth_method: 'client_secret_post' }
    const client = await registerClient(signOn, 'suite-post', metadata)
    await complete({ ...run, client }, {}, { browser: openBrowser() })
    expect((await discovery())['token_endpoint_auth_methods_supported']).toContain(
      'client_secret_post',
    )
  })

  describe('request objects are not taken', () => {
    const unsigned = (claims: Values) =>
      `${[{ alg: 'none' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')}.`

    // oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
    test('by reference', async () => {
      const byReference = { request_uri: 'https://suite.test/requests/1', state: undefined }
      const refused = await authorize(run, byReference, { browser: openBrowser() })
      expect(errorOf(refused)).toBe('request_uri_not_supported')
      expect((await discovery())['request_uri_parameter_supported']).toBe(false)
    })

    // oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported
    test('by value, also where it alone says how to answer', async () => {
      const request = unsigned({ ...(await authorize(run, {}, { browser: known })).request })
      // As the suite sends it: response_mode and state stand in the object and nowhere else.
      const outside = { request, response_mode: undefined, state: undefined, nonce: undefined }
      const answered: Run = { ...run, responseMode: 'default' }
      const refused = await authorize(answered, outside, { browser: openBrowser() })
      expect(errorOf(refused)).toBe('request_not_supported')
      expect(refused.pages).toEqual([])
      // By which the suite skips the module.
      expect(await discovery()).toMatchObject({
        request_parameter_supported: false,
        request_object_signing_alg_values_supported: ['RS256', 'ES256', 'PS256'],
      })
    })

    // oidcc-ensure-request-object-with-redirect-uri
    test('nor is the registered redirect address used when the one outside is wrong', async () => {
      const { request: inside } = await authorize(run, {}, { browser: known })
      const change = {
        request: unsigned(inside),
        redirect_uri: `${run.client.redirectUri}/${randomText(10)}`,
        state: undefined,
        nonce: undefined,
      }
      expectErrorPage(await authorize(run, change, { browser: openBrowser() }))
    })
  })

  // oidcc-claims-essential
  test('the claim name, asked for as essential, is told at userinfo and there alone', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
    const { userinfo, claims: inIdToken } = await flow({ claims })
    expect(userinfo).toMatchObject({ name: 'Jane Doe' })
    expect(inIdToken).not.toHaveProperty('name')
  })

  // oidcc-refresh-token
  test('a refresh token works, and for its own client alone', async () => {
    expect((await discovery())['scopes_supported']).toContain('offline_access')
    const change = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens, claims, authorization } = await flow(change)
    later(1)
    const refreshed = tokensOf(
      await callToken(run.client, signOn, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        scope: 'openid offline_access',
      }),
    )
    expect(refreshed.access_token).not.toBe(tokens.access_token)
    expect(refreshed.refresh_token).toMatch(/^[\w-]{22,}$/)
    expectUserinfo(await callUserinfo(signOn, refreshed.access_token), claims['sub'])
    const again = await idTokenClaims(run, authorization.request, refreshed)
    for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time']) {
      expect([name, again[name]]).toEqual([name, claims[name]])
    }
    expect(again['iat']).toBeGreaterThan(Number(claims['iat']))

    const second = await complete({ ...run, client: other }, change, { browser: known })
    const stolen = await callToken(run.client, signOn, {
      grant_type: 'refresh_token',
      refresh_token: second.tokens.refresh_token,
    })
    expectRefusal(stolen, 400, 'invalid_grant')
  })

  // oidcc-ensure-request-with-valid-pkce-succeeds
  test('PKCE succeeds also where it is not required', async () => {
    const verifier = randomText(64)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const change = { code_challenge: challenge, code_challenge_method: 'S256' }
    await complete(run, change, { browser: known }, { code_verifier: verifier })
    // And is then held to: the code alone is not enough.
    const code = codeOf(await authorize(run, change, { browser: known }))
    const without = await callToken(run.client, signOn, codeGrant(run.client, code))
    expectRefusal(without, 400, 'invalid_grant')
  })
}
