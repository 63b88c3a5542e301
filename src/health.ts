import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { ClockWatch } from './clock-watch.ts'
import { UnavailableError } from './errors.ts'
import { documentPaths, isAssetPath, paths, probePaths } from './paths.ts'
import type { Database } from './storage/db.ts'
import { hasRoom } from './storage/disk-room.ts'
import type { RedisStore } from './storage/redis.ts'
import { version } from './version.ts'
import type { Warnings } from './warnings.ts'

/**
 * `/healthz`: the process answers, and which release it is. `/readyz`: it can serve, so the balancer
 * may send it requests; the body names what is missing, and warns of what will be. The signing key
 * needs no probe: without one the process does not start.
 */
export function healthRoutes(deps: {
  db: Database
  redis: RedisStore | undefined
  clock: ClockWatch
  warnings: Warnings
  isPrepared(): boolean
}): Middleware {
  const router = new Router()
  const { db, redis, clock, warnings } = deps

  router.get(paths.health, (ctx) => {
    ctx.body = { status: 'ok', version }
  })

  router.get(paths.readiness, async (ctx) => {
    const [database, disk, redisAnswers] = await Promise.all([
      answers(() => db.ping()),
      answers(() => hasRoom(db)),
      redis ? answers(() => redis.takesWrites()) : true,
    ])
    const checks = {
      database,
      // Of a database that is away nothing is known but that.
      disk: disk || !database,
      redis: redisAnswers,
      schema: deps.isPrepared(),
      clock: !clock.isOff,
    }
    const isReady = Object.values(checks).every(Boolean)
    ctx.status = isReady ? 200 : 503
    ctx.body = { status: isReady ? 'ready' : 'not-ready', checks, warnings: warnings.current }
  })

  return router.routes() as unknown as Middleware
}

/**
 * Refuses everything that depends on the time of day while this machine's clock is off: a code that
 * is over before it is redeemed looks to a court like a fault of its own. Probes, documents and assets
 * say nothing that depends on the time.
 */
export function serveInTime(clock: ClockWatch): Middleware {
  const exempt = new Set([...probePaths, ...documentPaths])
  return async (ctx, next) => {
    if (clock.isOff && !exempt.has(ctx.path) && !isAssetPath(ctx.path)) {
      throw new UnavailableError("this machine's clock is not the database's")
    }
    await next()
  }
}

async function answers(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch {
    return false
  }
}
