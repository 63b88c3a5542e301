import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCookieKeys } from '../../src/signing/cookie-keys.ts'

const key = () => randomBytes(32).toString('base64')

test('a cookie signed with an older key is still good, and says which one it was', () => {
  const [older, newer] = [key(), key()]
  const signature = createCookieKeys([older]).sign('session=abc')
  const keys = createCookieKeys([newer, older])
  expect(keys.index('session=abc', signature)).toBe(1)
  expect(keys.index('session=abc', keys.sign('session=abc'))).toBe(0)
  expect(keys.verify('session=abc', signature)).toBe(true)
})

test.each([
  ['another text', 'session=abd', (signature: string) => signature],
  ['a changed signature', 'session=abc', (signature: string) => `${signature.slice(0, -2)}AA`],
  ['a shorter signature', 'session=abc', (signature: string) => signature.slice(1)],
  ['no signature', 'session=abc', () => ''],
])('%s is refused', (_, text, change) => {
  const keys = createCookieKeys([key()])
  const signature = change(keys.sign('session=abc'))
  expect(keys.verify(text, signature)).toBe(false)
  expect(keys.index(text, signature)).toBe(-1)
})
