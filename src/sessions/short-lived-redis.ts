import { epochSeconds } from '../clock.ts'
import type { RedisStore } from '../storage/redis.ts'
import type { Payload } from './payload.ts'
import type { ShortLivedStore } from './short-lived.ts'

/** Longer than anything stored here lives, so that a mark outlasts what it marks. */
const markSeconds = 3600

/** One key, and no other command between the look and the write. */
const replaceIfUnchanged = `local text = redis.call('GET', KEYS[1])
if not text or (cjson.decode(text).revision or 0) ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

/** Models that are used once; only they pay for reading the mark. */
const consumable = new Set(['AuthorizationCode', 'PushedAuthorizationRequest'])

/**
 * Every artifact is one string under one key; that it was used is a key of its own, only ever set. No
 * command spans two hash slots, so a cluster serves it as well as one server does, and no write
 * depends on a read before it.
 */
export function createShortLivedRedis(redis: RedisStore): ShortLivedStore {
  const { client, prefix } = redis
  // The braces make an artifact and its mark share a hash slot.
  const key = (model: string, id: string) => `${prefix}{${model}:${id}}`
  const usedKey = (model: string, id: string) => `${key(model, id)}:used`

  return {
    async upsert(model, id, payload, expiresInSeconds) {
      await client.set(key(model, id), JSON.stringify(payload), 'EX', expiresInSeconds)
    },

    async replace(model, id, revision, payload, expiresInSeconds) {
      const text = JSON.stringify(payload)
      const place = key(model, id)
      const answer = client.eval(replaceIfUnchanged, 1, place, revision, text, expiresInSeconds)
      return (await answer) === 1
    },

    async insertOnce(model, id, expiresInSeconds) {
      return (await client.set(key(model, id), '1', 'EX', expiresInSeconds, 'NX')) === 'OK'
    },

    async find(model, id) {
      const [text, usedAt] = consumable.has(model)
        ? await client.mget(key(model, id), usedKey(model, id))
        : [await client.get(key(model, id))]
      if (!text) return undefined
      const payload = JSON.parse(text) as Payload
      return usedAt ? { ...payload, consumed: Number(usedAt) } : payload
    },

    async consume(model, id) {
      const used = await client.set(usedKey(model, id), epochSeconds(), 'EX', markSeconds, 'NX')
      return used === 'OK'
    },

    async destroy(model, id) {
      await client.unlink(key(model, id))
    },
  }
}
