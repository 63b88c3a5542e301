import { randomToken } from '../ids.ts'

const familyLength = 22
const pattern = /^[A-Za-z0-9_-]{65}$/

/**
 * A refresh token: 128 random bits that name its family, then 256 that only the newest of the family
 * has. Whoever presents other ones with the name of a living family presents one that was used.
 * @param predecessor the token that this one replaces; without one a family begins.
 */
export function newRefreshTokenId(predecessor?: string): string {
  return (predecessor ? familyOf(predecessor) : randomToken(16)) + randomToken(32)
}

/** No other token is as long, so that nobody has to look for it among them. */
export function isRefreshTokenId(value: string): boolean {
  return pattern.test(value)
}

/** The part of a refresh token that stays the same through all its rotations. */
export function familyOf(id: string): string {
  return id.slice(0, familyLength)
}
