import { expect, test } from 'vitest'
import { secretFingerprint } from '../../src/clients/make-secret.ts'

test('a secret is named by letters and digits, which no command line takes for an option', () => {
  expect(secretFingerprint('-oRy_g-tq2ZkMnB0')).toBe('oRygtq2Z')
  expect(secretFingerprint('--__abcdefghijkl')).toBe('abcdefgh')
})
