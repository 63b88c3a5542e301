import { randomUUID } from 'node:crypto'
import type { BlockList } from 'node:net'
import { isIP, isIPv6 } from 'node:net'
import type { Context, Middleware } from 'koa'
import { networkList } from '../config.ts'
import { randomToken } from '../ids.ts'
import type { Log } from '../log.ts'

/** What every request knows about itself; read through `requestOf(ctx)`. */
export type RequestFacts = {
  /** In the response header, on error pages and in every log line and audit row. */
  readonly requestId: string
  /** The address of the browser or court, as far as trusted proxies tell it. */
  readonly address: string
  /** For `script` elements of this response's page. */
  readonly nonce: string
}

export function requestOf(ctx: Context): RequestFacts {
  return ctx.state['request'] as RequestFacts
}

const forwardedHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
]

/**
 * Gives the request its id, decides whom it comes from, and writes the one log line of it. Headers
 * about proxies count only from a peer in the trusted networks; from anyone else they are removed,
 * so that nothing behind this point can be talked into believing them.
 */
export function requestContext(options: {
  trustedProxies: readonly string[]
  log: Log
}): Middleware {
  const trusted = networkList(options.trustedProxies)
  return async (ctx, next) => {
    const startedAt = performance.now()
    const peer = ctx.req.socket.remoteAddress ?? ''
    const headers = ctx.req.headers
    const isProxied = isInside(trusted, peer)
    const address = isProxied ? forwardedAddress(headers['x-forwarded-for'], trusted, peer) : peer
    for (const name of forwardedHeaders) {
      const isKept = isProxied && (name === 'x-forwarded-proto' || name === 'x-forwarded-host')
      // Deleting makes the whole object slow for everyone who reads it later, so only where needed.
      if (!isKept && headers[name] !== undefined) delete headers[name]
    }
    const facts = createFacts(address)
    ctx.state['request'] = facts
    ctx.set('X-Request-Id', facts.requestId)
    if (!hasPath(ctx)) {
      ctx.status = 400
      return
    }
    try {
      await next()
    } finally {
      if (options.log.isLevelEnabled('info')) {
        options.log.info({
          requestId: facts.requestId,
          method: ctx.method,
          path: loggablePath(ctx.path),
          status: ctx.status,
          milliseconds: Math.round(performance.now() - startedAt),
        })
      }
    }
  }
}

/** The target of a request may be a whole address (RFC 9112 section 3.2.2), and one without a path. */
function hasPath(ctx: Context): boolean {
  try {
    return typeof ctx.path === 'string'
  } catch {
    return false
  }
}

function createFacts(address: string): RequestFacts {
  let nonce: string | undefined
  return {
    requestId: randomUUID(),
    address,
    // Only pages need one.
    get nonce() {
      nonce ??= randomToken(16)
      return nonce
    },
  }
}

/** The nearest address that is not one of our proxies: what stands left of it may be invented. */
function forwardedAddress(
  header: string | string[] | undefined,
  trusted: BlockList,
  peer: string,
): string {
  const hops = String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => isIP(hop))
  return hops.findLast((hop) => !isInside(trusted, hop)) ?? hops[0] ?? peer
}

function isInside(networks: BlockList, address: string): boolean {
  if (!isIP(address)) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return networks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** Interaction identifiers are in the path and are as good as a cookie for fifteen minutes. */
function loggablePath(path: string): string {
  return path.replace(/^(\/(?:sign-in|oidc\/auth)\/)[^/]+/, '$1…')
}

/** One household or office has a whole /64 of IPv6: counted per network, not per address. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  if (address.startsWith('::ffff:')) return address.slice('::ffff:'.length)
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0')
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`
}
