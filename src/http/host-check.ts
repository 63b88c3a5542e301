import type { Context, Middleware } from 'koa'
import type { Log } from '../log.ts'
import { probePaths } from '../paths.ts'
import { requestOf } from './request-context.ts'

const loggedBytes = 255

/**
 * Answers only to its own name: a request for another host, or one that came in the clear where the
 * issuer is https, is misdirected (421). Without this the Host header decides which token endpoint a
 * court is told about. Health probes come by address and are let through.
 * Source: RFC 9110 section 15.5.20; OWASP ASVS 5.0 4.1.3.
 */
export function hostCheck(options: { issuer: string; log: Log }): Middleware {
  const { host, protocol } = new URL(options.issuer)
  const defaultPort = protocol === 'https:' ? '443' : '80'
  return async (ctx, next) => {
    if (probePaths.includes(ctx.path)) return next()
    if (namesSeveralHosts(ctx)) {
      ctx.status = 400
      ctx.type = 'text/plain'
      ctx.body = 'This request names more than one address.\n'
      return
    }
    // With `app.proxy` on these read X-Forwarded-*, which only a trusted proxy can still have sent.
    if (`${ctx.protocol}:` !== protocol || plainHost(ctx.host, defaultPort) !== host) {
      logMisdirected(options.log, ctx)
      ctx.status = 421
      ctx.type = 'text/plain'
      ctx.body = 'This server does not answer for the requested address.\n'
      return
    }
    if (ctx.host !== host) respell(ctx, host)
    await next()
  }
}

/**
 * Node reads the first of several Host lines, Koa the first of a list in one, and a cache or a proxy
 * before us perhaps the last. Source: RFC 9112 section 3.2.
 */
function namesSeveralHosts({ req }: Context): boolean {
  const lines = req.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host')
  return lines.length > 1 || req.headers.host?.includes(',') === true
}

/**
 * Without what makes no difference: capitals, the final dot of a full name, the port that goes without
 * saying. Source: RFC 9110 section 4.2.3; RFC 1034 section 3.1.
 */
function plainHost(host: string, defaultPort: string): string {
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? []
  const plain = name.toLowerCase().replace(/\.$/, '')
  return port === undefined || port === defaultPort ? plain : `${plain}:${port}`
}

/** Whatever is made of the host behind this point is made of the issuer's own spelling. */
function respell(ctx: Context, host: string): void {
  const { headers } = ctx.req
  headers.host = host
  if (headers['x-forwarded-host'] !== undefined) headers['x-forwarded-host'] = host
}

/** The commonest reason is a proxy that is not listed: everything it sends is misdirected then. */
function logMisdirected(log: Log, ctx: Context): void {
  const { requestId, peer } = requestOf(ctx)
  const isUnlistedProxy = peer.isForwarding && !peer.isTrusted
  const seen = {
    requestId,
    host: ctx.host.slice(0, loggedBytes),
    scheme: ctx.protocol,
    peer: peer.address,
    isTrustedProxy: peer.isTrusted,
  }
  if (isUnlistedProxy)
    log.warn(seen, 'request misdirected: its proxy is not in CSO_TRUSTED_PROXIES')
  else log.info(seen, 'request misdirected')
}
