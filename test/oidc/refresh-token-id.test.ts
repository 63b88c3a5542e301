import { describe, expect, test } from 'vitest'
import { randomToken } from '../../src/ids.ts'
import { familyOf, isRefreshTokenId, newRefreshTokenId } from '../../src/oidc/refresh-token-id.ts'

describe('the identifier of a refresh token', () => {
  test('shares its family with its predecessor, and nothing else', () => {
    const first = newRefreshTokenId()
    const second = newRefreshTokenId(first)
    expect(familyOf(second)).toBe(familyOf(first))
    expect(second.slice(familyOf(first).length)).not.toBe(first.slice(familyOf(first).length))
    expect(familyOf(newRefreshTokenId())).not.toBe(familyOf(first))
  })

  test('has 128 random bits for the family and 256 of its own', () => {
    const id = newRefreshTokenId()
    expect(Buffer.from(familyOf(id), 'base64url')).toHaveLength(16)
    expect(Buffer.from(id.slice(familyOf(id).length), 'base64url')).toHaveLength(32)
  })

  test.each([
    ['another token', randomToken(32)],
    ['a longer one', `${newRefreshTokenId()}A`],
    ['one with another character', `.${newRefreshTokenId().slice(1)}`],
    ['nothing', ''],
  ])('is not %s', (_, value) => {
    expect(isRefreshTokenId(newRefreshTokenId(newRefreshTokenId()))).toBe(true)
    expect(isRefreshTokenId(value)).toBe(false)
  })
})
