import { generateKeyPairSync } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { describe, expect } from 'vitest'
import { assertionForm, newProofKey, type ProofKey, proof, send } from '../oidc/raw-requests.ts'
import { athOf, fapi2Plan, nowSeconds } from './fapi2-plan.ts'
import { codeGrant, codeOf, compact, tokensOf } from './suite.ts'

const test = fapi2Plan()

describe('fapi2-security-profile-final-test-plan', () => {
  // …-dpop-negative-tests
  describe('the protected resource', () => {
    let token: string
    let key: ProofKey
    let at: (path: string) => string

    test.beforeAll(async ({ complete, first, at: addressAt }) => {
      at = addressAt
      const completed = await complete(first)
      token = completed.tokens.access_token
      key = completed.key
    })

    const good = (claims: JWTPayload = {}, header: Record<string, unknown> = {}, by = key) =>
      proof(by, 'GET', at('/oidc/userinfo'), { ath: athOf(token), ...claims }, header)
    const call = (dpop: string | undefined, scheme = 'DPoP', name = 'dpop') =>
      send(at('/oidc/userinfo'), {
        headers: {
          authorization: `${scheme} ${token}`,
          ...(dpop !== undefined && { [name]: dpop }),
        },
      })
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const without = (name: string) => ({ [name]: undefined })

    test.each<[name: string, dpop: () => Promise<string | undefined>, scheme?: string]>([
      ['two proofs', async () => `${await good()}, ${await good()}`],
      ['a proof that is no JWT', async () => (await good()).replaceAll('.', ';')],
      ['a proof without a type', () => good({}, without('typ'))],
      ['a proof of another type', () => good({}, { typ: 'dpop+jwt+wrong' })],
      [
        'a proof without an algorithm',
        async () => {
          const [, payload, signature] = (await good()).split('.')
          return `${part({ typ: 'dpop+jwt', jwk: key.jwk })}.${payload}.${signature}`
        },
      ],
      [
        'a proof in "none"',
        async () => {
          const [, payload] = (await good()).split('.')
          return `${part({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk })}.${payload}.`
        },
      ],
      ['a proof without its key', () => good({}, without('jwk'))],
      ['a proof without an identifier', () => good(without('jti'))],
      ['a proof without a method', () => good(without('htm'))],
      ['a proof without an address', () => good(without('htu'))],
      ['a proof without a time', () => good(without('iat') as never)],
      ['a proof without the hash of the token', () => good(without('ath'))],
      ['a proof with the hash of another token', () => good({ ath: athOf('another') })],
      [
        'a proof with a broken signature',
        async () =>
          (await good()).replace(/.{8}$/, (end) => (end === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA')),
      ],
      [
        'a proof with a private key',
        () => good({}, { jwk: key.privateKey.export({ format: 'jwk' }) }),
      ],
      ['a proof for PUT', () => good({ htm: 'PUT' })],
      ['a proof for another address', () => good({ htu: at('/oidc/token') })],
      ['a proof of another key', () => good({}, {}, newProofKey())],
      ['a proof of an hour ago', () => good({ iat: nowSeconds() - 3600 })],
      ['a proof of an hour ahead', () => good({ iat: nowSeconds() + 3600 })],
      ['no proof', async () => undefined],
      ['no proof, as a bearer token', async () => undefined, 'Bearer'],
      ['a proof, as a bearer token', () => good(), 'Bearer'],
    ])('refuses %s', async (_, dpop, scheme) => {
      const answer = await call(await dpop(), scheme)
      expect([400, 401]).toContain(answer.status)
      expect(answer.headers['www-authenticate']).toMatch(/DPoP .*algs="/)
      // It was the proof and not the token.
      expect((await call(await good())).status).toBe(200)
    })

    test('takes a proof once', async () => {
      const dpop = await good()
      expect((await call(dpop)).status).toBe(200)
      expect((await call(dpop)).status).toBe(401)
    })

    test.each<[name: string, claims: () => JWTPayload, header?: Record<string, unknown>]>([
      ['a query and a fragment at its address', () => ({ htu: at('/oidc/userinfo?a=b#c') })],
      [
        'its address in capitals',
        () => ({ htu: at('/oidc/userinfo').replace('http://localhost', 'HTTP://LOCALHOST') }),
      ],
      ['members that nobody knows', () => ({ tx_id_key: 1 }), { tx_id: 1 }],
    ])('takes a proof with %s', async (_, claims, header) => {
      expect((await call(await good(claims(), header))).status).toBe(200)
    })

    test('takes the header in capitals', async () => {
      expect((await call(await good(), 'DPoP', 'DPOP')).status).toBe(200)
    })

    test('takes a proof of another time with the nonce that it asks for', async () => {
      const challenge = await call(await good({ iat: nowSeconds() - 3600 }))
      expect(challenge.headers['www-authenticate']).toContain('error="use_dpop_nonce"')
      const nonce = String(challenge.headers['dpop-nonce'])
      expect((await call(await good({ iat: nowSeconds() - 3600, nonce }))).status).toBe(200)
    })

    test.for(['EdDSA', 'Ed25519'])(
      'takes proofs in %s, as discovery says',
      async (alg, { authorize, first, at, assertionOf, callResource }) => {
        const { privateKey, publicKey } = generateKeyPairSync('ed25519')
        const ed = { privateKey, jwk: publicKey.export({ format: 'jwk' }) }
        const flow = await authorize(first)
        const dpop = await proof(ed, 'POST', at('/oidc/token'), {}, { alg })
        const form = { ...codeGrant(first, codeOf(flow)), code_verifier: flow.verifier }
        const answer = await send(at('/oidc/token'), {
          form: compact({ ...form, ...assertionForm(await assertionOf(first)) }),
          headers: { dpop },
        })
        const { access_token: bound } = tokensOf(answer, 'DPoP')
        expect((await callResource(bound, ed, {}, { alg })).status).toBe(200)
      },
    )
  })
})
