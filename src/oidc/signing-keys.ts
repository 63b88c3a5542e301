import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'
import {
  type KeySet,
  privateKeyOf,
  type SigningAlgorithm,
  type SigningKey,
} from '../signing/key-set.ts'

/**
 * An ES256 key that signs where it is called. Handing a signature to another thread and taking it
 * back costs more than the 0.05 ms that it takes, and on a busy machine every hand-over waits for a
 * turn.
 */
class InPlaceKey extends ExternalSigningKey {
  readonly #private: KeyObject
  readonly #public: KeyObject

  constructor(jwk: SigningKey) {
    super()
    this.#private = privateKeyOf(jwk)
    this.#public = createPublicKey(this.#private)
    Object.assign(this, { kid: jwk.kid, alg: jwk.alg })
  }

  override keyObject(): KeyObject {
    return this.#public
  }

  override sign(data: Uint8Array): Uint8Array {
    // Asked for this form Node takes twice as long: it first tries whether its options are a key.
    return joinedSignature(sign('sha256', data, this.#private))
  }
}

const integerBytes = 32

/**
 * The two integers of an ECDSA signature on P-256 side by side, as RFC 7518 section 3.4 has them.
 * @param der the same as an ASN.1 sequence of two integers, each without leading zeros but with one
 *   where its first bit is set (ITU-T X.690 section 8.3).
 */
export function joinedSignature(der: Uint8Array): Uint8Array {
  const joined = new Uint8Array(2 * integerBytes)
  let at = 2
  for (const end of [integerBytes, 2 * integerBytes]) {
    const length = der[at + 1]!
    const integer = der.subarray(at + 2, at + 2 + length).subarray(-integerBytes)
    joined.set(integer, end - integer.length)
    at += 2 + length
  }
  return joined
}

/** The signing keys as the engine takes them; of each algorithm the first one signs. */
export function engineKeys(set: KeySet): (ExternalSigningKey | JWK)[] {
  // RS256 with 3072 bits takes a millisecond: the engine leaves that to another thread.
  return set.keys.map((key) => (key.alg === 'ES256' ? new InPlaceKey(key) : { ...key }))
}

/** The bytes of a signature in base64url, with the key that signs in this algorithm. */
export function signatureBytes({ keys }: KeySet, algorithm: SigningAlgorithm): number {
  const modulus = keys.find(({ alg }) => alg === algorithm)?.n
  // RSA signatures are as long as the modulus; on P-256 they are two integers.
  const bytes = modulus ? Buffer.from(modulus, 'base64url').length : 2 * integerBytes
  return Math.ceil((bytes * 4) / 3)
}
