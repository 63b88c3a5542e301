import { isIP } from 'node:net'
import type { Path, Problem } from '../problem.ts'
import type { ClientMetadata } from './metadata.ts'

const maximumUriBytes = 512

/** Answers are told in these; an address that has one already would be told apart by nobody. */
const answerMembers = ['code', 'state', 'iss', 'error', 'error_description']

export type AddressRules = {
  /** Loopback is taken, by its number and in plain http, too: where the issuer itself is there. */
  readonly allowsLoopback: boolean
}

/** What is wrong with the addresses of a registration. */
export function addressProblems(metadata: Partial<ClientMetadata>, rules: AddressRules): Problem[] {
  const check = (path: Path, uri: string | undefined): Problem[] => {
    const problem = uri === undefined ? undefined : uriProblem(uri, rules)
    return problem ? [{ path, ...problem }] : []
  }
  const checkAll = (member: string, uris: readonly string[] = []) =>
    uris.flatMap((uri, index) => [
      ...check([member, index], uri),
      ...(uris.indexOf(uri) < index ? [{ path: [member, index], message: 'is there twice' }] : []),
    ])
  return [
    ...checkAll('redirect_uris', metadata.redirect_uris),
    ...(metadata.redirect_uris ?? []).flatMap((uri, index) =>
      answerProblem(uri).map((message) => ({ path: ['redirect_uris', index], message })),
    ),
    ...checkAll('post_logout_redirect_uris', metadata.post_logout_redirect_uris),
    ...check(['initiate_login_uri'], metadata.initiate_login_uri),
    ...check(['client_uri'], metadata.client_uri),
    ...check(['jwks_uri'], metadata.jwks_uri),
  ]
}

/**
 * Compared byte for byte later, and read by browsers in their own way: only an address that everybody
 * reads the same is let in. Source: RFC 9700 section 2.1; WHATWG URL (what a parser makes of a blank,
 * a back-slash or a number as a host).
 */
function uriProblem(
  uri: string,
  rules: AddressRules,
): Pick<Problem, 'message' | 'suggestion'> | undefined {
  if (Buffer.byteLength(uri) > maximumUriBytes) {
    return { message: `is longer than ${maximumUriBytes} bytes` }
  }
  if (/[\s\p{Cc}]/u.test(uri)) {
    return { message: 'has a blank', suggestion: withoutBlanks(uri) }
  }
  if (uri.includes('\\')) {
    return { message: 'has a back-slash', suggestion: uri.replaceAll('\\', '/') }
  }
  const url = URL.parse(uri)
  if (!url) return { message: 'is not a URL' }
  if (uri.includes('#')) return { message: 'must not have a fragment' }
  if (url.username || url.password) {
    return { message: 'must not contain a user name or password' }
  }
  if (uri.includes('*')) return { message: 'must not contain a wildcard' }
  if (isLoopback(url) && rules.allowsLoopback && /^https?:$/.test(url.protocol)) return undefined
  if (url.protocol !== 'https:') return { message: 'must be https' }
  return hostProblem(uri, url) ?? pathProblem(uri, url)
}

function hostProblem(uri: string, url: URL) {
  const { hostname } = url
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) {
    return { message: 'has a number as its host; a court has a name' }
  }
  const written = /^[a-z]+:\/\/([^/?#]*)/i.exec(uri)?.[1] ?? ''
  if (/[^\x20-\x7e]/.test(written) || hostname.split('.').some((part) => part.startsWith('xn--'))) {
    return {
      message: 'has letters in its host that can look like others; only a to z, 0 to 9 and -',
    }
  }
  if (hostname.endsWith('.')) return { message: 'has a point at the end of its host' }
  return undefined
}

function pathProblem(uri: string, url: URL) {
  if (/[^\x21-\x7e]/.test(uri)) {
    return { message: 'has characters that must be percent-encoded', suggestion: url.href }
  }
  if (/%(?![0-9a-f]{2})/i.test(uri)) return { message: 'has a "%" that encodes nothing' }
  // A browser takes `/a/../b` for `/b`, and the two are not the same address here.
  const [path = ''] = uri.split('?')
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(path)) {
    return { message: 'has "." or ".." in its path', suggestion: url.href }
  }
  return undefined
}

function answerProblem(uri: string): string[] {
  const query = URL.parse(uri)?.searchParams
  return answerMembers
    .filter((member) => query?.has(member))
    .map((member) => `has "${member}" in its query, which the answer brings`)
}

function withoutBlanks(uri: string): string | undefined {
  const trimmed = uri.trim()
  return /[\s\p{Cc}]/u.test(trimmed) ? undefined : trimmed
}

function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
