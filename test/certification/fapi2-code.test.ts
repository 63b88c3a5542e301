import { describe } from 'vitest'
import { newProofKey } from '../oidc/raw-requests.ts'
import { fapi2Plan, later, nowSeconds, proofErrors, requestOf, thumbprint } from './fapi2-plan.ts'
import { expectRefusal, randomText } from './suite.ts'

const test = fapi2Plan()

describe('fapi2-security-profile-final-test-plan', () => {
  describe('DPoP', () => {
    // …-check-dpop-proof-nbf-exp, …-ensure-dpopproof-with-iat-10seconds-before-succeeds,
    // …-ensure-dpopproof-with-iat-10seconds-after-succeeds
    test.for([
      [
        'says from when until when it is good',
        () => ({ nbf: nowSeconds(), exp: nowSeconds() + 300 }),
      ],
      ['is ten seconds old', () => ({ iat: nowSeconds() - 10 })],
      ['is eight seconds ahead', () => ({ iat: nowSeconds() + 8 })],
    ] as const)(
      'a proof that %s is taken at every endpoint',
      async ([_, claims], { complete, first }) => {
        await complete(first, {}, { boundTo: newProofKey(), proofClaims: claims() })
      },
    )

    // …-ensure-mismatched-dpop-jkt-fails
    test('a dpop_jkt that is not the pushed proof’s is refused', async ({ first, push }) => {
      const change = { dpop_jkt: await thumbprint(newProofKey()) }
      const request = requestOf(first, randomText(64), change)
      expectRefusal(await push(first, request, { boundTo: newProofKey() }), 400, [
        'invalid_request',
        'invalid_dpop_proof',
      ])
    })

    // …-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
    test('a code pushed with one key is not redeemed with another', async ({
      authorize,
      first,
      redeem,
    }) => {
      const flow = await authorize(first, {}, { boundTo: newProofKey() })
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, proofErrors)
    })

    // …-ensure-token-endpoint-fails-with-mismatched-dpop-jkt
    test('a code bound by dpop_jkt is not redeemed with another key', async ({
      authorize,
      first,
      redeem,
    }) => {
      const flow = await authorize(first, { dpop_jkt: await thumbprint(newProofKey()) })
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, proofErrors)
    })

    // …-ensure-dpopproof-at-par-endpoint-binding-success, …-ensure-dpop-auth-code-binding-success
    test('a code is redeemed with the key that it is bound to', async ({ complete, first }) => {
      const key = newProofKey()
      await complete(first, {}, { boundTo: key })
      await complete(first, { dpop_jkt: await thumbprint(key) }, { boundTo: key })
    })
  })

  describe('a code', () => {
    // …-ensure-client-id-in-token-endpoint, …-ensure-authorization-code-is-bound-to-client
    test('is not redeemed by another client, with its own credentials or half of them', async ({
      authorize,
      first,
      second,
      redeem,
    }) => {
      const key = newProofKey()
      const flow = await authorize(first)
      const form = { redirect_uri: second.redirectUri, client_id: second.clientId }
      expectRefusal(await redeem(flow, { key }, form, second), 400, 'invalid_grant')
      const half = await redeem(flow, { key }, { client_id: second.clientId })
      expectRefusal(half, 400, 'invalid_request')
    })

    // …-ensure-holder-of-key-required
    test('is not redeemed without a proof', async ({ authorize, first, redeem }) => {
      const flow = await authorize(first)
      expectRefusal(await redeem(flow, { key: undefined }), 400, proofErrors)
    })

    // …-attempt-reuse-authorization-code-after-one-second
    test('is good once, and its tokens die with the second try', async ({
      browser,
      complete,
      first,
      redeem,
      callResource,
    }) => {
      const { flow, tokens, key } = await complete(first, {}, { browser: browser })
      later(1)
      expectRefusal(await redeem(flow, { key }), 400, 'invalid_grant')
      expectRefusal(await callResource(tokens.access_token, key), 401, 'invalid_token')
    })

    // …-ensure-token-endpoint-fails-with-expired-auth-code
    test('is good for a minute', async ({ authorize, first, redeem }) => {
      const flow = await authorize(first)
      later(62)
      expectRefusal(await redeem(flow, { key: newProofKey() }), 400, 'invalid_grant')
    })

    // …-ensure-pkce-code-verifier-required, …-incorrect-pkce-code-verifier-rejected
    test.for([undefined, randomText(64)])(
      'is not redeemed with the verifier %s',
      async (wrong, { authorize, first, redeem }) => {
        const flow = await authorize(first)
        const answer = await redeem(flow, { key: newProofKey() }, { code_verifier: wrong })
        expectRefusal(answer, 400, 'invalid_grant')
      },
    )
  })
})
