import { calculateJwkThumbprint } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listAudited } from '../support/audited.ts'
import {
  basicHeader,
  createCourt,
  filingSoftware,
  newBrowser,
  offlineRequest,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { type Answer, codeForm, newProofKey, obtainCode, proof, send } from './raw-requests.ts'

const minute = 60_000
const hour = 60 * minute
const twenty = Array.from({ length: 20 })
const notOurs = 'https://ecf.nceb.uscourts.gov/'

describe.each(['redis', 'database'] as const)('with storage: %s', (storage) => {
  let signOn: SignOn
  let vendor: TestCourt
  let browser: HttpClient
  let tokenUrl: string

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [nora] })
    vendor = await createCourt(signOn, 'ca4', filingSoftware)
    tokenUrl = `${signOn.issuer}/oidc/token`
  })
  afterAll(() => signOn.stop())
  beforeEach(() => {
    browser = newBrowser()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await browser.stop()
  })

  const ask = (form: Record<string, string>, dpop?: string) =>
    send(tokenUrl, {
      headers: { ...basicHeader(vendor.clientId, vendor.secret), ...(dpop && { dpop }) },
      form,
    })
  const refresh = (token: string, more: Record<string, string> = {}, dpop?: string) =>
    ask({ grant_type: 'refresh_token', refresh_token: token, ...more }, dpop)
  const newToken = async () =>
    (await vendor.signIn(browser, nora.username, offlineRequest)).refresh_token!
  const isActive = async (token: unknown) =>
    (await oidc.tokenIntrospection(vendor.rp, String(token))).active
  const errorsOf = (answers: readonly Answer[]) =>
    answers.map(({ status, body }) => (status === 200 ? 'ok' : body['error']))
  const countReuses = async () => (await listAudited(signOn.services.db, 'token.reused')).length

  describe('one refresh token', () => {
    test('is good twenty times at once and afterwards, and all it gave ends together', async () => {
      const token = await newToken()
      const answers = await Promise.all(twenty.map(() => refresh(token)))
      answers.push(await refresh(token))
      expect(new Set(errorsOf(answers))).toEqual(new Set(['ok']))
      expect(new Set(answers.map(({ body }) => body['refresh_token']))).toEqual(new Set([token]))
      const given = answers.map(({ body }) => body['access_token'])
      expect(new Set(given).size).toBe(21)
      expect(await Promise.all(given.map(isActive))).not.toContain(false)

      await oidc.tokenRevocation(vendor.rp, token)
      expect(await Promise.all(given.map(isActive))).not.toContain(true)
      expect(errorsOf([await refresh(token)])).toEqual(['invalid_grant'])
      expect(await countReuses()).toBe(0)
    })

    test('lives an hour from its last use, and twelve hours in all', async () => {
      const start = Date.now()
      vi.useFakeTimers({ toFake: ['Date'], now: start })
      const used = await newToken()
      await browser.stop()
      browser = newBrowser()
      const unused = await newToken()
      vi.setSystemTime(start + hour - 1000)
      expect(errorsOf([await refresh(used)])).toEqual(['ok'])
      expect((await oidc.tokenIntrospection(vendor.rp, used)).exp).toBe(
        Math.floor((start + hour - 1000) / 1000) + 3600,
      )
      vi.setSystemTime(start + hour + 1000)
      expect(errorsOf([await refresh(unused)])).toEqual(['invalid_grant'])
      for (let time = start + hour + 30 * minute; time < start + 12 * hour; time += 50 * minute) {
        vi.setSystemTime(time)
        expect(errorsOf([await refresh(used)])).toEqual(['ok'])
      }
      vi.setSystemTime(start + 12 * hour - 2000)
      expect(errorsOf([await refresh(used)])).toEqual(['ok'])
      vi.setSystemTime(start + 12 * hour + 1000)
      expect(errorsOf([await refresh(used)])).toEqual(['invalid_grant'])
    })
  })

  describe('a request that is refused changes nothing', () => {
    test.each([
      ['a resource that is not the client’s', { resource: notOurs }, 'invalid_target'],
      ['a scope that was not granted', { scope: 'openid email' }, 'invalid_scope'],
      ['no client', { client_id: 'nobody' }, 'invalid_client'],
    ])('a refresh with %s', async (_, more, error) => {
      const start = Date.now()
      vi.useFakeTimers({ toFake: ['Date'], now: start })
      const token = await newToken()
      vi.setSystemTime(start + 30 * minute)
      const refused = await send(tokenUrl, {
        ...(error !== 'invalid_client' && {
          headers: basicHeader(vendor.clientId, vendor.secret),
        }),
        form: { grant_type: 'refresh_token', refresh_token: token, ...more } as never,
      })
      expect(errorsOf([refused])).toEqual([error])
      expect(errorsOf([await refresh(token, { scope: 'openid' })])).toEqual(['ok'])
      expect(await countReuses()).toBe(0)
    })

    test('and a refused refresh does not make the token live longer', async () => {
      const start = Date.now()
      vi.useFakeTimers({ toFake: ['Date'], now: start })
      const token = await newToken()
      vi.setSystemTime(start + 30 * minute)
      expect(errorsOf([await refresh(token, { resource: notOurs })])).toEqual(['invalid_target'])
      vi.setSystemTime(start + hour + 1000)
      expect(errorsOf([await refresh(token)])).toEqual(['invalid_grant'])
    })

    test.each([
      ['a resource that is not the client’s', { resource: notOurs }, 'invalid_target'],
      ['two resources', { resource: 'https://ecf.ca4.uscourts.gov/ x' }, 'invalid_target'],
      ['another redirect address', { redirect_uri: 'https://ca4.test/other' }, 'invalid_grant'],
      ['a wrong verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    ])('a code with %s', async (_, change, error) => {
      const { code, checks } = await obtainCode(signOn, vendor, browser, nora.username, {
        ...offlineRequest,
      })
      const form = codeForm(vendor, code, checks)
      expect(errorsOf([await ask({ ...form, ...change })])).toEqual([error])
      const redeemed = await ask(form)
      expect(errorsOf([redeemed])).toEqual(['ok'])
      expect(await isActive(redeemed.body['access_token'])).toBe(true)
      expect(await countReuses()).toBe(0)
    })

    test('a code with a proof of another key than it is bound to, or with none', async () => {
      const key = newProofKey()
      const jkt = await calculateJwkThumbprint(key.jwk as never)
      const { code, checks } = await obtainCode(signOn, vendor, browser, nora.username, {
        ...offlineRequest,
        dpop_jkt: jkt,
      })
      const form = codeForm(vendor, code, checks)
      const foreign = await proof(newProofKey(), 'POST', tokenUrl)
      expect(errorsOf([await ask(form), await ask(form, foreign)])).toEqual([
        'invalid_grant',
        'invalid_grant',
      ])
      const used = await proof(key, 'POST', tokenUrl)
      const redeemed = await ask(form, used)
      expect(errorsOf([redeemed])).toEqual(['ok'])
      expect(await isActive(redeemed.body['access_token'])).toBe(true)

      // And a proof that was used already costs the next code nothing.
      await browser.stop()
      browser = newBrowser()
      const next = await obtainCode(signOn, vendor, browser, nora.username, offlineRequest)
      const nextForm = codeForm(vendor, next.code, next.checks)
      expect(errorsOf([await ask(nextForm, used)])).toEqual(['invalid_grant'])
      expect(errorsOf([await ask(nextForm)])).toEqual(['ok'])
    })
  })

  test('with a secret and DPoP, a refresh token is good with its key alone', async () => {
    const key = newProofKey()
    const { code, checks } = await obtainCode(signOn, vendor, browser, nora.username, {
      ...offlineRequest,
    })
    const redeemed = await ask(codeForm(vendor, code, checks), await proof(key, 'POST', tokenUrl))
    expect(redeemed.body['token_type']).toBe('DPoP')
    const token = String(redeemed.body['refresh_token'])
    const foreign = await proof(newProofKey(), 'POST', tokenUrl)
    expect(errorsOf([await refresh(token), await refresh(token, {}, foreign)])).toEqual([
      'invalid_grant',
      'invalid_grant',
    ])
    const refreshed = await refresh(token, {}, await proof(key, 'POST', tokenUrl))
    expect(refreshed.body).toMatchObject({ token_type: 'DPoP', refresh_token: token })
  })
})
