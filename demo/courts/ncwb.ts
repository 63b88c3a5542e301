import { ClientSecretBasic } from 'openid-client'
import { type Court, type CourtOptions, createOwnDocket } from './court.ts'
import { createRelyingParty } from './relying-party.ts'

/** The bankruptcy court, with the least that is accepted: a shared secret, and PKCE. */
export function createNcwb(options: CourtOptions & { readonly clientSecret: string }): Court {
  const { clientSecret, ...registration } = options
  return {
    id: 'ncwb',
    name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
    technique: 'client_secret_basic, PKCE',
    relyingParty: createRelyingParty({
      ...registration,
      authentication: ClientSecretBasic(clientSecret),
      pushesRequests: false,
      bindsTokens: false,
    }),
    file: createOwnDocket('ncwb'),
  }
}
