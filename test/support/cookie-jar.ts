import { isIP } from 'node:net'

/** @see https://www.rfc-editor.org/rfc/rfc6265 section 5 and its revision draft-ietf-httpbis-rfc6265bis */
export type Cookie = {
  readonly name: string
  readonly value: string
  readonly domain: string
  /** Goes to `domain` itself only, not to hosts below it. */
  readonly isHostOnly: boolean
  readonly path: string
  readonly isSecure: boolean
  readonly isHttpOnly: boolean
  readonly sameSite: 'strict' | 'lax' | 'none' | undefined
  /** Undefined: until the browser closes. */
  readonly expiresAt: Date | undefined
}

export type CookieJar = {
  /** Takes what a response to `url` set; returns the lines that a browser would have refused. */
  store(url: URL, setCookieLines: readonly string[]): string[]
  /** The value of the `Cookie` header for a request to `url`, or undefined. */
  header(url: URL): string | undefined
  /** The cookies that go to `url`, or all of them. */
  list(url?: URL): Cookie[]
  get(name: string): Cookie | undefined
  clear(): void
}

const maxBytes = 4096
// Browsers keep no cookie longer than this, in days.
const maxAgeDays = 400

/**
 * The cookies of one browser. As in browsers, ports do not separate, and http on a loopback name counts
 * as secure. SameSite is kept but not applied: every request is taken for one that the person made.
 */
export function createCookieJar(): CookieJar {
  let cookies: Cookie[] = []
  const isSame = (one: Cookie, other: Cookie) =>
    one.name === other.name && one.domain === other.domain && one.path === other.path
  const dropExpired = () => {
    cookies = cookies.filter(({ expiresAt }) => !expiresAt || expiresAt > new Date())
  }
  const matching = (url: URL) => {
    dropExpired()
    return cookies
      .filter(
        (cookie) =>
          (cookie.isHostOnly
            ? cookie.domain === url.hostname
            : isDomainMatch(url.hostname, cookie.domain)) &&
          isPathMatch(url.pathname, cookie.path) &&
          (!cookie.isSecure || isTrustworthy(url)),
      )
      .sort((one, other) => other.path.length - one.path.length)
  }
  return {
    store: (url, lines) =>
      lines.filter((line) => {
        const cookie = parseSetCookie(line, url)
        const isCovered = cookies.some(
          (other) =>
            other.isSecure &&
            !isTrustworthy(url) &&
            other.name === cookie?.name &&
            other.domain === cookie.domain,
        )
        if (!cookie || isCovered) return true
        const index = cookies.findIndex((other) => isSame(other, cookie))
        if (index < 0) cookies.push(cookie)
        else cookies[index] = cookie
        dropExpired()
        return false
      }),
    header(url) {
      const pairs = matching(url).map(({ name, value }) => (name ? `${name}=${value}` : value))
      return pairs.length > 0 ? pairs.join('; ') : undefined
    },
    list(url) {
      dropExpired()
      return url ? matching(url) : [...cookies]
    },
    get(name) {
      dropExpired()
      return cookies.find((cookie) => cookie.name === name)
    },
    clear() {
      cookies = []
    },
  }
}

/** Undefined when a browser would refuse it. */
function parseSetCookie(line: string, url: URL): Cookie | undefined {
  const [pair = '', ...rest] = line.split(';')
  const equals = pair.indexOf('=')
  const name = (equals < 0 ? '' : pair.slice(0, equals)).trim()
  const value = pair.slice(equals + 1).trim()
  if ((name === '' && value === '') || name.length + value.length > maxBytes) return undefined
  if (hasControlCharacter(line)) return undefined
  const attributes = new Map(
    rest.map((part): [string, string] => {
      const at = part.indexOf('=')
      return at < 0
        ? [part.trim().toLowerCase(), '']
        : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]
    }),
  )
  const domain = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase()
  const path = attributes.get('path')
  const cookie: Cookie = {
    name,
    value,
    domain: domain || url.hostname,
    isHostOnly: domain === '',
    path: path?.startsWith('/') ? path : defaultPath(url.pathname),
    isSecure: attributes.has('secure'),
    isHttpOnly: attributes.has('httponly'),
    sameSite: parseSameSite(attributes.get('samesite')),
    expiresAt: parseExpiry(attributes.get('max-age'), attributes.get('expires')),
  }
  if (domain && !isDomainMatch(url.hostname, domain)) return undefined
  // In place of the list of public suffixes: nobody sets a cookie for all of `gov`.
  if (domain && !domain.includes('.') && domain !== url.hostname) return undefined
  if (cookie.isSecure && !isTrustworthy(url)) return undefined
  if (cookie.sameSite === 'none' && !cookie.isSecure) return undefined
  return hasItsPrefix(cookie, attributes) ? cookie : undefined
}

/** Names beginning with `__Secure-` and `__Host-` promise something, in whatever case. */
function hasItsPrefix(cookie: Cookie, attributes: Map<string, string>): boolean {
  const name = (cookie.name || cookie.value).toLowerCase()
  if (name.startsWith('__host-')) {
    return Boolean(
      cookie.name && cookie.isSecure && cookie.isHostOnly && attributes.get('path') === '/',
    )
  }
  return !name.startsWith('__secure-') || (cookie.name !== '' && cookie.isSecure)
}

function parseSameSite(value = ''): Cookie['sameSite'] {
  const lower = value.toLowerCase()
  return lower === 'strict' || lower === 'lax' || lower === 'none' ? lower : undefined
}

/** Max-Age wins over Expires; what cannot be read is as if it were not there. */
function parseExpiry(maxAge: string | undefined, expires: string | undefined): Date | undefined {
  const latest = Date.now() + maxAgeDays * 86_400_000
  if (maxAge && /^-?\d+$/.test(maxAge)) {
    const seconds = Number(maxAge)
    return new Date(seconds <= 0 ? 0 : Math.min(Date.now() + seconds * 1000, latest))
  }
  const at = expires ? Date.parse(expires) : Number.NaN
  return Number.isNaN(at) ? undefined : new Date(Math.min(at, latest))
}

function defaultPath(pathname: string): string {
  const lastSlash = pathname.lastIndexOf('/')
  return lastSlash <= 0 ? '/' : pathname.slice(0, lastSlash)
}

function isPathMatch(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function isDomainMatch(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && isIP(host) === 0)
}

/** @see https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy */
function isTrustworthy(url: URL): boolean {
  return (
    url.protocol === 'https:' ||
    url.hostname === 'localhost' ||
    url.hostname.endsWith('.localhost') ||
    url.hostname.startsWith('127.') ||
    url.hostname === '[::1]'
  )
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' && character !== '\t')
}
