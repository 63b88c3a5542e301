import { describe, expect, vi } from 'vitest'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { requirePasswordChange } from '../../src/accounts/require-password-change.ts'
import { findByNumber } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { getPasswordForm, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { disabledAccount, jane, nora, password } from '../support/people.ts'

const fresh = 'lantern orbit velvet mango tundra'
/** At one address with `twin`. */
const trustee = {
  ...jane,
  number: '7200001',
  username: 'office-trustee',
  email: 'office@example.com',
  standings: [],
}
const twin = { ...trustee, number: '7200002', username: 'office-attorney' }
const barred = {
  ...disabledAccount,
  number: '7200003',
  username: 'barred-attorney',
  email: 'Barred@example.com',
  email_verified: true,
}
/** Of people whose account each test changes. */
const person = (n: number) => ({
  ...jane,
  number: `72010${String(n).padStart(2, '0')}`,
  username: `recovers-${String(n).padStart(4, '0')}`,
  email: `recovers-${n}@example.com`,
  standings: [],
})
const people = Array.from({ length: 13 }, (_, n) => person(n))

const test = kit()
  .override('people', [jane, nora, trustee, twin, barred, ...people])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'ask',
    ({ at }) =>
      async (browser: HttpClient, what: 'username' | 'password', typed: string, client = '') => {
        const page = await browser.get(at(`/recover/${what}${client}`))
        const field = what === 'username' ? 'email' : 'name'
        return browser.submit(page.form('recover'), { [field]: typed })
      },
  )
  .extend('linkTo', ({ inbox }) => async (to: string, part = '/recover/password/') => {
    const mails = await inbox(to)
    const link = mails.at(-1)?.links.find((each) => each.includes(part))
    if (!link) throw new Error(`no link in the mail to ${to}`)
    return link
  })
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

const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]

describe('who forgot the username', () => {
  test('is told by mail every account at the address, and what can be done with each', async ({
    ask,
    browser,
    inbox,
  }) => {
    const answer = await browser.follow(await ask(browser, 'username', 'OFFICE@example.com '))
    expect(heading(answer)).toBe('Check your e-mail')
    const [mail, ...more] = await inbox('office@example.com')
    expect(more).toEqual([])
    expect(mail?.text).toContain(
      'Username office-trustee, account number 7200001. You can sign in with it.',
    )
    expect(mail?.text).toContain('Username office-attorney, account number 7200002.')
    expect(mail?.links.filter((link) => link.includes('/recover/password/'))).toEqual([])
  })

  test('learns in the mail, and nowhere else, that there is no account with the address', async ({
    ask,
    browser,
    inbox,
    signOn,
  }) => {
    const unknown = await ask(browser, 'username', 'nobody@example.com')
    const unconfirmed = await ask(browser, 'username', nora.email)
    const known = await ask(browser, 'username', jane.email)
    expect(unknown.location).toBe(known.location)
    expect(unconfirmed.location).toBe(known.location)
    const [none] = await inbox('nobody@example.com')
    expect(none?.text).toContain('There is none')
    const [unconfirmedMail] = await inbox(nora.email)
    expect(unconfirmedMail?.text).not.toContain(nora.username)
    await inbox(jane.email)
    // The mail about one account is that account's; of several it is none's.
    const ofAccounts = await sql<{ to: string; number: string | null }>(
      signOn.services.db,
      `SELECT DISTINCT m.to_address AS "to", a.number FROM mails m LEFT JOIN accounts a ON a.id = m.account_id
        WHERE m.kind = 'recovery-usernames' ORDER BY 1`,
    )
    expect(ofAccounts).toContainEqual({ to: jane.email, number: jane.number })
    expect(ofAccounts).toContainEqual({ to: 'office@example.com', number: null })
  })

  test('reads of a disabled account that nobody can sign in with it', async ({
    ask,
    browser,
    inbox,
  }) => {
    await ask(browser, 'username', 'barred@example.com')
    const [mail] = await inbox('Barred@example.com')
    expect(mail?.text).toContain('This account is disabled.')
  })

  test('reads of an account that is held who has held it', async ({
    ask,
    browser,
    inbox,
    signOn,
  }) => {
    const { db } = signOn.services
    const who = person(11)
    const { id } = (await findByNumber(db, who.number))!
    await inTransaction(db, (tx) => holdAccount(tx, id, 'holder', byOperator('test')))
    await ask(browser, 'username', who.email)
    const mail = (await inbox(who.email)).at(-1)
    expect(mail?.text).toContain('The holder of this account has put it on hold.')
    expect(mail?.text).not.toContain('The PACER Service Center has put')
  })

  test('gets what was typed back, with what is wrong with it', async ({ ask, browser }) => {
    const answer = await ask(browser, 'username', 'jane at example')
    expect(answer.status).toBe(422)
    expect(answer.form('recover').fields['email']).toBe('jane at example')
    expect(answer.text).toContain('Check your e-mail address')
  })
})

describe('who forgot the password', () => {
  test.for([
    ['the username', ({ username }: typeof jane) => username.toUpperCase(), 0],
    ['the account number', ({ number }: typeof jane) => number, 1],
    ['the e-mail address', ({ email }: typeof jane) => email, 2],
  ] as const)(
    'comes back with %s, and goes on to the court',
    async ([, name, n], { ask, browser, openBrowser, linkTo, signIn, ncwd, audited, inbox }) => {
      const who = person(n)
      await ask(browser, 'password', name(who as never), `?client=${ncwd.clientId}`)
      const other = openBrowser()
      const page = await other.get(await linkTo(who.email))
      expect(page.text).toContain(who.username)
      const done = await other.submit(page.form('reset'), { password: fresh })
      expect(heading(done)).toBe('Your password is changed')
      expect(done.text).toContain('href="https://ncwd.test/sign-in"')
      // Nobody is signed in by that.
      expect(
        getPasswordForm(await other.followWhile(await other.click(done, 'sign-in'), () => true)),
      ).toBeDefined()
      expect(heading(await signIn(other, who.username, fresh))).toBe('Your account')
      const [told] = (await inbox(who.email)).slice(-1)
      expect(told?.subject).toBe('Your password was changed')
      expect(told?.links.some((link) => link.includes('/account/not-me/'))).toBe(true)
      expect(await audited('account.password-changed')).toMatchObject([
        { detail: { why: 'reset' } },
      ])
    },
  )

  test('is signed out everywhere by a new password, and the old one is wrong', async ({
    ask,
    browser,
    openBrowser,
    linkTo,
    signIn,
    at,
  }) => {
    const who = person(3)
    const signedIn = openBrowser()
    await signIn(signedIn, who.username, password)
    await ask(browser, 'password', who.username)
    const page = await browser.get(await linkTo(who.email))
    await browser.submit(page.form('reset'), { password: fresh })
    expect((await signedIn.get(at('/account'))).status).toBe(303)
    expect((await signIn(openBrowser(), who.username, password)).text).toContain(
      'could not sign you in',
    )
  })

  test('gets in while the name is paused after wrong passwords, and the pause is over', async ({
    ask,
    browser,
    openBrowser,
    linkTo,
    signIn,
  }) => {
    const who = person(4)
    for (let n = 0; n < 5; n += 1) await signIn(openBrowser(), who.username, 'not the password')
    const paused = await signIn(openBrowser(), who.username, password)
    expect(paused.text).toContain('Sign-in is paused')
    const recover = await browser.click(paused, 'problem-recover')
    expect(heading(recover)).toBe('Forgot your username or password?')
    await ask(browser, 'password', who.username)
    const page = await browser.get(await linkTo(who.email))
    await browser.submit(page.form('reset'), { password: fresh })
    expect(heading(await signIn(openBrowser(), who.username, fresh))).toBe('Your account')
  })

  test('is asked for another password than a weak one, and the link is still good', async ({
    ask,
    browser,
    linkTo,
  }) => {
    const who = person(5)
    await ask(browser, 'password', who.username)
    const page = await browser.get(await linkTo(who.email))
    const empty = await browser.submit(page.form('reset'), {})
    expect([empty.status, empty.text.includes('Enter a new password')]).toEqual([422, true])
    const short = await browser.submit(empty.form('reset'), { password: 'too short' })
    expect(short.status).toBe(422)
    expect(short.text).toContain('Choose a longer password')
    const own = await browser.submit(short.form('reset'), {
      password: `${who.username}${who.username}`,
    })
    expect(own.status).toBe(422)
    const done = await browser.submit(own.form('reset'), { password: fresh })
    expect(heading(done)).toBe('Your password is changed')
    const used = await browser.submit(own.form('reset'), { password: fresh })
    expect([used.status, heading(used)]).toEqual([410, 'This link has been used'])
  })

  test('chooses another one than the present where a new one is due', async ({
    ask,
    linkTo,
    browser,
    signOn,
  }) => {
    const who = person(12)
    const reset = async (secret: string) => {
      await ask(browser, 'password', who.username)
      const open = await browser.get(await linkTo(who.email))
      return browser.submit(open.form('reset'), { password: secret })
    }
    expect(heading(await reset(fresh))).toBe('Your password is changed')
    const { db } = signOn.services
    const account = await findByNumber(db, who.number)
    await inTransaction(db, (tx) =>
      requirePasswordChange(tx, account!.id, 'at-sign-in', byOperator('test')),
    )
    const same = await reset(fresh)
    expect([same.status, same.text.includes('that is not your present one')]).toEqual([422, true])
    const done = await browser.submit(same.form('reset'), {
      password: 'pebble cactus radio winter sonnet',
    })
    expect(heading(done)).toBe('Your password is changed')
  })

  test('finds a link too old after half an hour, and can ask for another one', async ({
    ask,
    browser,
    linkTo,
  }) => {
    const who = person(6)
    await ask(browser, 'password', who.username)
    const link = await linkTo(who.email)
    const page = await browser.get(link)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30.1 * 60_000 })
    const old = await browser.submit(page.form('reset'), { password: fresh })
    expect([old.status, heading(old)]).toEqual([410, 'This link is too old'])
    expect(heading(await browser.get(link))).toBe('This link is too old')
    expect(heading(await browser.click(old, 'go-on'))).toBe('Forgot your password')
  })

  test('finds an older link void when the password or the address is another one by now', async ({
    ask,
    browser,
    linkTo,
    inbox,
    signOn,
  }) => {
    const who = person(7)
    await ask(browser, 'password', who.username)
    const link = await linkTo(who.email)
    await signOn.apply({ accounts: [{ ...who, email: 'newer@example.com', email_verified: true }] })
    expect(heading(await browser.get(link))).toBe('This link does not count any more')
    await signOn.apply({ accounts: [who] })
    expect(heading(await browser.get(link))).toBe('Choose a new password')
    await ask(browser, 'password', who.username)
    await inbox()
    const newer = await linkTo(who.email)
    const page = await browser.get(newer)
    await browser.submit(page.form('reset'), { password: fresh })
    expect(heading(await browser.get(link))).toBe('This link has been used')
    await inbox()
  })

  test('of a disabled account, of one without a confirmed address, and nobody at all get no link', async ({
    ask,
    browser,
    inbox,
  }) => {
    const answers = [
      await ask(browser, 'password', barred.username),
      await ask(browser, 'password', nora.username),
      await ask(browser, 'password', 'nobody-of-that-name'),
      await ask(browser, 'password', '9999999'),
    ]
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`)).size).toBe(1)
    const mails = await inbox()
    expect(mails.map(({ recipients }) => recipients)).toEqual([['Barred@example.com']])
    expect(mails[0]?.text).toContain('This account is disabled.')
    expect(mails[0]?.links.some((link) => link.includes('/recover/password/'))).toBe(false)
  })

  test('reads which accounts there are where the address is that of several', async ({
    ask,
    browser,
    inbox,
  }) => {
    await ask(browser, 'password', 'office@example.com')
    const [mail, ...more] = await inbox('office@example.com')
    expect(more).toEqual([])
    expect(mail?.text).toContain('office-trustee')
    expect(mail?.text).toContain('type its username')
  })

  test('opens a link ten times, and nothing is changed or used up', async ({
    ask,
    browser,
    linkTo,
    signOn,
  }) => {
    const who = person(8)
    await ask(browser, 'password', who.username)
    const link = await linkTo(who.email)
    const { db } = signOn.services
    const state = async () =>
      JSON.stringify([
        await sql(db, 'SELECT * FROM one_use_links ORDER BY digest'),
        await sql(db, 'SELECT * FROM accounts ORDER BY id'),
        await sql(db, 'SELECT count(*) FROM mails'),
        await sql(db, 'SELECT count(*) FROM audit_events'),
      ])
    const before = await state()
    for (let n = 0; n < 10; n += 1) {
      expect((await browser.get(link)).status).toBe(200)
    }
    expect(await state()).toBe(before)
  })
})

describe('a form of the way back', () => {
  test('of somebody else’s page, or without the token, asks for nothing', async ({
    at,
    browser,
    openBrowser,
    inbox,
  }) => {
    const page = await browser.get(at('/recover/password'))
    const form = page.form('recover')
    const values = { ...form.fields, name: jane.username }
    const foreign = await browser.post(form.action, values, {
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    })
    expect(foreign.status).toBe(403)
    // Another browser's page: it is shown again, with what was typed and a token of its own.
    const other = openBrowser()
    const again = await other.post(form.action, values)
    expect(again.status).toBe(403)
    expect(again.form('recover').fields['name']).toBe(jane.username)
    expect(await inbox()).toEqual([])
    expect((await other.submit(again.form('recover'))).status).toBe(303)
    expect(await inbox()).toHaveLength(1)
  })

  test('keeps nothing for its browser: a cookie that somebody left there before shows and opens nothing', async ({
    at,
    ask,
    browser,
    openBrowser,
    linkTo,
  }) => {
    const who = person(10)
    const left = openBrowser()
    await left.get(at('/recover/password'))
    const { name, value } = left.cookies.list().find((each) => /recovery/.test(each.name))!
    browser.cookies.store(new URL(at('/')), [`${name}=${value}; Path=/; HttpOnly; SameSite=Lax`])
    await ask(browser, 'password', who.username)
    const link = await linkTo(who.email)
    const page = await browser.get(link)
    for (const path of ['/recover', '/recover/password', '/recover/username']) {
      const seen = await left.get(at(path))
      expect(seen.text.includes(who.username) || seen.text.includes(who.email), path).toBe(false)
    }
    // The page of the link is good with the link alone, and signs nobody in, in neither browser.
    const done = await browser.submit(page.form('reset'), { password: fresh })
    expect(done.status).toBe(200)
    const cookies = [browser, left].flatMap((each) => each.cookies.list())
    expect(cookies.filter((cookie) => cookie.name.includes('session'))).toEqual([])
  })

  test('with a token that belongs to another link changes nothing', async ({
    ask,
    browser,
    linkTo,
  }) => {
    const who = person(9)
    await ask(browser, 'password', who.username)
    const link = await linkTo(who.email)
    const page = await browser.get(link)
    const answer = await browser.post(link, {
      ...page.form('reset').fields,
      csrf: 'x',
      password: fresh,
    })
    expect(answer.status).toBe(403)
    expect(heading(await browser.get(link))).toBe('Choose a new password')
  })
})
