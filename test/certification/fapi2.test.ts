import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, type JWTPayload, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type Answer,
  assertion,
  assertionForm,
  newProofKey,
  type ProofKey,
  proof,
  send,
} from '../oidc/raw-requests.ts'
import { createCourt, newBrowser, openPage, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import {
  type Authorization,
  codeGrant,
  codeOf,
  compact,
  continueWith,
  errorOf,
  expectErrorPage,
  expectRefusal,
  expectUserinfo,
  idTokenClaims,
  type Run,
  randomText,
  sendForm,
  type TokenBody,
  tokensOf,
  type Values,
} from './suite.ts'

/**
 * The plan as certified for: private_key_jwt, DPoP, plain_fapi with OpenID Connect, unsigned requests,
 * plain responses. Not held here: what modules check of TLS (happy-flow, ensure-holder-of-key-required
 * and others: versions, ciphers), which is the proxy's.
 */
describe('fapi2-security-profile-final-test-plan', () => {
  let signOn: SignOn
  let first: TestCourt
  let second: TestCourt
  /** Of a person who has signed in and agreed at both clients. */
  let known: HttpClient
  const browsers: HttpClient[] = []

  const at = (path: string) => `${signOn.issuer}${path}`
  const runOf = (client: TestCourt): Run => ({
    signOn,
    client,
    responseMode: 'default',
    person: nora,
  })
  const openBrowser = () => {
    const browser = newBrowser()
    browsers.push(browser)
    return browser
  }
  const later = (seconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  const nowSeconds = () => Math.floor(Date.now() / 1000)

  beforeAll(async () => {
    signOn = await startSignOn()
    await signOn.apply({ accounts: [{ ...nora, email_verified: true }] })
    const callback = 'https://suite.test/test/a/cso/callback'
    const options = {
      kind: 'vendor',
      method: 'private_key_jwt',
      metadata: {
        profile: 'fapi2',
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access',
      },
    } as const
    first = await createCourt(signOn, 'ncwd', { ...options, id: 'fapi-1', redirectUri: callback })
    // The suite registers a query for the second client, and comes with an RSA key.
    second = await createCourt(signOn, 'ncwd', {
      ...options,
      id: 'fapi-2',
      redirectUri: `${callback}?dummy1=lorem&dummy2=ipsum`,
      keyAlgorithm: 'PS256',
      metadata: { ...options.metadata, token_endpoint_auth_signing_alg: 'PS256' },
    })
    known = openBrowser()
    await complete(first, {}, { browser: known })
    await complete(second, {}, { browser: known })
  })
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.stop()))
    await signOn.stop()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  type Change = Parameters<typeof assertion>[2]

  /** A client assertion as the suite makes it; the issuer is its audience unless told. */
  const assertionOf = (client: TestCourt, change: Change = {}, audience?: string | string[]) =>
    assertion(client, audience ?? signOn.issuer, {
      payload: { nbf: nowSeconds(), ...change.payload },
      header: { alg: client === second ? 'PS256' : 'ES256', ...change.header },
    })

  type PushOptions = {
    /** Sends a proof made with this key, which binds the code. */
    boundTo?: ProofKey
    proofClaims?: JWTPayload
    change?: Change
    audience?: string | string[]
    form?: Values
  }

  const requestOf = (client: TestCourt, verifier: string, change: Values): Values => ({
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state: randomText(10),
    nonce: randomText(10),
    response_type: 'code',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  })

  async function push(client: TestCourt, request: Values, options: PushOptions = {}) {
    const { boundTo, proofClaims, change, audience, form } = options
    return send(at('/oidc/par'), {
      form: compact({
        ...request,
        ...assertionForm(await assertionOf(client, change, audience)),
        ...form,
      }),
      ...(boundTo && {
        headers: { dpop: await proof(boundTo, 'POST', at('/oidc/par'), proofClaims) },
      }),
    })
  }

  type Flow = Authorization & { readonly verifier: string; readonly requestUri: string }
  type FlowOptions = PushOptions & {
    browser?: HttpClient
    /** What stands in the address beside client_id and request_uri. */
    outside?: Values
    beforeVisit?: () => void
  }

  /** Pushes a request, then sends the browser with it and passes the pages. */
  async function authorize(
    client: TestCourt,
    change: Values = {},
    options: FlowOptions = {},
  ): Promise<Flow> {
    const verifier = randomText(64)
    const request = requestOf(client, verifier, change)
    const pushed = await push(client, request, options)
    expect(pushed).toMatchObject({ status: 201, body: { expires_in: 60 } })
    expect(pushed.headers['cache-control']).toBe('no-store')
    const requestUri = String(pushed.body['request_uri'])
    // At least 128 bits that nobody guesses. RFC 9126 section 2.2.
    expect(requestUri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{22,}$/)
    options.beforeVisit?.()
    // What OAuth and OpenID Connect demand outside, as the suite repeats it where it may.
    const { response_type, scope, redirect_uri } = request
    const repeated = { response_type, scope, redirect_uri, ...options.outside }
    const visited = await visit(client, request, requestUri, { ...options, outside: repeated })
    return { ...visited, verifier, requestUri }
  }

  async function visit(
    client: TestCourt,
    request: Values,
    requestUri: string,
    { browser = known, outside = {} }: { browser?: HttpClient; outside?: Values } = {},
  ): Promise<Authorization> {
    const query = { client_id: client.clientId, request_uri: requestUri, ...outside }
    const address = `${at('/oidc/auth')}?${new URLSearchParams(compact(query))}`
    return continueWith(runOf(client), browser, request, await browser.get(address))
  }

  type TokenOptions = {
    /** Undefined sends no proof. */
    key: ProofKey | undefined
    proofClaims?: JWTPayload
    change?: Change
    audience?: string | string[]
    authentication?: Values
  }

  async function callToken(client: TestCourt, form: Values, options: TokenOptions) {
    const { key, proofClaims, change, audience } = options
    const authentication =
      options.authentication ?? assertionForm(await assertionOf(client, change, audience))
    return send(at('/oidc/token'), {
      form: compact({ ...form, ...authentication }),
      ...(key && { headers: { dpop: await proof(key, 'POST', at('/oidc/token'), proofClaims) } }),
    })
  }

  const redeem = (
    flow: Flow,
    options: TokenOptions,
    change: Values = {},
    client = flow.run.client,
  ) =>
    callToken(
      client,
      { ...codeGrant(flow.run.client, codeOf(flow)), code_verifier: flow.verifier, ...change },
      options,
    )

  const athOf = (token: string) => createHash('sha256').update(token).digest('base64url')

  /** Calls the protected resource, which is userinfo. */
  async function callResource(
    token: string,
    key: ProofKey,
    proofClaims: JWTPayload = {},
    header: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const claims = { ath: athOf(token), ...proofClaims }
    const dpop = await proof(key, 'GET', at('/oidc/userinfo'), claims, header)
    return send(at('/oidc/userinfo'), {
      headers: { authorization: `DPoP ${token}`, dpop, ...headers },
    })
  }

  type Completed = { flow: Flow; tokens: TokenBody; claims: Record<string, unknown>; key: ProofKey }

  async function complete(
    client: TestCourt,
    change: Values = {},
    options: FlowOptions & { key?: ProofKey } = {},
  ): Promise<Completed> {
    const key = options.boundTo ?? options.key ?? newProofKey()
    const flow = await authorize(client, change, options)
    const { proofClaims } = options
    const answer = await redeem(flow, { key, ...(proofClaims && { proofClaims }) })
    const tokens = tokensOf(answer, 'DPoP')
    const claims = await idTokenClaims(flow.run, flow.request, tokens)
    const resource = await callResource(tokens.access_token, key, proofClaims)
    expectUserinfo(resource, claims['sub'])
    expect(resource.headers['date']).toMatch(/GMT$/)
    return { flow, tokens, claims, key }
  }

  const thumbprint = (key: ProofKey) => calculateJwkThumbprint(key.jwk as never)
  const proofErrors = ['invalid_request', 'invalid_grant', 'invalid_dpop_proof']

  // …-discovery-end-point-verification
  test('discovery names what the profile demands', async () => {
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
    test('signs in with a pushed request, an assertion in ES256 and DPoP', async () => {
      const { flow, tokens, key } = await complete(first, {}, { browser: openBrowser() })
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

    test('and a second one in PS256, whose code is bound by dpop_jkt', async () => {
      const key = newProofKey()
      const change = { nonce: randomText(43), dpop_jkt: await thumbprint(key) }
      const { flow } = await complete(second, change, { browser: openBrowser(), key })
      expect(flow.parameters).toMatchObject({ dummy1: 'lorem', dummy2: 'ipsum' })
    })
  })

  // The plan's variant without OpenID Connect: neither openid nor a nonce is asked for.
  test('plain OAuth gets a bound access token and no ID token', async () => {
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
  test('a person who cancels sends it away with access_denied, at either client', async () => {
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
  test.each([
    ['without a state, and gets none', { state: undefined }],
    ['without a nonce, and gets none', { nonce: undefined }],
    ['with a nonce of 64 characters', { nonce: randomText(64) }],
    ['with its scopes in another order', { scope: 'email openid' }],
  ] as [string, Values][])('a request succeeds %s', async (_, change) => {
    await complete(first, change)
  })

  // …-test-claims-parameter-identity-claims
  test('each identity claim that discovery lists can be asked for by name', async () => {
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
  test.each(['dPoP', 'dpop', 'DPOP'])('the scheme may be written %s', async (scheme) => {
    const { tokens, key } = await complete(first)
    const authorization = `${scheme} ${tokens.access_token}`
    const answer = await callResource(tokens.access_token, key, {}, {}, { authorization })
    expect(answer.status).toBe(200)
  })

  describe('DPoP', () => {
    // …-check-dpop-proof-nbf-exp, …-ensure-dpopproof-with-iat-10seconds-before-succeeds,
    // …-ensure-dpopproof-with-iat-10seconds-after-succeeds
    test.each([
      [
        'says from when until when it is good',
        () => ({ nbf: nowSeconds(), exp: nowSeconds() + 300 }),
      ],
      ['is ten seconds old', () => ({ iat: nowSeconds() - 10 })],
      ['is eight seconds ahead', () => ({ iat: nowSeconds() + 8 })],
    ])('a proof that %s is taken at every endpoint', async (_, claims) => {
      await complete(first, {}, { boundTo: newProofKey(), proofClaims: claims() })
    })

    // …-ensure-mismatched-dpop-jkt-fails
    test('a dpop_jkt that is not the pushed proof’s is refused', async () => {
      const change = { dpop_jkt: await thumbprint(newProofKey()) }
      const request = requestOf(first, randomText(64), change)
      expectRefusal(await push(first, request, { boundTo: newProofKey() }), 400, [
        'invalid_request',
        'invalid_dpop_proof',
      ])
    })

    // …-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
    test('a code pushed with one key is not redeemed with another', async () => {
      const flow = await authorize(first, {}, { boundTo: newProofKey() })
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, proofErrors)
    })

    // …-ensure-token-endpoint-fails-with-mismatched-dpop-jkt
    test('a code bound by dpop_jkt is not redeemed with another key', async () => {
      const flow = await authorize(first, { dpop_jkt: await thumbprint(newProofKey()) })
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, proofErrors)
    })

    // …-ensure-dpopproof-at-par-endpoint-binding-success, …-ensure-dpop-auth-code-binding-success
    test('a code is redeemed with the key that it is bound to', async () => {
      const key = newProofKey()
      await complete(first, {}, { boundTo: key })
      await complete(first, { dpop_jkt: await thumbprint(key) }, { boundTo: key })
    })
  })

  describe('what stands beside request_uri in the address', () => {
    // …-ensure-different-nonce-inside-and-outside-request-object
    test('does not change the nonce', async () => {
      await complete(first, {}, { outside: { nonce: randomText(10) } })
    })

    // …-ensure-different-state-inside-and-outside-request-object
    test('does not change the state', async () => {
      await complete(first, {}, { outside: { state: randomText(10) } })
    })

    // …-state-only-outside-request-object-not-used
    test('does not give a state to a request that has none', async () => {
      await complete(first, { state: undefined }, { outside: { state: randomText(10) } })
    })

    // …-par-without-duplicate-parameters
    test('may be nothing but the client', async () => {
      const request = requestOf(first, randomText(64), {})
      const { body } = await push(first, request)
      codeOf(await visit(first, request, String(body['request_uri'])))
    })
  })

  // …-ensure-authorization-request-with-long-nonce
  test('a nonce of 384 bytes is refused, never cut short', async () => {
    const request = requestOf(first, randomText(64), { nonce: randomText(384) })
    expectRefusal(await push(first, request), 400, 'invalid_request')
  })

  // …-ensure-authorization-request-with-long-state
  test('a state of 1,000 bytes comes back whole', async () => {
    await complete(first, { state: randomText(1000) })
  })

  describe('a request is refused when it is pushed', () => {
    test.each<[name: string, change: Values, errors: string[]]>([
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
    ])('%s', async (_, change, errors) => {
      expectRefusal(await push(first, requestOf(first, randomText(64), change)), 400, errors)
    })

    // …-par-attempt-invalid-http-method
    test('by PUT', async () => {
      const answer = await send(at('/oidc/par'), { method: 'PUT' as 'POST', form: { x: 'y' } })
      expect(answer.status).toBe(405)
    })
  })

  // …-ensure-unsigned-authorization-request-without-using-par-fails
  test('a request that was not pushed is refused', async () => {
    const browser = openBrowser()
    const request = requestOf(first, randomText(64), {})
    const address = `${at('/oidc/auth')}?${new URLSearchParams(compact(request))}`
    const refused = await continueWith(runOf(first), browser, request, await browser.get(address))
    expect(errorOf(refused)).toBe('invalid_request')
  })

  describe('request_uri', () => {
    // …-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds
    test('may be opened twice before anybody has signed in', async () => {
      const browser = openBrowser()
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
    test('is good once', async () => {
      const { flow } = await complete(first)
      expectUnusable(await visit(first, flow.request, flow.requestUri))
    })

    // …-par-attempt-to-use-expired-request_uri
    test('is good for a minute', async () => {
      const request = requestOf(first, randomText(64), {})
      const requestUri = String((await push(first, request)).body['request_uri'])
      later(61)
      expectUnusable(await visit(first, request, requestUri))
    })

    // …-par-attempt-to-use-request_uri-for-different-client
    test('is good for its own client', async () => {
      const request = requestOf(first, randomText(64), {})
      const requestUri = String((await push(first, request)).body['request_uri'])
      const errors = ['invalid_request', 'invalid_request_object', 'invalid_request_uri']
      expectUnusable(await visit(second, request, requestUri), errors)
      const outside = { redirect_uri: second.redirectUri }
      expectUnusable(await visit(second, request, requestUri, { outside }), errors)
    })

    test('is never made up', async () => {
      const requestUri = `urn:ietf:params:oauth:request_uri:${randomText(43)}`
      expectUnusable(await visit(first, {}, requestUri))
    })
  })

  describe('a code', () => {
    // …-ensure-client-id-in-token-endpoint, …-ensure-authorization-code-is-bound-to-client
    test('is not redeemed by another client, with its own credentials or half of them', async () => {
      const key = newProofKey()
      const flow = await authorize(first)
      const form = { redirect_uri: second.redirectUri, client_id: second.clientId }
      expectRefusal(await redeem(flow, { key }, form, second), 400, 'invalid_grant')
      const half = await redeem(flow, { key }, { client_id: second.clientId })
      expectRefusal(half, 400, 'invalid_request')
    })

    // …-ensure-holder-of-key-required
    test('is not redeemed without a proof', async () => {
      const flow = await authorize(first)
      expectRefusal(await redeem(flow, { key: undefined }), 400, proofErrors)
    })

    // …-attempt-reuse-authorization-code-after-one-second
    test('is good once, and its tokens die with the second try', async () => {
      const { flow, tokens, key } = await complete(first, {}, { browser: openBrowser() })
      later(1)
      expectRefusal(await redeem(flow, { key }), 400, 'invalid_grant')
      expectRefusal(await callResource(tokens.access_token, key), 401, 'invalid_token')
    })

    // …-ensure-token-endpoint-fails-with-expired-auth-code
    test('is good for a minute', async () => {
      const flow = await authorize(first)
      later(62)
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, 'invalid_grant')
    })

    // …-ensure-pkce-code-verifier-required, …-incorrect-pkce-code-verifier-rejected
    test.each([undefined, randomText(64)])(
      'is not redeemed with the verifier %s',
      async (wrong) => {
        const flow = await authorize(first)
        const answer = await redeem(flow, { key: newProofKey() }, { code_verifier: wrong })
        expectRefusal(answer, 400, 'invalid_grant')
      },
    )
  })

  describe('a client assertion is refused', () => {
    test.each<[name: string, audience: () => string | string[]]>([
      // …-par-test-par-endpoint-url-as-audience-fails
      ['for the endpoint of pushed requests', () => at('/oidc/par')],
      // …-par-test-token-endpoint-url-as-audience-fails
      ['for the token endpoint', () => at('/oidc/token')],
      // …-par-test-array-as-audience-fails
      ['for the issuer and another', () => [signOn.issuer, 'https://other.test']],
      ['for the issuer in a list', () => [signOn.issuer]],
      // …-ensure-client-assertion-with-wrong-aud-fails
      ['for another server', () => 'https://other.test/token'],
    ])('%s', async (_, audience) => {
      const request = requestOf(first, randomText(64), {})
      expectRefusal(await push(first, request, { audience: audience() }), 401, 'invalid_client')
      const flow = await authorize(first)
      const answer = await redeem(flow, { key: newProofKey(), audience: audience() })
      expectRefusal(answer, 401, 'invalid_client')
    })

    test.each<[name: string, payload: () => JWTPayload]>([
      // …-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails
      ['five minutes after its end', () => ({ exp: nowSeconds() - 300 })],
      // …-ensure-client-assertion-with-no-sub-fails
      ['without a subject', () => ({ sub: undefined }) as never],
      [
        // …-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails
        'a minute before its time',
        () => ({ iat: nowSeconds() + 62, nbf: nowSeconds() + 62, exp: nowSeconds() + 122 }),
      ],
      ['without an end', () => ({ exp: undefined }) as never],
      ['without an identifier', () => ({ jti: undefined }) as never],
    ])('%s', async (_, payload) => {
      const change = { payload: payload() }
      const request = requestOf(first, randomText(64), {})
      expectRefusal(await push(first, request, { change }), 401, 'invalid_client')
      const flow = await authorize(first)
      const answer = await redeem(flow, { key: newProofKey(), change })
      expectRefusal(answer, 401, 'invalid_client')
    })

    test('the second time', async () => {
      const authentication = assertionForm(await assertionOf(first))
      const form = compact({ ...requestOf(first, randomText(64), {}), ...authentication })
      expect(await send(at('/oidc/par'), { form })).toMatchObject({ status: 201 })
      expectRefusal(await send(at('/oidc/par'), { form }), 401, 'invalid_client')
    })

    // …-ensure-client-assertion-in-token-endpoint
    test('when there is none', async () => {
      const flow = await authorize(first)
      const authentication = { client_id: first.clientId }
      const answer = await redeem(flow, { key: newProofKey(), authentication })
      expectRefusal(answer, 401, 'invalid_client')
    })

    // …-ensure-signed-client-assertion-with-RS256-fails
    test('in RS256, although the key could', async () => {
      const {
        alg: _,
        key_ops: __,
        ...jwk
      } = await crypto.subtle.exportKey('jwk', second.privateKey!)
      const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
      const client = { ...second, privateKey: key as never }
      const pushedWith = async (alg: string) => {
        const signed = await assertion(client, signOn.issuer, { header: { alg } })
        const form = { ...requestOf(second, randomText(64), {}), ...assertionForm(signed) }
        return send(at('/oidc/par'), { form: compact(form) })
      }
      expect((await pushedWith('PS256')).status).toBe(201)
      expectRefusal(await pushedWith('RS256'), 401, 'invalid_client')
    })

    test('in "none"', async () => {
      const unsecured = new UnsecuredJWT({ jti: randomText(20) })
        .setIssuer(first.clientId)
        .setSubject(first.clientId)
        .setAudience(signOn.issuer)
        .setIssuedAt()
        .setExpirationTime('60s')
        .encode()
      const form = { ...requestOf(first, randomText(64), {}), ...assertionForm(unsecured) }
      expectRefusal(await send(at('/oidc/par'), { form: compact(form) }), 401, 'invalid_client')
    })
  })

  // …-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted
  test('a client assertion may be eight seconds ahead', async () => {
    const payload = { iat: nowSeconds() + 8, nbf: nowSeconds() + 8 }
    const pushed = await push(first, requestOf(first, randomText(64), {}), { change: { payload } })
    expect(pushed.status).toBe(201)
  })

  // …-dpop-negative-tests
  describe('the protected resource', () => {
    let token: string
    let key: ProofKey

    beforeAll(async () => {
      const completed = await complete(first)
      token = completed.tokens.access_token
      key = completed.key
    })

    const good = (claims: JWTPayload = {}, header: Record<string, unknown> = {}, by = key) =>
      proof(by, 'GET', at('/oidc/userinfo'), { ath: athOf(token), ...claims }, header)
    const call = (dpop: string | undefined, scheme = 'DPoP', name = 'dpop') =>
      send(at('/oidc/userinfo'), {
        headers: {
          authorization: `${scheme} ${token}`,
          ...(dpop !== undefined && { [name]: dpop }),
        },
      })
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const without = (name: string) => ({ [name]: undefined })

    test.each<[name: string, dpop: () => Promise<string | undefined>, scheme?: string]>([
      ['two proofs', async () => `${await good()}, ${await good()}`],
      ['a proof that is no JWT', async () => (await good()).replaceAll('.', ';')],
      ['a proof without a type', () => good({}, without('typ'))],
      ['a proof of another type', () => good({}, { typ: 'dpop+jwt+wrong' })],
      [
        'a proof without an algorithm',
        async () => {
          const [, payload, signature] = (await good()).split('.')
          return `${part({ typ: 'dpop+jwt', jwk: key.jwk })}.${payload}.${signature}`
        },
      ],
      [
        'a proof in "none"',
        async () => {
          const [, payload] = (await good()).split('.')
          return `${part({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk })}.${payload}.`
        },
      ],
      ['a proof without its key', () => good({}, without('jwk'))],
      ['a proof without an identifier', () => good(without('jti'))],
      ['a proof without a method', () => good(without('htm'))],
      ['a proof without an address', () => good(without('htu'))],
      ['a proof without a time', () => good(without('iat') as never)],
      ['a proof without the hash of the token', () => good(without('ath'))],
      ['a proof with the hash of another token', () => good({ ath: athOf('another') })],
      [
        'a proof with a broken signature',
        async () =>
          (await good()).replace(/.{8}$/, (end) => (end === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA')),
      ],
      [
        'a proof with a private key',
        () => good({}, { jwk: key.privateKey.export({ format: 'jwk' }) }),
      ],
      ['a proof for PUT', () => good({ htm: 'PUT' })],
      ['a proof for another address', () => good({ htu: at('/oidc/token') })],
      ['a proof of another key', () => good({}, {}, newProofKey())],
      ['a proof of an hour ago', () => good({ iat: nowSeconds() - 3600 })],
      ['a proof of an hour ahead', () => good({ iat: nowSeconds() + 3600 })],
      ['no proof', async () => undefined],
      ['no proof, as a bearer token', async () => undefined, 'Bearer'],
      ['a proof, as a bearer token', () => good(), 'Bearer'],
    ])('refuses %s', async (_, dpop, scheme) => {
      const answer = await call(await dpop(), scheme)
      expect([400, 401]).toContain(answer.status)
      expect(answer.headers['www-authenticate']).toMatch(/DPoP .*algs="/)
      // It was the proof and not the token.
      expect((await call(await good())).status).toBe(200)
    })

    test('takes a proof once', async () => {
      const dpop = await good()
      expect((await call(dpop)).status).toBe(200)
      expect((await call(dpop)).status).toBe(401)
    })

    test.each<[name: string, claims: () => JWTPayload, header?: Record<string, unknown>]>([
      ['a query and a fragment at its address', () => ({ htu: at('/oidc/userinfo?a=b#c') })],
      [
        'its address in capitals',
        () => ({ htu: at('/oidc/userinfo').replace('http://localhost', 'HTTP://LOCALHOST') }),
      ],
      ['members that nobody knows', () => ({ tx_id_key: 1 }), { tx_id: 1 }],
    ])('takes a proof with %s', async (_, claims, header) => {
      expect((await call(await good(claims(), header))).status).toBe(200)
    })

    test('takes the header in capitals', async () => {
      expect((await call(await good(), 'DPoP', 'DPOP')).status).toBe(200)
    })

    test('takes a proof of another time with the nonce that it asks for', async () => {
      const challenge = await call(await good({ iat: nowSeconds() - 3600 }))
      expect(challenge.headers['www-authenticate']).toContain('error="use_dpop_nonce"')
      const nonce = String(challenge.headers['dpop-nonce'])
      expect((await call(await good({ iat: nowSeconds() - 3600, nonce }))).status).toBe(200)
    })

    test.each(['EdDSA', 'Ed25519'])('takes proofs in %s, as discovery says', async (alg) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      const ed = { privateKey, jwk: publicKey.export({ format: 'jwk' }) }
      const flow = await authorize(first)
      const dpop = await proof(ed, 'POST', at('/oidc/token'), {}, { alg })
      const form = { ...codeGrant(first, codeOf(flow)), code_verifier: flow.verifier }
      const answer = await send(at('/oidc/token'), {
        form: compact({ ...form, ...assertionForm(await assertionOf(first)) }),
        headers: { dpop },
      })
      const { access_token: bound } = tokensOf(answer, 'DPoP')
      expect((await callResource(bound, ed, {}, { alg })).status).toBe(200)
    })
  })

  // …-refresh-token
  test('a refresh token is kept, bound to its client, and good with any key of the client', async () => {
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
