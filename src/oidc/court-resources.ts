import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { getClient, ourClient } from './engine.ts'
import { courtResources, type EngineClient } from './engine-client.ts'
import { courtResourceServer } from './introspection.ts'

/** What decides whether a client may leave its court open; from the engine or from the directory. */
type ResourceOwner = {
  readonly courts: Parameters<typeof courtResources>[0]
  readonly isSenderConstrained: boolean
  readonly format: 'opaque' | 'jwt' | undefined
}

/**
 * Whether a client has to say which court a token is for. One without an audience is good at all
 * courts of its client, and with a bearer token the server of one court could act at another. A JWT
 * has one audience, and nobody but the client knows which. Source: RFC 9700 section 2.3, RFC 8707.
 */
export function mustNameCourt({ courts, isSenderConstrained, format }: ResourceOwner): boolean {
  return courtResources(courts).length > 1 && (format === 'jwt' || !isSenderConstrained)
}

/** Refuses an access token of a client that has to name a court and did not. */
export function checkNamesCourt(
  client: EngineClient,
  token: { aud?: string | string[] | undefined },
): void {
  if (token.aud === undefined && mustName(client)) throw unnamedCourt(client)
}

/** Courts as resources, in the engine's terms. */
export function resourceSettings() {
  return {
    enabled: true,
    /** `oneOf`: those that were authorized, where a token request names none of them. */
    defaultResource: async (_ctx: unknown, engineClient: Client, oneOf?: readonly string[]) => {
      const client = ourClient(engineClient)
      if (oneOf !== undefined || mustName(client)) throw unnamedCourt(client)
      // An opaque token of one court needs no audience written into it (and so is good at userinfo
      // too): introspection names the court. A JWT names it itself.
      return client.access_token_format === 'jwt' ? courtResources(client.cso_courts)[0] : undefined
    },
    useGrantedResource: async ({ oidc }: KoaContextWithOIDC) => {
      const client = getClient(oidc)
      return client.access_token_format === 'jwt' || mustName(client)
    },
    getResourceServerInfo: async (_ctx: unknown, resource: string, client: Client) => {
      const server = courtResourceServer(ourClient(client), resource)
      if (!server) throw new errors.InvalidTarget('the resource is not a court of this client')
      return server
    },
  }
}

function mustName(client: EngineClient): boolean {
  return mustNameCourt({
    courts: client.cso_courts,
    isSenderConstrained: client.dpopBoundAccessTokens === true,
    format: client.access_token_format,
  })
}

/** Names a few of the courts that the developer can choose from. */
function unnamedCourt({ cso_courts }: EngineClient) {
  const resources = courtResources(cso_courts)
  const named = resources.slice(0, 3).join(' or ')
  return new errors.InvalidTarget(
    `name one of your courts as resource: ${named}${resources.length > 3 ? ' or another' : ''}`,
  )
}
