import { hashRawSync } from '@node-rs/argon2'

/** What argon2id is asked to compute; `password` is in its normal form, `memoryCost` in KiB. */
export type Argon2Task = {
  readonly password: string
  readonly salt: Uint8Array
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
  readonly tagLength: number
  /** From 0 to 1: how long to rest after the hash before, as a part of the time that one took. */
  readonly restShare: number
}

const argon2id = 2
const version0x13 = 1

let endedAt = 0
let tookMilliseconds = 0
const neverWoken = new Int32Array(new SharedArrayBuffer(4))

/** The body of a thread that does nothing else (`password.ts` starts it): it may block. */
export function computeArgon2id(task: Argon2Task): Uint8Array {
  const { password, salt, memoryCost, timeCost, parallelism, tagLength, restShare } = task
  const restMilliseconds = endedAt + tookMilliseconds * restShare - performance.now()
  if (restMilliseconds > 0) Atomics.wait(neverWoken, 0, 0, restMilliseconds)

  const startedAt = performance.now()
  const tag = hashRawSync(password, {
    algorithm: argon2id,
    version: version0x13,
    memoryCost,
    timeCost,
    parallelism,
    outputLen: tagLength,
    salt,
  })
  endedAt = performance.now()
  tookMilliseconds = endedAt - startedAt
  return tag
}
