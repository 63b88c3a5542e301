import { afterAll, describe, expect } from 'vitest'
import { getPasswordForm } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { send } from './raw-requests.ts'

/** What a browser is given with every page. */

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))

describe('cookies and headers', () => {
  let behindProxy: SignOn
  const forwarded = { host: 'sso.test', 'x-forwarded-proto': 'https' }

  test.beforeAll(async ({ ncwd }) => {
    behindProxy = await startSignOn({
      issuer: 'https://sso.test',
      settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
    })
    await behindProxy.apply({ clients: [ncwd.registration], accounts: [nora] })
  })
  afterAll(() => behindProxy.stop())

  /** An address of the server, as its proxy calls it. */
  const inside = (address: string) => {
    const { pathname, search } = new URL(address)
    return `http://127.0.0.1:${behindProxy.config.listen.port}${pathname}${search}`
  }
  const proxied = (path: string, headers: Record<string, string> = {}) =>
    send(inside(`https://sso.test${path}`), {
      headers: { ...forwarded, accept: 'text/html', ...headers },
    })

  test('over https the cookies are bound to this host, closed to scripts and not kept', async ({
    browser,
    ncwd,
  }) => {
    const client = browser
    const follow = async (location: string) => {
      let answer = await client.get(inside(location), forwarded)
      while (answer.location && new URL(answer.location).hostname !== 'ncwd.test') {
        answer = await client.get(inside(answer.location), forwarded)
      }
      return answer
    }
    const page = await follow((await ncwd.authorize()).url)
    const form = getPasswordForm(page)
    const values = { ...form.fields, username: nora.username, password: nora.password }
    const accepted = await client.post(form.action, values, forwarded)
    // A redirect, or the page that goes on by itself: both have a location.
    expect(accepted.location).toMatch(/^https:\/\/ncwd\.test\/callback\?code=/)

    const lines = client.transcript.flatMap(({ responseHeaders }) =>
      responseHeaders.flatMap(([name, value]) => (name === 'set-cookie' ? [value] : [])),
    )
    const names = lines.map((line) => line.slice(0, line.indexOf('=')).replace(/\.sig$/, ''))
    expect([...new Set(names)].sort()).toEqual([
      '__Host-cso-interaction',
      '__Host-known-browser',
      '__Host-session',
    ])
    for (const line of lines) {
      expect(line).toMatch(/; secure/i)
      expect(line).toMatch(/; httponly/i)
      expect(line).toMatch(/; samesite=lax/i)
      expect(line).not.toMatch(/; domain=/i)
      expect(line.length).toBeLessThan(4096)
    }
    for (const line of lines.filter((each) => each.startsWith('__Host-'))) {
      expect(line).toMatch(/; path=\/(;|$)/i)
      // That a browser is known is the one thing that outlives it, and opens nothing by itself.
      if (line.startsWith('__Host-known-browser')) continue
      expect(line).not.toMatch(/max-age=|expires=(?!Thu, 01 Jan 1970)/i)
    }
  })

  test.each(['/courts', '/account', '/no-such-page', '/oidc/auth', '/sign-in/unknown'])(
    '%s cannot be framed, sniffed, cached or run foreign scripts',
    async (path) => {
      const { headers } = await proxied(path)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      const csp = String(headers['content-security-policy'])
      expect(csp).toContain("default-src 'none'")
      expect(csp).toContain("frame-ancestors 'none'")
      expect(csp).toContain("base-uri 'none'")
      expect(csp).toMatch(/script-src 'nonce-[\w-]{16,}'(;|$)/)
      expect(csp).not.toMatch(/unsafe|\*/)
      if (path !== '/courts') expect(headers['cache-control']).toBe('no-store')
    },
  )

  test('in the clear, or past the proxy, it does not answer', async () => {
    expect((await proxied('/courts', { 'x-forwarded-proto': 'http' })).status).toBe(421)
    const direct = await send(`http://127.0.0.1:${behindProxy.config.listen.port}/courts`)
    expect(direct.status).toBe(421)
  })
})
