import { createHmac, hash, type KeyObject, randomFillSync, randomUUID } from 'node:crypto'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** The subject identifier of an account: a UUID, opaque to courts, never reassigned. */
export type AccountId = Branded<'AccountId'>
/** A court's CM/ECF label in lower case, for example `ncwd`. */
export type CourtId = Branded<'CourtId'>
/** The `client_id` of a court's or vendor's application. */
export type ClientId = Branded<'ClientId'>

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const courtIdPattern = /^[a-z][a-z0-9]{1,9}$/
export const clientIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

export function newAccountId(): AccountId {
  return randomUUID() as AccountId
}

/** Whether something is an id of one of our rows, in the form in which paths have it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value)
}

export function isAccountId(value: unknown): value is AccountId {
  return typeof value === 'string' && uuidPattern.test(value)
}

export function isCourtId(value: unknown): value is CourtId {
  return typeof value === 'string' && courtIdPattern.test(value)
}

export function isClientId(value: unknown): value is ClientId {
  return typeof value === 'string' && clientIdPattern.test(value)
}

/** Tells what somebody puts into a list from the rest of it: small letters and digits, safe in a path. */
export function newListId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12)
}

/**
 * `bytes` random bytes in base64url: 32 bytes are the 256 bits of a secret. Each byte is used once; asking
 * the operating system for a few thousand at a time costs a tenth of asking for each token.
 */
export function randomToken(bytes = 32): string {
  if (nextRandom + bytes > randomPool.length) {
    randomFillSync(randomPool)
    nextRandom = 0
  }
  const own = randomPool.subarray(nextRandom, nextRandom + bytes)
  nextRandom += bytes
  const token = own.toString('base64url')
  own.fill(0)
  return token
}

const randomPool = Buffer.allocUnsafeSlow(4096)
let nextRandom = randomPool.length

/**
 * The form in which a secret identifier (session, code, token) is stored: a dump of the store must
 * not be a bag of live sessions. (A KeyObject, since from a Buffer an HMAC takes six times as long.)
 */
export function keyedHash(key: KeyObject, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url')
}

export function sha256(value: string): string {
  return hash('sha256', value, 'base64url')
}
