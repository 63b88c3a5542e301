import { describe, expect } from 'vitest'
import { assertionForm, newProofKey, send } from '../oidc/raw-requests.ts'
import { openPage } from '../support/court.ts'
import { fapi2Plan, later, proofErrors, requestOf, thumbprint } from './fapi2-plan.ts'
import {
  continueWith,
  errorOf,
  expectRefusal,
  expectUserinfo,
  idTokenClaims,
  randomText,
  sendForm,
  type TokenBody,
  tokensOf,
  type Values,
} from './suite.ts'

const test = fapi2Plan()

describe('fapi2-security-profile-final-test-plan', () => {
  // …-discovery-end-point-verification
  test('discovery names what the profile demands', async ({ at }) => {
    const { body } = await send(at('/.well-known/openid-configuration'))
    expect(body).toMatchObject({
      authorization_response_iss_parameter_supported: true,
      pushed_authorization_request_endpoint: at('/oidc/par'),
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
      token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'EdDSA']),
      id_token_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    })
    expect(typeof (body['require_pushed_authorization_requests'] ?? false)).toBe('boolean')
  })

  // …-happy-flow
  describe('a well-behaved client', () => {
    test('signs in with a pushed request, an assertion in ES256 and DPoP', async ({
      browser,
      complete,
      first,
      at,
      callResource,
    }) => {
      const { flow, tokens, key } = await complete(first, {}, { browser: browser })
      expect(flow.pages).toEqual(['sign-in', 'consent'])
      const inAddress = await send(`${at('/oidc/userinfo')}?access_token=${tokens.access_token}`)
      expect([400, 401]).toContain(inAddress.status)
      for (const accept of [
        'application/json; charset=utf-8',
        'application/json;q=0.8,*/*',
        '*/*',
      ]) {
        const answer = await callResource(tokens.access_token, key, {}, {}, { accept })
        expect(answer.status).toBe(200)
      }
    })

    test('and a second one in PS256, whose code is bound by dpop_jkt', async ({
      browser,
      complete,
      second,
    }) => {
      const key = newProofKey()
      const change = { nonce: randomText(43), dpop_jkt: await thumbprint(key) }
      const { flow } = await complete(second, change, { browser: browser, key })
      expect(flow.parameters).toMatchObject({ dummy1: 'lorem', dummy2: 'ipsum' })
    })
  })

  // The plan's variant without OpenID Connect: neither openid nor a nonce is asked for.
  test('plain OAuth gets a bound access token and no ID token', async ({
    authorize,
    first,
    redeem,
    at,
    assertionOf,
  }) => {
    const key = newProofKey()
    const flow = await authorize(first, { scope: 'email', nonce: undefined })
    const tokens = tokensOf(await redeem(flow, { key }), 'DPoP')
    expect(tokens).not.toHaveProperty('id_token')
    const answer = await send(at('/oidc/introspect'), {
      form: { token: tokens.access_token, ...assertionForm(await assertionOf(first)) },
    })
    const cnf = { jkt: await thumbprint(key) }
    expect(answer.body).toMatchObject({ active: true, token_type: 'DPoP', scope: 'email', cnf })
  })

  // …-user-rejects-authentication
  test('a person who cancels sends it away with access_denied, at either client', async ({
    openBrowser,
    first,
    second,
    push,
    signOn,
    at,
    runOf,
  }) => {
    for (const client of [first, second]) {
      const browser = openBrowser()
      const request = requestOf(client, randomText(64), { state: randomText(128) })
      const { body } = await push(client, request)
      const query = new URLSearchParams({
        client_id: client.clientId,
        request_uri: String(body['request_uri']),
      })
      const page = await openPage(browser, signOn, `${at('/oidc/auth')}?${query}`)
      const cancelled = await sendForm(browser, page, 'cancel')
      expect(errorOf(await continueWith(runOf(client), browser, request, cancelled))).toBe(
        'access_denied',
      )
    }
  })

  // …-ensure-authorization-request-without-state-success, …-without-nonce-success,
  // …-with-64-char-nonce-success, …-ensure-other-scope-order-succeeds
  test.for([
    ['without a state, and gets none', { state: undefined }],
    ['without a nonce, and gets none', { nonce: undefined }],
    ['with a nonce of 64 characters', { nonce: randomText(64) }],
    ['with its scopes in another order', { scope: 'email openid' }],
  ] as [string, Values][])('a request succeeds %s', async ([_, change], { complete, first }) => {
    await complete(first, change)
  })

  // …-test-claims-parameter-identity-claims
  test('each identity claim that discovery lists can be asked for by name', async ({
    at,
    complete,
    first,
    callResource,
  }) => {
    const { body } = await send(at('/.well-known/openid-configuration'))
    const identity =
      /^(sub|name|given_name|family_name|preferred_username|email|email_verified|picture|address)$/
    const names = (body['claims_supported'] as string[]).filter((name) => identity.test(name))
    expect(names.length).toBeGreaterThan(5)
    const forms = [null, { essential: true }, { essential: false }]
    const asked = Object.fromEntries(names.map((name, index) => [name, forms[index % 3]]))
    const unknown = { [randomText(10)]: null }
    const claims = JSON.stringify({
      id_token: { ...asked, ...unknown },
      userinfo: { ...asked, ...unknown },
      [randomText(10)]: unknown,
    })
    const { tokens, key, claims: inIdToken } = await complete(first, { claims })
    const userinfo = await callResource(tokens.access_token, key)
    const told = { ...inIdToken, ...userinfo.body }
    expect(names.filter((name) => !(name in told))).toEqual([])
    const expected = [...names, 'iss', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr', 'amr']
    const unasked = ['sid', 'at_hash', 'session_expiry']
    for (const name of Object.keys(told)) expect([...expected, ...unasked]).toContain(name)
  })

  // …-access-token-type-header-case-sensitivity
  test.for(['dPoP', 'dpop', 'DPOP'])(
    'the scheme may be written %s',
    async (scheme, { complete, first, callResource }) => {
      const { tokens, key } = await complete(first)
      const authorization = `${scheme} ${tokens.access_token}`
      const answer = await callResource(tokens.access_token, key, {}, {}, { authorization })
      expect(answer.status).toBe(200)
    },
  )

  // …-refresh-token
  test('a refresh token is kept, bound to its client, and good with any key of the client', async ({
    complete,
    first,
    callToken,
    callResource,
    second,
  }) => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens, claims, flow } = await complete(first, offline)
    const grant = (from: TokenBody): Values => ({
      grant_type: 'refresh_token',
      refresh_token: from.refresh_token,
      scope: 'openid offline_access',
    })
    later(1)
    for (let times = 0; times < 2; times += 1) {
      const key = newProofKey()
      const refreshed = tokensOf(await callToken(first, grant(tokens), { key }), 'DPoP')
      expect(refreshed.access_token).not.toBe(tokens.access_token)
      // No rotation. FAPI 2.0 section 5.3.2.1.
      expect(refreshed.refresh_token ?? tokens.refresh_token).toBe(tokens.refresh_token)
      const again = await idTokenClaims(flow.run, flow.request, refreshed)
      for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time']) {
        expect([name, again[name]]).toEqual([name, claims[name]])
      }
      expect(again['iat']).toBeGreaterThan(Number(claims['iat']))
      expectUserinfo(await callResource(refreshed.access_token, key), claims['sub'])
    }
    const key = newProofKey()
    const anonymous = await callToken(first, grant(tokens), { key, authentication: {} })
    expectRefusal(anonymous, 400, 'invalid_request')
    const named = { client_id: first.clientId }
    const unproven = await callToken(first, grant(tokens), { key, authentication: named })
    expectRefusal(unproven, 401, 'invalid_client')
    expectRefusal(await callToken(first, grant(tokens), { key: undefined }), 400, proofErrors)

    const other = await complete(second, offline)
    expectRefusal(await callToken(first, grant(other.tokens), { key }), 400, 'invalid_grant')
    expectRefusal(await callResource(other.tokens.access_token, key), 401, 'invalid_token')
  })
})
