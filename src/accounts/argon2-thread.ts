import { hashRawSync } from '@node-rs/argon2'
import { afterRest } from './thread-rest.ts'

/** What argon2id is asked to compute; `password` is in its normal form, `memoryCost` in KiB. */
export type Argon2Task = {
  readonly password: string
  readonly salt: Uint8Array
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
  readonly tagLength: number
  /** Of `afterRest`. */
  readonly restShare: number
}

const argon2id = 2
const version0x13 = 1

/** The body of a thread that does nothing else (`password.ts` starts it): it may block. */
export function computeArgon2id(task: Argon2Task): Uint8Array {
  const { password, salt, memoryCost, timeCost, parallelism, tagLength, restShare } = task
  return afterRest(restShare, () =>
    hashRawSync(password, {
      algorithm: argon2id,
      version: version0x13,
      memoryCost,
      timeCost,
      parallelism,
      outputLen: tagLength,
      salt,
    }),
  )
}
