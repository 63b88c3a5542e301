import { describe, expect, vi } from 'vitest'
import { basicHeader, createCourt } from '../support/court.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { send } from './raw-requests.ts'

/** Two secrets during a rotation, and how long one is good. */

const test = kit()
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('signed', { scope: 'file' }, ({ court }) => court('nceb', { method: 'private_key_jwt' }))
  .extend(
    'tryWith',
    { scope: 'file' },
    ({ at }) =>
      async (clientId: string, secret: string) =>
        (
          await send(at('/oidc/introspect'), {
            headers: basicHeader(clientId, secret),
            form: { token: 'x' },
          })
        ).status,
  )

describe('client secrets', () => {
  test('two are good during a rotation, the old one no longer after it', async ({
    signOn,
    tryWith,
    ncwd,
  }) => {
    const court = await createCourt(signOn, 'ncmd', { id: 'rotating' })
    const next = 'n'.repeat(43)
    await signOn.apply({ clients: [{ ...court.registration, secrets: [court.secret, next] }] })
    await becomes(
      'the new one is good',
      5000,
      async () => (await tryWith('rotating', next)) === 200,
    )
    expect(await tryWith('rotating', court.secret)).toBe(200)
    expect(await tryWith('rotating', 'x'.repeat(43))).toBe(401)

    await signOn.apply({ clients: [{ ...court.registration, secrets: [next] }] })
    expect(
      await becomes(
        'the old one is not',
        5000,
        async () => (await tryWith('rotating', court.secret)) === 401,
      ),
    ).toBeLessThan(1250)
    expect(await tryWith('rotating', next)).toBe(200)

    const three = { ...court.registration, secrets: [court.secret, next, 't'.repeat(43)] }
    await expect(signOn.apply({ clients: [three] })).rejects.toThrow('at most 2')
    const dump = await dumpStores(signOn.services)
    for (const secret of [court.secret, next, ncwd.secret]) expect(dump).not.toContain(secret)
  })

  test('a secret ends after a year', async ({ signOn, tryWith }) => {
    const court = await createCourt(signOn, 'ncmd', { id: 'forgetful' })
    const start = Date.now()
    expect(await tryWith('forgetful', court.secret)).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: start + 364 * 86_400_000 })
    expect(await tryWith('forgetful', court.secret)).toBe(200)
    vi.setSystemTime(start + 366 * 86_400_000)
    expect(await tryWith('forgetful', court.secret)).toBe(401)
  })

  test('only the registered method is accepted', async ({ at, ncwd, tryWith, signed }) => {
    const posted = await send(at('/oidc/introspect'), {
      form: { token: 'x', client_id: ncwd.clientId, client_secret: ncwd.secret },
    })
    expect(posted).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const none = await send(at('/oidc/introspect'), {
      form: { token: 'x', client_id: ncwd.clientId },
    })
    expect(none.status).toBe(401)
    expect(await tryWith(signed.clientId, 'x'.repeat(43))).toBe(401)
    const { body } = await send(at('/.well-known/openid-configuration'))
    expect(body['token_endpoint_auth_methods_supported']).toEqual([
      'private_key_jwt',
      'client_secret_basic',
    ])
  })
})
