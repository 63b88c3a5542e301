import {
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible'
import type { Limit } from '../config/limits.ts'
import { UnavailableError } from '../errors.ts'
import type { Database } from './db.ts'
import type { RedisStore } from './redis.ts'

/** Counts events per key in a window, shared by all processes; atomic. */
export type WindowCounter = {
  /** Counts one more; `retryAfterSeconds` is set when it was one too many. */
  count(key: string): Promise<{ readonly retryAfterSeconds: number | undefined }>
  /** Takes one of them back. Fails when the store does not answer. */
  giveBack(key: string): Promise<void>
}

/**
 * A counter named `name` in Redis where there is one, else in the table `rate_limits`.
 * `count` fails with an UnavailableError when the store does not answer: limits fail closed.
 */
export function createWindowCounter(
  name: string,
  limit: Limit,
  stores: { db: Database; redis: RedisStore | undefined },
): WindowCounter {
  const options = { keyPrefix: name, points: limit.points, duration: limit.seconds }
  const limiter: RateLimiterStoreAbstract = stores.redis
    ? new RateLimiterRedis({
        ...options,
        keyPrefix: `${stores.redis.prefix}${name}`,
        storeClient: stores.redis.client,
      })
    : new RateLimiterPostgres({
        ...options,
        storeClient: {
          query: async (statement: { name?: string; text: string; values?: unknown[] }) => {
            const named = { name: statement.name ?? `${name}-limit`, text: statement.text }
            const rows = await stores.db.query(named, statement.values ?? [])
            return { rows, rowCount: rows.length }
          },
        },
        storeType: 'client',
        tableName: 'rate_limits',
        tableCreated: true,
        clearExpiredByTimeout: false,
      })

  return {
    async count(key) {
      try {
        await limiter.consume(key)
        return { retryAfterSeconds: undefined }
      } catch (outcome) {
        if (!(outcome instanceof RateLimiterRes)) {
          throw new UnavailableError('the limits cannot be counted', { cause: outcome })
        }
        return { retryAfterSeconds: Math.max(1, Math.ceil(outcome.msBeforeNext / 1000)) }
      }
    },
    async giveBack(key) {
      await limiter.reward(key)
    },
  }
}

/** Which windows are over; `$1` is the moment. Milliseconds since 1970, as rate-limiter-flexible writes them. */
export const windowSweep = {
  table: 'rate_limits',
  key: 'key',
  isOver: 'expire < floor(extract(epoch FROM $1::timestamptz) * 1000)',
} as const
