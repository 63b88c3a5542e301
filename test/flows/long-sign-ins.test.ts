import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import {
  callbackOf,
  createCourt,
  findPasswordForm,
  idClaims,
  newBrowser,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { answerWithoutEnd, endOf } from '../support/without-end.ts'

const clara = {
  number: '7000040',
  user_type: 'individual',
  username: 'clara-clerk',
  password: 'correct horse battery staple',
  given_name: 'Clara',
  family_name: 'Clerk',
  staff_roles: [{ court: 'ncwd', role: 'clerk' }],
}

// Two processes take turns, so that whatever a step saved is read by the other one.
describe.each(['redis', 'database'] as const)('a long sign-in, with storage: %s', (storage) => {
  let balancer: Balancer
  let signOn: SignOn
  let second: SignOn
  let secondPort: number
  let ncwd: TestCourt
  let vendor: TestCourt
  let start: number
  const browsers: HttpClient[] = []

  beforeAll(async () => {
    const firstPort = await freePort()
    secondPort = await freePort()
    balancer = await startBalancer([firstPort, secondPort])
    signOn = await startSignOn({ storage, issuer: balancer.url, port: firstPort })
    second = await startSignOn({ storage, beside: signOn, port: secondPort })
    await signOn.apply({ accounts: [jane, nora, clara] })
    ncwd = await createCourt(signOn, 'ncwd')
    vendor = await createCourt(signOn, 'ca4', {
      id: 'vendor',
      kind: 'vendor',
      metadata: { scope: 'openid pacer' },
    })
  })
  afterAll(async () => {
    await balancer.stop()
    await second.stop()
    await signOn.stop()
  })
  beforeEach(() => {
    start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
  })
  afterEach(async () => {
    vi.useRealTimers()
    balancer.pin(undefined)
    for (const browser of browsers.splice(0)) await browser.stop()
  })

  const minute = (n: number) => vi.setSystemTime(start + n * 60_000)
  const open = () => {
    const browser = newBrowser()
    browsers.push(browser)
    return browser
  }
  const isOurs = (to: URL) => to.origin === signOn.issuer
  const go = (browser: HttpClient, answer: HttpResponse) => browser.followWhile(answer, isOurs)
  const openSignIn = async (
    browser: HttpClient,
    court: TestCourt,
    parameters?: Record<string, string>,
  ) => {
    const { url, checks } = await court.authorize(parameters)
    return { page: await openPage(browser, signOn, url), checks }
  }
  const prove = async (browser: HttpClient, page: HttpResponse, username = jane.username) =>
    go(browser, await sendPassword(browser, page, username))
  const confirm = async (browser: HttpClient, notice: HttpResponse) =>
    go(browser, await browser.submit(notice.form('redaction'), { acknowledged: 'yes' }))
  const isLost = (page: HttpResponse) => page.text.includes('id="lost-expired"')
  const keptOn = (page: HttpResponse) =>
    [...page.text.matchAll(/<li>(your|that you) ([^<]*)<\/li>/g)].map(([, , words]) => words)

  test('is there at 14 minutes, and over at 16', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    minute(14)
    expect(findPasswordForm(await browser.get(page.url))).toBeDefined()
    minute(16)
    const lost = await browser.get(page.url)
    expect(lost.status).toBe(410)
    expect(isLost(lost)).toBe(true)
    expect(keptOn(lost)).toEqual([])
    expect((await sendPassword(browser, page, jane.username)).status).toBe(410)
  })

  test('has fifteen minutes more with each answer: the row, and a cookie that ends with the browser', async () => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwd)
    minute(14)
    const notice = await prove(browser, page)
    minute(28)
    expect(browser.cookies.list()).toHaveLength(2)
    for (const { expiresAt } of browser.cookies
      .list()
      .filter(({ name }) => /interact/.test(name))) {
      expect(expiresAt).toBeUndefined()
    }
    await ncwd.redeem(callbackOf(await confirm(browser, notice)), checks)
  })

  test('says at the end of its time what is kept, and the next one asks only for what is missing', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    minute(14)
    await prove(browser, page)
    const provedAt = Math.floor(Date.now() / 1000)
    minute(30)
    const lost = await browser.get(page.url)
    expect(lost.status).toBe(410)
    expect(isLost(lost)).toBe(true)
    expect(keptOn(lost)).toEqual(['username and password'])
    expect(lost.text).toContain('For <strong>14 minutes</strong>')
    expect(lost.text).toContain('id="way-back"')

    const again = await openSignIn(browser, ncwd)
    expect(findPasswordForm(again.page)).toBeUndefined()
    const tokens = await ncwd.redeem(callbackOf(await confirm(browser, again.page)), again.checks)
    expect(idClaims(tokens)['auth_time']).toBe(provedAt)
  })

  test('is there at 59 minutes, and over at 61, whatever was answered; no step is asked again', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    minute(14)
    const notice = await prove(browser, page)
    for (const at of [28, 42, 56]) {
      minute(at)
      const mended = await browser.submit(notice.form('redaction'))
      expect(mended.status).toBe(422)
    }
    minute(59)
    const asked = await confirm(browser, await browser.get(page.url))
    expect(asked.form('consent')).toBeDefined()
    minute(61)
    const lost = await browser.submit(asked.form('consent'))
    expect(lost.status).toBe(410)
    expect(keptOn(lost)).toEqual([
      'username and password',
      'confirmation that you redact what you file',
    ])

    const again = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    expect(again.page.form('consent')).toBeDefined()
    const out = await go(browser, await browser.submit(again.page.form('consent')))
    const tokens = await vendor.redeem(callbackOf(out), again.checks)
    expect(tokens.scope).toBe('openid pacer')
  })

  test('goes on after a process was started again', async () => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwd)
    balancer.pin(1)
    const notice = await prove(browser, page)
    await second.stop()
    second = await startSignOn({ storage, beside: signOn, port: secondPort })
    expect((await browser.get(page.url)).form('redaction')).toBeDefined()
    await ncwd.redeem(callbackOf(await confirm(browser, notice)), checks)
  })

  test('that everything was said in, but that came too late to its end, is told of as well', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    minute(16)
    const lost = await go(browser, await browser.get(endOf(page)))
    expect(keptOn(lost)).toEqual(['username and password'])
    const again = await openSignIn(browser, ncwd)
    await ncwd.redeem(callbackOf(again.page), again.checks)
  })

  test('is kept half an hour since the last answer, for staff a quarter, and not a minute longer', async () => {
    for (const [username, kept, gone] of [
      [jane.username, 29, 31],
      [clara.username, undefined, 16],
    ] as const) {
      minute(0)
      const browser = open()
      const { page } = await openSignIn(browser, vendor, { scope: 'openid pacer' })
      await prove(browser, page, username)
      if (kept) {
        minute(kept)
        expect(keptOn(await browser.get(page.url))).toHaveLength(1)
      }
      minute(gone)
      expect(keptOn(await browser.get(page.url))).toEqual([])
      const again = await openSignIn(browser, vendor, { scope: 'openid pacer' })
      expect(findPasswordForm(again.page)).toBeDefined()
    }
  })

  test('counts in its own browser alone', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    await prove(browser, page)
    minute(16)
    expect(keptOn(await browser.get(page.url))).toHaveLength(1)
    const note = browser.cookies.get('cso-kept')
    const thief = open()
    await openSignIn(thief, ncwd)
    expect(keptOn(await thief.get(page.url))).toEqual([])
    thief.cookies.store(new URL(signOn.issuer), [`cso-kept=${note?.value}; Path=/`])
    expect(findPasswordForm((await openSignIn(thief, ncwd)).page)).toBeDefined()
  })

  test('is not enough where a court asks for the password, or where its time is over', async () => {
    for (const parameters of [{ prompt: 'login' }, { max_age: '10' }]) {
      minute(0)
      const browser = open()
      const { page } = await openSignIn(browser, ncwd)
      await prove(browser, page)
      minute(16)
      await browser.get(page.url)
      expect(findPasswordForm((await openSignIn(browser, ncwd, parameters)).page)).toBeDefined()
    }
  })

  test('leaves nothing where somebody gave up, or may no longer sign in', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    const notice = await prove(browser, page)
    await browser.submit(notice.form('cancel'))
    minute(16)
    expect(keptOn(await browser.get(page.url))).toEqual([])

    minute(0)
    const other = open()
    const disabled = await openSignIn(other, ncwd)
    await prove(other, disabled.page)
    await signOn.apply({ accounts: [{ ...jane, disabled: true }] })
    minute(16)
    expect(keptOn(await other.get(disabled.page.url))).toEqual([])
    await signOn.apply({ accounts: [{ ...jane, disabled: false }] })
  })
})
