import type { Client, default as Provider } from 'oidc-provider'
import type { Client as RegisteredClient } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { epochSeconds } from '../clock.ts'
import type { ShortLivedStore } from '../sessions/short-lived.ts'
import { refuseSecondMechanism } from './client-authentication.ts'
import { buildClient, currentRequest, ourClient } from './engine.ts'
import { compareSecret, engineMetadata } from './engine-client.ts'

/** How the engine finds clients and lets them prove themselves, and cannot be configured to do otherwise. */
export function closeClientGaps(
  provider: Provider,
  deps: {
    readonly directory: ClientDirectory
    readonly shortLived: ShortLivedStore
    storedId(id: string): string
  },
): void {
  // Two hashed secrets in rotation, in place of one compared in clear.
  const client = provider.Client.prototype
  client.compareClientSecret = function withOurs(presented) {
    refuseSecondMechanism(currentRequest())
    return compareSecret(ourClient(this), presented)
  }
  // Every ID token names its session, whether or not the client takes logout notices.
  client.includeSid = () => true

  // A client is built once and not again for every request: the engine hashes the whole registration
  // to see whether it knows it, several times in each.
  const built = new WeakMap<RegisteredClient, Client>()
  provider.Client.find = async (id) => {
    const registered = typeof id === 'string' ? await deps.directory.find(id) : undefined
    if (!registered) return undefined
    const known = built.get(registered) ?? buildClient(provider, engineMetadata(registered))
    built.set(registered, known)
    return known
  }

  // Replay detection in one step: find-then-save lets two of the same through.
  provider.ReplayDetection.unique = (issuer, jti, expiresAt) =>
    deps.shortLived.insertOnce(
      'ReplayDetection',
      deps.storedId(JSON.stringify([issuer, jti])),
      Math.max(1, Math.ceil(expiresAt - epochSeconds())),
    )
}
