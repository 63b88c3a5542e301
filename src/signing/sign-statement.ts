import { type JWTPayload, SignJWT } from 'jose'
import { type KeySet, privateKeyOf } from './key-set.ts'

/**
 * Signs claims with the key that ES256 signatures are made with; whoever is told them finds it in our JWKS.
 * @param type the `typ` of the header: what is signed for one purpose is none for another (RFC 8725 section 3.11).
 */
export function signStatement({ keys }: KeySet, type: string, claims: JWTPayload): Promise<string> {
  const key = keys.find(({ alg }) => alg === 'ES256')
  if (!key) throw new Error('there is no ES256 key')
  const header = { alg: key.alg, kid: key.kid, typ: type }
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKeyOf(key))
}
