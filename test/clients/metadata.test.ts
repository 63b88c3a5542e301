import { describe, expect, test } from 'vitest'
import { checkMetadata, type MetadataRules } from '../../src/clients/metadata.ts'

const court: MetadataRules = {
  kind: 'court',
  hasCourts: true,
  isConformance: false,
  allowsLoopback: false,
}
const publicKey = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k', alg: 'ES256' }
const basic = {
  redirect_uris: ['https://ecf.ncwd.uscourts.gov/callback'],
  token_endpoint_auth_method: 'client_secret_basic',
}
const signed = {
  redirect_uris: ['https://ecf.ncwd.uscourts.gov/callback'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [publicKey] },
}
const redirect = (uri: string) => ({ ...basic, redirect_uris: [uri] })

describe('a registration that is taken', () => {
  test('is completed with what it says nothing about', () => {
    expect(checkMetadata(basic, court)).toEqual({
      ok: true,
      value: {
        ...basic,
        post_logout_redirect_uris: [],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        scope: 'openid profile email pacer efiling',
      },
    })
  })

  test('with the FAPI profile gets pushed requests, DPoP and ES256', () => {
    expect(checkMetadata({ ...signed, profile: 'fapi2' }, court)).toMatchObject({
      ok: true,
      value: {
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        token_endpoint_auth_signing_alg: 'ES256',
      },
    })
  })

  test.each<[string, object, Partial<MetadataRules>]>([
    ['private_key_jwt with a key', signed, {}],
    [
      'private_key_jwt with an address of keys',
      { ...signed, jwks: undefined, jwks_uri: 'https://ecf.ncwd.uscourts.gov/jwks' },
      {},
    ],
    [
      'RS256 for both signatures',
      {
        ...signed,
        token_endpoint_auth_signing_alg: 'RS256',
        id_token_signed_response_alg: 'RS256',
      },
      {},
    ],
    [
      'refresh tokens for a vendor',
      {
        ...basic,
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid offline_access',
      },
      { kind: 'vendor' },
    ],
    ['no court for a national service', basic, { kind: 'national', hasCourts: false }],
    ['no redirect address at all', { ...basic, redirect_uris: [] }, {}],
    [
      'plain http on loopback, where the issuer is there',
      redirect('http://127.0.0.1:8080/cb'),
      { allowsLoopback: true },
    ],
    ['plain http on loopback in IPv6', redirect('http://[::1]:8080/cb'), { allowsLoopback: true }],
    [
      'client_secret_post under conformance testing',
      { ...basic, token_endpoint_auth_method: 'client_secret_post' },
      { isConformance: true },
    ],
    [
      'no PKCE under conformance testing',
      { ...basic, pkce_required: false },
      { isConformance: true },
    ],
    [
      'an address with query and port',
      redirect('https://ecf.ncwd.uscourts.gov:8443/cb?court=ncwd'),
      {},
    ],
    [
      'ten addresses',
      {
        ...basic,
        redirect_uris: Array.from({ length: 10 }, (_, index) => `https://c.example.gov/${index}`),
      },
      {},
    ],
    ['an address of 512 bytes', redirect(`https://c.example.gov/${'a'.repeat(512 - 22)}`), {}],
  ])('%s', (_, metadata, rules) => {
    expect(checkMetadata(metadata, { ...court, ...rules })).toMatchObject({ ok: true })
  })
})

describe('a registration that is refused', () => {
  type Row = [what: string, metadata: unknown, problem: RegExp, rules?: Partial<MetadataRules>]

  test.each<Row>([
    ['nothing', undefined, /./],
    ['no object', 'redirect_uris', /./],
    ['no authentication method', { redirect_uris: [] }, /^token_endpoint_auth_method: /],
    [
      'an unknown authentication method',
      { ...basic, token_endpoint_auth_method: 'client_secret_jwt' },
      /^token_endpoint_auth_method: /,
    ],
    [
      'tls_client_auth',
      { ...basic, token_endpoint_auth_method: 'tls_client_auth' },
      /^token_endpoint_auth_method: /,
    ],
    [
      'client_secret_post',
      { ...basic, token_endpoint_auth_method: 'client_secret_post' },
      /^token_endpoint_auth_method: .*conformance/,
    ],
    [
      'a court without authentication',
      { ...basic, token_endpoint_auth_method: 'none' },
      /^token_endpoint_auth_method: every client/,
    ],
    [
      'a vendor without authentication',
      { ...basic, token_endpoint_auth_method: 'none' },
      /^token_endpoint_auth_method: every client/,
      { kind: 'vendor' },
    ],
    [
      'even our own pages without authentication',
      { ...basic, token_endpoint_auth_method: 'none' },
      /^token_endpoint_auth_method: every client/,
      { kind: 'portal', hasCourts: false },
    ],
    ['private_key_jwt without keys', { ...signed, jwks: undefined }, /^jwks: .*either/],
    [
      'private_key_jwt with keys twice',
      { ...signed, jwks_uri: 'https://c.example.gov/jwks' },
      /^jwks: .*either/,
    ],
    [
      'a private key',
      { ...signed, jwks: { keys: [{ ...publicKey, d: 'secret' }] } },
      /^jwks\.keys\.0\.d: must be a public key/,
    ],
    [
      'a shared key',
      { ...signed, jwks: { keys: [{ kty: 'oct', k: 'secret' }] } },
      /^jwks\.keys\.0\.kty: /,
    ],
    ['no key in the set', { ...signed, jwks: { keys: [] } }, /^jwks\.keys: /],
    ['nine keys', { ...signed, jwks: { keys: Array(9).fill(publicKey) } }, /^jwks\.keys: /],
    [
      'an assertion algorithm for a secret',
      { ...basic, token_endpoint_auth_signing_alg: 'ES256' },
      /^token_endpoint_auth_signing_alg: is only/,
    ],
    [
      'HS256 assertions',
      { ...signed, token_endpoint_auth_signing_alg: 'HS256' },
      /^token_endpoint_auth_signing_alg: /,
    ],
    [
      'unsigned ID tokens',
      { ...basic, id_token_signed_response_alg: 'none' },
      /^id_token_signed_response_alg: /,
    ],
    [
      'HS256 ID tokens',
      { ...basic, id_token_signed_response_alg: 'HS256' },
      /^id_token_signed_response_alg: /,
    ],
    ['no PKCE', { ...basic, pkce_required: false }, /^pkce_required: PKCE is required/],
    ['FAPI with a secret', { ...basic, profile: 'fapi2' }, /^profile: fapi2 needs private_key_jwt/],
    [
      'FAPI with RS256 assertions',
      { ...signed, profile: 'fapi2', token_endpoint_auth_signing_alg: 'RS256' },
      /^profile: fapi2 needs ES256 or PS256/,
    ],
    [
      'FAPI with RS256 ID tokens',
      { ...signed, profile: 'fapi2', id_token_signed_response_alg: 'RS256' },
      /^profile: fapi2 needs ES256 for ID/,
    ],
    ['an unknown profile', { ...basic, profile: 'fapi1' }, /^profile: /],
    ['an unknown scope', { ...basic, scope: 'openid admin' }, /^scope: admin is not known/],
    ['no openid', { ...basic, scope: 'profile' }, /^scope: must contain openid/],
    ['an overlong scope', { ...basic, scope: `openid ${'a'.repeat(512)}` }, /^scope: /],
    [
      'refresh tokens for a court',
      { ...basic, grant_types: ['authorization_code', 'refresh_token'] },
      /^grant_types: .*vendor/,
    ],
    [
      'offline_access for a court',
      { ...basic, scope: 'openid offline_access' },
      /^scope: offline_access is for vendor/,
    ],
    [
      'refresh tokens for a national service',
      { ...basic, grant_types: ['refresh_token'] },
      /^grant_types: .*vendor/,
      { kind: 'national' },
    ],
    ['the implicit grant', { ...basic, grant_types: ['implicit'] }, /^grant_types\.0: /],
    ['the password grant', { ...basic, grant_types: ['password'] }, /^grant_types\.0: /],
    ['implicit responses', { ...basic, response_types: ['id_token'] }, /^response_types\.0: /],
    ['hybrid responses', { ...basic, response_types: ['code id_token'] }, /^response_types\.0: /],
    [
      'response type none for a court',
      { ...basic, response_types: ['none'] },
      /^response_types: must be code/,
    ],
    [
      'response type code for our own pages',
      { ...basic, response_types: ['code'] },
      /^response_types: /,
      { kind: 'portal' },
    ],
    [
      'responses in the fragment',
      { ...basic, response_modes: ['fragment'] },
      /^response_modes\.0: /,
    ],
    ['a court client without a court', basic, /^courts: /, { hasCourts: false }],
    ['a vendor without a court', basic, /^courts: /, { kind: 'vendor', hasCourts: false }],
    ['plain http', redirect('http://ecf.ncwd.uscourts.gov/cb'), /^redirect_uris: must be https/],
    [
      'plain http on loopback elsewhere',
      redirect('http://localhost/cb'),
      /^redirect_uris: must be https/,
    ],
    [
      'plain http on another host, also in development',
      redirect('http://c.example.gov/cb'),
      /^redirect_uris: must be https/,
      { allowsLoopback: true },
    ],
    [
      'a name that only begins like loopback',
      redirect('http://localhost.example.gov/cb'),
      /^redirect_uris: must be https/,
      { allowsLoopback: true },
    ],
    [
      'a fragment',
      redirect('https://c.example.gov/cb#x'),
      /^redirect_uris: must not have a fragment/,
    ],
    [
      'an empty fragment',
      redirect('https://c.example.gov/cb#'),
      /^redirect_uris: must not have a fragment/,
    ],
    [
      'a user name',
      redirect('https://user@c.example.gov/cb'),
      /^redirect_uris: must not contain a user name/,
    ],
    [
      'a password',
      redirect('https://:pass@c.example.gov/cb'),
      /^redirect_uris: must not contain a user name/,
    ],
    [
      'a wildcard host',
      redirect('https://*.uscourts.gov/cb'),
      /^redirect_uris: (must not contain a wildcard|is not a URL)/,
    ],
    [
      'a wildcard path',
      redirect('https://c.example.gov/*'),
      /^redirect_uris: must not contain a wildcard/,
    ],
    ['no URL', redirect('/callback'), /^redirect_uris: is not a URL/],
    ['a script', redirect('javascript:alert(1)'), /^redirect_uris: must be https/],
    ['an app scheme', redirect('gov.uscourts.cmecf:/cb'), /^redirect_uris: must be https/],
    [
      'an address of 513 bytes',
      redirect(`https://c.example.gov/${'a'.repeat(513 - 22)}`),
      /^redirect_uris: is longer than 512 bytes/,
    ],
    [
      'an address long in bytes, not in letters',
      redirect(`https://c.example.gov/${'ä'.repeat(250)}`),
      /^redirect_uris: is longer than 512 bytes/,
    ],
    [
      'eleven addresses',
      {
        ...basic,
        redirect_uris: Array.from({ length: 11 }, (_, index) => `https://c.example.gov/${index}`),
      },
      /^redirect_uris: /,
    ],
    [
      'a way out in the clear',
      { ...basic, post_logout_redirect_uris: ['http://c.example.gov/'] },
      /^post_logout_redirect_uris: must be https/,
    ],
    [
      'a way back in the clear',
      { ...basic, initiate_login_uri: 'http://c.example.gov/' },
      /^initiate_login_uri: must be https/,
    ],
    [
      'a home page that is a script',
      { ...basic, client_uri: 'javascript:alert(1)' },
      /^client_uri: must be https/,
    ],
    [
      'keys in the clear',
      { ...signed, jwks: undefined, jwks_uri: 'http://c.example.gov/jwks' },
      /^jwks_uri: must be https/,
    ],
    [
      'keys in a file',
      { ...signed, jwks: undefined, jwks_uri: 'file:///etc/passwd' },
      /^jwks_uri: must be https/,
    ],
    ['an unknown member', { ...basic, client_secret: 'hunter2' }, /client_secret/],
    [
      'a request object address',
      { ...basic, request_uris: ['https://c.example.gov/r'] },
      /request_uris/,
    ],
    [
      'a pairwise sector',
      { ...basic, sector_identifier_uri: 'https://c.example.gov/s' },
      /sector_identifier_uri/,
    ],
    ['a contact that is no address', { ...basic, contacts: ['clerk'] }, /^contacts\.0: /],
    ['a negative age', { ...basic, default_max_age: -1 }, /^default_max_age: /],
    [
      'an unknown token format',
      { ...basic, access_token_format: 'saml' },
      /^access_token_format: /,
    ],
  ])('%s', (_, metadata, problem, rules = {}) => {
    const checked = checkMetadata(metadata, { ...court, ...rules })
    expect(checked).toEqual({
      ok: false,
      problems: expect.arrayContaining([expect.stringMatching(problem)]),
    })
    expect(JSON.stringify(checked)).not.toMatch(/hunter2|"secret"/)
  })

  test('for several reasons is told all of them', () => {
    const checked = checkMetadata(
      {
        redirect_uris: ['http://c.example.gov/cb', 'https://c.example.gov/cb#x'],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'profile root',
        pkce_required: false,
      },
      { ...court, hasCourts: false },
    )
    expect(checked.ok === false && checked.problems).toEqual([
      'token_endpoint_auth_method: client_secret_post is only for conformance testing',
      'pkce_required: PKCE is required outside conformance testing',
      'scope: root is not known',
      'scope: must contain openid',
      'courts: a court or vendor client acts for at least one court',
      'redirect_uris: must be https',
      'redirect_uris: must not have a fragment',
    ])
  })
})
