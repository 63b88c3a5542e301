import { describe, expect } from 'vitest'
import { openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, password } from '../support/people.ts'

const fresh = 'lantern orbit velvet mango tundra'
const other = 'pebble cactus radio winter sonnet'
const person = (n: number) => ({
  ...jane,
  number: `72020${String(n).padStart(2, '0')}`,
  username: `not-me-${String(n).padStart(4, '0')}`,
  email: `not-me-${n}@example.com`,
  standings: n === 0 ? [{ ...jane.standings[0], filer_id: 'not-me' }] : [],
})
const people = Array.from({ length: 6 }, (_, n) => person(n))

const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]

const test = kit()
  .override('people', people)
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'signIn',
    ({ signOn }) =>
      async (browser: HttpClient, username: string, secret: string) => {
        const page = await openPage(browser, signOn, `${signOn.issuer}/account`)
        return browser.followWhile(
          await sendPassword(browser, page, username, secret),
          (to) => to.origin === signOn.issuer,
        )
      },
  )
  .extend('newestLink', ({ inbox }) => async (to: string, part: string) => {
    const links = (await inbox(to)).flatMap((mail) => mail.links)
    const link = links.findLast((each) => each.includes(part))
    if (!link) throw new Error(`no link ${part} in the mails to ${to}`)
    return link
  })
  .extend(
    'reset',
    ({ at, newestLink }) =>
      async (browser: HttpClient, who: { username: string; email: string }, secret: string) => {
        const page = await browser.get(at('/recover/password'))
        await browser.submit(page.form('recover'), { name: who.username })
        const open = await browser.get(await newestLink(who.email, '/recover/password/'))
        return browser.submit(open.form('reset'), { password: secret })
      },
  )

describe('“This was not me”', () => {
  test('says what it will do, then ends every session and grant and asks for a new password by mail', async ({
    signOn,
    browser,
    openBrowser,
    reset,
    signIn,
    newestLink,
    inbox,
    ncwd,
    audited,
    at,
  }) => {
    const who = person(0)
    await reset(browser, who, fresh)
    const link = await newestLink(who.email, '/account/not-me/')
    const intruder = openBrowser()
    await signIn(intruder, who.username, fresh)
    const tokens = await ncwd.walkIn(intruder).catch(() => undefined)
    expect(tokens ?? 'redaction notice').toBeDefined()

    const page = await browser.get(link)
    expect(page.text).toContain('Nothing has happened yet.')
    const office = 'id="clerk-ncwd-1">(866) 851-1605</a>'
    expect(page.text).toContain(office)
    expect((await intruder.get(at('/account'))).status).toBe(200)
    const done = await browser.submit(page.form('not-me'))
    expect(heading(done)).toBe('Your account is secured')
    expect(done.text).toContain(office)
    expect((await intruder.get(at('/account'))).status).toBe(303)
    expect((await signIn(openBrowser(), who.username, fresh)).text).toContain(
      'could not sign you in',
    )

    // Rights to file stay as they are.
    const [standing] = await sql<{ status: string; actions: string[] }>(
      signOn.services.db,
      `SELECT s.status::text, s.actions FROM standings s JOIN accounts a ON a.id = s.account_id
        WHERE a.number = '${who.number}'`,
    )
    expect(standing).toMatchObject({ status: 'active', actions: ['file', 'receive-notices'] })
    expect(await audited('account.not-me-reported')).toMatchObject([
      { detail: { notice: 'password-changed' } },
    ])

    const mail = (await inbox(who.email)).at(-1)
    expect(mail?.subject).toContain('your account was secured')
    const chosen = await browser.get(await newestLink(who.email, '/recover/password/'))
    // The one that the intruder knows is not taken once more.
    const same = await browser.submit(chosen.form('reset'), { password: fresh })
    expect(same.status).toBe(422)
    expect(same.text).toContain('Choose another password than the one before')
    await browser.submit(chosen.form('reset'), { password: other })
    expect(heading(await signIn(openBrowser(), who.username, other))).toBe('Your account')
  })

  test('pressed twice says that it was done', async ({ browser, reset, newestLink, audited }) => {
    const who = person(1)
    await reset(browser, who, fresh)
    const link = await newestLink(who.email, '/account/not-me/')
    const page = await browser.get(link)
    await browser.submit(page.form('not-me'))
    const again = await browser.submit(page.form('not-me'))
    expect([again.status, heading(again)]).toEqual([410, 'This was done already'])
    expect(heading(await browser.get(link))).toBe('This was done already')
    expect(await audited('account.not-me-reported')).toHaveLength(1)
  })

  test('makes an open link for a new password void', async ({
    browser,
    reset,
    newestLink,
    at,
    inbox,
  }) => {
    const who = person(2)
    await reset(browser, who, fresh)
    const page = await browser.get(at('/recover/password'))
    await browser.submit(page.form('recover'), { name: who.username })
    await inbox()
    const stolen = await newestLink(who.email, '/recover/password/')
    const notMe = await newestLink(who.email, '/account/not-me/')
    await browser.submit((await browser.get(notMe)).form('not-me'))
    expect(heading(await browser.get(stolen))).toBe('This link does not count any more')
  })

  test('opened ten times changes nothing', async ({ signOn, browser, reset, newestLink }) => {
    const who = person(3)
    await reset(browser, who, fresh)
    const link = await newestLink(who.email, '/account/not-me/')
    const { db } = signOn.services
    const state = async () =>
      JSON.stringify([
        await sql(db, 'SELECT * FROM one_use_links ORDER BY digest'),
        await sql(db, 'SELECT * FROM accounts ORDER BY id'),
        await sql(db, 'SELECT count(*) FROM audit_events'),
      ])
    const before = await state()
    for (let n = 0; n < 10; n += 1) expect((await browser.get(link)).status).toBe(200)
    expect(await state()).toBe(before)
  })

  test('of a mail to an address that the account no longer has does nothing', async ({
    signOn,
    browser,
    reset,
    newestLink,
    signIn,
    openBrowser,
  }) => {
    const who = person(4)
    await reset(browser, who, fresh)
    const link = await newestLink(who.email, '/account/not-me/')
    const page = await browser.get(link)
    const moved = { ...who, password: fresh, email: 'moved@example.com', email_verified: true }
    await signOn.apply({ accounts: [moved] })
    const answer = await browser.submit(page.form('not-me'))
    expect([answer.status, heading(answer)]).toEqual([410, 'This link does not count any more'])
    expect(heading(await signIn(openBrowser(), who.username, fresh))).toBe('Your account')
  })

  test('without a token of its own page changes nothing', async ({
    browser,
    reset,
    newestLink,
    signIn,
    openBrowser,
  }) => {
    const who = person(5)
    await reset(browser, who, fresh)
    const link = await newestLink(who.email, '/account/not-me/')
    expect((await browser.post(link, {})).status).toBe(403)
    const form = (await browser.get(link)).form('not-me')
    const foreign = await browser.post(link, form.fields, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    expect(heading(await signIn(openBrowser(), who.username, fresh))).toBe('Your account')
    expect(password).not.toBe(fresh)
  })
})
