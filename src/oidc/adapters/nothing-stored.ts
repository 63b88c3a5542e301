import type { Adapter } from 'oidc-provider'

/** Stores nothing and finds nothing: what a model of the engine does not use, or uses elsewhere. */
export const nothingStored: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
}
