import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assertion, assertionForm, send } from '../oidc/raw-requests.ts'
import { createCourt, idClaims, newBrowser } from '../support/court.ts'
import { jane } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { callUserinfo, registerClient } from './suite.ts'

type Discovery = Record<string, unknown> & {
  issuer: string
  jwks_uri: string
  scopes_supported: string[]
  claims_supported: string[]
  grant_types_supported: string[]
}

/** Names of server metadata that a client may meet. IANA OAuth Authorization Server Metadata. */
const registeredNames =
  /^(issuer|jwks_uri|(authorization|token|userinfo|end_session|revocation|introspection|pushed_authorization_request)_endpoint|(scopes|response_types|response_modes|grant_types|acr_values|subject_types|claims|claim_types|code_challenge_methods|id_token_signing_alg_values|(dpop|request_object)_signing_alg_values|(token|revocation|introspection)_endpoint_auth_(methods|signing_alg_values))_supported|(claims_parameter|request_parameter|request_uri_parameter|authorization_response_iss_parameter)_supported)$/

describe('oidcc-config-certification-test-plan', () => {
  let signOn: SignOn
  /** The same server as it stands behind a proxy, under https. */
  let behindProxy: SignOn

  const discover = async (path = '/.well-known/openid-configuration') => {
    const answer = await send(`http://127.0.0.1:${behindProxy.config.listen.port}${path}`, {
      headers: { host: 'sso.test', 'x-forwarded-proto': 'https' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    return answer.body
  }
  const discovery = () => discover() as Promise<Discovery>

  beforeAll(async () => {
    signOn = await startSignOn()
    behindProxy = await startSignOn({
      issuer: 'https://sso.test',
      settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
    })
    await signOn.apply({ accounts: [jane] })
  })
  afterAll(async () => {
    await signOn.stop()
    await behindProxy.stop()
  })

  // oidcc-discovery-endpoint-verification
  test('discovery has every member that the profile demands, with values it allows', async () => {
    const document = await discovery()
    expect(document).toMatchObject({
      issuer: 'https://sso.test',
      authorization_endpoint: expect.any(String),
      token_endpoint: expect.any(String),
      userinfo_endpoint: expect.any(String),
      end_session_endpoint: expect.any(String),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub']),
      claims_parameter_supported: true,
      request_uri_parameter_supported: false,
      code_challenge_methods_supported: ['S256'],
    })
    for (const [name, value] of Object.entries(document)) {
      expect(name).toMatch(registeredNames)
      if (/_endpoint$|_uri$/.test(name)) expect(value).toMatch(/^https:\/\/sso\.test\/oidc\//)
      if (Array.isArray(value)) expect(value.length).toBeGreaterThan(0)
    }
    for (const scope of document.scopes_supported)
      expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  // oidcc-discovery-endpoint-verification: the keys behind jwks_uri
  test('the keys are public, named apart, and long enough', async () => {
    const { jwks_uri } = await discovery()
    const { keys } = (await discover(new URL(jwks_uri).pathname)) as { keys: JWK[] }
    expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'RS256'])
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.stringMatching(/.+/), use: 'sig' })
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
        expect(key).not.toHaveProperty(secret)
      expect(key.kid).toContain(await calculateJwkThumbprint(key))
      const bits = Buffer.from(key.n ?? '', 'base64url').length * 8
      if (key.kty === 'RSA') expect(bits).toBeGreaterThanOrEqual(2048)
      else expect(key.crv).toBe('P-256')
    }
  })

  test('both addresses of the metadata tell the same', async () => {
    expect(await discover('/.well-known/oauth-authorization-server')).toEqual(await discovery())
  })

  describe('discovery tells the truth', () => {
    test('of claims: a client that asks for every scope is given each of them', async () => {
      const court = await createCourt(signOn, 'ncwd')
      const browser = newBrowser()
      const tokens = await court.signIn(browser, jane.username)
      const userinfo = await callUserinfo(signOn, tokens.access_token)
      const told = new Set([...Object.keys(idClaims(tokens)), ...Object.keys(userinfo.body)])
      const { claims_supported: listed } = await discovery()
      expect(listed.filter((claim) => !told.has(claim))).toEqual([])
      await browser.stop()
    })

    test('of grants: a client may register for those listed and for no other', async () => {
      const { grant_types_supported: listed } = await discovery()
      expect(listed).toEqual(['authorization_code', 'refresh_token'])
      await createCourt(signOn, 'ncwb', {
        id: 'all-grants',
        kind: 'vendor',
        // A refresh grant without the scope that gives refresh tokens is refused as a mistake.
        metadata: { grant_types: listed, scope: 'openid offline_access' },
      })
    })

    test.each([
      ['userinfo_signed_response_alg', 'userinfo_signing_alg_values_supported'],
      ['introspection_signed_response_alg', 'introspection_signing_alg_values_supported'],
      ['authorization_signed_response_alg', 'authorization_signing_alg_values_supported'],
      ['id_token_encrypted_response_alg', 'id_token_encryption_alg_values_supported'],
    ])('of signatures: %s cannot be registered, and nothing lists it', async (member, listed) => {
      expect(await discovery()).not.toHaveProperty(listed)
      await expect(
        createCourt(signOn, 'ncwb', { id: 'signed', metadata: { [member]: 'RS256' } }),
      ).rejects.toThrow(new RegExp(member))
    })

    // The suite skips its modules of request objects where the list names algorithms without "none".
    test('of request objects: there are none, and the list of their algorithms promises nothing', async () => {
      expect(await discovery()).toMatchObject({
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        request_object_signing_alg_values_supported: ['RS256', 'ES256', 'PS256'],
      })
      const metadata = { request_object_signing_alg: 'RS256' }
      await expect(createCourt(signOn, 'ncwb', { id: 'signed', metadata })).rejects.toThrow(
        /request_object_signing_alg/,
      )
    })

    test('of client authentication: an assertion may be signed with each algorithm listed', async () => {
      const { token_endpoint_auth_signing_alg_values_supported: listed } = await discovery()
      expect(listed).toEqual(['ES256', 'PS256', 'RS256'])
      const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 })
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      for (const alg of listed as string[]) {
        const { publicKey, privateKey } = alg.startsWith('ES') ? ec : rsa
        const client = await createCourt(signOn, 'ncwb', {
          id: `signs-${alg}`,
          method: 'private_key_jwt',
          metadata: {
            token_endpoint_auth_signing_alg: alg,
            jwks: {
              keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'court-key', use: 'sig' }],
            },
          },
        })
        const signing = { ...client, privateKey: privateKey as never }
        const form = assertionForm(await assertion(signing, signOn.issuer, { header: { alg } }))
        const answer = await send(`${signOn.issuer}/oidc/introspect`, {
          form: { token: 'x', ...form },
        })
        expect([alg, answer.body]).toEqual([alg, { active: false }])
      }
    })

    test('of client authentication: a posted secret is for conformance testing alone', async () => {
      const methods = ['private_key_jwt', 'client_secret_basic']
      const document = await discovery()
      for (const endpoint of ['token', 'revocation', 'introspection']) {
        expect(document[`${endpoint}_endpoint_auth_methods_supported`]).toEqual(methods)
      }
      const posting = { token_endpoint_auth_method: 'client_secret_post' }
      await expect(registerClient(signOn, 'posting', posting)).rejects.toThrow(/conformance/)
    })
  })

  test.each(['/oidc/token', '/oidc/par', '/oidc/introspect', '/oidc/revoke'])(
    '%s takes POST alone, and says so',
    async (path) => {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const answer = await send(`${signOn.issuer}${path}`, { method: method as 'GET' })
        expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } })
      }
    },
  )
})
