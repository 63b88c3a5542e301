import Provider, { errors } from 'oidc-provider'
import { type ClientMetadata, clientScopes } from '../clients/metadata.ts'
import type { ClientId } from '../ids.ts'
import type { KeySet } from '../signing/key-set.ts'
import { nothingStored } from './adapters/nothing-stored.ts'
import { clientDefaults, engineRegistration, ownMembers } from './engine-client.ts'

/**
 * Asks the engine whether it could use this registration. A row it cannot use would throw at every
 * request of that court, so it is refused when it is saved.
 * @returns a function that gives undefined, or the problem in the engine's words.
 */
export function createMetadataCheck(issuer: string, signing: KeySet) {
  let engine: Provider | undefined
  return async (id: ClientId, metadata: ClientMetadata): Promise<string | undefined> => {
    engine ??= new Provider(issuer, {
      clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
      responseTypes: ['code', 'none'],
      clientDefaults,
      scopes: [...clientScopes, 'offline_access'],
      extraClientMetadata: { properties: [...ownMembers] },
      features: {
        devInteractions: { enabled: false },
        dPoP: { enabled: true },
        pushedAuthorizationRequests: { enabled: true },
        rpInitiatedLogout: { enabled: true },
      },
      enabledJWA: {
        clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256'],
        idTokenSigningAlgValues: ['ES256', 'RS256'],
      },
      // Registrations are checked; nothing is signed and nothing is stored by this instance.
      jwks: { keys: signing.keys.map((key) => ({ ...key })) },
      adapter: () => nothingStored,
      cookies: { keys: ['unused'] },
    })
    try {
      await engine.Client.validate(engineRegistration(id, metadata))
      return undefined
    } catch (error) {
      if (error instanceof errors.OIDCProviderError) {
        return error.error_description ?? error.message
      }
      throw error
    }
  }
}
