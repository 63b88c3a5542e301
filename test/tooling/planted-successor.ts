import { expect, test } from 'vitest'
import { startSignOn } from '../support/sign-on.ts'

/** Closes what it opens, after `planted-leaks.ts` in the same process. */

test('the story of the next file passes', async () => {
  const signOn = await startSignOn()
  expect(await signOn.stop()).toBeUndefined()
})
