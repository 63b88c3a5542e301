import { randomBytes, timingSafeEqual } from 'node:crypto'
import { parseOptions } from '@node-rs/argon2'
import { getRounds } from 'bcryptjs'
import { maximumPasswordBytes, type Passwords, type ThreadWork } from '../../accounts/password.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Pepper } from '../../signing/secrets.ts'
import type {
  CheckTask,
  computeOldThenOuter,
  computeOuterHashes,
  WrapTask,
} from './old-hash-thread.ts'

/**
 * What of an old password is kept: how it was hashed, in clear, and argon2id under the pepper over the old
 * hash, which is no longer there. A dump alone cannot be guessed against (decision 0122).
 */
export type OldPassword = { readonly settings: string; readonly hash: string }

/** Read from a file: everything in front of the hash, and the hash. */
export type OldHash = OldPassword

/** What is taken, for whoever sent something else. One check takes a core for half a second at most. */
export const takenOldHashes: readonly string[] = [
  'bcrypt ($2a$, $2b$ or $2y$) with a cost from 8 to 12',
  'SHA-512-crypt ($6$) with 5,000 to 100,000 rounds',
  'argon2id or argon2i in encoded form, with 4 to 128 MiB, at most 8 passes and 256 MiB in all of them, and a hash of 16 to 64 bytes',
]

const bcryptPattern = /^(\$2[aby]\$\d\d\$[./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/
const sha512Pattern = /^(\$6\$(?:rounds=([1-9]\d*)\$)?[./0-9A-Za-z]{1,16}\$)([./0-9A-Za-z]{86})$/
const argon2Pattern =
  /^(\$argon2id?\$(?:v=19\$)?m=\d{1,10},t=\d{1,10},p=\d{1,3}\$[A-Za-z0-9+/]+\$)([A-Za-z0-9+/]+)$/
const longestHash = 256

const kibPerMib = 1024

/** Reads the hash of an old system, strictly: nothing around it, and nothing weaker or dearer than is taken. */
export function readOldHash(
  text: string,
): Outcome<OldHash, 'not-a-hash' | 'too-weak' | 'too-costly'> {
  if (text.length > longestHash) return refused('not-a-hash')
  const bcrypt = bcryptPattern.exec(text)
  if (bcrypt) return within(getRounds(text), [8, 12], bcrypt[1], bcrypt[2])
  const sha512 = sha512Pattern.exec(text)
  if (sha512) return within(Number(sha512[2] ?? 5000), [5000, 100_000], sha512[1], sha512[3])
  const argon2 = argon2Pattern.exec(text)
  return argon2 ? readArgon2(text, argon2[1], argon2[2]) : refused('not-a-hash')
}

function readArgon2(text: string, start = '', hash = ''): ReturnType<typeof readOldHash> {
  const read = parsed(text)
  // What the library reads in more than one spelling is no hash that a library wrote.
  if (!read || Buffer.from(hash, 'base64').toString('base64').replace(/=+$/, '') !== hash) {
    return refused('not-a-hash')
  }
  const { memoryCost, timeCost, parallelism, outputLen, saltLen } = read
  if (memoryCost < 4 * kibPerMib || outputLen < 16 || saltLen < 8) return refused('too-weak')
  const isCostly =
    memoryCost > 128 * kibPerMib ||
    timeCost > 8 ||
    memoryCost * timeCost > 256 * kibPerMib ||
    parallelism > 16 ||
    outputLen > 64
  return isCostly ? refused('too-costly') : ok({ settings: `${start}|${outputLen}`, hash })
}

function parsed(text: string): ReturnType<typeof parseOptions> | undefined {
  try {
    return parseOptions(text)
  } catch {
    return undefined
  }
}

function within(
  cost: number,
  [least, most]: readonly [number, number],
  settings = '',
  hash = '',
): ReturnType<typeof readOldHash> {
  if (cost < least) return refused('too-weak')
  return cost > most ? refused('too-costly') : ok({ settings, hash })
}

/** About half a millisecond: the slow one is the inner, and a hundred thousand are wrapped in a minute. */
const outerCost = { memoryCost: 1024, timeCost: 1 } as const
/** As many as take about as long as one password, so that who signs in waits no longer than for somebody else. */
const perTask = 25

const file = new URL('./old-hash-thread.ts', import.meta.url)
const checking: ThreadWork<CheckTask, ReturnType<typeof computeOldThenOuter>> = {
  file,
  name: 'computeOldThenOuter',
}
const wrapping: ThreadWork<WrapTask, ReturnType<typeof computeOuterHashes>> = {
  file,
  name: 'computeOuterHashes',
}

type Hashing = Pick<Passwords, 'inThread' | 'peppers'>

/**
 * Lays the outer hash over old ones, a few at a time.
 * @returns what is to be stored, in the same order.
 * @throws UnavailableError as `Passwords.verify` does.
 */
export async function wrapOldHashes(
  passwords: Hashing,
  hashes: readonly OldHash[],
): Promise<OldPassword[]> {
  const [pepper] = passwords.peppers
  const salted = hashes.map((hash) => ({ hash, salt: randomBytes(16) }))
  const tags = await outerHashes(passwords, pepper, salted)
  return salted.map(({ hash, salt }, index) => ({
    settings: hash.settings,
    hash: formatOuter(pepper, salt, tags[index]!),
  }))
}

/**
 * Which of these hashes is what is stored already, whatever the pepper and the salt that it lies under.
 * @param pairs the hash of a file and what is stored.
 */
export async function areStoredAlready(
  passwords: Hashing,
  pairs: readonly { readonly hash: OldHash; readonly stored: OldPassword }[],
): Promise<boolean[]> {
  const same: boolean[] = pairs.map(() => false)
  for (const pepper of passwords.peppers) {
    const ofPepper = pairs.flatMap(({ hash, stored }, index) => {
      const outer = parseOuter(stored.hash)
      const isAsked = outer?.pepperId === pepper.id && hash.settings === stored.settings
      return isAsked ? [{ index, hash, ...outer }] : []
    })
    const tags = await outerHashes(passwords, pepper, ofPepper)
    for (const [place, { index, tag }] of ofPepper.entries()) {
      same[index] = timingSafeEqual(tag, tags[place]!)
    }
  }
  return same
}

async function outerHashes(
  passwords: Hashing,
  pepper: Pepper,
  salted: readonly { readonly hash: OldHash; readonly salt: Buffer }[],
): Promise<Uint8Array[]> {
  const tags: Uint8Array[] = []
  for (let start = 0; start < salted.length; start += perTask) {
    const hashes = salted
      .slice(start, start + perTask)
      .map(({ hash, salt }) => ({ text: `${hash.settings}${hash.hash}`, salt }))
    const task = { hashes, ...outerCost, secret: pepper.key }
    tags.push(...(await passwords.inThread(wrapping, task)))
  }
  return tags
}

/** Where the court's import says nothing else: the usual kind of a hash of that age. */
const commonSettings = '$2b$10$abcdefghijklmnopqrstuu'

/**
 * Whether somebody knows the old password. Without one (no such account, or none was imported) it works just
 * as long and answers no.
 * @param likely settings that an account of this court has (`findLikelySettings`), which the work is done with
 * where there is no password.
 * @throws UnavailableError as `Passwords.verify` does.
 */
export async function checkOldPassword(
  passwords: Hashing,
  stored: OldPassword | undefined,
  typed: string,
  likely: string = commonSettings,
): Promise<boolean> {
  const outer = stored && parseOuter(stored.hash)
  const pepper = outer
    ? passwords.peppers.find(({ id }) => id === outer.pepperId)
    : passwords.peppers[0]
  if (!pepper) throw new Error('an old password needs a pepper that is not configured')
  const isTooLong = Buffer.byteLength(typed) > maximumPasswordBytes
  const tag = await passwords.inThread(checking, {
    typed: isTooLong ? '' : typed,
    settings: stored?.settings ?? likely,
    salt: outer?.salt ?? randomBytes(16),
    ...outerCost,
    secret: pepper.key,
  })
  return outer !== undefined && !isTooLong && timingSafeEqual(tag, outer.tag)
}

function formatOuter({ id }: Pepper, salt: Buffer, tag: Uint8Array): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
  const { memoryCost: m, timeCost: t } = outerCost
  return `keyed:${id}$argon2id$v=19$m=${m},t=${t},p=1$${base64(salt)}$${base64(tag)}`
}

const outerPattern =
  /^keyed:([a-z0-9-]+)\$argon2id\$v=19\$m=1024,t=1,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

function parseOuter(text: string): { pepperId: string; salt: Buffer; tag: Buffer } {
  const [, pepperId, salt, tag] = outerPattern.exec(text) ?? []
  if (pepperId === undefined || salt === undefined || tag === undefined) {
    throw new Error('an old password is not stored in the expected form')
  }
  return { pepperId, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}
