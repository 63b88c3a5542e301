import type { Context, Middleware } from 'koa'
import { caseSensitiveBehind, documentPaths } from '../paths.ts'
import type { Fault } from './faults.ts'
import { writeFault } from './faults.ts'
import { requestOf } from './request-context.ts'

/**
 * Every path has one spelling: small letters, one slash between two parts and none at the end. Routers
 * match others too, while proxies in front, limits and caps compare exactly; so the spelling is settled
 * before anything reads the path, and `refuseSpellings` answers whoever used another.
 * @see docs/decisions/0024-a-path-has-one-spelling.md
 */
export function spellPaths(): Middleware {
  return (ctx, next) => {
    const asked = ctx.path
    const path = spelled(asked)
    if (path !== asked) {
      ctx.path = path
      requestOf(ctx).isSpelledOtherwise = true
    }
    return next()
  }
}

function spelled(path: string): string {
  // By far the most: nothing to do, and nothing to allocate.
  if (/^(?:\/[a-z0-9._~-]+)+$/.test(path) || path === '/') return path
  const short = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
  const small = short.toLowerCase()
  const prefix = caseSensitiveBehind.find((each) => small.startsWith(each))
  return prefix ? prefix + short.slice(prefix.length) : small
}

/** A control character, encoded: no path of ours has one, and PostgreSQL takes no text with NUL. */
const encodedControl = /%(?:[01][0-9a-f]|7f)/i

/**
 * Whoever read a page under another spelling is sent to its own; a form or a call is not taken, and told
 * where it belongs. Public documents are answered: some libraries join an issuer and a path with two
 * slashes, or end the address with one, and follow no redirect.
 */
export function refuseSpellings(options: {
  renderPage(ctx: Context, fault: Fault): string
}): Middleware {
  return (ctx, next) => {
    if (encodedControl.test(ctx.path)) {
      const fault: Fault = { status: 404, retryAfterSeconds: undefined }
      return writeFault(ctx, fault, () => options.renderPage(ctx, fault))
    }
    if (!requestOf(ctx).isSpelledOtherwise || documentPaths.includes(ctx.path)) return next()
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    // To a browser a back-slash is a slash, and the address would be one of another host.
    if (isRead && !ctx.path.includes('\\')) {
      ctx.redirect(`${ctx.path}${ctx.search}`)
      ctx.status = 301
      return
    }
    const fault: Fault = { status: 404, retryAfterSeconds: undefined }
    const detail = `the path is ${ctx.path}, spelled exactly so`
    writeFault(ctx, fault, () => options.renderPage(ctx, fault), detail)
  }
}
