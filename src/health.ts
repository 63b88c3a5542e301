import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Database } from './storage/db.ts'
import type { RedisStore } from './storage/redis.ts'

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, so the balancer may send it requests;
 * the body names what is missing. The signing key needs no probe: without one the process does not
 * start.
 */
export function healthRoutes(deps: {
  db: Database
  redis: RedisStore | undefined
  isPrepared(): boolean
}): Middleware {
  const router = new Router()

  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' }
  })

  router.get('/readyz', async (ctx) => {
    const [database, redis] = await Promise.all([
      answers(() => deps.db.ping()),
      deps.redis ? answers(() => deps.redis!.ping()) : true,
    ])
    const checks = { database, redis, schema: deps.isPrepared() }
    const isReady = Object.values(checks).every(Boolean)
    ctx.status = isReady ? 200 : 503
    ctx.body = { status: isReady ? 'ready' : 'not-ready', checks }
  })

  return router.routes() as unknown as Middleware
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  try {
    await ping()
    return true
  } catch {
    return false
  }
}
