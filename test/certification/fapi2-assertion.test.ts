import { createPrivateKey } from 'node:crypto'
import { type JWTPayload, UnsecuredJWT } from 'jose'
import { describe, expect } from 'vitest'
import { assertion, assertionForm, newProofKey, send } from '../oidc/raw-requests.ts'
import type { SignOn } from '../support/sign-on.ts'
import { fapi2Plan, nowSeconds, requestOf } from './fapi2-plan.ts'
import { compact, expectRefusal, randomText } from './suite.ts'

const test = fapi2Plan()

describe('fapi2-security-profile-final-test-plan', () => {
  describe('a client assertion is refused', () => {
    let signOn: SignOn
    let at: (path: string) => string

    test.beforeAll(({ signOn: server, at: addressAt }) => {
      signOn = server
      at = addressAt
    })

    test.for<[name: string, audience: () => string | string[]]>([
      // …-par-test-par-endpoint-url-as-audience-fails
      ['for the endpoint of pushed requests', () => at('/oidc/par')],
      // …-par-test-token-endpoint-url-as-audience-fails
      ['for the token endpoint', () => at('/oidc/token')],
      // …-par-test-array-as-audience-fails
      ['for the issuer and another', () => [signOn.issuer, 'https://other.test']],
      ['for the issuer in a list', () => [signOn.issuer]],
      // …-ensure-client-assertion-with-wrong-aud-fails
      ['for another server', () => 'https://other.test/token'],
    ])('%s', async ([_, audience], { first, push, authorize, redeem }) => {
      const request = requestOf(first, randomText(64), {})
      expectRefusal(await push(first, request, { audience: audience() }), 401, 'invalid_client')
      const flow = await authorize(first)
      const answer = await redeem(flow, { key: newProofKey(), audience: audience() })
      expectRefusal(answer, 401, 'invalid_client')
    })

    test.for<[name: string, payload: () => JWTPayload]>([
      // …-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails
      ['five minutes after its end', () => ({ exp: nowSeconds() - 300 })],
      // …-ensure-client-assertion-with-no-sub-fails
      ['without a subject', () => ({ sub: undefined }) as never],
      [
        // …-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails
        'a minute before its time',
        () => ({ iat: nowSeconds() + 62, nbf: nowSeconds() + 62, exp: nowSeconds() + 122 }),
      ],
      ['without an end', () => ({ exp: undefined }) as never],
      ['without an identifier', () => ({ jti: undefined }) as never],
    ])('%s', async ([_, payload], { first, push, authorize, redeem }) => {
      const change = { payload: payload() }
      const request = requestOf(first, randomText(64), {})
      expectRefusal(await push(first, request, { change }), 401, 'invalid_client')
      const flow = await authorize(first)
      const answer = await redeem(flow, { key: newProofKey(), change })
      expectRefusal(answer, 401, 'invalid_client')
    })

    test('the second time', async ({ assertionOf, first, at }) => {
      const authentication = assertionForm(await assertionOf(first))
      const form = compact({ ...requestOf(first, randomText(64), {}), ...authentication })
      expect(await send(at('/oidc/par'), { form })).toMatchObject({ status: 201 })
      expectRefusal(await send(at('/oidc/par'), { form }), 401, 'invalid_client')
    })

    // …-ensure-client-assertion-in-token-endpoint
    test('when there is none', async ({ authorize, first, redeem }) => {
      const flow = await authorize(first)
      const authentication = { client_id: first.clientId }
      const answer = await redeem(flow, { key: newProofKey(), authentication })
      expectRefusal(answer, 401, 'invalid_client')
    })

    // …-ensure-signed-client-assertion-with-RS256-fails
    test('in RS256, although the key could', async ({ second, signOn, at }) => {
      const {
        alg: _,
        key_ops: __,
        ...jwk
      } = await crypto.subtle.exportKey('jwk', second.privateKey!)
      const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
      const client = { ...second, privateKey: key as never }
      const pushedWith = async (alg: string) => {
        const signed = await assertion(client, signOn.issuer, { header: { alg } })
        const form = { ...requestOf(second, randomText(64), {}), ...assertionForm(signed) }
        return send(at('/oidc/par'), { form: compact(form) })
      }
      expect((await pushedWith('PS256')).status).toBe(201)
      expectRefusal(await pushedWith('RS256'), 401, 'invalid_client')
    })

    test('in "none"', async ({ first, signOn, at }) => {
      const unsecured = new UnsecuredJWT({ jti: randomText(20) })
        .setIssuer(first.clientId)
        .setSubject(first.clientId)
        .setAudience(signOn.issuer)
        .setIssuedAt()
        .setExpirationTime('60s')
        .encode()
      const form = { ...requestOf(first, randomText(64), {}), ...assertionForm(unsecured) }
      expectRefusal(await send(at('/oidc/par'), { form: compact(form) }), 401, 'invalid_client')
    })
  })

  // …-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted
  test('a client assertion may be eight seconds ahead', async ({ push, first }) => {
    const payload = { iat: nowSeconds() + 8, nbf: nowSeconds() + 8 }
    const pushed = await push(first, requestOf(first, randomText(64), {}), { change: { payload } })
    expect(pushed.status).toBe(201)
  })
})
