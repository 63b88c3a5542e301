import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { basicHeader } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { assertion, assertionForm, send } from './raw-requests.ts'

/** The name that a request came under, and what proxies say of it, decide nothing. */

const test = kit()
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('signed', { scope: 'file' }, ({ court }) => court('nceb', { method: 'private_key_jwt' }))

describe('the Host header decides nothing', () => {
  const foreign = { host: 'evil.example' }

  test.for([
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oidc/jwks',
    '/oidc/auth?client_id=ncwd-cmecf',
    '/account',
    '/courts',
    '/no-such-page',
  ])('%s under another name is misdirected', async (path, { at }) => {
    const answer = await send(at(path), { headers: foreign })
    expect(answer.status).toBe(421)
    expect(answer.text).not.toContain('evil')
    expect(JSON.stringify(answer.headers)).not.toContain('evil')
  })

  test('a token request under another name is misdirected', async ({ ncwd, at }) => {
    const headers = { ...foreign, ...basicHeader(ncwd.clientId, ncwd.secret) }
    const answer = await send(at('/oidc/token'), { headers, form: { grant_type: 'x' } })
    expect(answer.status).toBe(421)
  })

  test.for([
    ['two lines', ['Host: OURS', 'Host: evil.example']],
    ['two lines, ours last', ['Host: evil.example', 'Host: OURS']],
    ['a list in one line', ['Host: OURS, evil.example']],
  ] as const)('a request that names two hosts is refused: %s', async ([, lines], { signOn }) => {
    const own = new URL(signOn.issuer).host
    const socket = connect(signOn.config.listen.port, '127.0.0.1')
    const head = ['GET /courts HTTP/1.1', ...lines, 'Connection: close']
    socket.write(`${head.join('\r\n').replace('OURS', own)}\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('what a stranger says about proxies is not believed', async ({ audited, at }) => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '8443',
      'x-original-host': 'evil.example',
      'x-original-url': 'https://evil.example/',
      forwarded: 'host=evil.example;proto=https;for=203.0.113.7',
    }
    const discovery = await send(at('/.well-known/openid-configuration'), { headers })
    expect(discovery.status).toBe(200)
    expect(discovery.body['token_endpoint']).toBe(at('/oidc/token'))
    expect(discovery.text).not.toContain('evil')
    const pushed = await send(at('/oidc/par'), { headers, form: { client_id: 'ncwd-cmecf' } })
    expect(pushed.status).toBe(401)
    const rows = (await audited(undefined, { ip: { not: null } })).reverse()
    expect(rows[0]?.ip).toMatch(/127\.0\.0\.1$/)
  })

  test('an assertion is for the issuer, and for nothing and nobody else', async ({
    signed,
    at,
    signOn,
  }) => {
    const introspectAs = async (audience: string | string[], change = {}) => {
      const form = {
        token: 'x',
        ...assertionForm(await assertion(signed, audience, change)),
      }
      return (await send(at('/oidc/introspect'), { form })).status
    }
    expect(await introspectAs(signOn.issuer)).toBe(200)
    expect(await introspectAs([signOn.issuer])).toBe(200)
    for (const audience of [
      at('/oidc/token'),
      at('/oidc/introspect'),
      `${signOn.issuer}/`,
      'http://evil.example',
      'http://evil.example/oidc/token',
      [signOn.issuer, at('/oidc/token')],
      [],
    ]) {
      expect([audience, await introspectAs(audience)]).toEqual([audience, 401])
    }
    const now = Math.floor(Date.now() / 1000)
    for (const payload of [
      { exp: now + 420, iat: undefined },
      { exp: now + 330, iat: now - 10 },
      { exp: now - 30 },
      { iat: now + 90, exp: now + 120 },
      { nbf: now + 90 },
      { iat: now - 330, exp: now - 5 },
      { iss: 'somebody-else' },
      { jti: undefined },
    ]) {
      expect([payload, await introspectAs(signOn.issuer, { payload })]).toEqual([payload, 401])
    }
    const header = { jku: 'https://evil.example/jwks' }
    expect(await introspectAs(signOn.issuer, { header })).toBe(401)
    for (const payload of [
      { iat: now, exp: now + 300 },
      { iat: undefined, exp: now + 300 },
      { iat: now + 55, nbf: now + 55, exp: now + 355 },
      { iat: now - 200, nbf: now - 200, exp: now + 100 },
    ]) {
      expect([payload, await introspectAs(signOn.issuer, { payload })]).toEqual([payload, 200])
    }
  })
})
