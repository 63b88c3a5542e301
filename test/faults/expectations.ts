import { expect } from 'vitest'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { timed } from '../support/measure.ts'

/** The longest that anybody waits for the answer that something is away. */
export const faultMilliseconds = 1000

/**
 * The answer to a request that cannot be served now: 503 with `Retry-After` and the request's id,
 * within a second.
 */
export async function expectUnavailable(ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  const { value: answer, milliseconds } = await timed(ask)
  expect(answer.status, answer.text.slice(0, 300)).toBe(503)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(milliseconds).toBeLessThanOrEqual(faultMilliseconds)
  return answer
}

/** The same as a page: what to do, and nothing about a sign-in that it did not look at. */
export async function expectCalmPage(ask: () => Promise<HttpResponse>): Promise<void> {
  const page = await expectUnavailable(ask)
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.text).toContain(`>${page.headers['x-request-id']!.slice(0, 8)}<`)
  expect(page.text).not.toMatch(/you (?:are|were) (?:not )?signed/i)
  expect(page.text).toContain('Nothing is lost')
  expect(page.text).toContain('id="try-again"')
}

/** Discovery and the public keys: courts verify what they hold, whatever is away here. */
export async function expectDocuments(browser: HttpClient, issuer: string): Promise<void> {
  for (const path of ['/.well-known/openid-configuration', '/oidc/jwks', '/healthz']) {
    const { value: answer, milliseconds } = await timed(() => browser.get(`${issuer}${path}`))
    expect(answer.status, path).toBe(200)
    expect(milliseconds, path).toBeLessThan(500)
  }
}
