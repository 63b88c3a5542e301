import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import {
  createCourt,
  errorIn,
  idClaims,
  openPage,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

/** A court has one grant for a session, which says what was asked last. */

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))

const introspect = (court: TestCourt, token: string) => oidc.tokenIntrospection(court.rp, token)
const isActive = async (court: TestCourt, token: string) => (await introspect(court, token)).active

describe('the grant of a court', () => {
  test('is kept: a second tab does not end the tokens of the first', async ({ ncwd, browser }) => {
    const first = await ncwd.signIn(browser, jane.username)
    const second = await ncwd.walkIn(browser)
    const third = await ncwd.walkIn(browser)
    for (const { access_token } of [first, second, third]) {
      expect(await isActive(ncwd, access_token)).toBe(true)
    }
  })

  test('is for what is asked now: fewer scopes give fewer claims', async ({ ncwd, browser }) => {
    await ncwd.signIn(browser, jane.username)
    const fewer = await ncwd.walkIn(browser, { scope: 'openid' })
    const claims = idClaims(fewer)
    for (const name of ['efiling', 'pacer', 'name', 'email', 'preferred_username']) {
      expect(claims).not.toHaveProperty(name)
    }
    const subject = String(claims['sub'])
    const userinfo = await oidc.fetchUserInfo(ncwd.rp, fewer.access_token, subject)
    expect(userinfo).not.toHaveProperty('efiling')
    expect(userinfo).not.toHaveProperty('email')
    const introspected = await introspect(ncwd, fewer.access_token)
    expect(introspected).toMatchObject({ active: true, scope: 'openid' })
    expect(introspected).not.toHaveProperty('efiling')
    expect(introspected).not.toHaveProperty('pacer')

    const more = idClaims(await ncwd.walkIn(browser, { scope: 'openid efiling' }))
    expect(more).toHaveProperty('efiling.ncwd.status', 'active')
    expect(more).not.toHaveProperty('pacer')
  })

  test('says exactly what was asked last, more or less than before', async ({
    signOn,
    ncwd,
    browser,
  }) => {
    const person = { ...nora, number: '7000012', username: 'asked-again', email: 'again@x.test' }
    await signOn.apply({ accounts: [person] })
    const grants = () =>
      signOn.services.db.query<{ id: string; scope: string }>(
        {
          name: 'test-grants',
          text: `SELECT g.id, g.payload -> 'openid' ->> 'scope' AS scope FROM grants g
            JOIN accounts a ON a.id = g.account_id WHERE a.username = $1 AND g.revoked_at IS NULL`,
        },
        [person.username],
      )
    const asked = ['openid', 'openid pacer efiling', 'openid efiling', 'openid profile']
    await ncwd.signIn(browser, person.username, { scope: asked[0]! })
    const [first, ...others] = await grants()
    expect(others).toEqual([])
    for (const scope of asked) {
      const claims = idClaims(await ncwd.walkIn(browser, { scope }))
      expect(await grants()).toEqual([{ id: first!.id, scope }])
      expect([scope, 'efiling' in claims]).toEqual([scope, scope.includes('efiling')])
      expect([scope, 'pacer' in claims]).toEqual([scope, scope.includes('pacer')])
    }
  })

  test('never gives a court what it is not registered for', async ({ signOn, browser }) => {
    const narrow = await createCourt(signOn, 'ncmd', { metadata: { scope: 'openid pacer' } })
    const { url } = await narrow.authorize({ scope: 'openid pacer efiling' })
    const page = await openPage(browser, signOn, url)
    if (page.location) expect(errorIn(page.location)).toBe('invalid_scope')
    else {
      const callback = await signInAt(browser, signOn, page, nora.username)
      expect(errorIn(callback)).toBe('invalid_scope')
    }
  })
})
