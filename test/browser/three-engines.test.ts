import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectNoAxeViolationsIn } from '../support/axe.ts'
import { startChromium } from '../support/browsers/chromium.ts'
import type { DrivenBrowser, DrivenPage } from '../support/browsers/driven-browser.ts'
import { startFirefox } from '../support/browsers/firefox.ts'
import { startWebKit } from '../support/browsers/webkit.ts'
import {
  type Checks,
  createCourt,
  filingSoftware,
  offlineRequest,
  type TestCourt,
} from '../support/court.ts'
import { type LandingCourt, startLandingCourt } from '../support/landing-court.ts'
import { jane, nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

let signOn: SignOn
let end: string
const sites: LandingCourt[] = []
let ncwd: { court: TestCourt; site: LandingCourt }
let ncwb: { court: TestCourt; site: LandingCourt }
let vendor: { court: TestCourt; site: LandingCourt }

beforeAll(async () => {
  signOn = await startSignOn()
  await signOn.apply({ accounts: [jane, nora] })
  const open = async (id: string, options: Parameters<typeof createCourt>[2] = {}) => {
    const site = await startLandingCourt()
    sites.push(site)
    const court = await createCourt(signOn, id, {
      ...options,
      redirectUri: site.redirectUri,
      metadata: {
        initiate_login_uri: site.leftUri,
        ...options.metadata,
        post_logout_redirect_uris: [site.leftUri],
      },
    })
    return { court, site }
  }
  ncwd = await open('ncwd')
  ncwb = await open('ncwb')
  vendor = await open('ca4', filingSoftware)
  end = ncwd.court.rp.serverMetadata().end_session_endpoint!
})
afterAll(async () => {
  for (const site of sites) await site.stop()
  await signOn.stop()
})

const engines = [
  ['Chromium with scripts', startChromium, true],
  ['Chromium without scripts', startChromium, false],
  ['Firefox with scripts', startFirefox, true],
  ['Firefox without scripts', startFirefox, false],
  ['WebKit with scripts', startWebKit, true],
  ['WebKit without scripts', startWebKit, false],
] as const

// On a busy machine a browser alone takes ten seconds to start.
describe.each(engines)('in %s', { timeout: 60_000 }, (_, start, hasScripts) => {
  let browser: DrivenBrowser
  let page: DrivenPage

  beforeAll(async () => {
    browser = await start(hasScripts)
  })
  afterAll(() => browser?.stop())
  beforeEach(async () => {
    page = await browser.newPage()
  })
  afterEach(() => page.close())

  const checkWithAxe = async () => {
    if (hasScripts) await expectNoAxeViolationsIn(page)
  }
  async function openSignIn(court: TestCourt, parameters = {}): Promise<Checks> {
    const { url, checks } = await court.authorize(parameters)
    await page.open(url)
    return checks
  }
  async function fillIn({ username }: { username: string }): Promise<void> {
    await page.see('#sign-in-submit')
    await page.type('#username', username)
    await page.type('#password', password)
    await page.press('#sign-in-submit')
  }
  const errorAt = ({ site }: { site: LandingCourt }) =>
    new URL(site.callback()).searchParams.get('error')
  /** Signs in and redeems the code; the ID token. */
  async function signIn(at: typeof ncwd, person = nora): Promise<string> {
    const checks = await openSignIn(at.court)
    await fillIn(person)
    await page.see('#court-inside')
    return (await at.court.redeem(at.site.callback(), checks)).id_token!
  }
  async function walkIn(at: typeof ncwd): Promise<string> {
    const checks = await openSignIn(at.court)
    await page.see('#court-inside')
    return (await at.court.redeem(at.site.callback(), checks)).id_token!
  }
  /** From the court's own page, by its form. */
  async function leave({ site }: typeof ncwd, hint: string): Promise<void> {
    const fields = { id_token_hint: hint, post_logout_redirect_uri: site.leftUri, state: 'bye' }
    await page.open(site.leaveFrom(end, fields))
    await page.press('#leave')
  }

  test('a filer confirms the duty to redact and is at a court that redirects to another origin', async () => {
    const checks = await openSignIn(ncwd.court)
    await page.see('#sign-in-submit')
    await checkWithAxe()
    await fillIn(jane)
    await page.see('#redaction-submit')
    await checkWithAxe()
    await page.press('label[for="acknowledged"]')
    await page.press('#redaction-submit')
    expect(await page.see('#court-inside')).toBe('inside')
    const tokens = await ncwd.court.redeem(ncwd.site.callback(), checks)
    expect(tokens.claims()?.['preferred_username']).toBe(jane.username)
  })

  test('a response that comes as a form reaches a court that redirects to another origin', async () => {
    const checks = await openSignIn(ncwb.court, { response_mode: 'form_post' })
    await fillIn(nora)
    if (!hasScripts) await page.press('#go-on-submit')
    await page.see('#court-inside')
    expect(await ncwb.court.redeem(ncwb.site.callback(), checks)).toHaveProperty('id_token')
  })

  test('who cancels is at the court', async () => {
    await openSignIn(ncwd.court)
    await page.press('#cancel-submit')
    await page.see('#court-inside')
    expect(errorAt(ncwd)).toBe('access_denied')
  })

  test('what is allowed to a vendor, or not, reaches it', async () => {
    await openSignIn(vendor.court, offlineRequest)
    await fillIn(nora)
    await page.see('#consent-deny')
    await checkWithAxe()
    await page.press('#consent-deny')
    await page.see('#denied')
    await checkWithAxe()
    await page.press('#go-back')
    await page.see('#court-inside')
    expect(errorAt(vendor)).toBe('access_denied')
    // Nothing came of that sign-in, so the next one begins anew.
    const checks = await openSignIn(vendor.court, offlineRequest)
    await fillIn(nora)
    await page.press('#consent-allow')
    await page.see('#court-inside')
    const tokens = await vendor.court.redeem(vendor.site.callback(), checks)
    expect(tokens).toHaveProperty('refresh_token')
  })

  test('signing out at the first court and at the second leads back to each', async () => {
    const first = await signIn(ncwd)
    const second = await walkIn(ncwb)
    await leave(ncwd, first)
    await page.see('#court-left')
    expect(await page.address()).toBe(`${ncwd.site.leftUri}?state=bye`)
    await leave(ncwb, second)
    await page.see('#court-left')
    expect(await page.address()).toBe(`${ncwb.site.leftUri}?state=bye`)
    // It was a sign-out: the next court asks.
    await openSignIn(ncwd.court)
    await page.see('#sign-in-submit')
  })

  test('who stays signed in is told so, and whoever then signs out is back at the court', async () => {
    await signIn(ncwd)
    const asked = new URLSearchParams({
      client_id: ncwd.court.clientId,
      post_logout_redirect_uri: ncwd.site.leftUri,
    })
    await page.open(`${end}?${asked}`)
    await page.see('#sign-out-confirm')
    await checkWithAxe()
    await page.press('#sign-out-cancel')
    await page.see('#still-signed-in')
    await checkWithAxe()
    await page.press('#way-back')
    await page.see('#court-left')
    await walkIn(ncwd)
    await page.open(`${end}?${asked}`)
    await page.press('#sign-out-confirm')
    await page.see('#court-left')
  })

  test('a session that is gone leads to the court at once, and our own page says so', async () => {
    const hint = await signIn(ncwd)
    await page.open(`${signOn.issuer}/account`)
    await page.see('#sign-out-submit')
    await page.forgetCookies()
    await leave(ncwd, hint)
    await page.see('#court-left')
    await page.open(end)
    await page.see('#signed-out')
    await checkWithAxe()
    await signIn(ncwd)
    await page.open(`${signOn.issuer}/account`)
    await page.press('#sign-out-submit')
    await page.see('#signed-out')
  })
})
