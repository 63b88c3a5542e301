import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect } from 'vitest'
import { createCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { startSignOn } from '../support/sign-on.ts'
import { assertion, assertionForm, send } from './raw-requests.ts'

/** Keys of a court are read where it is listed. */

const test = kit()

describe('outbound requests', () => {
  test('a court’s keys are read where it is listed; elsewhere the refusal is on record', async ({
    signOn,
    audited,
  }) => {
    let requests = 0
    const keys = await createCourt(signOn, 'nceb', { id: 'nceb-keys', method: 'private_key_jwt' })
    const { metadata } = keys.registration as { metadata: { jwks: object } }
    const server = createServer((_request, response) => {
      requests += 1
      response.end(JSON.stringify(metadata.jwks))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const registration = {
      ...keys.registration,
      metadata: { ...metadata, jwks: null, jwks_uri: `http://${host}/jwks` },
    }
    const listed = await startSignOn({ settings: { CSO_OUTBOUND_LOOPBACK_HOSTS: host } })
    try {
      for (const [server, status] of [
        [listed, 200],
        [signOn, 401],
      ] as const) {
        await server.apply({ clients: [registration] })
        // An edit is live within a second.
        await new Promise((resolve) => setTimeout(resolve, 1100))
        const before = requests
        const answer = await send(`${server.issuer}/oidc/introspect`, {
          form: { token: 'x', ...assertionForm(await assertion(keys, server.issuer)) },
        })
        expect(answer.status).toBe(status)
        expect(requests - before).toBe(status === 200 ? 1 : 0)
      }
      const refusals = await becomes('the refusal is recorded', 5000, async () => {
        const rows = await audited('client.keys-refused', { clientId: 'nceb-keys' })
        return (rows[0]?.detail as { reason?: string })?.reason === 'not-https'
      })
      expect(refusals).toBeLessThan(1000)
    } finally {
      await listed.stop()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
