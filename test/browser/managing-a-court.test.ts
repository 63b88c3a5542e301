import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { staffCourtPath } from '../../src/console/court/court-paths.ts'
import { expectNoAxeViolations } from '../support/axe.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { max, mona } from '../support/staff.ts'

const ways = [
  { way: 'with scripts at 1280 pixels', width: 1280, javaScriptEnabled: true, manager: mona },
  { way: 'without scripts at 400 pixels', width: 400, javaScriptEnabled: false, manager: max },
]
const newClerks = ways.map((_, n) => ({
  ...nora,
  number: String(7_212_000 + n),
  username: `new-clerk-${n}`,
  family_name: `Newclerk${n}`,
}))

let signOn: SignOn
let browser: TestBrowser

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  await signOn.apply({ accounts: [mona, max, ...newClerks] })
})
afterAll(async () => {
  await browser?.stop()
  await signOn?.stop()
})

/** Axe is a script itself: it looks where scripts are on. */
async function look(page: Page, heading: string, hasScripts: boolean): Promise<void> {
  expect(await page.locator('h1').innerText()).toBe(heading)
  if (hasScripts) await expectNoAxeViolations(page)
  const { width } = page.viewportSize()!
  if (hasScripts) {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  }
}

describe.each(ways)('who manages a court, $way', ({ way, manager, ...options }) => {
  const n = ways.findIndex((each) => each.way === way)
  const newClerk = newClerks[n]!

  test('says what it takes, names an office, and adds a clerk, by clicks alone', async () => {
    const page = await browser.newPage(options)
    const hasScripts = options.javaScriptEnabled
    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.fill('#username', manager.username)
    await page.fill('#password', password)
    await page.click('#sign-in-submit')
    await page.waitForURL(`**${staffCourtPath('ncwb')}`)
    const home = await page.locator('h1').innerText()
    await look(page, home, hasScripts)

    await page.getByRole('link', { name: 'What this court takes' }).click()
    await look(page, 'What this court takes', hasScripts)
    await page.click('#change-requests')
    await page.getByText('Pro hac vice', { exact: true }).first().click()
    await page.fill('#lateAfterDays', 'soon')
    await page.click('#requests-submit')
    expect(await page.locator('#problem').isVisible()).toBe(true)
    await page.fill('#lateAfterDays', '7')
    await page.click('#requests-submit')
    await look(page, 'What this court takes', hasScripts)
    expect(await page.locator('#practice').innerText()).toContain('7 days')

    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.locator('#court-features').getByRole('link', { name: 'Offices' }).click()
    await page.click('#add-office')
    await page.fill('#name', `Clerk’s office ${n}`)
    await page.fill('#telephone', '704-350-7500')
    await page.fill('#hours', '8:30 a.m. to 4:30 p.m.')
    await page.click('#office-submit')
    expect(await page.locator('#offices').innerText()).toContain(`Clerk’s office ${n}`)
    await look(page, 'Offices', hasScripts)

    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.locator('#court-features').getByRole('link', { name: 'Staff' }).click()
    await page.click('#add-clerk')
    await look(page, 'Add a clerk', hasScripts)
    await page.fill('#number', newClerk.number)
    await page.fill('#familyName', 'Doe')
    await page.click('#clerk-submit')
    expect(await page.locator('#problem').innerText()).toContain('No account has that number')
    await page.fill('#familyName', newClerk.family_name)
    await page.click('#clerk-submit')
    expect(await page.locator('#staff').innerText()).toContain(newClerk.number)
    await look(page, 'Who works for this court', hasScripts)
    await page.context().close()
  })
})
