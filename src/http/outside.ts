import type { Middleware } from 'koa'
import compose from 'koa-compose'
import { isEnginePath } from '../paths.ts'

/** Runs `middlewares` for every path that is not the engine's; its requests pass none of our routers. */
export function outsideEngine(middlewares: readonly unknown[]): Middleware {
  const composed = compose(middlewares as Middleware[])
  return (ctx, next) => (isEnginePath(ctx.path) ? next() : composed(ctx, next))
}
