import type { AdapterPayload } from 'oidc-provider'
import type { Client } from '../clients/client.ts'

import { decideAssurance } from './assurance.ts'
import {
  type ClaimsRequest,
  namedClaims,
  permittedClaims,
  registeredScopes,
} from './claim-scopes.ts'
import { mustNameCourt } from './court-resources.ts'
import { courtResources } from './engine-client.ts'

/** The contents of a grant, in the engine's terms. */
export type TokenContents = {
  readonly openid: { readonly scope: string; readonly claims: string[] }
  readonly resources: Readonly<Record<string, string>>
}

/**
 * What a code or token gives now: what was written into it at its issue, as far as its client's present
 * registration still holds it. So a scope, a court or a level that is changed is changed for what is
 * out, too; and what a later request of the same session asks for, less or more, changes nothing.
 * @returns undefined where it gives nothing any more: its client or its court is gone, the sign-in is
 * below the level that the client has now, or the client may not refresh, or not without a key.
 */
export function presentContents(
  token: AdapterPayload,
  client: Client | undefined,
): TokenContents | undefined {
  if (!client || isBelowMinimum(token, client)) return undefined
  const registered = registeredScopes(client.metadata.scope)
  const ownResources = courtResources(client.courts)

  if (token.kind === 'RefreshToken' && !registered.has('offline_access')) return undefined
  if (token.kind === 'AccessToken') {
    const [audience] = [token.aud ?? []].flat()
    if (audience !== undefined && !ownResources.includes(audience)) return undefined
    const isSenderConstrained = token['jkt'] !== undefined
    if (client.metadata.dpop_bound_access_tokens && !isSenderConstrained) return undefined
    // Of a client that has got a second court since: it would be good at that one, too.
    const owner = { courts: client.courts, isSenderConstrained, format: 'opaque' as const }
    if (audience === undefined && mustNameCourt(owner)) return undefined
  }

  const scope = (token.scope ?? '').split(' ').filter((name) => registered.has(name))
  const named = [token['resource'] ?? []].flat() as string[]
  const claims = permittedClaims((token.claims ?? {}) as ClaimsRequest, registered)
  return {
    openid: { scope: scope.join(' '), claims: namedClaims(claims) },
    resources: Object.fromEntries(
      named.filter((each) => ownResources.includes(each)).map((each) => [each, scope.join(' ')]),
    ),
  }
}

/** Whether the sign-in that a token comes from is below the level that its client asks for now. */
function isBelowMinimum({ acr, extra }: AdapterPayload, { metadata }: Client): boolean {
  const reached = acr ?? (extra?.['acr'] as string | undefined)
  const request = { voluntary: [], essential: undefined, clientMinimum: metadata.minimum_acr }
  return decideAssurance(request, reached) !== 'met'
}
