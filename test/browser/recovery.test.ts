import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { createCourt, type TestCourt } from '../support/court.ts'
import { look } from '../support/look.ts'
import { becomes } from '../support/measure.ts'
import { jane } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

const ways = [
  { way: 'with scripts at 1280 pixels', width: 1280, javaScriptEnabled: true },
  { way: 'without scripts at 400 pixels', width: 400, javaScriptEnabled: false },
]
const people = ways.map((_, n) => ({
  ...jane,
  number: String(7_206_000 + n),
  username: `browser-story-${n}`,
  email: `story-${n}@example.com`,
  standings: [],
}))

let signOn: SignOn
let browser: TestBrowser
let ncwd: TestCourt

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  await signOn.apply({ accounts: people })
  ncwd = await createCourt(signOn, 'ncwd')
})
afterAll(async () => {
  await browser?.stop()
  await signOn?.stop()
})

/** The address in the newest mail to somebody that has this in it, when it is there. */
async function linkIn(to: string, part: string): Promise<string> {
  let link: string | undefined
  await becomes(`a mail to ${to} with ${part}`, 15_000, async () => {
    const mails = signOn.services.mailbox?.mails ?? []
    const mine = mails.filter((mail) => mail.to === to)
    link = mine
      .flatMap(({ text }) => text.match(/http:\S+/g) ?? [])
      .find((url) => url.includes(part))
    return link !== undefined
  })
  return link!
}

describe.each(ways)('a person who forgot the password, $way', ({ way, ...options }) => {
  const who = people[ways.findIndex((each) => each.way === way)]!
  const chosen = 'lantern orbit velvet mango tundra'

  test('comes from the court’s sign-in page and gets back to it, moves to another address, and the old one tells support', async () => {
    const page = await browser.newPage(options)
    await page.goto((await ncwd.authorize()).url)
    await page.fill('#username', who.username)
    await page.fill('#password', 'not the right password')
    await page.click('#sign-in-submit')
    await page.click('#problem-recover')
    await look(page, 'Forgot your username or password?', options.javaScriptEnabled)
    await page.click('#forgot-password')
    await look(page, 'Forgot your password', options.javaScriptEnabled)
    await page.fill('#name', who.username)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/sent?client=*')
    await look(page, 'Check your e-mail', options.javaScriptEnabled)

    await page.goto(await linkIn(who.email, '/recover/password/'))
    await look(page, 'Choose a new password', options.javaScriptEnabled)
    await page.fill('#password', 'short')
    await page.click('#reset-submit')
    await look(page, 'Choose a new password', options.javaScriptEnabled)
    expect(await page.locator('#password').inputValue()).toBe('')
    await page.fill('#password', chosen)
    await page.click('#reset-submit')
    await look(page, 'Your password is changed', options.javaScriptEnabled)
    expect(await page.getAttribute('#way-back', 'href')).toBe('https://ncwd.test/sign-in')
    await page.click('#sign-in')

    await page.fill('#username', who.username)
    await page.fill('#password', chosen)
    await page.click('#sign-in-submit')
    await page.waitForURL(`${signOn.issuer}/account`)
    await page.goto(`${signOn.issuer}/account/settings/email`)
    await look(page, 'E-mail address', options.javaScriptEnabled)
    await page.fill('#email', `new-${who.email}`)
    await page.click('#change-email-submit')
    await page.waitForSelector('#open-change')
    await look(page, 'E-mail address', options.javaScriptEnabled)
    await page.goto(await linkIn(`new-${who.email}`, '/account/email/'))
    await look(page, 'Confirm your new e-mail address', options.javaScriptEnabled)
    await page.click('#confirm-email-submit')
    await page.waitForSelector('#done')
    expect(await page.locator('#present-email').innerText()).toContain(`new-${who.email}`)

    const firm = await browser.newPage(options)
    await firm.goto(await linkIn(who.email, '/account/old-address/'))
    await look(firm, 'Tell the PACER Service Center', options.javaScriptEnabled)
    await firm.click('#old-address-submit')
    await look(firm, 'The PACER Service Center has been told', options.javaScriptEnabled)
    await firm.context().close()

    // And the one that is told last of all: the present mailbox.
    await page.goto(await linkIn(`new-${who.email}`, '/account/not-me/'))
    await look(page, 'Was this not you?', options.javaScriptEnabled)
    await page.click('#not-me-submit')
    await look(page, 'Your account is secured', options.javaScriptEnabled)
    await page.goto(`${signOn.issuer}/account`)
    expect(await page.locator('h1').innerText()).toBe('Sign in')
    await page.context().close()
  }, 90_000)
})
