import { describe, expect, test } from 'vitest'
import { randomToken } from '../../src/ids.ts'
import { isRefreshTokenId, newRefreshTokenId } from '../../src/sessions/refresh-token-id.ts'

describe('the identifier of a refresh token', () => {
  test('is new every time, with 384 random bits', () => {
    const ids = Array.from({ length: 100 }, () => newRefreshTokenId())
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(Buffer.from(id.slice(1), 'base64url')).toHaveLength(48)
  })

  test.each([
    ['another token', randomToken(32)],
    ['a longer one', `${newRefreshTokenId()}A`],
    ['one with another character', `.${newRefreshTokenId().slice(1)}`],
    ['nothing', ''],
  ])('is not %s', (_, value) => {
    expect(isRefreshTokenId(newRefreshTokenId())).toBe(true)
    expect(isRefreshTokenId(value)).toBe(false)
  })
})
