import { createPublicKey } from 'node:crypto'
import type { Problem } from '../problem.ts'
import type { ClientMetadata } from './metadata.ts'

/** Source: NIST SP 800-131A rev. 2 section 3; FAPI 2.0 Security Profile section 5.4.1. */
const fewestRsaBits = 2048

const curveOf = { ES256: 'P-256' } as const

export type AssertionAlgorithm = NonNullable<ClientMetadata['token_endpoint_auth_signing_alg']>

/**
 * What is wrong with the registered keys: none of them could ever verify an assertion of the client,
 * or not the one that it means.
 * @param algorithms with which the client may sign.
 */
export function keyProblems(
  jwks: ClientMetadata['jwks'],
  algorithms: readonly AssertionAlgorithm[],
): Problem[] {
  const keys = jwks?.keys ?? []
  const problems = keys.flatMap((key, index): Problem[] => {
    const at = (member: string, message: string) => [
      { path: ['jwks', 'keys', index, member], message },
    ]
    if (keys.findIndex(({ kid }) => kid !== undefined && kid === key.kid) < index && key.kid) {
      return at('kid', 'is there twice')
    }
    if (key.use !== undefined && key.use !== 'sig') return at('use', 'must be sig')
    const fitting = algorithms.filter((algorithm) => kindOf(algorithm) === key.kty)
    if (fitting.length === 0) {
      return at('kty', `no ${key.kty} key signs with ${algorithms.join(' or ')}`)
    }
    if (key.alg !== undefined && !(fitting as readonly unknown[]).includes(key.alg)) {
      return at('alg', `must be ${fitting.join(' or ')}`)
    }
    return key.kty === 'EC' ? curveProblem(key, at) : rsaProblem(key, at)
  })
  return problems
}

type Key = NonNullable<ClientMetadata['jwks']>['keys'][number]
type At = (member: string, message: string) => Problem[]

function kindOf(algorithm: AssertionAlgorithm): Key['kty'] {
  return algorithm === 'ES256' ? 'EC' : 'RSA'
}

function curveProblem(key: Key, at: At): Problem[] {
  if (key.crv !== curveOf.ES256) return at('crv', `must be ${curveOf.ES256}`)
  return read(key) ? [] : at('x', 'is no point of the curve, with y')
}

function rsaProblem(key: Key, at: At): Problem[] {
  const details = read(key)?.asymmetricKeyDetails
  if (!details) return at('n', 'is no RSA key, with e')
  const bits = details.modulusLength ?? 0
  if (bits < fewestRsaBits) return at('n', `has ${bits} bits, and needs ${fewestRsaBits} or more`)
  if ((details.publicExponent ?? 0n) < 65_537n) return at('e', 'must be 65537 (AQAB) or more')
  return []
}

function read(key: Key) {
  try {
    return createPublicKey({ key: key as never, format: 'jwk' })
  } catch {
    return undefined
  }
}
