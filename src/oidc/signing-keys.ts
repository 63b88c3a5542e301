import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'
import type { KeySet, SigningKey } from '../signing/key-set.ts'

/**
 * An ES256 key that signs where it is called. Handing a signature to another thread and taking it
 * back costs more than the 0.05 ms that it takes, and on a busy machine every hand-over waits for a
 * turn. Format of the signature: RFC 7518 section 3.4.
 */
class InPlaceKey extends ExternalSigningKey {
  readonly #private: { key: KeyObject; dsaEncoding: 'ieee-p1363' }
  readonly #public: KeyObject

  constructor(jwk: SigningKey) {
    super()
    const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
    this.#private = { key, dsaEncoding: 'ieee-p1363' }
    this.#public = createPublicKey(key)
    Object.assign(this, { kid: jwk.kid, alg: jwk.alg })
  }

  override keyObject(): KeyObject {
    return this.#public
  }

  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, this.#private)
  }
}

/** The signing keys as the engine takes them; of each algorithm the first one signs. */
export function engineKeys(set: KeySet): (ExternalSigningKey | JWK)[] {
  // RS256 with 3072 bits takes a millisecond: the engine leaves that to another thread.
  return set.keys.map((key) => (key.alg === 'ES256' ? new InPlaceKey(key) : { ...key }))
}
