import { describe, expect } from 'vitest'
import { basicHeader, createCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { startRedis } from '../support/redis.ts'
import { startSignOn } from '../support/sign-on.ts'
import { codeForm, send } from './raw-requests.ts'

/** A store that is away is said to be away. */

const test = kit()

describe('a store that fails', () => {
  test('is 503 with Retry-After: JSON for programs, a page for people; and passes by itself', async ({
    browser,
  }) => {
    const redis = await startRedis()
    const server = await startSignOn({ settings: { REDIS_URL: redis.url } })
    const court = await createCourt(server, 'ncwd')
    const { url } = await court.authorize()
    const client = browser
    const tokenRequest = () =>
      send(`${server.issuer}/oidc/token`, {
        headers: basicHeader(court.clientId, court.secret),
        form: codeForm(court, 'unknown', { state: '', nonce: '', verifier: 'v'.repeat(43) }),
      })
    try {
      expect((await tokenRequest()).status).toBe(400)
      await redis.kill()
      const token = await tokenRequest()
      expect(token.status).toBe(503)
      expect(Number(token.headers['retry-after'])).toBeGreaterThan(0)
      expect(token.headers['content-type']).toContain('application/json')
      expect(token.text).not.toMatch(/ioredis|ECONN|127\.0\.0\.1|at .*\.ts/)

      const page = await client.get(url)
      expect(page.status).toBe(503)
      expect(Number(page.headers['retry-after'])).toBeGreaterThan(0)
      expect(page.text).toContain('Nothing is lost')
      expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")

      expect((await send(`${server.issuer}/.well-known/openid-configuration`)).status).toBe(200)
      await redis.restart()
      expect(
        await becomes('it is served', 5000, async () => (await tokenRequest()).status === 400),
      ).toBeLessThan(5000)
    } finally {
      await server.stop()
      await redis.stop()
    }
  })
})
