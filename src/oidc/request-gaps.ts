import type Provider from 'oidc-provider'
import { errors, type interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Config } from '../config/config.ts'
import type { EngineClient } from './engine-client.ts'

/** `none` is for our own pages alone. */
export const responseTypes = ['code', 'none'] as const

const supportedTypes: ReadonlySet<string> = new Set(responseTypes)

/**
 * Whether a request of this client must have a code challenge. A client that is registered without one
 * must send a nonce in its place, and ask for the ID token that brings it back; the suite's plans for
 * OpenID Connect send neither, while they run. Source: RFC 9700 section 2.1.1.
 */
export function isPkceRequired(
  { oidc }: KoaContextWithOIDC,
  client: EngineClient,
  { isConformance }: Pick<Config, 'isConformance'>,
): boolean {
  if (client.pkce_required !== false || client.profile === 'fapi2') return true
  if (isConformance || (oidc.params?.['nonce'] && oidc.requestParamScopes.has('openid')))
    return false
  throw new errors.InvalidRequest(
    'a client that is registered without PKCE must send a nonce, with the scope openid',
  )
}

/** What the engine says of an authorization request and cannot be told otherwise. */
export function closeRequestGaps(
  provider: Provider,
  policy: ReturnType<typeof interactionPolicy.base>,
): void {
  // It looks at the mode of the answer before the type, and blames it for a type that is wrong.
  const client = provider.Client.prototype
  const isModeAllowed = client.responseModeAllowed
  client.responseModeAllowed = function afterTheType(mode, responseType, profile) {
    if (responseType === undefined) {
      throw new errors.InvalidRequest("missing required parameter 'response_type'")
    }
    const isSupported = responseType.split(' ').every((type) => supportedTypes.has(type))
    if (!isSupported) throw new errors.UnsupportedResponseType()
    return isModeAllowed.call(this, mode, responseType, profile)
  }

  // A value of `prompt` that is not known is ignored, beside others too. OpenID Connect Core 3.1.2.1.
  const known = new Set(['none', ...policy.flatMap((each) => (each.requestable ? each.name : []))])
  Object.defineProperty(provider.OIDCContext.prototype, 'prompts', {
    get(this: KoaContextWithOIDC['oidc']) {
      const asked = String(this.params?.['prompt'] ?? '').split(' ')
      return new Set(asked.filter((prompt) => known.has(prompt)))
    },
  })
}
