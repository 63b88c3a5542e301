import type { RedisStore } from './redis.ts'

export type RedisFacts = {
  readonly version: string
  /** What Redis does when its memory is full; undefined where it does not say. */
  readonly evictionPolicy: string | undefined
  /** By how many seconds this machine's clock is ahead of that of Redis. */
  readonly clockOffsetSeconds: number
}

const waitMilliseconds = 2000

/**
 * What an operator has to know of the Redis there is; of a cluster, of one of its nodes.
 * @throws UnavailableError when it does not answer within two seconds.
 */
export async function readRedisFacts(store: RedisStore): Promise<RedisFacts> {
  await answersWithin(store, performance.now() + waitMilliseconds)
  const info = await store.client.info()
  const member = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const askedAt = Date.now()
  const [seconds = '', microseconds = ''] = (await store.client.time()).map(String)
  const middle = (askedAt + Date.now()) / 2000
  return {
    version: member('redis_version') ?? 'unknown',
    evictionPolicy: member('maxmemory_policy'),
    clockOffsetSeconds: middle - Number(seconds) - Number(microseconds) / 1e6,
  }
}

/** A client that has just been opened is still connecting. */
async function answersWithin(store: RedisStore, until: number): Promise<void> {
  for (;;) {
    try {
      return await store.ping()
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
