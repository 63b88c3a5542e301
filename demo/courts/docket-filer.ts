import { ClientSecretBasic } from 'openid-client'
import { type Court, type CourtOptions, createOwnDocket } from './court.ts'
import { createRelyingParty } from './relying-party.ts'

/**
 * A vendor's filing software for three courts, which files at the first of them here. It is no
 * court's own: Central Sign-On asks the person whether it may. Its tokens are good at several courts
 * and so are bound to its key.
 */
export function createDocketFiler(
  options: CourtOptions & { readonly clientSecret: string },
): Court {
  const { clientSecret, ...registration } = options
  return {
    id: 'ncwd',
    name: 'Docket Filer',
    isVendor: true,
    technique: 'client_secret_basic, PKCE, DPoP, as a vendor that needs consent',
    relyingParty: createRelyingParty({
      ...registration,
      authentication: ClientSecretBasic(clientSecret),
      pushesRequests: false,
      bindsTokens: true,
    }),
    file: createOwnDocket('ncwd'),
  }
}
