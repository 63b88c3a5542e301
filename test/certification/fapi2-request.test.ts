import { describe, expect } from 'vitest'
import { newProofKey, send } from '../oidc/raw-requests.ts'
import { openPage } from '../support/court.ts'
import { fapi2Plan, later, requestOf } from './fapi2-plan.ts'
import {
  type Authorization,
  codeOf,
  compact,
  continueWith,
  errorOf,
  expectErrorPage,
  expectRefusal,
  randomText,
  tokensOf,
  type Values,
} from './suite.ts'

const test = fapi2Plan()

describe('fapi2-security-profile-final-test-plan', () => {
  describe('what stands beside request_uri in the address', () => {
    // …-ensure-different-nonce-inside-and-outside-request-object
    test('does not change the nonce', async ({ complete, first }) => {
      await complete(first, {}, { outside: { nonce: randomText(10) } })
    })

    // …-ensure-different-state-inside-and-outside-request-object
    test('does not change the state', async ({ complete, first }) => {
      await complete(first, {}, { outside: { state: randomText(10) } })
    })

    // …-state-only-outside-request-object-not-used
    test('does not give a state to a request that has none', async ({ complete, first }) => {
      await complete(first, { state: undefined }, { outside: { state: randomText(10) } })
    })

    // …-par-without-duplicate-parameters
    test('may be nothing but the client', async ({ first, push, visit }) => {
      const request = requestOf(first, randomText(64), {})
      const { body } = await push(first, request)
      codeOf(await visit(first, request, String(body['request_uri'])))
    })
  })

  // …-ensure-authorization-request-with-long-nonce
  test('a nonce of 384 bytes is refused, never cut short', async ({ first, push }) => {
    const request = requestOf(first, randomText(64), { nonce: randomText(384) })
    expectRefusal(await push(first, request), 400, 'invalid_request')
  })

  // …-ensure-authorization-request-with-long-state
  test('a state of 1,000 bytes comes back whole', async ({ complete, first }) => {
    await complete(first, { state: randomText(1000) })
  })

  describe('a request is refused when it is pushed', () => {
    test.for<[name: string, change: Values, errors: string[]]>([
      // …-ensure-registered-redirect-uri, …-plain-fapi-tolerate-unregistered-redirect-uri
      [
        'with an unregistered redirect address',
        { redirect_uri: 'https://suite.test/test/a/cso/callback/x' },
        ['invalid_request'],
      ],
      // …-ensure-redirect-uri-in-authorization-request
      ['without a redirect address', { redirect_uri: undefined }, ['invalid_request']],
      // …-ensure-response-type-code-idtoken-fails
      [
        'for a code and an ID token',
        { response_type: 'code id_token' },
        ['unsupported_response_type', 'invalid_request', 'unauthorized_client'],
      ],
      // …-ensure-response-type-token-fails
      [
        'for a token',
        { response_type: 'token' },
        ['unsupported_response_type', 'invalid_request', 'unauthorized_client'],
      ],
      // …-par-ensure-pkce-required
      [
        'without PKCE',
        { code_challenge: undefined, code_challenge_method: undefined },
        ['invalid_request'],
      ],
      // …-par-plain-pkce-rejected
      ['with plain PKCE', { code_challenge_method: 'plain' }, ['invalid_request']],
      // …-par-authorization-request-containing-request_uri-form-param
      [
        'with a request_uri inside',
        { request_uri: 'https://suite.test/requests/1' },
        ['invalid_request', 'invalid_request_object', 'request_uri_not_supported'],
      ],
    ])('%s', async ([_, change, errors], { push, first }) => {
      expectRefusal(await push(first, requestOf(first, randomText(64), change)), 400, errors)
    })

    // …-par-attempt-invalid-http-method
    test('by PUT', async ({ at }) => {
      const answer = await send(at('/oidc/par'), { method: 'PUT' as 'POST', form: { x: 'y' } })
      expect(answer.status).toBe(405)
    })
  })

  // …-ensure-unsigned-authorization-request-without-using-par-fails
  test('a request that was not pushed is refused', async ({ browser, first, at, runOf }) => {
    const request = requestOf(first, randomText(64), {})
    const address = `${at('/oidc/auth')}?${new URLSearchParams(compact(request))}`
    const refused = await continueWith(runOf(first), browser, request, await browser.get(address))
    expect(errorOf(refused)).toBe('invalid_request')
  })

  describe('request_uri', () => {
    // …-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds
    test('may be opened twice before anybody has signed in', async ({
      browser,
      first,
      push,
      signOn,
      at,
      visit,
      redeem,
    }) => {
      const verifier = randomText(64)
      const request = requestOf(first, verifier, {})
      const requestUri = String((await push(first, request)).body['request_uri'])
      const query = new URLSearchParams({ client_id: first.clientId, request_uri: requestUri })
      const opened = await openPage(browser, signOn, `${at('/oidc/auth')}?${query}`)
      expect(opened.form('sign-in').fields).toHaveProperty('username')
      const visited = await visit(first, request, requestUri, { browser })
      const answer = await redeem({ ...visited, verifier, requestUri }, { key: newProofKey() })
      tokensOf(answer, 'DPoP')
    })

    const expectUnusable = (again: Authorization, errors = ['invalid_request_uri']) => {
      if (again.parameters) expect(errors).toContain(again.parameters['error'])
      else expectErrorPage(again)
    }

    // …-par-attempt-reuse-request_uri
    test('is good once', async ({ complete, first, visit }) => {
      const { flow } = await complete(first)
      expectUnusable(await visit(first, flow.request, flow.requestUri))
    })

    // …-par-attempt-to-use-expired-request_uri
    test('is good for a minute', async ({ first, push, visit }) => {
      const request = requestOf(first, randomText(64), {})
      const requestUri = String((await push(first, request)).body['request_uri'])
      later(61)
      expectUnusable(await visit(first, request, requestUri))
    })

    // …-par-attempt-to-use-request_uri-for-different-client
    test('is good for its own client', async ({ first, push, visit, second }) => {
      const request = requestOf(first, randomText(64), {})
      const requestUri = String((await push(first, request)).body['request_uri'])
      const errors = ['invalid_request', 'invalid_request_object', 'invalid_request_uri']
      expectUnusable(await visit(second, request, requestUri), errors)
      const outside = { redirect_uri: second.redirectUri }
      expectUnusable(await visit(second, request, requestUri, { outside }), errors)
    })

    test('is never made up', async ({ visit, first }) => {
      const requestUri = `urn:ietf:params:oauth:request_uri:${randomText(43)}`
      expectUnusable(await visit(first, {}, requestUri))
    })
  })
})
