import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { look } from '../support/look.ts'
import { nora, password } from '../support/people.ts'
import { practise } from '../support/practices.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

const ways = [
  { way: 'with scripts at 1280 pixels', width: 1280, javaScriptEnabled: true },
  { way: 'without scripts at 400 pixels', width: 400, javaScriptEnabled: false },
]
const people = ways.map((_, n) => ({
  ...nora,
  number: String(7_211_000 + n),
  username: `asks-in-a-browser-${n}`,
}))
const certificate = {
  name: 'Certificate of good standing.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.7\n%%EOF\n'),
}

let signOn: SignOn
let browser: TestBrowser

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  await signOn.apply({ accounts: people })
  await practise(signOn, 'ncwb', {
    takes: ['admission-and-filing', 'pro-hac-vice'],
    questions: [
      { id: 'mover', kind: 'text', label: 'Who moves your admission?', isRequired: true },
      { id: 'since', kind: 'date', label: 'Admitted to a bar since', isRequired: true },
      { id: 'paper', kind: 'document', label: 'Certificate', isRequired: true },
    ],
    terms: { version: 1, text: 'A filing is a signature.' },
    deliveryPreferences: ['each-filing', 'daily-summary'],
  })
})
afterAll(async () => {
  await browser?.stop()
  await signOn?.stop()
})

describe.each(ways)('somebody who asks a court, $way', ({ way, ...options }) => {
  const who = people[ways.findIndex((each) => each.way === way)]!

  test('finds it, answers its questions, adds a document, checks everything and sends it', async () => {
    const page = await browser.newPage(options)
    const hasScripts = options.javaScriptEnabled
    await page.goto(`${signOn.issuer}/account/courts`)
    await page.fill('#username', who.username)
    await page.fill('#password', password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/account/courts')
    await look(page, 'Courts', hasScripts)
    await page.fill('#q', 'W.D.N.C. bankruptcy')
    await page.keyboard.press('Enter')
    await page.click('#court-ncwb a')
    await look(page, 'U.S. Bankruptcy Court for the Western District of North Carolina', hasScripts)
    await page.click('#ask')
    await page.getByText('Pro hac vice', { exact: true }).click()
    await page.click('#ask-kind-submit')
    await look(page, 'The court’s questions', hasScripts)
    // Enter goes on, and what is missing is told at its field.
    await page.fill('#answer-mover', 'Jane Roe')
    await page.keyboard.press('Enter')
    expect(await page.locator('#problem').innerText()).toContain('Admitted to a bar since')
    expect(await page.inputValue('#answer-mover')).toBe('Jane Roe')
    await page.getByText('No', { exact: true }).click()
    await page.fill('#answer-since', '2015-04-28')
    await page.getByText('Once per day (daily summary)').click()
    await page.click('#ask-details-submit')

    await look(page, 'Documents', hasScripts)
    await page.setInputFiles('#answer-paper', { ...certificate, buffer: Buffer.from('text') })
    await page.click('#upload-paper-submit')
    expect(await page.locator('#answer-paper-error').innerText()).toContain('Choose a PDF')
    await page.setInputFiles('#answer-paper', certificate)
    await page.click('#upload-paper-submit')
    expect(await page.locator('#open-paper').innerText()).toBe(certificate.name)
    await page.click('#go-on')

    await look(page, 'Check your request', hasScripts)
    await page.getByText('I have read the terms').click()
    await page.click('#ask-check-submit')
    await page.waitForURL('**/requests/*?sent')
    const [, number] = /(\d{8})\?sent$/.exec(page.url()) ?? []
    await look(page, `Your request ${number}`, hasScripts)
    expect(await page.locator('#sent').innerText()).toContain('was sent to the court')
    const download = page.waitForEvent('download')
    await page.locator('#sent-facts a').click()
    expect((await download).suggestedFilename()).toBe(certificate.name)
    await page.context().close()
  })
})
