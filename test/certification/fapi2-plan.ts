import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, type JWTPayload } from 'jose'
import { expect, vi } from 'vitest'
import {
  type Answer,
  assertion,
  assertionForm,
  newProofKey,
  type ProofKey,
  proof,
  send,
} from '../oidc/raw-requests.ts'
import { newBrowser, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import {
  type Authorization,
  codeGrant,
  codeOf,
  compact,
  continueWith,
  expectUserinfo,
  idTokenClaims,
  type Run,
  randomText,
  type TokenBody,
  tokensOf,
  type Values,
} from './suite.ts'

/**
 * The plan as certified for: private_key_jwt, DPoP, plain_fapi with OpenID Connect, unsigned requests,
 * plain responses. Not held here: what modules check of TLS (happy-flow, ensure-holder-of-key-required
 * and others: versions, ciphers), which is the proxy's.
 */
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

export const later = (seconds: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
export const nowSeconds = () => Math.floor(Date.now() / 1000)

export type Change = Parameters<typeof assertion>[2]

export type PushOptions = {
  /** Sends a proof made with this key, which binds the code. */
  boundTo?: ProofKey
  proofClaims?: JWTPayload
  change?: Change
  audience?: string | string[]
  form?: Values
}

export const requestOf = (client: TestCourt, verifier: string, change: Values): Values => ({
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

export type Flow = Authorization & { readonly verifier: string; readonly requestUri: string }
export type FlowOptions = PushOptions & {
  browser?: HttpClient
  /** What stands in the address beside client_id and request_uri. */
  outside?: Values
  beforeVisit?: () => void
}

export type TokenOptions = {
  /** Undefined sends no proof. */
  key: ProofKey | undefined
  proofClaims?: JWTPayload
  change?: Change
  audience?: string | string[]
  authentication?: Values
}

export const athOf = (token: string) => createHash('sha256').update(token).digest('base64url')

export type Completed = {
  flow: Flow
  tokens: TokenBody
  claims: Record<string, unknown>
  key: ProofKey
}

export const thumbprint = (key: ProofKey) => calculateJwkThumbprint(key.jwk as never)
export const proofErrors = ['invalid_request', 'invalid_grant', 'invalid_dpop_proof']

/** The plan's two clients and one person, for one file of tests. */
export function fapi2Plan() {
  const test = kit()
    .override('people', [{ ...nora, email_verified: true }])
    /** A person who has signed in and agreed at both clients. */
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
    .extend('known', { scope: 'file' }, ({}, { onCleanup }) => {
      const known = newBrowser()
      onCleanup(() => known.stop())
      return known
    })
    .extend('first', { scope: 'file' }, ({ court }) =>
      court('ncwd', { ...options, id: 'fapi-1', redirectUri: callback }),
    )
    /** The suite registers a query for the second client, and comes with an RSA key. */
    .extend('second', { scope: 'file' }, ({ court }) =>
      court('ncwd', {
        ...options,
        id: 'fapi-2',
        redirectUri: `${callback}?dummy1=lorem&dummy2=ipsum`,
        keyAlgorithm: 'PS256',
        metadata: { ...options.metadata, token_endpoint_auth_signing_alg: 'PS256' },
      }),
    )
    .extend(
      'runOf',
      { scope: 'file' },
      ({ signOn }) =>
        (client: TestCourt): Run => ({
          signOn,
          client,
          responseMode: 'default',
          person: nora,
        }),
    )
    /** A client assertion as the suite makes it; the issuer is its audience unless told. */
    .extend(
      'assertionOf',
      { scope: 'file' },
      ({ signOn, second }) =>
        (client: TestCourt, change: Change = {}, audience?: string | string[]) =>
          assertion(client, audience ?? signOn.issuer, {
            payload: { nbf: nowSeconds(), ...change.payload },
            header: { alg: client === second ? 'PS256' : 'ES256', ...change.header },
          }),
    )
    .extend(
      'push',
      { scope: 'file' },
      ({ at, assertionOf }) =>
        async (client: TestCourt, request: Values, options: PushOptions = {}) => {
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
        },
    )
    .extend(
      'visit',
      { scope: 'file' },
      ({ at, runOf, known }) =>
        async (
          client: TestCourt,
          request: Values,
          requestUri: string,
          { browser = known, outside = {} }: { browser?: HttpClient; outside?: Values } = {},
        ): Promise<Authorization> => {
          const query = { client_id: client.clientId, request_uri: requestUri, ...outside }
          const address = `${at('/oidc/auth')}?${new URLSearchParams(compact(query))}`
          return continueWith(runOf(client), browser, request, await browser.get(address))
        },
    )
    /** Pushes a request, then sends the browser with it and passes the pages. */
    .extend(
      'authorize',
      { scope: 'file' },
      ({ push, visit }) =>
        async (
          client: TestCourt,
          change: Values = {},
          options: FlowOptions = {},
        ): Promise<Flow> => {
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
          const visited = await visit(client, request, requestUri, {
            ...options,
            outside: repeated,
          })
          return { ...visited, verifier, requestUri }
        },
    )
    .extend(
      'callToken',
      { scope: 'file' },
      ({ assertionOf, at }) =>
        async (client: TestCourt, form: Values, options: TokenOptions) => {
          const { key, proofClaims, change, audience } = options
          const authentication =
            options.authentication ?? assertionForm(await assertionOf(client, change, audience))
          return send(at('/oidc/token'), {
            form: compact({ ...form, ...authentication }),
            ...(key && {
              headers: { dpop: await proof(key, 'POST', at('/oidc/token'), proofClaims) },
            }),
          })
        },
    )
    .extend(
      'redeem',
      { scope: 'file' },
      ({ callToken }) =>
        (flow: Flow, options: TokenOptions, change: Values = {}, client = flow.run.client) =>
          callToken(
            client,
            {
              ...codeGrant(flow.run.client, codeOf(flow)),
              code_verifier: flow.verifier,
              ...change,
            },
            options,
          ),
    )
    /** Calls the protected resource, which is userinfo. */
    .extend(
      'callResource',
      { scope: 'file' },
      ({ at }) =>
        async (
          token: string,
          key: ProofKey,
          proofClaims: JWTPayload = {},
          header: Record<string, unknown> = {},
          headers: Record<string, string> = {},
        ): Promise<Answer> => {
          const claims = { ath: athOf(token), ...proofClaims }
          const dpop = await proof(key, 'GET', at('/oidc/userinfo'), claims, header)
          return send(at('/oidc/userinfo'), {
            headers: { authorization: `DPoP ${token}`, dpop, ...headers },
          })
        },
    )
    .extend(
      'complete',
      { scope: 'file' },
      ({ authorize, redeem, callResource }) =>
        async (
          client: TestCourt,
          change: Values = {},
          options: FlowOptions & { key?: ProofKey } = {},
        ): Promise<Completed> => {
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
        },
    )

  test.beforeAll(async ({ complete, first, second }) => {
    await complete(first)
    await complete(second)
  })
  return test
}
