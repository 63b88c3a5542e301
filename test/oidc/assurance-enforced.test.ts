import { describe, expect } from 'vitest'
import {
  callbackOf,
  createCourt,
  errorIn,
  idClaims,
  openPage,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

/** A level that was asked for is reached or refused, and told in every ID token. */

const mfa = 'urn:uscourts:cso:acr:mfa'

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend(
    'walkWith',
    ({ ncwd, openBrowser, signOn }) =>
      async (court: TestCourt, parameters: Record<string, string>) => {
        const browser = openBrowser()
        await ncwd.signIn(browser, nora.username)
        const { url } = await court.authorize(parameters)
        return callbackOf(await openPage(browser, signOn, url))
      },
  )

describe('levels of assurance are enforced', () => {
  test('a session below an essential level gets no code', async ({ walkWith, ncwb }) => {
    for (const acr of [
      { essential: true, value: mfa },
      { essential: true, values: [mfa, 'urn:example:gold'] },
    ]) {
      const claims = JSON.stringify({ id_token: { acr } })
      const callback = await walkWith(ncwb, { claims })
      expect(errorIn(callback)).toBe('unmet_authentication_requirements')
      expect(callback).not.toContain('code=')
    }
  })

  test('a session below the registered minimum of the court gets no code', async ({
    signOn,
    walkWith,
  }) => {
    const strict = await createCourt(signOn, 'ncmb', { minimumLevel: mfa })
    const callback = await walkWith(strict, {})
    expect(errorIn(callback)).toBe('unmet_authentication_requirements')
  })

  test.for([['x'], [{}]] as const)(
    'levels that are no list are the mistake of the court: %j',
    async ([values], { ncwd, openBrowser, signOn }) => {
      for (const essential of [true, false]) {
        const claims = JSON.stringify({ id_token: { acr: { essential, values } } })
        const { url } = await ncwd.authorize({ claims })
        const callback = callbackOf(await openPage(openBrowser(), signOn, url))
        expect(errorIn(callback)).toBe('invalid_request')
      }
    },
  )

  test('a wish is no promise: the token tells the level that was reached', async ({
    ncwd,
    browser,
    ncwb,
  }) => {
    await ncwd.signIn(browser, nora.username)
    for (const acrValues of [mfa, 'urn:example:gold', `${mfa} urn:uscourts:cso:acr:pwd`]) {
      const claims = idClaims(await ncwb.walkIn(browser, { acr_values: acrValues }))
      expect(claims).toMatchObject({ acr: 'urn:uscourts:cso:acr:pwd', amr: ['pwd'] })
    }
  })
})

test('acr, amr, auth_time and sid stand in every ID token without being asked for', async ({
  ncwd,
  browser,
  ncwb,
}) => {
  const before = Math.floor(Date.now() / 1000)
  const first = idClaims(await ncwd.signIn(browser, nora.username, { scope: 'openid' }))
  expect(first).toMatchObject({
    acr: 'urn:uscourts:cso:acr:pwd',
    amr: ['pwd'],
    sid: expect.stringMatching(/^.{16,}$/),
  })
  expect(first['auth_time']).toBeGreaterThanOrEqual(before)
  const second = idClaims(await ncwb.walkIn(browser, { scope: 'openid' }))
  expect(second['auth_time']).toBe(first['auth_time'])
  expect(second['sid']).not.toBe(first['sid'])
})
