import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkMetadata, type MetadataRules } from '../../src/clients/metadata.ts'
import { nearestUri } from '../../src/clients/nearest-uri.ts'
import { registrationWarnings } from '../../src/clients/warnings.ts'
import { problemText } from '../../src/problem.ts'

const court: MetadataRules = {
  kind: 'court',
  isConformance: false,
  allowsLoopback: false,
  levels: ['urn:uscourts:cso:acr:pwd'],
}
const ecKey = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })
const rsaKey = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' })
const publicKey = { ...ecKey(), kid: 'k', alg: 'ES256' }
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
        jwks: { keys: [rsaKey()] },
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
    ['a national service', basic, { kind: 'national' }],
    ['no redirect address at all', { ...basic, redirect_uris: [] }, {}],
    ['a level that is there', { ...basic, minimum_acr: 'urn:uscourts:cso:acr:pwd' }, {}],
    [
      'plain http on loopback, where the issuer is there',
      redirect('http://127.0.0.1:8080/cb'),
      { allowsLoopback: true },
    ],
    [
      'https on loopback by number, where the issuer is there',
      redirect('https://127.0.0.1:8443/cb'),
      { allowsLoopback: true },
    ],
    ['plain http on loopback in IPv6', redirect('http://[::1]:8080/cb'), { allowsLoopback: true }],
    [
      'client_secret_post under conformance testing',
      { ...basic, token_endpoint_auth_method: 'client_secret_post' },
      { isConformance: true },
    ],
    ['no PKCE, for a nonce instead', { ...basic, pkce_required: false }, {}],
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
      { kind: 'portal' },
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
    [
      'FAPI without PKCE',
      { ...signed, profile: 'fapi2', pkce_required: false },
      /^profile: fapi2 needs PKCE/,
    ],
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
    [
      'a small RSA key',
      { ...signed, jwks: { keys: [rsaKey(1024)] } },
      /^jwks\.keys\.0\.n: has 1024 bits/,
    ],
    [
      'a key on another curve',
      { ...signed, jwks: { keys: [ecKey('P-384')] } },
      /^jwks\.keys\.0\.crv: must be P-256/,
    ],
    [
      'a point that is not on the curve',
      { ...signed, jwks: { keys: [{ ...publicKey, x: publicKey.y }] } },
      /^jwks\.keys\.0\.x: is no point/,
    ],
    [
      'a key of another kind than its signatures',
      { ...signed, token_endpoint_auth_signing_alg: 'PS256' },
      /^jwks\.keys\.0\.kty: no EC key signs with PS256/,
    ],
    [
      'a key for another algorithm',
      {
        ...signed,
        token_endpoint_auth_signing_alg: 'PS256',
        jwks: { keys: [{ ...rsaKey(), alg: 'RS256' }] },
      },
      /^jwks\.keys\.0\.alg: must be PS256/,
    ],
    [
      'a key for encryption',
      { ...signed, jwks: { keys: [{ ...publicKey, use: 'enc' }] } },
      /^jwks\.keys\.0\.use: must be sig/,
    ],
    [
      'two keys of one name',
      { ...signed, jwks: { keys: [publicKey, { ...ecKey(), kid: 'k' }] } },
      /^jwks\.keys\.1\.kid: is there twice/,
    ],
    [
      'a level that nobody reaches',
      { ...basic, minimum_acr: 'urn:uscourts:cso:acr:pdw' },
      /^minimum_acr: is no level.*did you mean "urn:uscourts:cso:acr:pwd"/,
    ],
    [
      'refresh tokens without offline_access',
      { ...basic, grant_types: ['authorization_code', 'refresh_token'] },
      /^scope: must contain offline_access/,
      { kind: 'vendor' },
    ],
    [
      'offline_access without refresh tokens',
      { ...basic, scope: 'openid offline_access' },
      /^grant_types: must contain refresh_token/,
      { kind: 'vendor' },
    ],
    [
      'a code and no address for it',
      { ...basic, redirect_uris: [], grant_types: ['authorization_code'] },
      /^redirect_uris: must have an address/,
    ],
    ['a mistyped member', { ...basic, redirect_uri: 'x' }, /did you mean "redirect_uris"/],
    ['a mistyped scope', { ...basic, scope: 'openid profil' }, /did you mean "profile"/],
    [
      'a blank in front',
      redirect(' https://c.example.gov/cb'),
      /^redirect_uris\.0: has a blank \(did you mean "https:\/\/c.example.gov\/cb"/,
    ],
    ['a blank within', redirect('https://c.example.gov/c b'), /^redirect_uris\.0: has a blank$/],
    ['a tab', redirect('https://c.example.gov/c\tb'), /^redirect_uris\.0: has a blank$/],
    ['a line break', redirect('https://c.example.gov/cb\n'), /^redirect_uris\.0: has a blank/],
    ['a no-break space', redirect('https://c.example.gov/\u00a0'), /has a blank/],
    [
      'a back-slash',
      redirect('https://c.example.gov\\@evil.example/cb'),
      /^redirect_uris\.0: has a back-slash/,
    ],
    ['an IPv4 address', redirect('https://10.1.2.3/cb'), /^redirect_uris\.0: has a number/],
    ['an IPv4 address as one number', redirect('https://167838211/cb'), /has a number/],
    ['an IPv4 address in other digits', redirect('https://0x0a.1.2.3/cb'), /has a number/],
    ['an IPv6 address', redirect('https://[2001:db8::1]/cb'), /has a number as its host/],
    ['Cyrillic letters', redirect('https://есf.example.gov/cb'), /can look like others/],
    ['full-width letters', redirect('https://ｃ.example.gov/cb'), /can look like others/],
    ['the same in punycode', redirect('https://xn--f-8tbb.example.gov/cb'), /look like others/],
    ['a point after the host', redirect('https://c.example.gov./cb'), /has a point at the end/],
    ['a way up', redirect('https://c.example.gov/a/../cb'), /did you mean "https:.*gov\/cb"/],
    ['an encoded way up', redirect('https://c.example.gov/a/%2E%2e/cb'), /has "\." or "\.\."/],
    ['an umlaut in the path', redirect('https://c.example.gov/ä'), /percent-encoded.*%C3%A4/],
    ['a percent sign alone', redirect('https://c.example.gov/100%'), /encodes nothing/],
    ['a state of its own', redirect('https://c.example.gov/cb?state=1'), /has "state" in its/],
    [
      'an address twice',
      { ...basic, redirect_uris: ['https://c.gov/', 'https://c.gov/'] },
      /twice/,
    ],
    ['plain http', redirect('http://ecf.ncwd.uscourts.gov/cb'), /^redirect_uris\.0: must be https/],
    [
      'plain http on loopback elsewhere',
      redirect('http://localhost/cb'),
      /^redirect_uris\.0: must be https/,
    ],
    [
      'plain http on another host, also in development',
      redirect('http://c.example.gov/cb'),
      /^redirect_uris\.0: must be https/,
      { allowsLoopback: true },
    ],
    [
      'a name that only begins like loopback',
      redirect('http://localhost.example.gov/cb'),
      /^redirect_uris\.0: must be https/,
      { allowsLoopback: true },
    ],
    [
      'a fragment',
      redirect('https://c.example.gov/cb#x'),
      /^redirect_uris\.0: must not have a fragment/,
    ],
    [
      'an empty fragment',
      redirect('https://c.example.gov/cb#'),
      /^redirect_uris\.0: must not have a fragment/,
    ],
    [
      'a user name',
      redirect('https://user@c.example.gov/cb'),
      /^redirect_uris\.0: must not contain a user name/,
    ],
    [
      'a password',
      redirect('https://:pass@c.example.gov/cb'),
      /^redirect_uris\.0: must not contain a user name/,
    ],
    [
      'a wildcard host',
      redirect('https://*.uscourts.gov/cb'),
      /^redirect_uris\.0: (must not contain a wildcard|is not a URL)/,
    ],
    [
      'a wildcard path',
      redirect('https://c.example.gov/*'),
      /^redirect_uris\.0: must not contain a wildcard/,
    ],
    ['no URL', redirect('/callback'), /^redirect_uris\.0: is not a URL/],
    ['a script', redirect('javascript:alert(1)'), /^redirect_uris\.0: must be https/],
    ['an app scheme', redirect('gov.uscourts.cmecf:/cb'), /^redirect_uris\.0: must be https/],
    [
      'an address of 513 bytes',
      redirect(`https://c.example.gov/${'a'.repeat(513 - 22)}`),
      /^redirect_uris\.0: is longer than 512 bytes/,
    ],
    [
      'an address long in bytes, not in letters',
      redirect(`https://c.example.gov/${'ä'.repeat(250)}`),
      /^redirect_uris\.0: is longer than 512 bytes/,
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
      /^post_logout_redirect_uris\.0: must be https/,
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
    if (checked.ok) throw new Error('it was taken')
    const texts = checked.problems.map(problemText)
    expect(texts).toContainEqual(expect.stringMatching(problem))
    expect(JSON.stringify(checked)).not.toMatch(/hunter2|"secret"/)
  })

  test('keeps what is left out, and loses what is null', () => {
    const stored = checkMetadata({ ...basic, contacts: ['clerk@example.gov'] }, court)
    if (!stored.ok) throw new Error('it was refused')
    const scope = { scope: 'openid' }
    const kept = checkMetadata(scope, court, stored.value)
    expect(kept).toEqual({ ok: true, value: { ...stored.value, ...scope } })
    const { contacts: _, ...without } = stored.value
    expect(checkMetadata({ contacts: null }, court, stored.value)).toEqual({
      ok: true,
      value: without,
    })
  })

  test('for several reasons is told all of them', () => {
    const checked = checkMetadata(
      {
        redirect_uris: ['http://c.example.gov/cb', 'https://c.example.gov/cb#x'],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'profile root',
      },
      court,
    )
    expect(checked.ok === false && checked.problems.map(problemText)).toEqual([
      'token_endpoint_auth_method: client_secret_post is only for conformance testing (did you mean "client_secret_basic"?)',
      'scope: root is not known',
      'scope: must contain openid',
      'redirect_uris.0: must be https',
      'redirect_uris.1: must not have a fragment',
    ])
  })
})

describe('a warning', () => {
  test('is given of a registration without PKCE', () => {
    expect(registrationWarnings({ ...basic, pkce_required: false } as never)).toEqual([
      expect.stringMatching(/^pkce_required: /),
    ])
  })

  test.each([basic, { ...basic, pkce_required: true }, signed])('is none of %j', (metadata) => {
    expect(registrationWarnings(metadata as never)).toEqual([])
  })
})

test.each([
  ['https://c.test/callback/', 'https://c.test/callback'],
  ['https://d.test/other', 'https://d.test/callback'],
  ['https://www.c.test/callback', 'https://c.test/callback'],
  ['x', 'https://c.test/callback'],
])('of the registered addresses the nearest to %s is %s', (given, nearest) => {
  expect(nearestUri(given, ['https://c.test/callback', 'https://d.test/callback'])).toBe(nearest)
  expect(nearestUri(given, [])).toBeUndefined()
})
