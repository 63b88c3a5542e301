import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSeal } from '../../src/oidc/sealed-text.ts'

const key = createSecretKey(randomBytes(32))
const { seal, open } = createSeal(key, 'request_uri')

test('a sealed text is opened where it was stored, and nowhere else', () => {
  const sealed = seal('a-request', 'here')
  expect(sealed).not.toContain('a-request')
  expect(seal('a-request', 'here')).not.toBe(sealed)
  expect(open(sealed, 'here')).toBe('a-request')
  expect(() => open(sealed, 'there')).toThrow()
  expect(() => createSeal(key, 'something else').open(sealed, 'here')).toThrow()
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  expect(() => open(changed, 'here')).toThrow()
})

test('what was stored in clear before is read as it is', () => {
  expect(open('in-clear', 'here')).toBe('in-clear')
})
