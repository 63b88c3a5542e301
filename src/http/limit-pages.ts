import type { Context, Middleware } from 'koa'
import type { Fault } from './faults.ts'
import { writeFault } from './faults.ts'
import { networkOf, requestOf } from './request-context.ts'

/**
 * Counts requests for pages per network; beyond the limit 429 with `Retry-After`. What courts' own
 * servers call is not counted here: one court is one address, and proves who it is.
 */
export function limitPages(options: {
  counter: { count(key: string): Promise<{ readonly retryAfterSeconds: number | undefined }> }
  prefixes: readonly string[]
  renderPage(ctx: Context, fault: Fault): string
}): Middleware {
  return async (ctx, next) => {
    if (!options.prefixes.some((prefix) => ctx.path.startsWith(prefix))) return next()
    const { retryAfterSeconds } = await options.counter.count(networkOf(requestOf(ctx).address))
    if (retryAfterSeconds === undefined) return next()
    const fault: Fault = { status: 429, retryAfterSeconds }
    writeFault(ctx, fault, () => options.renderPage(ctx, fault))
  }
}
