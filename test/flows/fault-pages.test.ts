import { describe, expect } from 'vitest'
import { openPage, sendPassword } from '../support/court.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd', { isPushed: true }))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))

const referenceOn = (page: HttpResponse) => /id="request-id">([^<]*)</.exec(page.text)?.[1]
const notSetUp = 'not set up for sign-in'

describe('an application that is not set up', () => {
  test('is named as the cause where its registration is', async ({ browser, signOn, ncwb }) => {
    const unknown = await browser.get(`${signOn.issuer}/oidc/auth?client_id=nobody`)
    expect(unknown.text).toContain(notSetUp)
    const { url } = await ncwb.authorize({ redirect_uri: 'https://ncwb.test/callback/' })
    expect((await browser.get(url)).text).toContain(notSetUp)
  })

  test('is not, where it used another’s request', async ({ ncwd, ncwb, browser }) => {
    const pushed = new URL((await ncwd.authorize()).url)
    pushed.searchParams.set('client_id', ncwb.clientId)
    const page = await browser.get(pushed.href)
    expect(page.status).toBe(400)
    expect(page.text).not.toContain(notSetUp)
  })
})

test('the eight characters on a page lead to the line of the log and the row of the audit', async ({
  audited,
  browser,
  signOn,
  ncwb,
}) => {
  const page = await browser.get(`${signOn.issuer}/oidc/auth?client_id=nobody`)
  const reference = referenceOn(page)!
  expect(reference).toMatch(/^[0-9a-f]{8}$/)
  const lines = signOn.logLines.filter((line) => line.includes(`"requestId":"${reference}`))
  expect(lines.map((line) => JSON.parse(line).msg)).toContain('request refused')

  const { url } = await ncwb.authorize()
  const signedIn = await sendPassword(browser, await openPage(browser, signOn, url), nora.username)
  await browser.followWhile(signedIn, (to) => to.origin === signOn.issuer)
  const rows = await audited('account.signed-in')
  const short = rows[0]!.requestId!.slice(0, 8)
  const found = await audited(undefined, { requestId: { startsWith: short } })
  expect(found.map(({ event }) => event)).toContain('account.signed-in')
})

test.for(['//elsewhere.example/x', '/\\elsewhere.example/x'])(
  'no page for %s has a link that leads out',
  async (path, { browser, signOn }) => {
    const page = await browser.get(`${signOn.issuer}${path}`)
    expect(page.text).not.toMatch(/href="[^"]*elsewhere\.example/)
  },
)
