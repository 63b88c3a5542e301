import { expect } from 'vitest'
import {
  basicHeader,
  filingSoftware,
  offlineRequest,
  openPage,
  signInAt,
} from '../support/court.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'
import { send } from './raw-requests.ts'

/** What was handed out is kept as hashes. */

const test = kit()
  .override('people', [jane])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('vendor', { scope: 'file' }, ({ court }) => court('ca4', filingSoftware))

test('identifiers that were handed out are stored nowhere in clear', async ({
  openBrowser,
  ncwd,
  signOn,
  vendor,
  at,
}) => {
  const client = openBrowser()
  const { url, checks } = await ncwd.authorize()
  const page = await openPage(client, signOn, url)
  const interactionId = /\/sign-in\/([^/?]+)/.exec(page.url)![1]!
  const during = await dumpStores(signOn.services)
  const cookiesDuring = client.cookies.list().map(({ value }) => value)
  const callback = await signInAt(client, signOn, page, jane.username)
  const code = new URL(callback).searchParams.get('code')!
  const beforeRedeeming = await dumpStores(signOn.services)
  const tokens = await ncwd.redeem(callback, checks)
  const refreshable = await vendor.signIn(openBrowser(), jane.username, offlineRequest)
  const pushed = await send(at('/oidc/par'), {
    headers: basicHeader(ncwd.clientId, ncwd.secret),
    form: [...new URL((await ncwd.authorize()).url).searchParams],
  })
  expect(pushed.status).toBe(201)
  const requestUri = String(pushed.body['request_uri'])
  const after = await dumpStores(signOn.services)

  const secrets = {
    interactionId,
    code,
    accessToken: tokens.access_token,
    refreshToken: refreshable.refresh_token!,
    requestUri: requestUri.slice(requestUri.lastIndexOf(':') + 1),
    idToken: tokens.id_token!,
    verifier: checks.verifier,
  }
  const sessionCookies = [...cookiesDuring, ...client.cookies.list().map(({ value }) => value)]
  for (const dump of [during, beforeRedeeming, after]) {
    for (const [name, value] of Object.entries(secrets)) {
      expect([name, dump.includes(value)]).toEqual([name, false])
    }
    for (const value of sessionCookies.filter((each) => each.length > 16)) {
      expect(dump.includes(value)).toBe(false)
    }
  }
  expect(during).toContain(checks.state)
})
