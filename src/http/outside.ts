import type { Middleware } from 'koa'
import compose from 'koa-compose'

/** Runs `middlewares` for paths outside `prefix`; a request inside it passes none of their routers. */
export function outside(prefix: string, middlewares: readonly unknown[]): Middleware {
  const composed = compose(middlewares as Middleware[])
  return (ctx, next) => (ctx.path.startsWith(prefix) ? next() : composed(ctx, next))
}
