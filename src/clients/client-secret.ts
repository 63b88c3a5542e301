import { timingSafeEqual } from 'node:crypto'
import { now } from '../clock.ts'
import { randomToken, sha256 } from '../ids.ts'

/** For rotation: the old one works until every process of the court has the new one. */
export const maximumActiveSecrets = 2
/** Source: OWASP ASVS 5.0 13.3. */
export const maximumSecretDays = 365

/** 256 random bits in base64url; shown once. */
export const secretPattern = /^[A-Za-z0-9_-]{43}$/

export function newClientSecret(): string {
  return randomToken(32)
}

/** A random 256-bit secret needs no slow hash: SHA-256 of it cannot be guessed back. */
export function secretDigest(secret: string): string {
  return sha256(secret)
}

/** Whether the presented secret is one of the unexpired stored ones, in constant time. */
export function matchesSecret(
  presented: string,
  stored: readonly { digest: string; expiresAt: Date | string }[],
): boolean {
  const digest = Buffer.from(secretDigest(presented))
  let matches = false
  for (const secret of stored) {
    const isSame = timingSafeEqual(digest, Buffer.from(secret.digest))
    if (isSame && new Date(secret.expiresAt) > now()) matches = true
  }
  return matches
}
