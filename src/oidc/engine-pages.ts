import type { Context, Middleware } from 'koa'
import { isOwnPage } from '../http/page-shell.ts'
import { engineOf } from './engine.ts'

/** With one of these and a `Location` a browser goes on, and shows no body. */
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Stands directly around the engine: a page that comes out of it and is not ours is a fault of ours.
 * The engine's own pages send themselves on with a script or to an address that our policy stops, and
 * the person would see an empty page. Every known way to one is closed where it begins; this is for
 * the others, those of its next release among them.
 * @throws Error before anything of the page is sent; the log names the engine's route.
 */
export function refuseEnginePages(): Middleware {
  return async (ctx, next) => {
    await next()
    if (ctx.type !== 'text/html' || isRedirect(ctx) || isOwnPage(ctx.body)) return
    const route = engineOf(ctx)?.route ?? 'none'
    throw new Error(`the engine rendered a page of its own (route: ${route})`)
  }
}

/** Koa writes a line of HTML into every redirect. */
function isRedirect(ctx: Context): boolean {
  return redirects.has(ctx.status) && ctx.response.get('Location') !== ''
}
