import { describe, expect, vi } from 'vitest'
import { createCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { assertion, assertionForm, send } from './raw-requests.ts'

/** How long an assertion is good, and how often. */

const test = kit().extend('signed', { scope: 'file' }, ({ court }) =>
  court('nceb', { method: 'private_key_jwt' }),
)

describe('an assertion of a FAPI client', () => {
  test('lives for a minute, and comes from a clock as good as ours', async ({ signOn, at }) => {
    const fapi = await createCourt(signOn, 'ncmb', {
      id: 'fapi',
      method: 'private_key_jwt',
      metadata: { profile: 'fapi2' },
    })
    const now = Math.floor(Date.now() / 1000)
    const statusOf = async (payload: Record<string, unknown>) => {
      const form = {
        token: 'x',
        ...assertionForm(await assertion(fapi, signOn.issuer, { payload })),
      }
      return (await send(at('/oidc/introspect'), { form })).status
    }
    expect(await statusOf({ iat: now + 5, nbf: now + 5 })).toBe(200)
    for (const payload of [
      { exp: now + 300 },
      { iat: now + 30, exp: now + 60 },
      { nbf: now + 30 },
      { iat: now - 80, exp: now - 5 },
    ]) {
      expect([payload, await statusOf(payload)]).toEqual([payload, 401])
    }
  })
})

test('an assertion is good once, for as long as it lives', async ({ signed, signOn, at }) => {
  const start = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  const now = Math.floor(start / 1000)
  const payload = { iat: now + 50, exp: now + 350 }
  const form = { token: 'x', ...assertionForm(await assertion(signed, signOn.issuer, { payload })) }
  const statusOf = async () => (await send(at('/oidc/introspect'), { form })).status
  expect(await statusOf()).toBe(200)
  for (const seconds of [0, 100, 300, 349]) {
    vi.setSystemTime(start + seconds * 1000)
    expect([seconds, await statusOf()]).toEqual([seconds, 401])
  }
})
