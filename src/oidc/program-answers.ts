import type { Middleware } from 'koa'

/**
 * What HTTP and OAuth ask of an answer to a program, and the engine leaves out: endpoints for POST say
 * so, every 401 names a challenge, and tokens are kept out of the caches of HTTP/1.0 too.
 * @see https://www.rfc-editor.org/rfc/rfc9110 sections 15.5.2 and 15.5.6
 * @see https://www.rfc-editor.org/rfc/rfc6749 section 5.1; RFC 9126 section 2.3 (405)
 */
export function completeAnswers(options: {
  issuer: string
  token: string
  /** The endpoints that take POST alone, the token endpoint among them. */
  postOnly: readonly string[]
}): Middleware {
  const postOnly = new Set(options.postOnly)
  return async (ctx, next) => {
    // OPTIONS is a browser's question before a call; the engine answers it.
    if (postOnly.has(ctx.path) && ctx.method !== 'POST' && ctx.method !== 'OPTIONS') {
      ctx.status = 405
      ctx.set('Allow', 'POST')
      ctx.body = { error: 'invalid_request', error_description: 'only POST is accepted here' }
      return
    }
    if (ctx.path === options.token) ctx.set('Pragma', 'no-cache')
    await next()
    if (postOnly.has(ctx.path) && ctx.status === 401 && !ctx.response.get('WWW-Authenticate')) {
      ctx.set('WWW-Authenticate', `Basic realm="${options.issuer}"`)
    }
  }
}
