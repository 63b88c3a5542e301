import { describe, expect, vi } from 'vitest'
import { createUsernameTries, usernamesPerAccount } from '../../src/accounts/username-tries.ts'
import type { AccountId } from '../../src/ids.ts'
import {
  callbackOf,
  findPasswordForm,
  idClaims,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, legacyAccount, sharedAccount } from '../support/people.ts'

/** A legacy account becomes an upgraded one on the way to a court. */

const legacyNamed = (username: string, number: string) => ({
  ...legacyAccount,
  username,
  number,
  standings: [],
})
const legacy = {
  slow: legacyNamed('le1002', '7100002'),
  broken: legacyNamed('le1003', '7100003'),
  wrong: legacyNamed('le1004', '7100004'),
  pressed: legacyNamed('le1005', '7100005'),
  searching: legacyNamed('le1006', '7100006'),
  portal: legacyNamed('le1007', '7100007'),
  known: legacyNamed('le1008', '7100008'),
  trying: legacyNamed('le1010', '7100010'),
}
const filer = { ...legacyAccount, email: 'lee@example.com', email_verified: true }
/** Of a reading room, from before the upgrade. */
const shared = {
  ...sharedAccount,
  number: '7100009',
  username: 'lib123',
  upgraded: false,
  standings: [],
}
const goodPassword = 'seventeen lazy otters knit'

const person = {
  givenName: 'Lee',
  familyName: 'Gacy',
  birthMonth: '4',
  birthDay: '28',
  birthYear: '1958',
}
const address = {
  addressLine1: '100 Otis Street',
  city: 'Asheville',
  state: 'NC',
  postalCode: '28801',
  country: 'US',
  phone: '(828) 555-0143',
}

const test = kit
  .override('people', [jane, shared, filer, ...Object.values(legacy)])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('go', { scope: 'file' }, ({ isOurs }) => {
    return (browser: HttpClient, answer: HttpResponse) => browser.followWhile(answer, isOurs)
  })
  .extend(
    'atNotice',
    { scope: 'file' },
    ({ signOn, ncwd, go }) =>
      async (browser: HttpClient, username: string, court: TestCourt = ncwd) => {
        const { url, checks } = await court.authorize()
        const page = await openPage(browser, signOn, url)
        return { checks, notice: await go(browser, await sendPassword(browser, page, username)) }
      },
  )
  .extend('fillIn', { scope: 'file' }, ({ go }) => {
    return async (browser: HttpClient, page: HttpResponse, id: string, values = {}) =>
      go(browser, await browser.submit(page.form(id), values))
  })
  .extend(
    'atSecurity',
    { scope: 'file' },
    ({ atNotice, fillIn }) =>
      async (browser: HttpClient, username: string) => {
        const { notice, checks } = await atNotice(browser, username)
        const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
        const second = await fillIn(browser, first, 'upgrade-person', person)
        return { checks, page: await fillIn(browser, second, 'upgrade-address', address) }
      },
  )

describe('a legacy account', () => {
  test('is upgraded in the middle of a sign-in, and its holder arrives at the court, who may file', async ({
    ncwd,
    browser,
    openBrowser,
    atNotice,
    atSecurity,
    fillIn,
    audited,
    inbox,
  }) => {
    const before = openBrowser()
    const searching = await atNotice(before, filer.username)
    const old = await fillIn(before, searching.notice, 'legacy', { do: 'continue' })
    await ncwd.redeem(callbackOf(old), searching.checks)

    const { page, checks } = await atSecurity(browser, filer.username)
    const chosen = { username: 'lee-gacy-esq', password: goodPassword }
    const duty = await fillIn(browser, page, 'upgrade-security', chosen)
    // Only an upgraded account files, and the right that the court had granted is there at once.
    const out = await fillIn(browser, duty, 'redaction', { acknowledged: 'yes' })
    const claims = idClaims(await ncwd.redeem(callbackOf(out), checks))
    expect(claims).toMatchObject({
      preferred_username: 'lee-gacy-esq',
      pacer: { account_number: filer.number, upgraded: true },
      efiling: { ncwd: { status: 'active', actions: ['file', 'receive-notices'] } },
    })

    // Whoever was signed in with the old password is not any more; the old name opens nothing.
    expect(findPasswordForm(await atPage(before, ncwd))).toBeDefined()
    const { notice } = await atNotice(openBrowser(), filer.username)
    expect(notice.text).toContain('id="short-name"')
    expect(await audited('account.upgraded')).toHaveLength(1)
    expect(await audited('account.password-changed')).toHaveLength(1)
    const [mail] = await inbox(filer.email)
    expect(mail?.text).toContain('lee-gacy-esq')
  })

  test('arrives in the same sign-in also when the forms take forty minutes', async ({
    ncwd,
    browser,
    atNotice,
    fillIn,
  }) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const later = () => vi.setSystemTime(Date.now() + 13 * 60_000)
    const { notice, checks } = await atNotice(browser, legacy.slow.username)
    const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
    later()
    const second = await fillIn(browser, first, 'upgrade-person', person)
    later()
    const third = await fillIn(browser, second, 'upgrade-address', address)
    later()
    const chosen = { username: 'slow-and-sure', password: goodPassword }
    const out = await fillIn(browser, third, 'upgrade-security', chosen)
    const tokens = await ncwd.redeem(callbackOf(out), checks)
    expect(idClaims(tokens)['pacer']).toMatchObject({ upgraded: true })
  })

  test('whose upgrade was broken off goes on with what was stored, and is asked no birth date again', async ({
    browser,
    openBrowser,
    atNotice,
    fillIn,
  }) => {
    const { notice } = await atNotice(browser, legacy.broken.username)
    const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
    const renamed = { ...person, familyName: 'Gacy-Moore' }
    await fillIn(browser, first, 'upgrade-person', renamed)

    const elsewhere = openBrowser()
    const again = await atNotice(elsewhere, legacy.broken.username)
    const form = await fillIn(elsewhere, again.notice, 'legacy', { do: 'upgrade' })
    expect(form.form('upgrade-person').fields).toMatchObject({ familyName: 'Gacy-Moore' })
    expect(form.text).not.toContain('birthYear')
    const address = await fillIn(elsewhere, form, 'upgrade-person')
    expect(address.text).toContain('id="upgrade-address"')
  })

  test('is told of everything that is wrong at once, keeps what was typed, and stays what it is', async ({
    browser,
    atSecurity,
    fillIn,
    audited,
  }) => {
    const { page } = await atSecurity(browser, legacy.wrong.username)
    const wrong = { username: 'short', password: 'passwordpassword' }
    const shown = await browser.submit(page.form('upgrade-security'), wrong)
    expect(shown.status).toBe(422)
    expect(shown.text).toContain('id="username-error"')
    expect(shown.text).toContain('id="password-error"')
    expect(shown.form('upgrade-security').fields).toMatchObject({ username: 'short', password: '' })

    const taken = { username: jane.username.toUpperCase(), password: goodPassword }
    const refused = await fillIn(browser, shown, 'upgrade-security', taken)
    expect(refused.text).toContain('this one is taken')
    expect(await audited('account.upgraded')).toEqual([])
  })

  test('is upgraded once, however often the last form is sent', async ({
    browser,
    atSecurity,
    audited,
  }) => {
    const { page } = await atSecurity(browser, legacy.pressed.username)
    const chosen = { username: 'pressed-twenty-times', password: goodPassword }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(page.form('upgrade-security'), chosen)),
    )
    // Too many passwords at once to look at: those are told to send it again.
    const statuses = new Set(answers.map(({ status }) => status))
    expect([200, 303, 410, 503]).toEqual(expect.arrayContaining([...statuses]))
    expect(await audited('account.upgraded')).toHaveLength(1)
    expect(await audited('account.password-changed')).toHaveLength(1)
  })

  test('whose holder has tried twenty usernames waits, and is not told whether another one is taken', async ({
    signOn,
    browser,
    atSecurity,
    audited,
  }) => {
    const { page } = await atSecurity(browser, legacy.trying.username)
    const taken = { username: jane.username, password: goodPassword }
    const shown = await browser.submit(page.form('upgrade-security'), taken)
    expect(shown.status).toBe(422)
    const [account] = await sql<{ id: AccountId }>(
      signOn.services.db,
      `SELECT id::text AS id FROM accounts WHERE number = '${legacy.trying.number}'`,
    )
    // Tried on the other page that takes a username, at another process.
    const tries = createUsernameTries(signOn.services)
    for (let more = 1; more < usernamesPerAccount.points; more += 1) {
      expect(await tries.count(account!.id)).toBeUndefined()
    }
    for (const username of [jane.username, 'nobody-has-this-one']) {
      const answer = await browser.submit(shown.form('upgrade-security'), { ...taken, username })
      expect(answer.status).toBe(429)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3000)
      expect(answer.text).toContain('tried many usernames')
      expect(answer.text).not.toContain('this one is taken')
    }
    expect(await audited('account.upgraded')).toEqual([])
  })

  test('searches on where nobody wants an upgrade', async ({ ncwd, browser, atNotice, fillIn }) => {
    const { notice, checks } = await atNotice(browser, legacy.searching.username)
    const out = await fillIn(browser, notice, 'legacy', { do: 'continue' })
    const claims = idClaims(await ncwd.redeem(callbackOf(out), checks))
    expect(claims['pacer']).toMatchObject({ upgraded: false, search: 'active' })
  })
})

test('the account page leads to a sign-in that begins the upgrade, and back', async ({
  signOn,
  at,
  browser,
  go,
  fillIn,
}) => {
  const page = await openPage(browser, signOn, at('/account/upgrade'))
  const notice = await go(browser, await sendPassword(browser, page, legacy.portal.username))
  const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
  const second = await fillIn(browser, first, 'upgrade-person', person)
  const third = await fillIn(browser, second, 'upgrade-address', address)
  const chosen = { username: 'by-the-portal', password: goodPassword }
  const back = await fillIn(browser, third, 'upgrade-security', chosen)
  expect(new URL(back.url).pathname).toBe('/account')
  expect(back.text).toContain('by-the-portal')
})

test('a shared account stays what it is, and is told that each filer needs an account', async ({
  ncwd,
  browser,
  atNotice,
  fillIn,
}) => {
  const { notice, checks } = await atNotice(browser, shared.username)
  expect(notice.text).toContain('href="/register?client=')
  expect(notice.text).not.toContain('legacy-upgrade')
  const forced = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
  const claims = idClaims(await ncwd.redeem(callbackOf(forced), checks))
  expect(claims['pacer']).toMatchObject({ account_type: 'shared', upgraded: false })
})

test('a name of six characters is answered with the same hint, known or not', async ({
  signOn,
  ncwd,
  openBrowser,
  isOurs,
}) => {
  const hints = []
  for (const username of [legacy.known.username, 'zz9999', 'nobody-at-all']) {
    const browser = openBrowser()
    const { url } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const answer = await sendPassword(browser, page, username, 'not the password')
    const shown = await browser.followWhile(answer, isOurs)
    hints.push(/id="short-name">([^<]*)/.exec(shown.text)?.[1]?.replace(username, 'NAME'))
  }
  expect(hints[0]).toContain('ended with the upgrade')
  expect(hints[1]).toBe(hints[0])
  expect(hints[2]).toBeUndefined()
})

async function atPage(browser: HttpClient, court: TestCourt): Promise<HttpResponse> {
  const { url } = await court.authorize()
  const issuer = new URL(url).origin
  return browser.followWhile(await browser.get(url), (to) => to.origin === issuer)
}
