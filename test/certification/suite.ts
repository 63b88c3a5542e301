import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { expect } from 'vitest'
import { type Answer, send } from '../oidc/raw-requests.ts'
import { basicHeader, createCourt, newBrowser, type TestCourt } from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import type { Person } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

/**
 * The OpenID Foundation's conformance suite as a relying party: the requests it sends and what it
 * checks of every answer, so that a module of its test plans becomes a test of ours. What is about TLS
 * (versions, ciphers, certificates) is the proxy's and not held here.
 */

export type Values = Record<string, string | undefined>

/** One client of the suite at a running server, with the response mode of its test plan. */
export type Run = {
  readonly signOn: SignOn
  readonly client: TestCourt
  readonly responseMode: 'default' | 'form_post'
  readonly person: Person
}

const suiteAddress = 'https://suite.test/test/a/cso'
export const postLogoutRedirectUri = `${suiteAddress}/post_logout_redirect`

/** A server under the conformance setting. */
export const startForConformance = (): Promise<SignOn> =>
  startSignOn({ settings: { CSO_CONFORMANCE: 'on' } })

/**
 * A client registered as the suite's instructions say. It is a vendor, since only vendors get refresh
 * tokens; so the person is asked for consent.
 */
export function registerClient(
  signOn: SignOn,
  id: string,
  metadata: Record<string, unknown> = {},
): Promise<TestCourt> {
  return createCourt(signOn, 'ncwd', {
    id,
    kind: 'vendor',
    redirectUri: `${suiteAddress}/callback`,
    metadata: {
      post_logout_redirect_uris: [postLogoutRedirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile email offline_access',
      pkce_required: false,
      ...metadata,
    },
  })
}

type DocumentedForm = { readonly fill: readonly string[]; readonly press: string }

/** The forms of our pages by their ids, as the operator's handbook lists them for scripted browsers. */
export const documentedForms: ReadonlyMap<string, DocumentedForm> = new Map(
  [
    ...readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8').matchAll(
      /^\| [^|`]+ \| `([\w.-]+)` \|([^|]*)\| `([\w-]+)` \|$/gm,
    ),
  ].map(([, id = '', fill = '', press = '']) => [
    id,
    { fill: [...fill.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name), press },
  ]),
)

/** Fills in what a form asks for and presses its button, by nothing but the documented ids. */
export function sendForm(
  browser: HttpClient,
  page: HttpResponse,
  id: string,
  person?: Person,
): Promise<HttpResponse> {
  const { fill, press } = documentedForms.get(id)!
  const form = page.form(id)
  const values = fill.map((controlId): [string, string] => {
    const control = form.controls.find((each) => each.id === controlId)
    if (!control?.name) throw new Error(`the form ${id} has no control ${controlId}`)
    return [control.name, control.type === 'checkbox' ? control.value : String(person?.[controlId])]
  })
  return browser.submit(form, Object.fromEntries(values), press)
}

const onTheWay = ['sign-in', 'legacy', 'not-live', 'redaction', 'consent']

/**
 * Passes every page by the ids of its form, as the suite's scripted browser does.
 * @returns the first answer that is none of our pages, and the ids of the forms that were sent.
 */
export async function passPages(
  signOn: SignOn,
  browser: HttpClient,
  page: HttpResponse,
  person: Person,
): Promise<{ last: HttpResponse; pages: string[] }> {
  const pages: string[] = []
  let last = page
  for (;;) {
    const ids = last.forms().map((form) => form.id ?? '')
    const id = onTheWay.find((each) => ids.includes(each))
    if (!id) return { last, pages }
    if (pages.includes(id)) throw new Error(`${id} is shown twice at ${last.url}`)
    pages.push(id)
    const sent = await sendForm(browser, last, id, person)
    last = await browser.followWhile(sent, (to) => to.origin === signOn.issuer)
  }
}

export const randomText = (length: number): string =>
  length <= 10
    ? randomBytes(length).toString('hex').slice(0, length)
    : // Every character that a URL carries without escaping, as in a JWT.
      `${randomBytes(length)
        .toString('hex')
        .slice(0, length - 4)}-._~`

export type Authorization = {
  readonly run: Run
  readonly request: Values
  /** What the browser brought to the redirect address; undefined when it stayed with us. */
  readonly parameters: Record<string, string> | undefined
  readonly last: HttpResponse
  /** The forms that the person was shown. */
  readonly pages: readonly string[]
}

export type AuthorizeOptions = {
  browser?: HttpClient
  method?: 'GET' | 'POST'
  /** Sends the parameters in the opposite order. */
  isReversed?: boolean
}

/** An authorization request with the suite's usual parameters; `change` replaces or removes some. */
export async function authorize(
  run: Run,
  change: Values = {},
  { browser = newBrowser(), method = 'GET', isReversed = false }: AuthorizeOptions = {},
): Promise<Authorization> {
  const request: Values = {
    client_id: run.client.clientId,
    redirect_uri: run.client.redirectUri,
    scope: 'openid',
    state: randomText(10),
    nonce: randomText(10),
    response_type: 'code',
    response_mode: run.responseMode === 'form_post' ? 'form_post' : undefined,
    ...change,
  }
  const entries = Object.entries(compact(request))
  const query = new URLSearchParams(isReversed ? entries.reverse() : entries)
  const endpoint = `${run.signOn.issuer}/oidc/auth`
  const first =
    method === 'POST'
      ? await browser.post(endpoint, request)
      : await browser.get(`${endpoint}?${query}`)
  return continueWith(run, browser, request, first)
}

/** Passes the pages behind a first answer of the authorization endpoint. */
export async function continueWith(
  run: Run,
  browser: HttpClient,
  request: Values,
  first: HttpResponse,
): Promise<Authorization> {
  const opened = await browser.followWhile(first, (to) => to.origin === run.signOn.issuer)
  const { last, pages } = await passPages(run.signOn, browser, opened, run.person)
  return { run, request, last, pages, parameters: broughtBack(run, last) }
}

export const compact = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

/** The parameters at the redirect address, where the mode of this run puts them and nowhere else. */
function broughtBack({ client, responseMode }: Run, last: HttpResponse) {
  const target = new URL(client.redirectUri)
  if (last.location !== undefined) {
    const url = new URL(last.location)
    expect(responseMode).toBe('default')
    expect(url.origin + url.pathname).toBe(target.origin + target.pathname)
    expect(url.hash).toBe('')
    // A redirect, or after a form the page that goes on by itself. Never 307: the browser would repeat
    // the password. RFC 9700 section 4.12.
    expect([200, 303]).toContain(last.status)
    return Object.fromEntries(url.searchParams)
  }
  const form = last.forms().find(({ action }) => action === client.redirectUri)
  if (!form) return undefined
  expect(responseMode).toBe('form_post')
  expect(form.method).toBe('post')
  const policy = last.headers['content-security-policy']
  // The court's address may redirect to anywhere, and a browser checks that too.
  expect(policy).not.toContain('form-action')
  expect(policy).toMatch(/script-src 'nonce-/)
  expect(last.headers['cache-control']).toBe('no-store')
  return { ...form.fields }
}

/** Checks a successful authorization response and gives the code. */
export function codeOf({ run, request, parameters, last }: Authorization): string {
  if (!parameters) throw new Error(`stayed at ${last.url} (${last.status}): ${last.text}`)
  const registered = Object.fromEntries(new URL(run.client.redirectUri).searchParams)
  const { code = '', ...rest } = parameters
  expect(rest).toEqual({
    ...registered,
    iss: run.signOn.issuer,
    ...(request['state'] !== undefined && { state: request['state'] }),
  })
  // At least 128 bits of entropy. RFC 6749 section 10.10.
  expect(code).toMatch(/^[\w-]{22,}$/)
  return code
}

/** Checks an error response, which has come back to the client, and gives the error. */
export function errorOf({ run, request, parameters, last }: Authorization): string {
  if (!parameters) throw new Error(`stayed at ${last.url} (${last.status}): ${last.text}`)
  const registered = Object.fromEntries(new URL(run.client.redirectUri).searchParams)
  const { error = '', error_description: description = '', ...rest } = parameters
  expect(rest).toEqual({
    ...registered,
    iss: run.signOn.issuer,
    ...(request['state'] !== undefined && { state: request['state'] }),
  })
  expectDescription(description)
  return error
}

/** The characters of an `error_description`. RFC 6749 section 5.2. */
const expectDescription = (text: unknown) =>
  expect(text ?? '').toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)

/** Checks that a person is shown an error page and sent nowhere. */
export function expectErrorPage({ last, parameters }: Authorization): void {
  expect(parameters).toBeUndefined()
  expect(last.location).toBeUndefined()
  expect(last.status).toBe(400)
  expect(last.headers['content-type']).toContain('text/html')
  expect(last.text).toContain('id="request-id"')
}

/** The client authenticates as registered, without an assertion. */
export function authenticate(client: TestCourt): { headers: object; form: object } {
  const { metadata } = client.registration as { metadata: { token_endpoint_auth_method: string } }
  return metadata.token_endpoint_auth_method === 'client_secret_post'
    ? { headers: {}, form: { client_id: client.clientId, client_secret: client.secret } }
    : { headers: basicHeader(client.clientId, client.secret), form: {} }
}

export function callToken(client: TestCourt, signOn: SignOn, form: Values): Promise<Answer> {
  const authentication = authenticate(client)
  return send(`${signOn.issuer}/oidc/token`, {
    headers: { ...authentication.headers },
    form: compact({ ...form, ...authentication.form }),
  })
}

export const codeGrant = (client: TestCourt, code: string): Values => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: client.redirectUri,
})

export type TokenBody = {
  access_token: string
  token_type: string
  expires_in: number
  id_token: string
  refresh_token?: string
  scope?: string
}

/** Checks a successful answer of the token endpoint. RFC 6749 section 5.1. */
export function tokensOf(answer: Answer, type = 'Bearer'): TokenBody {
  expect(answer).toMatchObject({
    status: 200,
    body: { token_type: type, expires_in: expect.any(Number) },
  })
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['pragma']).toBe('no-cache')
  const tokens = answer.body as TokenBody
  expect(tokens.expires_in).toBeGreaterThan(0)
  expect(tokens.access_token).toMatch(/^[\w-]{22,}$/)
  return tokens
}

/** Checks an error answer of an endpoint for programs. RFC 6749 section 5.2. */
export function expectRefusal(answer: Answer, status: number, errors: string | string[]): void {
  expect(answer.status).toBe(status)
  expect([errors].flat()).toContain(answer.body['error'])
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(answer.headers['cache-control']).toBe('no-store')
  expectDescription(answer.body['error_description'])
  if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^(Basic|Bearer|DPoP) /)
}

/** What an ID token may say although nobody asked for it. */
const unaskedClaims = [
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp', 'at_hash'],
  ...['c_hash', 's_hash', 'nbf', 'jti', 'sid'],
  // Ours and OpenID IPSIE's; to the suite a claim that it does not know.
  'session_expiry',
]

/** Checks an ID token as the suite always does, and gives its claims. OpenID Connect Core 3.1.3.7. */
export async function idTokenClaims(
  { signOn, client }: Run,
  request: Values,
  { id_token: idToken }: TokenBody,
): Promise<Record<string, unknown>> {
  const jwks = await send(`${signOn.issuer}/oidc/jwks`)
  const { payload, protectedHeader } = await jwtVerify(
    idToken,
    createLocalJWKSet(jwks.body as unknown as JSONWebKeySet),
    { issuer: signOn.issuer, audience: client.clientId, requiredClaims: ['sub', 'exp', 'iat'] },
  )
  expect(protectedHeader.kid).toEqual(expect.any(String))
  expect(payload['nonce']).toBe(request['nonce'])
  if (request['scope'] === 'openid' && request['claims'] === undefined) {
    for (const name of Object.keys(payload)) expect(unaskedClaims).toContain(name)
  }
  return payload
}

export const algorithmOf = ({ id_token: idToken }: TokenBody) => decodeProtectedHeader(idToken)

export function callUserinfo(
  signOn: SignOn,
  accessToken: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<Answer> {
  return send(`${signOn.issuer}/oidc/userinfo`, {
    method,
    headers: { authorization: `Bearer ${accessToken}` },
  })
}

/** Checks a userinfo answer: JSON, the same person, standard claims of their types. Core 5.1, 5.3.2. */
export function expectUserinfo(answer: Answer, sub: unknown): Record<string, unknown> {
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(answer.body['sub']).toBe(sub)
  for (const name of ['name', 'given_name', 'family_name', 'preferred_username', 'email']) {
    expect(typeof (answer.body[name] ?? '')).toBe('string')
  }
  expect(typeof (answer.body['email_verified'] ?? true)).toBe('boolean')
  return answer.body
}

export type Completed = {
  readonly authorization: Authorization
  readonly code: string
  readonly tokens: TokenBody
  readonly claims: Record<string, unknown>
  readonly userinfo: Record<string, unknown>
}

/** The whole flow: request, pages, code, tokens, userinfo, each answer checked. */
export async function complete(
  run: Run,
  change: Values = {},
  options: AuthorizeOptions = {},
  redemption: Values = {},
): Promise<Completed> {
  const authorization = await authorize(run, change, options)
  const code = codeOf(authorization)
  const form = { ...codeGrant(run.client, code), ...redemption }
  const tokens = tokensOf(await callToken(run.client, run.signOn, form))
  const claims = await idTokenClaims(run, authorization.request, tokens)
  const userinfo = expectUserinfo(
    await callUserinfo(run.signOn, tokens.access_token),
    claims['sub'],
  )
  return { authorization, code, tokens, claims, userinfo }
}
