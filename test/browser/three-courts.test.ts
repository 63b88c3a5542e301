import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createCredentials, registrationFile } from '../../demo/clients.ts'
import { startCa4Api } from '../../demo/courts/ca4-api.ts'
import { startCourt } from '../../demo/courts/court-app.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { releaseAccount } from '../../src/accounts/release-account.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { expectNoAxeViolations } from '../support/axe.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { randomMembers } from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import { jane, legacyAccount, nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

let signOn: SignOn
let browser: TestBrowser
const courts = {} as Record<'ncwd' | 'ncwb' | 'ca4' | 'ncmd' | 'vendor', string>
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  for (const id of ['ncwd', 'ncwb', 'ca4', 'ncmd', 'vendor'] as const) {
    courts[id] = `http://localhost:${await freePort()}`
  }
  const credentials = createCredentials()
  await signOn.apply({ accounts: [jane, nora, legacyAccount] })
  await signOn.apply(parse(registrationFile(courts, credentials)))
  const port = (url: string) => Number(new URL(url).port)
  const { issuer } = signOn
  const api = await startCa4Api({
    issuer,
    port: await freePort(),
    clientId: 'ca4-api',
    clientSecret: credentials.ca4ApiSecret,
  })
  const started = await Promise.all([
    startCourt({
      court: 'ncwd',
      issuer,
      port: port(courts.ncwd),
      clientId: 'ncwd-cmecf',
      privateKey: credentials.ncwdKey,
    }),
    startCourt({
      court: 'ncwb',
      issuer,
      port: port(courts.ncwb),
      clientId: 'ncwb-cmecf',
      clientSecret: credentials.ncwbSecret,
    }),
    startCourt({
      court: 'ca4',
      issuer,
      port: port(courts.ca4),
      clientId: 'ca4-cmecf',
      clientSecret: credentials.ca4Secret,
      apiUrl: api.url,
    }),
    startCourt({
      court: 'ncmd',
      issuer,
      port: port(courts.ncmd),
      clientId: 'ncmd-cmecf',
      clientSecret: credentials.ncmdSecret,
    }),
    startCourt({
      court: 'vendor',
      issuer,
      port: port(courts.vendor),
      clientId: 'docket-filer',
      clientSecret: credentials.vendorSecret,
    }),
  ])
  stops.push(...[api, ...started].map((server) => () => server.stop()))
})
afterAll(async () => {
  await browser?.stop()
  for (const stop of stops) await stop()
  await signOn.stop()
})

/** Presses a button of ours whose answer is a page that goes on by itself, and waits for what follows. */
async function pressAndGoOn(page: Page, button: string): Promise<void> {
  await page.click(button)
  await page.locator('#go-on').waitFor({ state: 'detached' })
  await page.waitForLoadState()
}

async function signIn(page: Page, username: string): Promise<void> {
  await page.fill('#username', username)
  await page.fill('#password', password)
  await pressAndGoOn(page, '#sign-in-submit')
}

async function acknowledge(page: Page): Promise<void> {
  // The box of the design system is drawn beside the input, so the label is what a person clicks.
  await page.click('label[for="acknowledged"]')
  await pressAndGoOn(page, '#redaction-submit')
}

/** What the court was told, without what is chance. */
async function told(page: Page): Promise<string> {
  const isRandom = randomMembers.map((name) => `:not([data-claim="${name}"])`)
  const rows = page.locator(`#claims tr[data-claim]${isRandom.join('')}`)
  expect(await rows.count()).toBeGreaterThan(5)
  return (await rows.allTextContents()).join('\n')
}

const status = (page: Page) => page.locator('#efiling-status').getAttribute('data-status')

describe.each([
  ['with JavaScript at 1280 pixels', { width: 1280, javaScriptEnabled: true }],
  ['without JavaScript at 400 pixels', { width: 400, javaScriptEnabled: false }],
] as const)('%s', (_, options) => {
  test('an attorney signs in once and files at two courts, and is told why not at the third', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.ncwd)
    await page.click('#sign-in')
    expect(await page.textContent('main')).toContain('Western District of North Carolina')
    await signIn(page, jane.username)
    await acknowledge(page)
    expect(new URL(page.url()).origin).toBe(courts.ncwd)
    expect(await status(page)).toBe('active')
    expect(await told(page)).not.toMatch(/ca4|ncwb/)
    await page.click('#file-document')
    expect(await page.textContent('#notice')).toMatch(/filed|accepted/i)

    await page.goto(courts.ncwb)
    await page.click('#sign-in')
    expect(new URL(page.url()).origin).toBe(courts.ncwb)
    expect(await status(page)).toBe('none')
    expect(await told(page)).not.toMatch(/ncwd|ca4|jdoe-ecf/)
    await page.click('#file-document')
    expect(await page.textContent('main')).toMatch(/link|register/i)

    await page.goto(courts.ca4)
    await page.click('#sign-in')
    expect(await status(page)).toBe('active')
    await page.click('#file-document')
    expect(await page.textContent('#notice')).toMatch(/filed|accepted/i)
    await page.context().close()
  })

  test('a filer who is held signs in, and the court says who can help and that it has not decided this', async () => {
    const { db } = signOn.services
    const { id } = (await findAccount(db, jane.number))!
    const by = byOperator('test')
    const page = await browser.newPage(options)
    await page.goto(courts.ncwd)
    await page.click('#sign-in')
    await signIn(page, jane.username)
    await acknowledge(page)
    expect(await page.textContent('#efiling-status')).toContain('You may file here')
    await inTransaction(db, (tx) => holdAccount(tx, id, 'support', by))
    try {
      // The court asks for the facts of now before it takes anything.
      await page.click('#file-document')
      expect(await page.textContent('#notice')).toContain('No court has decided this')
      expect(await status(page)).toBe('active')
      expect(await page.textContent('#efiling-status')).toContain('(800) 676-6856')
      await page.goto(`${signOn.issuer}/account`)
      expect(await page.textContent('#next-held')).toContain('has put this account on hold')
      expect(await page.textContent('#standing-ncwd')).toContain('No court has decided this')
      if (options.javaScriptEnabled) await expectNoAxeViolations(page)
    } finally {
      await inTransaction(db, (tx) => releaseAccount(tx, id, 'support', by))
    }
    await page.goto(courts.ncwd)
    await page.click('#file-document')
    expect(await page.textContent('#notice')).toMatch(/filed|accepted/i)
    await page.context().close()
  })

  test('signing out at one court signs out everywhere', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.ncwb)
    await page.click('#sign-in')
    await signIn(page, nora.username)
    await page.click('#sign-out')
    await page.waitForURL(`${courts.ncwb}/signed-out`)
    expect(await page.textContent('#notice')).toContain('You are signed out')
    await page.goto(courts.ca4)
    await page.click('#sign-in')
    expect(await page.locator('#sign-in-submit').count()).toBe(1)
    await page.context().close()
  })

  test('a vendor asks first; what was allowed is listed in the account, and can be taken back', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.vendor)
    await page.click('#sign-in')
    await signIn(page, nora.username)
    await pressAndGoOn(page, '#consent-allow')
    await page.waitForURL(`${courts.vendor}/**`)
    await page.goto(`${signOn.issuer}/account`)
    await page.click('#tab-settings')
    await page.click('text=Applications that may act with your account')
    await page.click('#withdraw-docket-filer')
    expect(await page.textContent('#withdrawn')).toContain('Docket Filer can no longer act')
    await page.goto(courts.vendor)
    await page.click('#file-document')
    expect(await page.textContent('#notice')).toContain('Your sign-in at Central Sign-On has ended')
    await page.context().close()
  })

  test('a court that is not live signs people in to look, and says how to file', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.ncmd)
    await page.click('#sign-in')
    await signIn(page, nora.username)
    await pressAndGoOn(page, '#not-live-continue')
    await page.waitForURL(`${courts.ncmd}/**`)
    expect(await status(page)).toBe('not-live')
    await page.context().close()
  })

  test('a wrong password says what to do, and keeps the username', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.ncwb)
    await page.click('#sign-in')
    await page.fill('#username', nora.username)
    await page.fill('#password', 'not the password')
    await page.click('#sign-in-submit')
    expect(await page.locator('[role=alert]').textContent()).toContain('(800) 676-6856')
    expect(await page.inputValue('#username')).toBe(nora.username)
    expect(await page.inputValue('#password')).toBe('')
    await page.context().close()
  })

  test('cancelling brings the person back to the court, which explains', async () => {
    const page = await browser.newPage(options)
    await page.goto(courts.ncwd)
    await page.click('#sign-in')
    await pressAndGoOn(page, '#cancel-submit')
    expect(new URL(page.url()).origin).toBe(courts.ncwd)
    expect(await page.locator('#problem').count()).toBe(1)
    await page.context().close()
  })
})

test('a court does not say that somebody is signed out who is not', async () => {
  const page = await browser.newPage()
  await page.goto(courts.ncwb)
  await page.click('#sign-in')
  await signIn(page, nora.username)
  await page.waitForURL(`${courts.ncwb}/**`)
  await page.goto(`${courts.ncwb}/signed-out`)
  expect(await page.locator('#notice').count()).toBe(0)
  await page.context().close()
})

test('the back button after signing in offers the way back to the court', async () => {
  const page = await browser.newPage()
  await page.goto(courts.ncwb)
  await page.click('#sign-in')
  const form = page.url()
  await signIn(page, nora.username)
  await page.goto(form)
  const wayBack = page.locator(`a[href^="${courts.ncwb}"]`).first()
  await wayBack.click()
  expect(new URL(page.url()).origin).toBe(courts.ncwb)
  await page.context().close()
})

test('by keyboard alone: from the court through sign-in to the court', async () => {
  const page = await browser.newPage()
  await page.goto(courts.ncwb)
  await page.focus('#sign-in')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#username')
  await page.focus('#username')
  await page.keyboard.type(nora.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${courts.ncwb}/**`)
  expect(await status(page)).toBe('none')
  await page.context().close()
})

describe('axe finds nothing, and the browser reports no error', () => {
  test('on the pages of a sign-in, our own page and the directory', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(courts.ncwd)
    await expectNoAxeViolations(page)
    await page.click('#sign-in')
    await expectNoAxeViolations(page)
    await signIn(page, jane.username)
    await expectNoAxeViolations(page)
    await acknowledge(page)
    await expectNoAxeViolations(page)
    for (const path of [
      '/account',
      '/account/settings',
      '/account/usage',
      '/courts',
      '/courts/ncwd',
      '/signed-out',
    ]) {
      await page.goto(`${signOn.issuer}${path}`)
      await expectNoAxeViolations(page)
    }
    expect(complaints).toEqual([])
    await page.context().close()
    // axe takes its time over 210 courts.
  }, 120_000)

  test('on a legacy account’s notice, the sign-out question and an expired page', async () => {
    const page = await browser.newPage()
    await page.goto(courts.ncwb)
    await page.click('#sign-in')
    const form = page.url()
    await signIn(page, legacyAccount.username)
    await expectNoAxeViolations(page)
    await pressAndGoOn(page, '#legacy-continue')
    await page.goto(form)
    await expectNoAxeViolations(page)
    await page.goto(`${signOn.issuer}/oidc/session/end`)
    await expectNoAxeViolations(page)
    await page.goto(`${signOn.issuer}/no-such-page`)
    await expectNoAxeViolations(page)
    await page.context().close()
  })
})
