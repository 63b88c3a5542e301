import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { expectNoAxeViolations } from '../support/axe.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { createCourt, idClaims, type TestCourt } from '../support/court.ts'
import { type LandingCourt, startLandingCourt } from '../support/landing-court.ts'
import { nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

/** Two courts, each opened in a tab of its own by somebody who is not signed in yet. */

const olga = {
  ...nora,
  number: '7000099',
  username: 'olga-other',
  given_name: 'Olga',
  email: 'olga@example.com',
}

let signOn: SignOn
let browser: TestBrowser
const sites: LandingCourt[] = []
let first: { court: TestCourt; site: LandingCourt }
let second: { court: TestCourt; site: LandingCourt }

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  await signOn.apply({ accounts: [nora, olga] })
  const open = async (id: string) => {
    const site = await startLandingCourt()
    sites.push(site)
    return { site, court: await createCourt(signOn, id, { redirectUri: site.redirectUri }) }
  }
  first = await open('ncwd')
  second = await open('ncwb')
})
afterAll(async () => {
  await browser?.stop()
  for (const site of sites) await site.stop()
  await signOn.stop()
})

let tab: Page
let other: Page
let checks: Awaited<ReturnType<TestCourt['authorize']>>['checks']

beforeEach(async () => {
  tab = await browser.newPage()
  other = await tab.context().newPage()
  await other.clock.install()
  await tab.goto((await first.court.authorize()).url)
  const request = await second.court.authorize()
  checks = request.checks
  await other.goto(request.url)
  await other.waitForSelector('#show-password:visible')
})
afterEach(() => tab.context().close())

async function signIn(page: Page, { username } = nora): Promise<void> {
  await page.fill('#username', username)
  await page.fill('#password', password)
  await page.click('#sign-in-submit')
  await page.waitForSelector('#court-inside')
}
/** The person turns to the other tab. */
const turnTo = (page: Page) => page.evaluate(`window.dispatchEvent(new Event('focus'))`)

test('the tab that waits goes on to its court by itself', async () => {
  await other.clock.runFor(10_000)
  expect(await other.locator('#sign-in').count()).toBe(1)
  await signIn(tab)
  await other.clock.runFor(10_000)
  await other.waitForSelector('#court-inside')
  const tokens = await second.court.redeem(second.site.callback(), checks)
  expect(idClaims(tokens)['preferred_username']).toBe(nora.username)
})

test('the tab that waits at our own page goes on to it, as soon as the person turns to it', async () => {
  await other.goto(`${signOn.issuer}/account`)
  await other.waitForSelector('#show-password:visible')
  await signIn(tab)
  await turnTo(other)
  await other.waitForSelector('#sign-out-submit')
  expect(new URL(other.url()).pathname).toBe('/account')
})

test.each(['#username', '#password'])(
  'what was typed into %s stays, and the page says that it is needed no more',
  async (field) => {
    await other.fill(field, 'half-typ')
    await signIn(tab)
    await turnTo(other)
    await other.waitForSelector('#signed-in-meanwhile:visible')
    expect(await other.inputValue(field)).toBe('half-typ')
    await expectNoAxeViolations(other)
    // Nothing happens behind the back of whoever goes on typing.
    await other.clock.runFor(60_000)
    expect(await other.inputValue(field)).toBe('half-typ')
    await other.click('#go-on-signed-in')
    await other.waitForSelector('#court-inside')
  },
)

test('who takes back what was typed goes on after all', async () => {
  await other.fill('#username', 'half-typ')
  await signIn(tab)
  await turnTo(other)
  await other.waitForSelector('#signed-in-meanwhile:visible')
  await other.fill('#username', '')
  await turnTo(other)
  await other.waitForSelector('#court-inside')
})

test('who goes on typing is signed in as whom the form names', async () => {
  await other.fill('#username', olga.username)
  await signIn(tab, nora)
  await turnTo(other)
  await other.waitForSelector('#signed-in-meanwhile:visible')
  await signIn(other, olga)
  const tokens = await second.court.redeem(second.site.callback(), checks)
  expect(idClaims(tokens)['preferred_username']).toBe(olga.username)
})

test('who has pressed Cancel is not overtaken by an answer that was under way', async () => {
  await signIn(tab)
  const pressed = Promise.withResolvers<void>()
  await other.route('**/signed-in', async (route) => {
    await pressed.promise
    await route.continue()
  })
  const answered = other.waitForResponse('**/signed-in')
  await other.route('**/cancel', async (route) => {
    pressed.resolve()
    await answered
    await route.continue()
  })
  const asked = other.waitForRequest('**/signed-in')
  await turnTo(other)
  await asked
  await other.click('#cancel-submit', { noWaitAfter: true })
  await other.waitForSelector('#court-inside')
  expect(new URL(second.site.callback()).searchParams.get('error')).toBe('access_denied')
})
