import { type CryptoKey, type JWK, PrivateKeyJwt } from 'openid-client'
import { type Court, type CourtOptions, createOwnDocket } from './court.ts'
import { createRelyingParty } from './relying-party.ts'

/**
 * The district court, with the strongest of the three set-ups: it proves who it is with a private
 * key, so there is no secret to steal; it pushes its requests; its tokens are bound to its keys.
 */
export async function createNcwd(
  options: CourtOptions & { readonly privateKey: JWK },
): Promise<Court> {
  const { privateKey, ...registration } = options
  return {
    id: 'ncwd',
    name: 'U.S. District Court for the Western District of North Carolina',
    technique: 'private_key_jwt (ES256), pushed authorization requests, DPoP',
    relyingParty: createRelyingParty({
      ...registration,
      authentication: PrivateKeyJwt({
        key: await importSigningKey(privateKey),
        ...(privateKey.kid && { kid: privateKey.kid }),
      }),
      pushesRequests: true,
      bindsTokens: true,
    }),
    file: createOwnDocket('ncwd'),
  }
}

function importSigningKey(jwk: JWK): Promise<CryptoKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  return crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
}
