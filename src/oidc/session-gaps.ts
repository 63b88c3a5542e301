import type Provider from 'oidc-provider'
import { engineOf } from './engine.ts'
import type { OpenInteractions } from './open-interactions.ts'

/** Which session the engine goes on with, where it cannot be told otherwise. */
export function closeSessionGaps(provider: Provider, interactions: OpenInteractions): void {
  // At the end of an interaction the engine would send who signed in as somebody else through a page of
  // its own that signs out. The other session ends together with the beginning of this one instead.
  const { Session } = provider
  const { get } = Session
  Session.get = async (ctx) => {
    const session = await get.call(Session, ctx)
    const oidc = engineOf(ctx)
    if (oidc?.route !== 'resume') return session
    const uid = String(ctx['params'].uid)
    const admitted = await interactions.admit(ctx, uid, session, () => new Session())
    oidc.entity('Session', admitted)
    return admitted
  }
}
