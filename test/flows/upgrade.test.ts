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
import {
  upgradingAddress as address,
  firmAccount,
  jane,
  legacyAccount,
  upgradingPerson as person,
  sharedAccount,
} from '../support/people.ts'

/** A legacy account becomes an upgraded one on the way to a court. */

const mailless = (username: string, number: string) => ({
  ...legacyAccount,
  username,
  number,
  standings: [],
})
const legacyNamed = (username: string, number: string) => ({
  ...mailless(username, number),
  email: `${username}@example.com`,
  email_verified: true,
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
  still: legacyNamed('le1011', '7100011'),
}
/** Whose address, if there is one, nobody has confirmed. */
const unconfirmed = {
  slow: { ...mailless('le2001', '7100101'), email: 'lee@former-firm.example' },
  twice: mailless('le2002', '7100102'),
  pressed: mailless('le2003', '7100103'),
  often: mailless('le2004', '7100104'),
  wrong: mailless('le2005', '7100105'),
  foreign: mailless('le2006', '7100106'),
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
/** An operator's file says of it that it is upgraded; it files as little. */
const marked = { ...shared, number: '7100033', username: 'reading-room', upgraded: true }
const firm = { ...firmAccount, number: '7100030', username: 'firm12', upgraded: false }
const twins = ['7100031', '7100032'].map((number, n) => ({
  ...legacyNamed(`twin0${n}`, number),
  email: 'twins@example.com',
  email_verified: true,
})) as [Twin, Twin]
type Twin = ReturnType<typeof legacyNamed> & { email: string; email_verified: boolean }
const goodPassword = 'seventeen lazy otters knit'

const test = kit()
  .override('people', [
    firm,
    ...twins,
    jane,
    shared,
    marked,
    filer,
    ...Object.values(legacy),
    ...Object.values(unconfirmed),
  ])
  .override('signOnOptions', { settings: { CSO_LIMIT_REGISTRATION_MAILS_PER_EMAIL: '5/3600' } })
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
  .extend('atEmail', { scope: 'file' }, ({ atNotice, fillIn }) => {
    return async (browser: HttpClient, username: string) => {
      const { notice, checks } = await atNotice(browser, username)
      return { checks, page: await fillIn(browser, notice, 'legacy', { do: 'upgrade' }) }
    }
  })
  /** The code of the newest mail to this address. */
  .extend('codeTo', ({ inbox }) => async (email: string): Promise<string> => {
    const mail = (await inbox(email)).findLast(({ codes }) => codes.length > 0)
    if (!mail?.codes[0]) throw new Error(`no code came to ${email}`)
    return mail.codes[0]
  })
  .extend('addressOf', ({ signOn }) => async ({ number }: { number: string }) => {
    const [row] = await sql<{ id: AccountId; email: string | null; isConfirmed: boolean }>(
      signOn.services.db,
      `SELECT id::text AS id, email, is_email_verified AS "isConfirmed" FROM accounts
        WHERE number = '${number}'`,
    )
    return row!
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
    inbox,
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
    const second = await fillIn(elsewhere, form, 'upgrade-person')
    expect(second.text).toContain('id="upgrade-address"')
    await fillIn(elsewhere, second, 'upgrade-address', address)
    // Once for each that took the place of another one: what was not there before is no change.
    const told = (await inbox(legacy.broken.email)).map(({ subject }) => subject)
    expect(told).toEqual(['What your account says about you was changed'])
  })

  test('whose upgrade stood still for a quarter of an hour goes on at the form where it was', async ({
    ncwd,
    browser,
    atNotice,
    go,
    fillIn,
  }) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { notice } = await atNotice(browser, legacy.still.username)
    const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
    const second = await fillIn(browser, first, 'upgrade-person', person)
    vi.setSystemTime(Date.now() + 16 * 60_000)
    expect((await browser.submit(second.form('upgrade-address'), address)).status).toBe(410)
    const { url } = await ncwd.authorize()
    const again = await go(browser, await browser.get(url))
    expect(again.form('upgrade-address')).toBeDefined()
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
    addressOf,
    audited,
  }) => {
    const { page } = await atSecurity(browser, legacy.trying.username)
    const taken = { username: jane.username, password: goodPassword }
    const shown = await browser.submit(page.form('upgrade-security'), taken)
    expect(shown.status).toBe(422)
    const { id } = await addressOf(legacy.trying)
    // Tried on the other page that takes a username, at another process.
    const tries = createUsernameTries(signOn.services)
    for (let more = 1; more < usernamesPerAccount.points; more += 1) {
      expect(await tries.count(id)).toBeUndefined()
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

  test('is upgraded in the browser of its sign-in, and by no page of it in another one', async ({
    signOn,
    ncwd,
    browser,
    openBrowser,
    atEmail,
    fillIn,
    addressOf,
    codeTo,
    audited,
  }) => {
    const who = unconfirmed.foreign
    const elsewhere = openBrowser()
    await openPage(elsewhere, signOn, (await ncwd.authorize()).url)
    let { page } = await atEmail(browser, who.username)
    const email = 'foreign@example.com'
    const chosen = { username: 'lee-of-nowhere', password: goodPassword }
    for (const [form, values] of [
      ['upgrade-email', async () => ({ email })],
      ['upgrade-code', async () => ({ code: await codeTo(email) })],
      ['upgrade-person', async () => person],
      ['upgrade-address', async () => address],
      ['upgrade-security', async () => chosen],
    ] as const) {
      const typed = await values()
      const before = await addressOf(who)
      const foreign = await elsewhere.submit(page.form(form), typed)
      expect([foreign.status, (await elsewhere.get(page.url)).status], form).toEqual([410, 410])
      expect(await addressOf(who)).toEqual(before)
      if (form === 'upgrade-security') break
      page = await fillIn(browser, page, form, typed)
    }
    expect(await audited('account.changed', { accountId: (await addressOf(who)).id })).toHaveLength(
      2,
    )
    expect(await audited('account.upgraded')).toEqual([])
  })

  test('searches on where nobody wants an upgrade', async ({ ncwd, browser, atNotice, fillIn }) => {
    const { notice, checks } = await atNotice(browser, legacy.searching.username)
    const out = await fillIn(browser, notice, 'legacy', { do: 'continue' })
    const claims = idClaims(await ncwd.redeem(callbackOf(out), checks))
    expect(claims['pacer']).toMatchObject({ upgraded: false, search: 'active' })
  })
})

describe('a legacy account without a confirmed e-mail address', () => {
  test('has one when it is upgraded: its code is typed in the same sign-in, within forty minutes', async ({
    ncwd,
    at,
    browser,
    openBrowser,
    atEmail,
    fillIn,
    codeTo,
    addressOf,
    audited,
    inbox,
  }) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const later = () => vi.setSystemTime(Date.now() + 10 * 60_000)
    const who = unconfirmed.slow
    const { page, checks } = await atEmail(browser, who.username)
    expect(page.text).toContain('part 1 of 4')
    expect(page.form('upgrade-email').fields['email']).toBe(who.email)
    const email = 'lee.gacy@new-firm.example'
    const asked = await fillIn(browser, page, 'upgrade-email', { email })
    // Read on a telephone, typed here.
    const code = await codeTo(email)
    const wrong = await browser.submit(asked.form('upgrade-code'), { code: other(code) })
    expect([wrong.status, wrong.text.includes('4 times more')]).toEqual([422, true])
    expect((await addressOf(who)).isConfirmed).toBe(false)
    later()
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`
    const first = await fillIn(browser, wrong, 'upgrade-code', { code: typed })
    expect(first.text).toContain('part 2 of 4')
    expect(await addressOf(who)).toMatchObject({ email, isConfirmed: true })
    later()
    const second = await fillIn(browser, first, 'upgrade-person', person)
    later()
    const third = await fillIn(browser, second, 'upgrade-address', address)
    later()
    // The confirmed address may be the username.
    const chosen = { username: email, password: goodPassword }
    const out = await fillIn(browser, third, 'upgrade-security', chosen)
    const claims = idClaims(await ncwd.redeem(callbackOf(out), checks))
    expect(claims).toMatchObject({ preferred_username: email, pacer: { upgraded: true } })
    expect(await audited('account.email-changed')).toHaveLength(1)

    // The one that nobody had confirmed learns nothing, and who forgets the password comes back by mail.
    expect(await inbox(who.email)).toEqual([])
    const elsewhere = openBrowser()
    const recover = await elsewhere.get(at('/recover/password'))
    await elsewhere.submit(recover.form('recover'), { name: email })
    const links = (await inbox(email)).flatMap((mail) => mail.links)
    expect(links.some((link) => link.includes('/recover/password/'))).toBe(true)
  })

  test('keeps the address when the upgrade is broken off, and is not asked again', async ({
    browser,
    openBrowser,
    atEmail,
    fillIn,
    codeTo,
  }) => {
    const { page } = await atEmail(browser, unconfirmed.twice.username)
    const email = 'twice@example.com'
    const mistyped = await fillIn(browser, page, 'upgrade-email', { email: 'twice@exmaple.com' })
    const other = await browser.submit(mistyped.form('upgrade-other'))
    const asked = await fillIn(browser, other, 'upgrade-email', { email })
    const first = await fillIn(browser, asked, 'upgrade-code', { code: await codeTo(email) })
    expect(first.form('upgrade-person')).toBeDefined()
    const again = await atEmail(openBrowser(), unconfirmed.twice.username)
    expect(again.page.form('upgrade-person')).toBeDefined()
    expect(again.page.text).toContain('part 1 of 3')
  })

  test('has it once, however often the code is sent, and in that sign-in alone', async ({
    browser,
    openBrowser,
    atEmail,
    fillIn,
    codeTo,
    addressOf,
    audited,
  }) => {
    const who = unconfirmed.pressed
    const { page } = await atEmail(browser, who.username)
    const asked = await fillIn(browser, page, 'upgrade-email', { email: 'pressed@example.com' })
    const code = await codeTo('pressed@example.com')
    // Somebody else who knows the password, and has read the code over a shoulder.
    const elsewhere = openBrowser()
    const theirs = await atEmail(elsewhere, who.username)
    const own = { email: 'somebody@example.com' }
    const form = await fillIn(elsewhere, theirs.page, 'upgrade-email', own)
    expect((await elsewhere.submit(form.form('upgrade-code'), { code })).status).toBe(422)
    const { csrf = '' } = asked.form('upgrade-code').fields
    expect((await elsewhere.submit(form.form('upgrade-code'), { code, csrf })).status).toBe(403)
    expect((await addressOf(who)).isConfirmed).toBe(false)

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(asked.form('upgrade-code'), { code })),
    )
    const statuses = new Set(answers.map(({ status }) => status))
    expect([303, 422]).toEqual(expect.arrayContaining([...statuses]))
    expect(await addressOf(who)).toMatchObject({ email: 'pressed@example.com', isConfirmed: true })
    expect(await audited('account.email-changed')).toHaveLength(1)
  })

  test('sends five mails an hour to a mailbox, those of a registration among them', async ({
    at,
    browser,
    openBrowser,
    atEmail,
    fillIn,
    inbox,
  }) => {
    const email = 'often@example.com'
    const stranger = openBrowser()
    const registering = await stranger.get(at('/register'))
    await stranger.submit(registering.form('register'), { email })
    const { page } = await atEmail(browser, unconfirmed.often.username)
    // A tag reaches the same mailbox.
    const tagged = 'Often+tag@example.com'
    let shown = await fillIn(browser, page, 'upgrade-email', { email: tagged })
    for (let more = 0; more < 3; more += 1) {
      shown = await browser.submit(shown.form('upgrade-again'))
      expect(shown.text).toContain('id="sent-again"')
    }
    for (const answer of [
      await browser.submit(shown.form('upgrade-again')),
      await browser.submit(page.form('upgrade-email'), { email }),
    ]) {
      expect(answer.status).toBe(429)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3000)
      expect(answer.text).toContain('several times within an hour')
    }
    expect(await inbox(email)).toHaveLength(1)
    expect(await inbox(tagged)).toHaveLength(4)
  })

  test('is told what is wrong with an address or a code, and goes on with another code', async ({
    browser,
    atEmail,
    fillIn,
    codeTo,
    addressOf,
  }) => {
    const { page } = await atEmail(browser, unconfirmed.wrong.username)
    const notOne = await browser.submit(page.form('upgrade-email'), { email: 'lee at firm' })
    expect([notOne.status, notOne.text.includes('id="email-error"')]).toEqual([422, true])
    expect(notOne.form('upgrade-email').fields['email']).toBe('lee at firm')
    const email = 'wrong@example.com'
    let shown = await fillIn(browser, notOne, 'upgrade-email', { email })
    const short = await browser.submit(shown.form('upgrade-code'), { code: '123' })
    expect(short.text).toContain('The code is not complete')
    const code = await codeTo(email)
    for (let tries = 0; tries < 5; tries += 1) {
      shown = await browser.submit(shown.form('upgrade-code'), { code: other(code) })
      expect(shown.status).toBe(422)
    }
    shown = await browser.submit(shown.form('upgrade-code'), { code })
    expect(shown.text).toContain('typed wrong too often')
    expect((await addressOf(unconfirmed.wrong)).isConfirmed).toBe(false)
    const again = await browser.submit(shown.form('upgrade-again'))
    const first = await fillIn(browser, again, 'upgrade-code', { code: await codeTo(email) })
    expect(first.form('upgrade-person')).toBeDefined()
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

test('an account of a firm is told what it is, and not that several people share it', async ({
  browser,
  atNotice,
}) => {
  const { notice } = await atNotice(browser, firm.username)
  expect(notice.text).toContain('It is a PACER Administrative Account')
  expect(notice.text).not.toMatch(/share|go on searching|search only/)
  expect(notice.form('legacy')).toBeDefined()
})

test('its holder is told of the upgrade in one mail, and a twin is looked at as at a registration', async ({
  browser,
  openBrowser,
  atSecurity,
  fillIn,
  audited,
  inbox,
}) => {
  const first = await atSecurity(browser, twins[0].username)
  await fillIn(browser, first.page, 'upgrade-security', {
    username: 'first-of-two-lees',
    password: goodPassword,
  })
  const [told, ...more] = await inbox(twins[0].email)
  expect([told?.subject, more]).toEqual(['Your account was upgraded', []])
  expect(told?.text).toContain('first-of-two-lees')
  expect(await audited('account.held')).toEqual([])

  const other = openBrowser()
  const second = await atSecurity(other, twins[1].username)
  await fillIn(other, second.page, 'upgrade-security', {
    username: 'second-of-two-lees',
    password: goodPassword,
  })
  expect((await audited('account.held')).map(({ detail }) => detail)).toEqual([
    { reason: 'review' },
  ])
  const subjects = (await inbox(twins[1].email)).map(({ subject }) => subject)
  expect(subjects).toContain('Another account like yours was upgraded')
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

test('a shared account that is marked as upgraded is told the same', async ({
  ncwd,
  browser,
  atNotice,
  fillIn,
}) => {
  const { notice, checks } = await atNotice(browser, marked.username)
  expect(notice.text).toContain('Several people share it')
  const out = await fillIn(browser, notice, 'legacy', { do: 'continue' })
  const claims = idClaims(await ncwd.redeem(callbackOf(out), checks))
  expect(claims['pacer']).toMatchObject({ account_type: 'shared', upgraded: true })
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

/** Six digits that are not these. */
function other(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

async function atPage(browser: HttpClient, court: TestCourt): Promise<HttpResponse> {
  const { url } = await court.authorize()
  const issuer = new URL(url).origin
  return browser.followWhile(await browser.get(url), (to) => to.origin === issuer)
}
