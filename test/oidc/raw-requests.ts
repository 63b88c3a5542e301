import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'
import { request } from 'undici'
import { type Checks, callbackOf, openPage, signInAt, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import type { SignOn } from '../support/sign-on.ts'

/** Requests as an attacker or a careless client sends them: a well-behaved library would refuse to. */

export type Answer = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Record<string, unknown>
  readonly text: string
}

export async function send(
  url: string,
  options: {
    method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS'
    headers?: Record<string, string>
    form?: Record<string, string> | [string, string][]
  } = {},
): Promise<Answer> {
  const { form } = options
  const answer = await request(url, {
    method: options.method ?? (form ? 'POST' : 'GET'),
    headers: {
      accept: 'application/json',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...options.headers,
    },
    body: form ? new URLSearchParams(form).toString() : null,
  })
  const text = await answer.body.text()
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
  )
  const isJson = headers['content-type']?.includes('json')
  return { status: answer.statusCode, headers, text, body: isJson && text ? JSON.parse(text) : {} }
}

/** Signs a person in up to the address that the browser is sent back to. */
export async function obtainCode(
  signOn: SignOn,
  court: TestCourt,
  browser: HttpClient,
  username: string,
  parameters: Record<string, string> = {},
): Promise<{ code: string; callback: string; checks: Checks }> {
  const { url, checks } = await court.authorize(parameters)
  const page = await openPage(browser, signOn, url)
  const callback = page.location
    ? callbackOf(page)
    : await signInAt(browser, signOn, page, username)
  const code = new URL(callback).searchParams.get('code')
  if (!code) throw new Error(`no code in ${callback}`)
  return { code, callback, checks }
}

/** The form that redeems a code of a court. */
export function codeForm(court: TestCourt, code: string, { verifier }: Checks) {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: court.redirectUri,
    code_verifier: verifier,
  }
}

/** A client assertion as `openid-client` would make it, except for what `change` says. */
export function assertion(
  court: TestCourt,
  audience: string | string[],
  change: { payload?: JWTPayload; header?: Record<string, unknown> } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const payload = {
    iss: court.clientId,
    sub: court.clientId,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...change.payload,
  }
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', kid: 'court-key', ...change.header })
    .sign(court.privateKey as never)
}

export function assertionForm(clientAssertion: string) {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion,
  }
}

export type ProofKey = { readonly privateKey: KeyObject; readonly jwk: object }

export function newProofKey(): ProofKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}

/** A DPoP proof. RFC 9449 section 4.2. `header` replaces or, with undefined, removes members. */
export function proof(
  key: ProofKey,
  method: string,
  url: string,
  payload: JWTPayload = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const claims: JWTPayload = {
    htm: method,
    htu: url,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    ...payload,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk as never, ...header })
    .sign(key.privateKey)
}
