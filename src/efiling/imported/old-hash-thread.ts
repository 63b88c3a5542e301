import { hashRawSync, parseOptions } from '@node-rs/argon2'
import { hashSync } from 'bcryptjs'
import { encrypt } from 'unixcrypt'
import { afterRest } from '../../accounts/thread-rest.ts'

/** The hash that is laid over an old one: argon2id under the pepper. */
export type OuterHash = {
  readonly memoryCost: number
  readonly timeCost: number
  readonly secret: Uint8Array
}

export type CheckTask = OuterHash & {
  readonly typed: string
  readonly settings: string
  readonly salt: Uint8Array
  readonly restShare: number
}

export type WrapTask = OuterHash & {
  /** Old hashes, each as a whole, with the salt of the outer one. */
  readonly hashes: readonly { readonly text: string; readonly salt: Uint8Array }[]
  readonly restShare: number
}

/** What the old system would have stored for this password, under the outer hash. */
export function computeOldThenOuter({ typed, settings, salt, restShare, ...outer }: CheckTask) {
  return afterRest(restShare, () => computeOuter(oldHash(typed, settings), salt, outer))
}

export function computeOuterHashes({ hashes, restShare, ...outer }: WrapTask) {
  return afterRest(restShare, () => hashes.map(({ text, salt }) => computeOuter(text, salt, outer)))
}

function computeOuter(text: string, salt: Uint8Array, outer: OuterHash): Uint8Array {
  const { memoryCost, timeCost, secret } = outer
  return hashRawSync(text, {
    algorithm: 2,
    version: 1,
    memoryCost,
    timeCost,
    parallelism: 1,
    outputLen: 32,
    salt,
    secret,
  })
}

/** @param settings as `readOldHash` gives them: everything in front of the hash. */
function oldHash(password: string, settings: string): string {
  if (settings.startsWith('$2')) return `${settings}${hashSync(password, settings).slice(29)}`
  if (settings.startsWith('$6$')) {
    return `${settings}${encrypt(password, settings.slice(0, -1)).split('$').at(-1)}`
  }
  // What the library reads is a whole hash; the one that stands here has the length of the real one.
  const [encoded = '', length = '32'] = settings.split('|')
  const { algorithm, version, memoryCost, timeCost, parallelism } = parseOptions(
    `${encoded}${Buffer.alloc(Number(length)).toString('base64').replace(/=+$/, '')}`,
  )
  const raw = hashRawSync(password, {
    algorithm,
    version,
    memoryCost,
    timeCost,
    parallelism,
    outputLen: Number(length),
    salt: Buffer.from(encoded.split('$').at(-2) ?? '', 'base64'),
  })
  return `${settings}${raw.toString('base64').replace(/=+$/, '')}`
}
