import type { Middleware } from 'koa'

/**
 * Answers only to its own name: a request for another host, or one that came in the clear where the
 * issuer is https, is misdirected (421). Without this the Host header decides which token endpoint a
 * court is told about. Health probes come by address and are let through.
 * Source: RFC 9110 section 15.5.20; OWASP ASVS 5.0 4.1.3.
 */
export function hostCheck(issuer: string, exempt: readonly string[]): Middleware {
  const { host, protocol } = new URL(issuer)
  return async (ctx, next) => {
    if (exempt.includes(ctx.path)) return next()
    // With `app.proxy` on these read X-Forwarded-*, which only a trusted proxy can still have sent.
    const isMisdirected = ctx.host !== host || `${ctx.protocol}:` !== protocol
    if (isMisdirected) {
      ctx.status = 421
      ctx.type = 'text/plain'
      ctx.body = 'This server does not answer for the requested address.\n'
      return
    }
    await next()
  }
}
