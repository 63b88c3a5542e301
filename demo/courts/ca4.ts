import { ClientSecretBasic, WWWAuthenticateChallengeError } from 'openid-client'
import type { Court, CourtOptions } from './court.ts'
import { createRelyingParty, type RelyingParty } from './relying-party.ts'

/**
 * The court of appeals. It signs people in, but the docket is kept by another service of the court,
 * which is shown the person's access token and decides by itself (`ca4-api.ts`).
 */
export function createCa4(
  options: CourtOptions & { readonly clientSecret: string; readonly apiUrl: string },
): Court {
  const { clientSecret, apiUrl, ...registration } = options
  const relyingParty = createRelyingParty({
    ...registration,
    authentication: ClientSecretBasic(clientSecret),
    pushesRequests: false,
    bindsTokens: false,
  })
  return {
    id: 'ca4',
    name: 'U.S. Court of Appeals for the Fourth Circuit',
    technique: 'client_secret_basic, PKCE; filing goes through the court’s own API',
    relyingParty,
    file: fileThroughApi(relyingParty, new URL('/file', apiUrl)),
  }
}

function fileThroughApi(relyingParty: RelyingParty, url: URL): Court['file'] {
  return async (signIn) => {
    try {
      const response = await relyingParty.fetch(signIn, url, { title: 'Notice of appearance' })
      if (!response.ok) return { isFiled: false, reason: 'unavailable' }
      const filed = (await response.json()) as { entry: number; filed_by: string }
      return { isFiled: true, entry: filed.entry, by: filed.filed_by }
    } catch (error) {
      const status = error instanceof WWWAuthenticateChallengeError ? error.status : undefined
      if (status === 401) return { isFiled: false, reason: 'sign-in-ended' }
      if (status === 403) return { isFiled: false, reason: 'not-permitted' }
      console.error(`ca4: the filing service failed: ${error}`)
      return { isFiled: false, reason: 'unavailable' }
    }
  }
}
