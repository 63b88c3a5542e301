import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import { filingSoftware, offlineRequest, type TestCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

const test = kit()
  .override('people', [nora])
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  /** Switches a client off or on; each process sees it within a second. */
  .extend('setActive', ({ signOn }) => async (client: TestCourt, active: boolean) => {
    await signOn.apply({ clients: [{ id: client.clientId, active }] })
    vi.setSystemTime(Date.now() + 1001)
  })

const isActive = async (client: TestCourt, token: string | undefined) =>
  (await oidc.tokenIntrospection(client.rp, token!)).active

describe('a client that was switched off', () => {
  test('has none of its tokens back when it is switched on again', async ({
    court,
    ncwb,
    browser,
    setActive,
    audited,
  }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const vendor = await court('ncwd', { ...filingSoftware, id: 'off-and-on' })
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    const elsewhere = await ncwb.walkIn(browser)
    expect(await isActive(vendor, tokens.access_token)).toBe(true)

    await setActive(vendor, false)
    await setActive(vendor, true)

    expect(await isActive(vendor, tokens.access_token)).toBe(false)
    expect(await isActive(vendor, tokens.refresh_token)).toBe(false)
    const userinfo = oidc.fetchUserInfo(vendor.rp, tokens.access_token, oidc.skipSubjectCheck)
    await expect(userinfo).rejects.toMatchObject({ status: 401 })
    await expect(oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect(await audited('grant.revoked')).toMatchObject([
      { clientId: 'off-and-on', actorKind: 'operator', actorId: 'test' },
    ])
    // Nobody else loses anything by it.
    expect(await isActive(ncwb, elsewhere.access_token)).toBe(true)
    await ncwb.walkIn(browser)
  })

  test('is given new tokens in the same session when it is on again', async ({
    court,
    browser,
    setActive,
  }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const ncwd = await court('ncwd', { id: 'on-again' })
    const before = await ncwd.signIn(browser, nora.username)
    await setActive(ncwd, false)
    await setActive(ncwd, true)
    const after = await ncwd.walkIn(browser)
    expect(await isActive(ncwd, after.access_token)).toBe(true)
    expect(await isActive(ncwd, before.access_token)).toBe(false)
  })
})
