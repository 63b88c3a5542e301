import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createCourt,
  newBrowser,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let browser: HttpClient

beforeAll(async () => {
  signOn = await startSignOn()
  await signOn.apply({ accounts: [nora] })
  ncwd = await createCourt(signOn, 'ncwd', { isPushed: true })
  ncwb = await createCourt(signOn, 'ncwb')
})
afterAll(() => signOn.stop())
beforeEach(() => {
  browser = newBrowser()
})
afterEach(() => browser.stop())

const referenceOn = (page: HttpResponse) => /id="request-id">([^<]*)</.exec(page.text)?.[1]
const notSetUp = 'not set up for sign-in'

describe('an application that is not set up', () => {
  test('is named as the cause where its registration is', async () => {
    const unknown = await browser.get(`${signOn.issuer}/oidc/auth?client_id=nobody`)
    expect(unknown.text).toContain(notSetUp)
    const { url } = await ncwb.authorize({ redirect_uri: 'https://ncwb.test/callback/' })
    expect((await browser.get(url)).text).toContain(notSetUp)
  })

  test('is not, where it used another’s request', async () => {
    const pushed = new URL((await ncwd.authorize()).url)
    pushed.searchParams.set('client_id', ncwb.clientId)
    const page = await browser.get(pushed.href)
    expect(page.status).toBe(400)
    expect(page.text).not.toContain(notSetUp)
  })
})

test('the eight characters on a page lead to the line of the log and the row of the audit', async () => {
  const page = await browser.get(`${signOn.issuer}/oidc/auth?client_id=nobody`)
  const reference = referenceOn(page)!
  expect(reference).toMatch(/^[0-9a-f]{8}$/)
  const lines = signOn.logLines.filter((line) => line.includes(`"requestId":"${reference}`))
  expect(lines.map((line) => JSON.parse(line).msg)).toContain('request refused')

  const { url } = await ncwb.authorize()
  const signedIn = await sendPassword(browser, await openPage(browser, signOn, url), nora.username)
  await browser.followWhile(signedIn, (to) => to.origin === signOn.issuer)
  const rows = await signOn.services.db.prisma.auditEvent.findMany({
    where: { event: 'account.signed-in' },
  })
  const short = rows[0]!.requestId!.slice(0, 8)
  const found = await signOn.services.db.prisma.auditEvent.findMany({
    where: { requestId: { startsWith: short } },
  })
  expect(found.map(({ event }) => event)).toContain('account.signed-in')
})

test.each(['//elsewhere.example/x', '/\\elsewhere.example/x'])(
  'no page for %s has a link that leads out',
  async (path) => {
    const page = await browser.get(`${signOn.issuer}${path}`)
    expect(page.text).not.toMatch(/href="[^"]*elsewhere\.example/)
  },
)
