import { ClientSecretBasic } from 'openid-client'
import { type Court, type CourtOptions, createOwnDocket } from './court.ts'
import { createRelyingParty } from './relying-party.ts'

/** A court that is not on NextGen yet: people may look, and file with the court's own old login. */
export function createNcmd(options: CourtOptions & { readonly clientSecret: string }): Court {
  const { clientSecret, ...registration } = options
  return {
    id: 'ncmd',
    name: 'U.S. District Court for the Middle District of North Carolina',
    technique: 'client_secret_basic, PKCE; it is not on NextGen yet',
    relyingParty: createRelyingParty({
      ...registration,
      authentication: ClientSecretBasic(clientSecret),
      pushesRequests: false,
      bindsTokens: false,
    }),
    file: createOwnDocket('ncmd'),
  }
}
