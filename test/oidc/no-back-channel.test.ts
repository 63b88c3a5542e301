import { expect } from 'vitest'
import { createCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { send } from './raw-requests.ts'

/** There is no back-channel logout yet, and discovery says so. */

const test = kit()

test('signing out waits for no court: back-channel logout is not offered without an outbox', async ({
  at,
  signOn,
}) => {
  const { body } = await send(at('/.well-known/openid-configuration'))
  expect(body).not.toHaveProperty('backchannel_logout_supported')
  expect(body).not.toHaveProperty('frontchannel_logout_supported')
  await expect(
    createCourt(signOn, 'ncmb', {
      id: 'wants-logout',
      metadata: { backchannel_logout_uri: 'https://ncmb.test/logout' },
    }),
  ).rejects.toThrow('backchannel_logout_uri')
})
