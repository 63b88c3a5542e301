/**
 * What courts and browsers do, over HTTP with keep-alive connections. Endpoints come from discovery and
 * pages are passed by reading their forms, so that one driver serves every server under test.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import {
  type BenchClient,
  filers,
  firstCourt,
  linkingCourt,
  password,
  readers,
  scopeOf,
  secondCourt,
  vendor,
} from './clients.ts'

/** A server under test, as its discovery document describes it. */
export type Subject = {
  readonly name: string
  readonly origin: string
  readonly connections: Pool
  readonly endpoints: Endpoints
  /** People who must accept the present rules of use, where the server has any. */
  readonly makeNewcomers?: (count: number) => Promise<string[]>
}

type Endpoints = {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly introspection_endpoint: string
  readonly revocation_endpoint: string
  readonly jwks_uri: string
}

/** `index` counts the operations of a round, `worker` is the one that runs it. */
export type Step = (index: number, worker: number) => Promise<void>

/** `prepare` does, unmeasured, what the operation needs to exist; the step is what is measured. */
export type Operation = {
  readonly prepare: (subject: Subject, count: number, workers: number) => Promise<Step>
}

export const operations = {
  discovery: {
    prepare: async (subject) => async () => {
      const answer = await send(subject, 'GET', '/.well-known/openid-configuration')
      assert.equal(JSON.parse(answer.text).issuer, subject.endpoints.issuer)
    },
  },
  jwks: {
    prepare: async (subject) => async () => {
      const answer = await send(subject, 'GET', pathOf(subject.endpoints.jwks_uri))
      assert.ok(JSON.parse(answer.text).keys.length > 0)
    },
  },
  introspection: {
    async prepare(subject, _count, workers) {
      const tokens = await tokensForWorkers(subject, firstCourt, workers)
      return async (_index, worker) => {
        const answer = await postForm(
          subject,
          pathOf(subject.endpoints.introspection_endpoint),
          { token: tokens[worker]!.access_token },
          { authorization: basic(firstCourt) },
        )
        assert.equal(JSON.parse(answer.text).active, true, answer.text)
      }
    },
  },
  userinfo: {
    async prepare(subject, _count, workers) {
      const tokens = await tokensForWorkers(subject, firstCourt, workers)
      return async (_index, worker) => {
        const answer = await send(subject, 'GET', pathOf(subject.endpoints.userinfo_endpoint), {
          authorization: `Bearer ${tokens[worker]!.access_token}`,
        })
        assert.equal(typeof JSON.parse(answer.text).sub, 'string', answer.text)
      }
    },
  },
  /** One refresh token per worker, as one vendor application per attorney keeps it. */
  refresh: {
    async prepare(subject, _count, workers) {
      const tokens = await tokensForWorkers(subject, vendor, workers)
      return async (_index, worker) => {
        await refresh(subject, tokens[worker]!)
      }
    },
  },
  /** Everybody is signed in at the first court and walks into the second for the first time. */
  'second-court': {
    async prepare(subject, count, workers) {
      const browsers: Browser[] = new Array(count)
      await closedLoop(count, workers, async (index) => {
        browsers[index] = new Browser(subject)
        await signIn(browsers[index], firstCourt, readerAt(index))
      })
      return async (index) => {
        const browser = browsers[index]!
        await signIn(browser, secondCourt, readerAt(index))
        assert.equal(browser.pagesPassed, 1, 'the second court must not ask again')
      }
    },
  },
  'sign-in': {
    prepare: async (subject) => async (index) => {
      await signIn(new Browser(subject), firstCourt, readerAt(index))
    },
  },
  /** Somebody who files at the court confirms the redaction notice on the way. */
  'filer-sign-in': {
    prepare: async (subject) => async (index) => {
      const browser = new Browser(subject)
      await signIn(browser, firstCourt, filers[index % filers.length]!)
      assert.equal(browser.pagesPassed, 2, 'a filer must be shown the redaction notice')
    },
  },
  /** Somebody who has not linked at the court is asked to, and says "not now". */
  'unlinked-sign-in': {
    prepare: async (subject) => async (index) => {
      const browser = new Browser(subject)
      await signIn(browser, linkingCourt, readerAt(index))
      assert.equal(browser.pagesPassed, 2, 'somebody who can link must be asked to')
    },
  },
  /** Newer rules of use hold, and whoever signs in accepts them on the way. */
  'rules-sign-in': {
    async prepare(subject, count) {
      assert.ok(subject.makeNewcomers, `${subject.name} has no rules of use`)
      const newcomers = await subject.makeNewcomers(count)
      return async (index) => {
        const browser = new Browser(subject)
        await signIn(browser, firstCourt, newcomers[index]!)
        assert.equal(browser.pagesPassed, 2, 'a newcomer must be shown the rules of use')
      }
    },
  },
} satisfies Record<string, Operation>

export type OperationName = keyof typeof operations

/** Keeps `workers` operations in flight until `count` are done; gives each one's milliseconds. */
export async function closedLoop(
  count: number,
  workers: number,
  step: Step,
): Promise<Float64Array> {
  const milliseconds = new Float64Array(count)
  let next = 0
  const work = async (worker: number) => {
    for (let index = next++; index < count; index = next++) {
      const startedAt = performance.now()
      await step(index, worker)
      milliseconds[index] = performance.now() - startedAt
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, count) }, (_, worker) => work(worker)))
  return milliseconds
}

export async function connect(
  name: string,
  origin: string,
  connectionCount: number,
  makeNewcomers?: Subject['makeNewcomers'],
): Promise<Subject> {
  const connections = new Pool(origin, { connections: connectionCount, pipelining: 1 })
  const answer = await connections.request({
    method: 'GET',
    path: '/.well-known/openid-configuration',
  })
  return {
    name,
    origin,
    connections,
    endpoints: (await answer.body.json()) as Endpoints,
    ...(makeNewcomers && { makeNewcomers }),
  }
}

/**
 * One person's grant to the vendor: so many refreshes, then `beforeRevoking`, then the end.
 * @returns the milliseconds of the revocation.
 */
export async function refreshAndRevoke(
  subject: Subject,
  refreshes: number,
  beforeRevoking: () => Promise<void>,
): Promise<number> {
  const tokens = await signIn(new Browser(subject), vendor, readerAt(0))
  for (let n = 0; n < refreshes; n += 1) await refresh(subject, tokens)
  await beforeRevoking()
  const startedAt = performance.now()
  await postForm(
    subject,
    pathOf(subject.endpoints.revocation_endpoint),
    { token: tokens.refresh_token },
    { authorization: basic(vendor) },
  )
  return performance.now() - startedAt
}

async function refresh(subject: Subject, { refresh_token: token }: Tokens): Promise<void> {
  const form = { grant_type: 'refresh_token', refresh_token: token }
  const tokens = await redeem(subject, vendor, form)
  assert.equal(tokens.refresh_token, token, 'the token must stay the same')
}

function readerAt(index: number): string {
  return readers[index % readers.length]!
}

type Tokens = { access_token: string; id_token: string; refresh_token: string }

async function tokensForWorkers(subject: Subject, client: BenchClient, workers: number) {
  const tokens: Tokens[] = []
  for (let worker = 0; worker < workers; worker += 1) {
    tokens.push(await signIn(new Browser(subject), client, readerAt(worker)))
  }
  return tokens
}

/** The authorization code flow from the court's redirect to its tokens, passing every page on the way. */
async function signIn(browser: Browser, client: BenchClient, username: string): Promise<Tokens> {
  const { subject } = browser
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  const query = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    scope: scopeOf(client),
    redirect_uri: client.redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
    nonce: randomBytes(16).toString('base64url'),
    ...(client.canRefresh && { prompt: 'consent' }),
  })
  const back = await browser.travel(
    `${pathOf(subject.endpoints.authorization_endpoint)}?${query}`,
    client.redirectUri,
    username,
  )
  assert.equal(back.get('state'), state, `came back without a code: ${back}`)
  return redeem(subject, client, {
    grant_type: 'authorization_code',
    code: back.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
}

async function redeem(
  subject: Subject,
  client: BenchClient,
  form: Record<string, string>,
): Promise<Tokens> {
  const path = pathOf(subject.endpoints.token_endpoint)
  const answer = await postForm(subject, path, form, { authorization: basic(client) })
  const tokens = JSON.parse(answer.text)
  assert.ok(tokens.access_token && tokens.id_token, answer.text)
  return tokens
}

/** A browser without scripts: keeps cookies, follows redirects, fills in the forms it is shown. */
class Browser {
  readonly subject: Subject
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>()
  pagesPassed = 0

  constructor(subject: Subject) {
    this.subject = subject
  }

  /** Goes to `path` and on until a redirect leads to `destination`; gives the query it carries. */
  async travel(path: string, destination: string, username: string): Promise<URLSearchParams> {
    let answer = await this.#request('GET', path)
    for (let hops = 0; hops < 20; hops += 1) {
      if (answer.location?.startsWith(destination)) return new URL(answer.location).searchParams
      if (answer.location) {
        answer = await this.#request('GET', pathOf(answer.location))
        continue
      }
      assert.equal(answer.status, 200, `${this.subject.name}: ${answer.status} ${answer.text}`)
      const form = findForm(answer.text)
      this.pagesPassed += 1
      for (const name of ['username', 'password'] as const) {
        if (form.fields.has(name)) {
          form.fields.set(name, name === 'username' ? username : password)
        }
      }
      answer = await this.#request('POST', pathOf(form.action), form.fields.toString())
    }
    throw new Error(`${this.subject.name}: lost between ${path} and ${destination}`)
  }

  async #request(method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'text/html' }
    const cookie = this.#cookieHeader(path)
    if (cookie) headers['cookie'] = cookie
    if (body !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded'
      headers['origin'] = this.subject.origin
      headers['sec-fetch-site'] = 'same-origin'
    }
    const answer = await send(this.subject, method, path, headers, body)
    for (const line of answer.cookies) this.#keep(line)
    return answer
  }

  #cookieHeader(path: string): string {
    const fitting: string[] = []
    for (const cookie of this.#cookies.values()) {
      if (path.startsWith(cookie.path)) fitting.push(`${cookie.name}=${cookie.value}`)
    }
    return fitting.join('; ')
  }

  #keep(line: string) {
    const [pair = '', ...attributes] = line.split(/; */)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    const path = attributes.find((text) => /^path=/i.test(text))?.slice(5) ?? '/'
    const isExpired =
      value === '' || attributes.some((text) => /^(max-age=0|expires=.* 1970 )/i.test(text))
    if (isExpired) this.#cookies.delete(`${name} ${path}`)
    else this.#cookies.set(`${name} ${path}`, { name, value, path })
  }
}

type Answer = {
  readonly status: number
  readonly location: string | undefined
  readonly cookies: readonly string[]
  readonly text: string
}

async function send(
  subject: Subject,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string> = {},
  requestBody?: string,
): Promise<Answer> {
  const answer = await subject.connections.request({
    method,
    path,
    headers,
    ...(requestBody !== undefined && { body: requestBody }),
  })
  const text = await answer.body.text()
  const { location, 'set-cookie': setCookie } = answer.headers
  if (answer.statusCode >= 400) {
    throw new Error(`${subject.name}: ${method} ${path} answered ${answer.statusCode} ${text}`)
  }
  return {
    status: answer.statusCode,
    location: typeof location === 'string' ? location : refreshOf(text),
    cookies: setCookie === undefined ? [] : [setCookie].flat(),
    text,
  }
}

function postForm(
  subject: Subject,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string>,
) {
  return send(
    subject,
    'POST',
    path,
    { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams(form).toString(),
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 (both halves are form-encoded) */
function basic(client: BenchClient): string {
  const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function pathOf(url: string): string {
  if (url.startsWith('/')) return url
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** The form that leads on: not the one that cancels or refuses, or that nobody here can fill in. Boxes are ticked. */
function findForm(html: string): { action: string; fields: URLSearchParams } {
  for (const [form = ''] of html.matchAll(/<form\b[\s\S]*?<\/form>/gi)) {
    const action = attribute(form, 'action')
    if (action === undefined || /id="[^"]*(cancel|deny|old-login)[^"]*"/.test(form)) continue
    const fields = new URLSearchParams()
    for (const [input] of form.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(input, 'name')
      if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '')
    }
    const [button = ''] = /<button\b[^>]*\sname="[^>]*>/i.exec(form) ?? []
    const pressed = attribute(button, 'name')
    if (pressed !== undefined) fields.set(pressed, attribute(button, 'value') ?? '')
    return { action, fields }
  }
  throw new Error(`a page without a form that leads on: ${html}`)
}

/** Where a browser without scripts goes on to by itself. */
function refreshOf(html: string): string | undefined {
  return /<meta http-equiv="refresh" content="0; url=([^"]*)">/
    .exec(html)?.[1]
    ?.replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
