import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { goLivePath } from '../../src/console/go-live/go-live-paths.ts'
import { importPath } from '../../src/console/imported/imported-paths.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import type { CourtId } from '../../src/ids.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { createCourt, idClaims, type TestCourt } from '../support/court.ts'
import { type LandingCourt, startLandingCourt } from '../support/landing-court.ts'
import { look } from '../support/look.ts'
import { nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { mona } from '../support/staff.ts'

/** A manager takes a court live, and a filer links on the way to it. */

const ways = [
  { way: 'with scripts at 1280 pixels', width: 1280, javaScriptEnabled: true, id: 'ncwd' },
  { way: 'without scripts at 400 pixels', width: 400, javaScriptEnabled: false, id: 'nced' },
]
const managers = ways.map(({ id }, n) => ({
  ...mona,
  number: String(7_215_000 + n),
  username: `takes-live-${id}`,
  staff_roles: [{ role: 'court-manager', court: id }],
}))
const filers = ways.map(({ id }, n) => ({
  ...nora,
  number: String(7_216_000 + n),
  username: `files-at-${id}`,
  email_verified: true,
}))
/** The hash is a test vector of jBCrypt. */
const old = { login: 'nnowhere', password: 'abc' }
const file = {
  name: 'accounts.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      'login,name,email,role,status,admitted,actions,password_hash',
      `${old.login},"Nowhere, Nora",,attorney,active,yes,file receive-notices,$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm`,
      '',
    ].join('\r\n'),
  ),
}

let signOn: SignOn
let browser: TestBrowser
let landing: LandingCourt
let courts: TestCourt[]

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  landing = await startLandingCourt()
  await signOn.apply({ accounts: [...managers, ...filers] })
  const liveAt = new Date(Date.now() + 30 * 24 * 3600_000)
  courts = []
  for (const { id } of ways) {
    const order = { courtId: id as CourtId, change: { kind: 'set', liveAt } } as const
    await changeGoLive(signOn.services.db, { ...order, by: byOperator('test') })
    courts.push(await createCourt(signOn, id, { redirectUri: landing.redirectUri }))
  }
})
afterAll(async () => {
  await browser?.stop()
  await landing?.stop()
  await signOn?.stop()
})

async function signIn(page: Page, username: string): Promise<void> {
  await page.fill('#username', username)
  await page.fill('#password', password)
  await page.keyboard.press('Enter')
}

describe.each(ways)('a court that goes live, $way', ({ way, id, ...options }) => {
  const n = ways.findIndex((each) => each.way === way)
  const hasScripts = options.javaScriptEnabled

  test('its manager imports the old accounts and takes it live, and a filer links on the way in', async () => {
    const page = await browser.newPage(options)
    await page.goto(`${signOn.issuer}${importPath(id)}`)
    await signIn(page, managers[n]!.username)
    await page.waitForURL(`**${importPath(id)}`)
    for (const heading of ['Import accounts', 'Import this file']) {
      await look(page, heading, hasScripts)
      await page.setInputFiles('#file', file)
      await page.click('#import-submit')
      await page.waitForLoadState()
    }
    await page.goto(`${signOn.issuer}${goLivePath(id)}`)
    await look(page, 'Go-live', hasScripts)
    await page.click('#act-go-live')
    await page.click('#look-submit')
    await look(page, 'Go live now', hasScripts)
    expect(await page.locator('#effect').innerText()).toMatch(/1 account/)
    await page.click('#do-submit')
    await page.waitForURL(`**${goLivePath(id)}**`)
    expect(await page.locator('#stand').innerText()).toBe('Live')

    const filer = await browser.newPage(options)
    const court = courts[n]!
    const { url, checks } = await court.authorize()
    await filer.goto(url)
    await signIn(filer, filers[n]!.username)
    await filer.waitForSelector('#old-login')
    await look(filer, 'Link your old filing account', hasScripts)
    await filer.fill('#login', old.login)
    await filer.fill('#oldPassword', old.password)
    await filer.keyboard.press('Enter')
    await filer.waitForSelector('#confirm-link')
    expect(await filer.locator('#old-name').innerText()).toContain('Nowhere, Nora')
    await look(filer, 'Is this you?', hasScripts)
    await filer.click('#confirm-link-submit')
    // Whoever files is reminded to redact, as at every sign-in.
    await filer.waitForSelector('#acknowledged')
    await filer.click('label[for=acknowledged]')
    await filer.keyboard.press('Enter')
    await filer.waitForSelector('#court-inside')
    const claims = idClaims(await court.redeem(landing.callback(), checks))
    expect(claims['efiling']).toMatchObject({
      [id]: { status: 'active', filer_id: old.login, actions: ['file', 'receive-notices'] },
    })
    await Promise.all([page.context().close(), filer.context().close()])
  }, 60_000)
})
