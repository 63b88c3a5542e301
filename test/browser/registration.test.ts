import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { expectNoAxeViolations } from '../support/axe.ts'
import { launchBrowser, type PageOptions } from '../support/browser.ts'
import { kit } from '../support/kit.ts'
import { applicant, newestMail, newPassword } from '../support/registration.ts'

/** A person registers in Chromium: with and without scripts, with a telephone, and with the keyboard. */
const test = kit()
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
  .extend('chromium', { scope: 'file' }, async ({}, { onCleanup }) => {
    const chromium = await launchBrowser()
    onCleanup(() => chromium.stop())
    return chromium
  })
  /** A page of a person of its own; what the browser complains about fails the test. */
  .extend('openPage', ({ chromium, onTestFinished }) => async (options: PageOptions = {}) => {
    const page = await chromium.newPage(options)
    page.setDefaultTimeout(8000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // A form that has to be mended is answered 422, which the console calls an error.
      if (message.type() === 'error' && !message.text().includes('422'))
        complaints.push(message.text())
    })
    onTestFinished(async () => {
      await page.context().close()
      expect(complaints).toEqual([])
    })
    return page
  })

async function fillIn(page: Page, own: Partial<typeof applicant>): Promise<void> {
  const typed = { ...applicant, ...own }
  for (const name of [
    'givenName',
    'familyName',
    'birthDay',
    'birthYear',
    'addressLine1',
    'city',
    'postalCode',
    'phone',
    'username',
    'password',
  ] as const) {
    await page.fill(`#${name}`, typed[name])
  }
  await page.selectOption('#birthMonth', typed.birthMonth)
  await page.selectOption('#state', typed.state)
  await page.click('label[for=kind]')
  if (!(await page.isChecked('#rules'))) await page.click('label[for=rules]')
}

const heading = (page: Page) => page.innerText('h1')

/** Waits for a page, and says which one is there instead. */
async function arrive(page: Page, at: string | RegExp): Promise<void> {
  await page.waitForURL(at).catch(async () => {
    throw new Error(`not at ${at} but at ${page.url()}: ${await page.innerText('body')}`)
  })
}

describe.each([
  ['with scripts', { width: 1280 }],
  ['without scripts, on a telephone', { width: 400, javaScriptEnabled: false }],
] as const)('%s', (story, options) => {
  test('a lawyer registers with the code, mends the form, and signs in', async ({
    openPage,
    at,
    inbox,
  }) => {
    const name = story.replace(/\W+/g, '-')
    const email = `lawyer-${name}@example.com`
    const page = await openPage(options)
    // It is a script of the page itself.
    const isAccessible = (shown: Page) =>
      'javaScriptEnabled' in options ? undefined : expectNoAxeViolations(shown)
    await page.goto(at('/register'))
    await page.fill('#email', 'lawyer')
    await page.click('#register-submit')
    expect(await page.innerText('#email-error')).toContain('Check your e-mail address')
    await page.fill('#email', email)
    await page.click('#register-submit')
    expect(await heading(page)).toBe('Check your e-mail')

    const { code } = await newestMail(inbox, email)
    await page.fill('#code', code)
    await page.click('#code-submit')
    expect(await heading(page)).toBe('Create your account')
    await isAccessible(page)

    const own = {
      familyName: name,
      birthDay: String(11 + (name.length % 10)),
      username: `lawyer-${name}`,
    }
    await fillIn(page, { ...own, password: 'too short' })
    await page.selectOption('#barState1', 'NC')
    await page.fill('#barNumber1', '12345')
    await page.click('#add-bar')
    expect(await page.inputValue('#familyName')).toBe(name)
    expect(await page.inputValue('#password')).toBe('')
    await page.selectOption('#barState2', 'VA')
    await page.fill('#barNumber2', '777')
    await page.click('#create-account')
    expect(await page.innerText('#password-error')).toBeTruthy()
    expect(await page.inputValue('#barNumber2')).toBe('777')

    await page.fill('#password', newPassword)
    // Enter in a field makes the account, and adds no row for a bar number.
    await page.press('#username', 'Enter')
    await arrive(page, '**/register/done')
    expect(await page.innerText('#new-username')).toBe(`lawyer-${name}`)
    await isAccessible(page)

    await page.click('#sign-in')
    await page.fill('#username', `lawyer-${name}`)
    await page.fill('#password', newPassword)
    await page.click('#sign-in-submit')
    await arrive(page, /\/account/)
    expect(await page.innerText('body')).toContain(`Ada ${name}`)
  }, 60_000)
})

test('the link is opened on another device: nothing happens before the press', async ({
  openPage,
  at,
  inbox,
}) => {
  const email = 'two-devices@example.com'
  const desk = await openPage()
  await desk.goto(at('/register'))
  await desk.fill('#email', email)
  await desk.press('#email', 'Enter')
  await desk.waitForURL('**/register/check')
  const { link } = await newestMail(inbox, email)

  const phone = await openPage({ width: 400, height: 800 })
  await phone.goto(link)
  expect(await phone.innerText('#confirmed-email')).toBe(email)
  await expectNoAxeViolations(phone)
  await phone.click('#confirm-submit')
  expect(await heading(phone)).toBe('Create your account')
  expect(await phone.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBe(0)
})

test('the keyboard alone reaches everything, and the first problem is where it starts', async ({
  openPage,
  at,
  inbox,
}) => {
  const email = 'keyboard@example.com'
  const page = await openPage()
  await page.goto(at('/register'))
  await page.fill('#email', email)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/register/check')
  const { code } = await newestMail(inbox, email)
  await page.fill('#code', code)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/register/form')
  await page.focus('#givenName')
  const stops: string[] = ['givenName']
  for (let count = 0; count < 30 && stops.at(-1) !== 'create-account'; count += 1) {
    await page.keyboard.press('Tab')
    stops.push(await page.evaluate<string>('document.activeElement.id'))
  }
  expect(stops).toEqual([
    'givenName',
    'familyName',
    'birthMonth',
    'birthDay',
    'birthYear',
    'country',
    'addressLine1',
    'addressLine2',
    'city',
    'state',
    'postalCode',
    'phone',
    'kind',
    'barState1',
    'barNumber1',
    'add-bar',
    'username',
    'password',
    'show-password',
    'rules-link',
    'rules',
    'create-account',
  ])
  await page.keyboard.press('Enter')
  await page.waitForSelector('#problem')
  expect(await page.evaluate('document.activeElement.id')).toBe('problem')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('givenName')
})
