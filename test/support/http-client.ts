import { Agent, request } from 'undici'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { decodeEntities, defaultButton, type Form, parseForms } from './html-forms.ts'

export type Headers = Record<string, string>
/** Values for the controls of a form; `undefined` leaves a control out. */
export type FormValues = Record<string, string | undefined>

export type HttpResponse = {
  readonly url: string
  readonly status: number
  /** Names in lower case; several of one name joined by commas, except for `cookies`. */
  readonly headers: Readonly<Record<string, string>>
  readonly setCookies: readonly string[]
  /** Those of `setCookies` that a browser would have thrown away. */
  readonly refusedCookies: readonly string[]
  /** Where a redirect leads, or a page that goes on by itself; absolute. */
  readonly location: string | undefined
  readonly text: string
  json<Value = Record<string, unknown>>(): Value
  forms(): Form[]
  /** The page's only form, or the one with this id. */
  form(id?: string): Form
}

/** One request with its answer, as it went over the wire. */
export type Exchange = {
  readonly method: string
  readonly url: string
  readonly requestHeaders: Headers
  readonly requestBody: string
  readonly status: number
  readonly responseHeaders: readonly (readonly [name: string, value: string])[]
  readonly responseBody: string
}

export type HttpClient = {
  readonly cookies: CookieJar
  /** Everything that this client sent and received, for "no secret in clear". */
  readonly transcript: Exchange[]
  get(url: string, headers?: Headers): Promise<HttpResponse>
  /** `form` is sent as a form; a string as it is (name its `content-type`). */
  post(url: string, form: FormValues | string, headers?: Headers): Promise<HttpResponse>
  /** Bytes are not kept in the transcript. */
  send(
    method: string,
    url: string,
    headers?: Headers,
    body?: string | Buffer,
  ): Promise<HttpResponse>
  /**
   * Fills in and sends a form as a browser does when Enter is pressed, or when the button of this id
   * or `name=value` is.
   */
  submit(form: Form, values?: FormValues, press?: string): Promise<HttpResponse>
  /** Follows a link by its id. */
  click(response: HttpResponse, id: string): Promise<HttpResponse>
  /** One redirect. */
  follow(response: HttpResponse): Promise<HttpResponse>
  /** Redirects as long as `isWanted` says so of where they lead; the first answer that is not followed. */
  followWhile(response: HttpResponse, isWanted: (to: URL) => boolean): Promise<HttpResponse>
  stop(): Promise<void>
}

const maxRedirects = 20

/**
 * A user agent for tests at the level of HTTP: it keeps cookies as a browser does and never follows a
 * redirect by itself. `transcript`: to collect several clients' exchanges in one place. `address`: of
 * its own, in 127.0.0.0/8, so that it can be told from others on this machine.
 */
export function createHttpClient(
  options: { transcript?: Exchange[]; address?: string } = {},
): HttpClient {
  const agent = new Agent({
    connect: { rejectUnauthorized: false },
    keepAliveTimeout: 1000,
    ...(options.address && { localAddress: options.address }),
  })
  const cookies = createCookieJar()
  const transcript = options.transcript ?? []

  const client: HttpClient = {
    cookies,
    transcript,
    get: (url, headers) => client.send('GET', url, headers),
    post(url, form, headers = {}) {
      if (typeof form === 'string') return client.send('POST', url, headers, form)
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return client.send('POST', url, { ...type, ...headers }, encode(form))
    },
    async send(method, address, headers = {}, body) {
      const url = new URL(address)
      const cookie = cookies.header(url)
      const requestHeaders = {
        accept: 'text/html,application/json;q=0.9,*/*;q=0.8',
        ...(cookie && { cookie }),
        ...headers,
      }
      const answer = await request(url, {
        dispatcher: agent,
        method: method as 'GET',
        headers: requestHeaders,
        body: body ?? null,
        headersTimeout: 20_000,
        bodyTimeout: 20_000,
      })
      const text = await answer.body.text()
      const responseHeaders = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      )
      transcript.push({
        method,
        url: url.href,
        requestHeaders,
        requestBody: typeof body === 'string' ? body : '',
        status: answer.statusCode,
        responseHeaders,
        responseBody: text,
      })
      const setCookies = responseHeaders.filter(([name]) => name === 'set-cookie').map(([, v]) => v)
      const refusedCookies = cookies.store(url, setCookies)
      return describe(url, answer.statusCode, responseHeaders, setCookies, refusedCookies, text)
    },
    submit(form, values = {}, press) {
      const button = press
        ? form.controls.find(({ id, name, value }) => id === press || `${name}=${value}` === press)
        : defaultButton(form)
      if (press && !button) throw new Error(`the form on ${form.page} has no button ${press}`)
      const pressed = button?.name ? { [button.name]: button.value } : {}
      const sent = { ...form.fields, ...pressed, ...values }
      const headers = navigationHeaders(form)
      if (form.method === 'post') return client.post(form.action, sent, headers)
      const url = new URL(form.action)
      url.search = encode(sent)
      return client.get(url.href, headers)
    },
    click(response, id) {
      const [, href] =
        new RegExp(`<a\\b[^>]*\\bid="${id}"[^>]*\\bhref="([^"]*)"`).exec(response.text) ?? []
      if (href === undefined) throw new Error(`${response.url} has no link ${id}`)
      return client.get(new URL(decodeEntities(href), response.url).href)
    },
    follow(response) {
      if (!response.location) {
        throw new Error(`${response.url} answered ${response.status} and leads nowhere`)
      }
      return client.get(response.location)
    },
    async followWhile(response, isWanted) {
      let current = response
      for (let count = 0; current.location && isWanted(new URL(current.location)); count += 1) {
        if (count === maxRedirects) throw new Error(`too many redirects at ${current.url}`)
        current = await client.follow(current)
      }
      return current
    },
    stop: () => agent.destroy(),
  }
  return client
}

function describe(
  url: URL,
  status: number,
  pairs: readonly [string, string][],
  setCookies: readonly string[],
  refusedCookies: readonly string[],
  text: string,
): HttpResponse {
  const headers: Headers = {}
  for (const [name, value] of pairs) {
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  const forms = () => parseForms(text, url.href, headers['referrer-policy'])
  const next = headers['location'] ?? (status === 200 ? refreshOf(text) : undefined)
  return {
    url: url.href,
    status,
    headers,
    setCookies,
    refusedCookies,
    location: next === undefined ? undefined : new URL(next, url).href,
    text,
    json: <Value>() => JSON.parse(text) as Value,
    forms,
    form(id) {
      const found = forms().filter((form) => id === undefined || form.id === id)
      if (found.length === 1) return found[0]!
      throw new Error(`${url.href} (${status}) has ${found.length} forms${id ? ` ${id}` : ''}`)
    },
  }
}

/** Where a browser without scripts goes on to by itself. */
function refreshOf(html: string): string | undefined {
  const [, to] = /<meta http-equiv="refresh" content="0; url=([^"]*)">/.exec(html) ?? []
  return to && decodeEntities(to)
}

/**
 * What a browser says about a form that a person sent. Under `no-referrer` the origin is withheld.
 * @see https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
function navigationHeaders(form: Form): Headers {
  const from = new URL(form.page)
  const to = new URL(form.action)
  return {
    'sec-fetch-site':
      from.origin === to.origin
        ? 'same-origin'
        : from.hostname === to.hostname && from.protocol === to.protocol
          ? 'same-site'
          : 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-user': '?1',
    ...(form.method === 'post' && {
      origin: form.referrerPolicy === 'no-referrer' ? 'null' : from.origin,
    }),
  }
}

function encode(values: FormValues): string {
  const present = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return new URLSearchParams(present).toString()
}
