import { expect, test } from 'vitest'
import { isSignInGood } from '../../src/accounts/sign-in-stand.ts'

test.each([
  ['counts at the stand that it was proved at', 3, 'active', true],
  ['counts no more once the sign-ins were ended', 2, 'active', false],
  ['of the release before, which notes no stand, counts no more', undefined, 'active', false],
  ['counts for no account that nobody may sign in to', 3, 'disabled', false],
] as const)('a password that was proved %s', (_, provedAt, state, isGood) => {
  expect(isSignInGood({ signInStand: 3, state }, provedAt)).toBe(isGood)
})
