import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import type { Form } from './html-forms.ts'
import { createHttpClient, type HttpClient, type HttpResponse } from './http-client.ts'
import { password } from './people.ts'
import type { SignOn } from './sign-on.ts'

export type CourtOptions = {
  id?: string
  kind?: 'court' | 'vendor' | 'national'
  courts?: readonly string[]
  method?: 'client_secret_basic' | 'private_key_jwt'
  /** Of the key for `private_key_jwt`; ES256 unless told. */
  keyAlgorithm?: 'ES256' | 'PS256'
  redirectUri?: string
  metadata?: Record<string, unknown>
  /** A level that this release cannot reach is refused at registration: it is written past it. */
  minimumLevel?: string
  /** `pushed` sends the request by PAR; `dpop` binds the tokens. */
  isPushed?: boolean
  hasDpop?: boolean
  /** The court that every authorization request names. */
  resource?: string
}

/** A court's application as the tests drive it: a real relying party, without pages of its own. */
export type TestCourt = {
  readonly clientId: string
  readonly secret: string
  readonly redirectUri: string
  readonly rp: oidc.Configuration
  readonly dpop: oidc.DPoPHandle | undefined
  readonly privateKey: oidc.CryptoKey | undefined
  /** The row to `apply`. */
  readonly registration: object
  /** The address to send a browser to, and what is needed to finish. */
  authorize(parameters?: Record<string, string>): Promise<{ url: string; checks: Checks }>
  /** Redeems the code in the address the browser was sent back to. */
  redeem(callback: string, checks: Checks): Promise<Tokens>
  /** Signs a person in through the pages and redeems the code. */
  signIn(
    browser: HttpClient,
    username: string,
    parameters?: Record<string, string>,
  ): Promise<Tokens>
  /** The same with a session that exists already: no page is shown. */
  walkIn(browser: HttpClient, parameters?: Record<string, string>): Promise<Tokens>
}

export type Checks = { readonly state: string; readonly nonce: string; readonly verifier: string }
export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

const insecure = { execute: [oidc.allowInsecureRequests] }
const scopes = 'openid profile email pacer efiling'

/** Registers a court's application with a running server and discovers it, as a court would. */
export async function createCourt(
  signOn: SignOn,
  courtId: string,
  options: CourtOptions = {},
): Promise<TestCourt> {
  const clientId = options.id ?? `${courtId}-cmecf`
  const redirectUri = options.redirectUri ?? `https://${courtId}.test/callback`
  const secret = randomBytes(32).toString('base64url')
  const method = options.method ?? 'client_secret_basic'
  const keyAlgorithm = options.keyAlgorithm ?? 'ES256'
  const { metadata = {} } = options
  const keys = method === 'private_key_jwt' ? makeKeys(keyAlgorithm) : undefined
  const registration = {
    id: clientId,
    kind: options.kind ?? 'court',
    name: `${courtId.toUpperCase()} CM/ECF`,
    courts: options.courts ?? [courtId],
    ...(!keys && { secrets: [secret] }),
    metadata: {
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [`https://${courtId}.test/`],
      initiate_login_uri: `https://${courtId}.test/sign-in`,
      token_endpoint_auth_method: method,
      ...(keys && { jwks: { keys: [keys.publicJwk] } }),
      ...(options.isPushed && { require_pushed_authorization_requests: true }),
      ...(options.hasDpop && { dpop_bound_access_tokens: true }),
      ...metadata,
    },
  }
  await signOn.apply({ clients: [registration] })
  if (options.minimumLevel) await raiseLevel(signOn, clientId, options.minimumLevel)

  const privateKey = keys && (await importPrivate(keys.privateJwk, keyAlgorithm))
  const authentication = privateKey
    ? oidc.PrivateKeyJwt({ key: privateKey, kid: 'court-key' })
    : oidc.ClientSecretBasic(secret)
  const rp = await oidc.discovery(
    new URL(signOn.issuer),
    clientId,
    { id_token_signed_response_alg: String(metadata['id_token_signed_response_alg'] ?? 'ES256') },
    authentication,
    insecure,
  )
  const dpop = options.hasDpop
    ? oidc.getDPoPHandle(rp, await oidc.randomDPoPKeyPair('ES256'))
    : undefined

  const court: TestCourt = {
    clientId,
    secret,
    redirectUri,
    rp,
    dpop,
    privateKey,
    registration,
    async authorize(parameters = {}) {
      const checks = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      }
      const all = {
        redirect_uri: redirectUri,
        scope: scopes,
        ...(options.resource && { resource: options.resource }),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: createHash('sha256').update(checks.verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...parameters,
      }
      const url = options.isPushed
        ? await oidc.buildAuthorizationUrlWithPAR(rp, all, dpop && { DPoP: dpop })
        : oidc.buildAuthorizationUrl(rp, all)
      return { url: url.href, checks }
    },
    redeem(callback, { state, nonce, verifier }) {
      return oidc.authorizationCodeGrant(
        rp,
        new URL(callback),
        {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        },
        undefined,
        dpop && { DPoP: dpop },
      )
    },
    async signIn(browser, username, parameters) {
      const { url, checks } = await court.authorize(parameters)
      const page = await openPage(browser, signOn, url)
      const callback = await signInAt(browser, signOn, page, username)
      return court.redeem(callback, checks)
    },
    async walkIn(browser, parameters) {
      const { url, checks } = await court.authorize(parameters)
      return court.redeem(callbackOf(await openPage(browser, signOn, url)), checks)
    },
  }
  return court
}

/** The software of a vendor, for `createCourt`: it may act while nobody is there. */
export const filingSoftware = {
  id: 'filing-software',
  kind: 'vendor',
  metadata: {
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid pacer efiling offline_access',
  },
} as const satisfies CourtOptions

/** How it asks: with a consent that was asked for. Source: OpenID Connect Core 1.0 section 11. */
export const offlineRequest = { scope: filingSoftware.metadata.scope, prompt: 'consent' }

/** `client_secret_basic`. Source: RFC 6749 section 2.3.1. */
export function basicHeader(clientId: string, secret: string): { authorization: string } {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

export function newBrowser(): HttpClient {
  return createHttpClient()
}

/** Opens an address and follows redirects within the server; what is shown, or where it leads out. */
export async function openPage(
  browser: HttpClient,
  signOn: SignOn,
  url: string,
): Promise<HttpResponse> {
  return browser.followWhile(await browser.get(url), (to) => to.origin === signOn.issuer)
}

export function findPasswordForm(page: HttpResponse): Form | undefined {
  return page.forms().find((form) => 'password' in form.fields)
}

/** The form of the sign-in page; fails where this is another page. */
export function getPasswordForm(page: HttpResponse): Form {
  const form = findPasswordForm(page)
  if (!form) throw new Error(`no sign-in form at ${page.url} (${page.status})`)
  return form
}

/** Fills in the sign-in page; the answer to it, wherever it leads. */
export function sendPassword(
  browser: HttpClient,
  page: HttpResponse,
  username: string,
  secret = password,
): Promise<HttpResponse> {
  return browser.submit(getPasswordForm(page), { username, password: secret })
}

/** Fills in the sign-in page and whatever notices and consent follow; the address led out to. */
export async function signInAt(
  browser: HttpClient,
  signOn: SignOn,
  page: HttpResponse,
  username: string,
  secret = password,
): Promise<string> {
  const isOurs = (to: URL) => to.origin === signOn.issuer
  let current = await browser.followWhile(
    await sendPassword(browser, page, username, secret),
    isOurs,
  )
  for (let count = 0; count < 5 && !current.location; count += 1) {
    // Whoever could link an old account here does not.
    const [next] = current
      .forms()
      .filter(({ action, fields }) => !action.endsWith('/cancel') && !('oldPassword' in fields))
    if (!next || 'password' in next.fields) break
    const values =
      'acknowledged' in next.fields || current.text.includes('name="acknowledged"')
        ? { acknowledged: 'yes' }
        : {}
    const press = next.id === 'legacy' ? 'legacy-continue' : undefined
    current = await browser.followWhile(await browser.submit(next, values, press), isOurs)
  }
  return callbackOf(current)
}

/** Where an answer leads out of the server; fails with the page's words when it does not. */
export function callbackOf(response: HttpResponse): string {
  if (response.location) return response.location
  const heading = /<h1[^>]*>([^<]*)/.exec(response.text)?.[1] ?? response.text.slice(0, 200)
  throw new Error(`stayed at ${response.url} (${response.status}): ${heading}`)
}

/** Past the registration, which refuses a level that this release cannot reach. */
export async function raiseLevel(signOn: SignOn, clientId: string, level: string): Promise<void> {
  const text = `UPDATE clients
    SET metadata = metadata || jsonb_build_object('minimum_acr', $2::text) WHERE id = $1`
  await signOn.services.db.query({ name: 'test-raise-level', text }, [clientId, level])
}

/** The `error` with which a browser was sent back. */
export function errorIn(location: string): string | null {
  return new URL(location).searchParams.get('error')
}

/** Members of a token that are chance: chance may spell the name of a court. */
export const randomMembers = ['sub', 'sid', 'jti', 'nonce', 'at_hash'] as const

/** What a token says, without its random members. */
export function told(claims: Record<string, unknown>): string {
  const isRandom = new Set<string>(randomMembers)
  return JSON.stringify(claims, (name, value) => (isRandom.has(name) ? undefined : value))
}

/** The claims of an ID token, unverified: `redeem` has verified it. */
export function idClaims(tokens: Tokens): Record<string, unknown> {
  const claims = tokens.claims()
  if (!claims) throw new Error('there is no ID token')
  return claims
}

function makeKeys(alg: 'ES256' | 'PS256') {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 })
  const members = { kid: 'court-key', alg, use: 'sig' }
  return {
    privateJwk: privateKey.export({ format: 'jwk' }) as JWK,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...members },
  }
}

function importPrivate(jwk: JWK, alg: 'ES256' | 'PS256'): Promise<oidc.CryptoKey> {
  const algorithm =
    alg === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSA-PSS', hash: 'SHA-256' }
  return crypto.subtle.importKey('jwk', jwk as never, algorithm, true, ['sign'])
}
