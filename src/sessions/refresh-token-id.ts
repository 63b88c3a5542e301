import { randomToken } from '../ids.ts'

const pattern = /^[A-Za-z0-9_-]{65}$/

/** A refresh token: 384 random bits, and of a length that no other token has. */
export function newRefreshTokenId(): string {
  return `r${randomToken(48)}`
}

/** Whether it may be a refresh token; nobody has to look for one among the other tokens. */
export function isRefreshTokenId(value: string): boolean {
  return pattern.test(value)
}
