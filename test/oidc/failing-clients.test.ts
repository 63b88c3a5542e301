import { describe, expect } from 'vitest'
import { basicHeader } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { send } from './raw-requests.ts'

const test = kit()
  .override('signOnOptions', {
    settings: { CSO_LIMIT_CLIENT_FAILURES: '3/600', CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
  })
  .extend(
    'askAs',
    { scope: 'file' },
    ({ at }) =>
      (id: string, secret: string, address: string) =>
        send(at('/oidc/introspect'), {
          headers: { ...basicHeader(id, secret), 'x-forwarded-for': address },
          form: { token: 'x' },
        }),
  )

describe('a client that fails to prove itself', () => {
  test('is told to wait after some failures, in its network and as this client alone', async ({
    court,
    askAs,
  }) => {
    const [ncwd, ncwb] = [await court('ncwd'), await court('ncwb')]
    const wrong = 'x'.repeat(43)
    const answers = []
    for (const _ of [1, 2, 3, 4]) answers.push(await askAs(ncwd.clientId, wrong, '203.0.113.1'))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429])
    expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(590)

    expect((await askAs(ncwb.clientId, wrong, '203.0.113.1')).status).toBe(401)
    expect((await askAs(ncwd.clientId, wrong, '198.51.100.1')).status).toBe(401)
    // Whoever sends wrong secrets keeps nobody out: the right one is taken.
    expect((await askAs(ncwd.clientId, ncwd.secret, '203.0.113.1')).status).toBe(200)
  })

  test('is in the audit with a row of its network, and not once more when told to wait', async ({
    court,
    askAs,
    audited,
  }) => {
    const { clientId: id } = await court('ncmb', { id: 'audited' })
    for (const _ of [1, 2, 3, 4, 5]) await askAs(id, 'x'.repeat(43), '192.0.2.1')
    const rows = () => audited('client.authentication-refused', { clientId: id })
    await becomes('the row is there', 5000, async () => (await rows()).length > 0)
    expect(await rows()).toHaveLength(1)
    expect((await rows())[0]).toMatchObject({ actorKind: 'system' })
  })
})
