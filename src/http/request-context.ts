import { randomUUID } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import { randomToken } from '../ids.ts'
import type { Log } from '../log.ts'
import { loggablePath } from '../loggable-path.ts'
import { forwardedAddress, type Networks, networkList, plainAddress } from '../networks.ts'
import { isAssetPath } from '../paths.ts'

/** What every request knows about itself; read through `requestOf(ctx)`. */
export type RequestContext = {
  /** In the response header, on error pages and in every log line and audit row. */
  readonly requestId: string
  /** The address of the browser or court, as far as trusted proxies tell it. */
  readonly address: string
  /** Who opened the connection: the nearest proxy, where there is one. */
  readonly peer: {
    readonly address: string
    /** In the trusted networks, so that it is believed about proxies. */
    readonly isTrusted: boolean
    /** It spoke of another host or scheme, or for somebody else. */
    readonly isForwarding: boolean
  }
  /** For `script` elements of this response's page. */
  readonly nonce: string
  /** The path came in another spelling than its own. */
  isSpelledOtherwise?: true
  /** What was thrown and caught again before `answerFaults` could see it. */
  fault?: unknown
}

/**
 * The request id as somebody reads it out on the telephone: its first eight characters. The log line
 * and the audit row are found by what their request id begins with.
 */
export function referenceOf({ requestId }: Pick<RequestContext, 'requestId'>): string {
  return requestId.slice(0, 8)
}

/** Where a request comes from, as the audit keeps it. */
export function requestOrigin(ctx: Context): { readonly ip: string; readonly requestId: string } {
  const { address: ip, requestId } = requestOf(ctx)
  return { ip, requestId }
}

export function requestOf(ctx: Context): RequestContext {
  return ctx.state['request'] as RequestContext
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
    const peer = plainAddress(ctx.req.socket.remoteAddress ?? '')
    const headers = ctx.req.headers
    const isTrusted = trusted.has(peer)
    const address = isTrusted ? originOf(headers['x-forwarded-for'], trusted, peer) : peer
    let isForwarding = false
    for (const name of forwardedHeaders) {
      if (headers[name] === undefined) continue
      isForwarding = true
      const isKept = isTrusted && (name === 'x-forwarded-proto' || name === 'x-forwarded-host')
      // Deleting makes the whole object slow for everyone who reads it later, so only where needed.
      if (!isKept) delete headers[name]
    }
    const request = createContext(address, { address: peer, isTrusted, isForwarding })
    ctx.state['request'] = request
    ctx.set('X-Request-Id', request.requestId)
    if (!hasPath(ctx)) {
      ctx.status = 400
      return
    }
    try {
      await next()
    } finally {
      // A page brings a dozen files with it, and they say nothing about anybody.
      const level = isAssetPath(ctx.path) ? 'debug' : 'info'
      if (options.log.isLevelEnabled(level)) {
        options.log[level]({
          requestId: request.requestId,
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

function createContext(address: string, peer: RequestContext['peer']): RequestContext {
  let nonce: string | undefined
  return {
    requestId: randomUUID(),
    address,
    peer,
    // Only pages need one.
    get nonce() {
      nonce ??= randomToken(16)
      return nonce
    },
  }
}

/**
 * The nearest address that is not one of our proxies: what stands left of it may be invented. What is
 * no address ends the way, since nobody knows who stands behind it.
 */
function originOf(header: string | string[] | undefined, trusted: Networks, peer: string): string {
  let origin = peer
  for (const entry of String(header ?? '')
    .split(',')
    .reverse()) {
    const address = forwardedAddress(entry.trim())
    if (address === undefined) break
    origin = address
    if (!trusted.has(address)) break
  }
  return origin
}
