import { epochSeconds } from '../../clock.ts'
import type { RedisStore } from '../../storage/redis.ts'
import type { Payload } from './payload.ts'
import type { ShortLivedStore } from './short-lived.ts'

/** Longer than anything stored here lives, so that a mark outlasts what it marks. */
const markSeconds = 3600

type Stored = { grantId?: string | undefined; payload: Payload }

/** Models that are used once; only they pay for reading the mark. */
const consumable = new Set(['AuthorizationCode', 'PushedAuthorizationRequest'])

/**
 * Every artifact is one string under one key; what is known about it besides (used, grant revoked)
 * is a key of its own that is only ever set. No command spans two hash slots, so a cluster serves it
 * as well as one server does, and no write depends on a read before it.
 */
export function createShortLivedRedis(redis: RedisStore): ShortLivedStore {
  const { client, prefix } = redis
  // The braces make an artifact and its mark share a hash slot.
  const key = (model: string, id: string) => `${prefix}{${model}:${id}}`
  const usedKey = (model: string, id: string) => `${key(model, id)}:used`
  const revokedKey = (grantId: string) => `${prefix}grant-revoked:${grantId}`

  return {
    async upsert(model, id, grantId, payload, expiresInSeconds) {
      const stored: Stored = { grantId, payload }
      await client.set(key(model, id), JSON.stringify(stored), 'EX', expiresInSeconds)
    },

    async insertOnce(model, id, expiresInSeconds) {
      return (await client.set(key(model, id), '1', 'EX', expiresInSeconds, 'NX')) === 'OK'
    },

    async find(model, id) {
      const [text, usedAt] = consumable.has(model)
        ? await client.mget(key(model, id), usedKey(model, id))
        : [await client.get(key(model, id))]
      if (!text) return undefined
      const { payload, grantId } = JSON.parse(text) as Stored
      if (grantId && (await client.exists(revokedKey(grantId)))) return undefined
      return usedAt ? { ...payload, consumed: Number(usedAt) } : payload
    },

    async consume(model, id) {
      const used = await client.set(usedKey(model, id), epochSeconds(), 'EX', markSeconds, 'NX')
      return used === 'OK'
    },

    async destroy(model, id) {
      await client.unlink(key(model, id))
    },

    async revokeByGrantId(grantId) {
      await client.set(revokedKey(grantId), '1', 'EX', markSeconds)
    },
  }
}
