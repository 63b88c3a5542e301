import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { type Outcome, ok } from '../outcome.ts'
import { type Unusable, unusable } from './unusable.ts'

/** ES256 is the default signature; RS256 is kept for clients that ask for it. */
export const signingAlgorithms = ['ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** A private signing key as a JWK (RFC 7517) with its algorithm fixed (RFC 8725 section 3.1). */
export type SigningKey = JWK & { kid: string; alg: SigningAlgorithm; use: 'sig' }

export type KeySet = {
  /** In order: of each algorithm the first one signs. */
  readonly keys: readonly SigningKey[]
  /** Made by a first start in development; refused in production. */
  readonly isDevelopment: boolean
}

const keySetSchema = z.object({
  development: z.boolean().default(false),
  keys: z
    .array(
      z.looseObject({
        kty: z.enum(['EC', 'RSA']),
        kid: z.string().min(8).max(128),
        alg: z.enum(signingAlgorithms),
        use: z.literal('sig'),
        d: z.string(),
      }),
    )
    .min(1),
})

/**
 * Reads a private key set from JSON.
 * @returns the set, or in plain words what is wrong with it; the words never contain key material.
 */
export function parseKeySet(text: string): Outcome<KeySet, Unusable> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return unusable('is not JSON')
  }
  const parsed = keySetSchema.safeParse(json)
  if (!parsed.success) {
    return unusable('is not a private JSON Web Key Set with kid, alg and use on every key')
  }
  const kids = new Set<string>()
  for (const key of parsed.data.keys) {
    const problem = keyProblem(key as SigningKey)
    if (problem) return unusable(`key ${key.kid}: ${problem}`)
    if (kids.has(key.kid)) return unusable(`key ${key.kid}: appears twice`)
    kids.add(key.kid)
  }
  for (const alg of signingAlgorithms) {
    if (!parsed.data.keys.some((key) => key.alg === alg)) return unusable(`has no ${alg} key`)
  }
  return ok({ keys: parsed.data.keys as SigningKey[], isDevelopment: parsed.data.development })
}

/**
 * The key in the form in which Node signs with it.
 * @throws Error for one that is corrupt.
 */
export function privateKeyOf(key: SigningKey): KeyObject {
  // Two type libraries describe a JSON Web Key, and one of them has no undefined members.
  return createPrivateKey({ key: key as never, format: 'jwk' })
}

/** RSA keys have at least 3072 bits, elliptic-curve keys lie on P-256. Source: ASVS 5.0 11.2.3. */
function keyProblem(key: SigningKey): string | undefined {
  let details: { modulusLength?: number; namedCurve?: string }
  let type: string | undefined
  try {
    const privateKey = privateKeyOf(key)
    details = privateKey.asymmetricKeyDetails ?? {}
    type = privateKey.asymmetricKeyType
  } catch {
    return 'is corrupt'
  }
  if (key.alg === 'ES256') {
    return type === 'ec' && details.namedCurve === 'prime256v1' ? undefined : 'is not on P-256'
  }
  if (type !== 'rsa') return 'is not an RSA key'
  return (details.modulusLength ?? 0) >= 3072 ? undefined : 'has fewer than 3072 bits'
}

/** A new set with one ES256 and one RS256 (3072 bits) key; the key id is the RFC 7638 thumbprint. */
export async function createKeySet(options: { isDevelopment: boolean }): Promise<KeySet> {
  const keys = await Promise.all(
    signingAlgorithms.map(async (alg): Promise<SigningKey> => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 3072 })
      const jwk = await exportJWK(privateKey)
      const thumbprint = await calculateJwkThumbprint(jwk)
      return { ...jwk, kid: `${options.isDevelopment ? 'dev-' : ''}${thumbprint}`, alg, use: 'sig' }
    }),
  )
  return { keys, isDevelopment: options.isDevelopment }
}

export function serializeKeySet(set: KeySet): string {
  return JSON.stringify({ development: set.isDevelopment, keys: set.keys }, null, 2)
}

/** What courts see at the JWKS endpoint: the same keys without their private members. */
export function publicKeySet(set: KeySet): { keys: JWK[] } {
  return {
    keys: set.keys.map(({ kid, alg, use, ...key }) => ({
      ...(createPublicKey({ key: key as never, format: 'jwk' }).export({ format: 'jwk' }) as JWK),
      kid,
      alg,
      use,
    })),
  }
}
