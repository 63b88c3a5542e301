import { createHash, randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudited } from '../support/audited.ts'
import {
  basicHeader,
  createCourt,
  filingSoftware,
  newBrowser,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import {
  type Answer,
  assertion,
  assertionForm,
  codeForm,
  newProofKey,
  obtainCode,
  proof,
  send,
} from './raw-requests.ts'

const twenty = Array.from({ length: 20 })

describe.each(['redis', 'database'] as const)('single use, with storage: %s', (storage) => {
  let signOn: SignOn
  let ncwd: TestCourt
  let ncwb: TestCourt
  let vendor: TestCourt
  let browser: HttpClient
  let tokenUrl: string
  let userinfoUrl: string

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [nora] })
    ncwd = await createCourt(signOn, 'ncwd')
    ncwb = await createCourt(signOn, 'ncwb', {
      method: 'private_key_jwt',
      metadata: { dpop_bound_access_tokens: true },
    })
    vendor = await createCourt(signOn, 'ca4', filingSoftware)
    tokenUrl = `${signOn.issuer}/oidc/token`
    userinfoUrl = `${signOn.issuer}/oidc/userinfo`
  })
  afterAll(() => signOn.stop())
  afterEach(async () => {
    vi.useRealTimers()
    await browser?.stop()
  })

  const statuses = (answers: readonly Answer[]) => {
    const counts: Record<string, number> = {}
    for (const { status, body } of answers) {
      const name = `${status} ${body['error'] ?? 'ok'}`
      counts[name] = (counts[name] ?? 0) + 1
    }
    return counts
  }
  /** Of whom the audit says that something of theirs was presented twice. */
  const reuseEvents = async (model: string) => {
    const about = { detail: { path: ['model'], equals: model } }
    const events = await listAudited(signOn.services.db, 'token.reused', about)
    const subjects = events.map(({ clientId, accountId }) =>
      JSON.stringify({ clientId, accountId }),
    )
    return [...new Set(subjects)].map((subject) => JSON.parse(subject))
  }
  const isActive = async (court: TestCourt, token: string) =>
    (await oidc.tokenIntrospection(court.rp, token)).active

  test('twenty parallel redemptions of one code: one wins and its grant is revoked', async () => {
    browser = newBrowser()
    const { code, checks } = await obtainCode(signOn, ncwd, browser, nora.username)
    const headers = basicHeader(ncwd.clientId, ncwd.secret)
    const answers = await Promise.all(
      twenty.map(() => send(tokenUrl, { headers, form: codeForm(ncwd, code, checks) })),
    )
    expect(statuses(answers)).toEqual({ '200 ok': 1, '400 invalid_grant': 19 })
    const winner = answers.find(({ status }) => status === 200)!
    expect(await isActive(ncwd, String(winner.body['access_token']))).toBe(false)
  })

  test('a code that comes back later takes the tokens of its first use with it', async () => {
    browser = newBrowser()
    const { code, callback, checks } = await obtainCode(signOn, ncwd, browser, nora.username)
    const tokens = await ncwd.redeem(callback, checks)
    expect(await isActive(ncwd, tokens.access_token)).toBe(true)
    const headers = basicHeader(ncwd.clientId, ncwd.secret)
    const again = await send(tokenUrl, { headers, form: codeForm(ncwd, code, checks) })
    expect(statuses([again])).toEqual({ '400 invalid_grant': 1 })
    expect(await isActive(ncwd, tokens.access_token)).toBe(false)
  })

  test('a code is good for its own client, address and verifier only', async () => {
    browser = newBrowser()
    const { code, callback, checks } = await obtainCode(signOn, ncwd, browser, nora.username)
    const headers = basicHeader(ncwd.clientId, ncwd.secret)
    const form = codeForm(ncwd, code, checks)
    const stolen = await send(tokenUrl, {
      headers: basicHeader(vendor.clientId, vendor.secret),
      form,
    })
    const elsewhere = await send(tokenUrl, {
      headers,
      form: { ...form, redirect_uri: 'https://ncwd.test/callback2' },
    })
    const guessed = await send(tokenUrl, {
      headers,
      form: { ...form, code_verifier: 'a'.repeat(43) },
    })
    const unverified = await send(tokenUrl, {
      headers,
      form: Object.entries(form).filter(([name]) => name !== 'code_verifier'),
    })
    expect(statuses([stolen, elsewhere, guessed, unverified])).toEqual({ '400 invalid_grant': 4 })
    expect(await isActive(ncwd, (await ncwd.redeem(callback, checks)).access_token)).toBe(true)
  })

  test('the audit names the client and the person of everything that was used twice', async () => {
    const { accountId } = (
      await signOn.services.db.query<{ accountId: string }>(
        { name: 'test-account', text: 'SELECT id AS "accountId" FROM accounts' },
        [],
      )
    )[0]!
    expect(await reuseEvents('AuthorizationCode')).toEqual([{ clientId: ncwd.clientId, accountId }])
    expect(await reuseEvents('RefreshToken')).toEqual([])
  })

  test('twenty parallel uses of one client assertion: one passes', async () => {
    const form = { token: 'unknown', ...assertionForm(await assertion(ncwb, signOn.issuer)) }
    const url = `${signOn.issuer}/oidc/introspect`
    const answers = await Promise.all(twenty.map(() => send(url, { form })))
    expect(statuses(answers)).toEqual({ '200 ok': 1, '401 invalid_client': 19 })
  })

  test('the same jti of two clients is two assertions', async () => {
    const other = await createCourt(signOn, 'nceb', { method: 'private_key_jwt' })
    const jti = randomUUID()
    const url = `${signOn.issuer}/oidc/introspect`
    for (const court of [ncwb, other]) {
      const signed = await assertion(court, signOn.issuer, { payload: { jti } })
      const answer = await send(url, { form: { token: 'unknown', ...assertionForm(signed) } })
      expect(answer.status).toBe(200)
    }
  })

  const boundToken = async () => {
    browser = newBrowser()
    const key = newProofKey()
    const { code, checks } = await obtainCode(signOn, ncwb, browser, nora.username)
    const answer = await send(tokenUrl, {
      headers: { dpop: await proof(key, 'POST', tokenUrl) },
      form: {
        ...codeForm(ncwb, code, checks),
        ...assertionForm(await assertion(ncwb, signOn.issuer)),
      },
    })
    expect(statuses([answer])).toEqual({ '200 ok': 1 })
    expect(answer.body['token_type']).toBe('DPoP')
    const token = String(answer.body['access_token'])
    const ath = createHash('sha256').update(token).digest('base64url')
    const use = async (payload: object = {}) => {
      const dpop = await proof(key, 'GET', userinfoUrl, { ath, ...payload })
      return () => send(userinfoUrl, { headers: { authorization: `DPoP ${token}`, dpop } })
    }
    return { token, use }
  }

  test('twenty parallel uses of one DPoP proof: one passes', async () => {
    const { use } = await boundToken()
    const call = await use()
    const answers = await Promise.all(twenty.map(() => call()))
    expect(statuses(answers)).toEqual({ '200 ok': 1, '401 invalid_token': 19 })
  })

  test('a bound token is of no use without a proof, or with a stranger’s', async () => {
    const { token } = await boundToken()
    const bearer = await send(userinfoUrl, { headers: { authorization: `Bearer ${token}` } })
    expect(bearer.status).toBe(401)
    const ath = createHash('sha256').update(token).digest('base64url')
    const foreign = await proof(newProofKey(), 'GET', userinfoUrl, { ath })
    const stolen = await send(userinfoUrl, {
      headers: { authorization: `DPoP ${token}`, dpop: foreign },
    })
    expect(stolen.status).toBe(401)
  })

  test.each([
    ['is 70 seconds old', -70],
    ['is 70 seconds ahead', 70],
    ['is five minutes ahead', 290],
  ])('a DPoP proof that %s is refused, and a nonce offered in its place', async (_, seconds) => {
    const { use } = await boundToken()
    const iat = Math.floor(Date.now() / 1000) + seconds
    const call = await use({ iat })
    const answer = await call()
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('use_dpop_nonce')

    const nonce = answer.headers['dpop-nonce']!
    const withNonce = await use({ iat, nonce })
    expect((await withNonce()).status).toBe(200)
    expect((await withNonce()).status).toBe(401)
    expect((await (await use({ iat, nonce: 'made-up' }))()).status).toBe(401)
  })

  test.each([-55, 0, 10, 55])('a DPoP proof %i seconds from now is taken', async (seconds) => {
    const { use } = await boundToken()
    expect((await (await use({ iat: Math.floor(Date.now() / 1000) + seconds }))()).status).toBe(200)
  })

  test('a DPoP proof made for later is remembered for as long as it would be taken', async () => {
    const { use } = await boundToken()
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    const call = await use({ iat: Math.floor(start / 1000) + 55 })
    expect((await call()).status).toBe(200)
    for (const later of [5, 60, 114]) {
      vi.setSystemTime(start + later * 1000)
      expect((await call()).status).toBe(401)
    }
  })
})
