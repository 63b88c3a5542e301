import type { Middleware } from 'koa'
import { writeProblem } from '../http/program-problem.ts'
import { enginePaths, postOnlyPaths } from '../paths.ts'

const crossOriginHeaders = ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers']

/**
 * What HTTP and OAuth ask of an answer to a program, and the engine leaves out: endpoints for POST say
 * so, every 401 names a challenge, and tokens are kept out of the caches of HTTP/1.0 too. Scripts of
 * other origins are let in nowhere: whoever calls here has a secret, and no browser has one.
 * @see https://www.rfc-editor.org/rfc/rfc9110 sections 15.5.2 and 15.5.6
 * @see https://www.rfc-editor.org/rfc/rfc6749 section 5.1; RFC 9126 section 2.3 (405)
 */
export function completeAnswers(options: { issuer: string }): Middleware {
  const postOnly = new Set(postOnlyPaths)
  return async (ctx, next) => {
    const isUserinfo = ctx.path === enginePaths.userinfo
    if (!isUserinfo && !postOnly.has(ctx.path)) return next()
    // A browser's question before a call. The engine would name the asking origin as one that may.
    if (ctx.method === 'OPTIONS') {
      ctx.status = 204
      ctx.set('Allow', isUserinfo ? 'GET, HEAD, POST, OPTIONS' : 'POST, OPTIONS')
      return
    }
    if (!isUserinfo && ctx.method !== 'POST') {
      ctx.set('Allow', 'POST')
      return writeProblem(ctx, 405, 'only POST is accepted here')
    }
    if (ctx.path === enginePaths.token) ctx.set('Pragma', 'no-cache')
    await next()
    for (const name of crossOriginHeaders) ctx.remove(name)
    if (!isUserinfo && ctx.status === 401 && !ctx.response.get('WWW-Authenticate')) {
      ctx.set('WWW-Authenticate', `Basic realm="${options.issuer}"`)
    }
  }
}
