import { describe, expect, vi } from 'vitest'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { jane } from '../support/people.ts'
import {
  applicant,
  askFor,
  confirmed,
  newestMail,
  newPassword,
  registered,
  wordsOf,
} from '../support/registration.ts'

const test = kit()
  .override('people', [jane])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'registrations',
    ({ signOn }) =>
      (email: string) =>
        sql<{
          confirmed: boolean
          used: boolean
          tries: number
        }>(
          signOn.services.db,
          `SELECT confirmed_at IS NOT NULL AS confirmed, account_id IS NOT NULL AS used,
        code_tries AS tries FROM registrations WHERE email = $1 ORDER BY created_at`,
          [email],
        ),
  )
  .extend(
    'accounts',
    ({ signOn }) =>
      (email: string) =>
        sql<Record<string, unknown>>(
          signOn.services.db,
          'SELECT * FROM accounts WHERE email = $1 ORDER BY created_at',
          [email],
        ),
  )

describe('a lawyer without an account', () => {
  test('registers from a court’s sign-in page, and signs in at that court', async ({
    ncwd,
    browser,
    at,
    inbox,
    isOurs,
    accounts,
    audited,
  }) => {
    const email = 'ada@example.com'
    const { url } = await ncwd.authorize()
    const signIn = await browser.followWhile(await browser.get(url), isOurs)
    const start = await browser.click(signIn, 'create-account')
    expect(start.url).toBe(at(`/register?client=${ncwd.clientId}`))
    expect(start.text).toContain('href="https://ncwd.test/sign-in" id="way-back"')

    const asked = await browser.submit(start.form('register'), { email })
    expect([asked.status, asked.location]).toEqual([303, at('/register/check')])
    const checking = await browser.follow(asked)
    expect(wordsOf(checking)).toContain('We have written to ada @example.com')
    const { code, text } = await newestMail(inbox, email)
    expect(text).not.toContain('already')
    const form = await browser.follow(await browser.submit(checking.form('code-form'), { code }))
    const done = await browser.follow(
      await browser.submit(form.form('account-form'), {
        ...applicant,
        barState1: 'NC',
        barNumber1: '12345',
      }),
    )
    expect(done.url).toBe(at('/register/done'))
    expect(wordsOf(done)).toContain('Ada Applicant, your account has been created')
    expect(wordsOf(done)).toContain('You are not signed in yet')
    const [, back] = /id="way-back" href="([^"]*)"/.exec(done.text) ?? []
    expect(back).toBe('https://ncwd.test/sign-in')

    const [account] = await accounts(email)
    expect(account).toMatchObject({
      type: 'individual',
      user_type: 'attorney',
      is_upgraded: true,
      is_email_verified: true,
      search_status: 'active',
      username: 'ada-applicant',
      phone: '(704) 350-7400',
      address: {
        lines: ['401 West Trade Street'],
        city: 'Charlotte',
        state: 'NC',
        postalCode: '28202',
        country: 'US',
      },
      bar_numbers: [{ state: 'NC', number: '12345' }],
      review_since: null,
    })
    expect(account?.['number']).toMatch(/^[1-9]\d{6}$/)
    expect(account?.['birth_date_sealed']).not.toContain('1986')

    expect(await audited('account.registered')).toMatchObject([
      { accountId: account?.['id'], actorKind: 'account', actorId: account?.['id'] },
    ])
    const welcome = await newestMail(inbox, email)
    expect(welcome.text).toContain('Your username is ada-applicant')
    expect(welcome.text).toContain(String(account?.['number']))
    expect(welcome.text).not.toContain(newPassword)

    // The way back begins a sign-in at the court; whoever registered is not signed in by it.
    const tokens = await signInWith(ncwd, browser, isOurs)
    expect(tokens.claims()?.sub).toBe(account?.['id'])
  })

  async function signInWith(
    ncwd: Awaited<ReturnType<typeof import('../support/court.ts').createCourt>>,
    browser: import('../support/http-client.ts').HttpClient,
    isOurs: (to: URL) => boolean,
  ) {
    const { url, checks } = await ncwd.authorize()
    const page = await browser.followWhile(await browser.get(url), isOurs)
    const answer = await browser.submit(page.form('sign-in'), {
      username: applicant.username,
      password: newPassword,
    })
    const out = await browser.followWhile(answer, isOurs)
    return ncwd.redeem(String(out.location), checks)
  }

  test('opens the link on another device, and fills in the form there', async ({
    browser,
    openBrowser,
    at,
    inbox,
    registrations,
  }) => {
    const email = 'on-the-phone@example.com'
    await askFor({ browser, at }, email)
    const { link } = await newestMail(inbox, email)
    const phone = openBrowser()
    // A mail gateway opens every link, again and again.
    for (let count = 0; count < 10; count += 1) {
      const opened = await openBrowser().get(link)
      expect(opened.status).toBe(200)
    }
    expect(await registrations(email)).toEqual([{ confirmed: false, used: false, tries: 0 }])

    const page = await phone.get(link)
    expect(wordsOf(page)).toContain('Is on-the-phone @example.com your address')
    const form = await phone.follow(await phone.submit(page.form('confirm')))
    expect(form.url).toBe(at('/register/form'))
    // Where it began, the address is not confirmed: somebody else may have asked for it.
    expect((await browser.get(at('/register/form'))).status).toBe(403)

    const made = await phone.submit(form.form('account-form'), {
      ...applicant,
      familyName: 'Phone',
      birthDay: '1',
      username: 'on-the-phone',
    })
    expect(made.location).toBe(at('/register/done'))
    // The link is used, and the browser in which it was is led on.
    expect((await phone.get(link)).location).toBe(at('/register/form'))
    expect((await openBrowser().get(link)).status).toBe(410)
  })

  test('may type the code where it began after the link was pressed elsewhere', async ({
    browser,
    openBrowser,
    at,
    inbox,
  }) => {
    const email = 'both-ways@example.com'
    const checking = await browser.follow(await askFor({ browser, at }, email))
    const { link, code } = await newestMail(inbox, email)
    const phone = openBrowser()
    await phone.submit((await phone.get(link)).form('confirm'))
    const answer = await browser.submit(checking.form('code-form'), { code })
    expect(answer.location).toBe(at('/register/form'))
    expect((await browser.follow(answer)).status).toBe(200)
  })
})

describe('the code of the mail', () => {
  test('counts in no other browser than the one that asked', async ({
    browser,
    openBrowser,
    at,
    inbox,
    registrations,
  }) => {
    const email = 'other-browser@example.com'
    await askFor({ browser, at }, email)
    const { code } = await newestMail(inbox, email)
    const other = openBrowser()
    expect((await other.get(at('/register/check'))).status).toBe(404)
    // Somebody who asks for the same address at the same time has a code of its own.
    const checking = await other.follow(await askFor({ browser: other, at }, email))
    await newestMail(inbox, email)
    const answer = await other.submit(checking.form('code-form'), { code })
    expect(answer.status).toBe(422)
    expect(wordsOf(answer)).toContain('This is not the code')
    expect((await registrations(email)).map((each) => each.confirmed)).toEqual([false, false])
  })

  test('may be typed five times, counted in one statement; then there is a new mail', async ({
    browser,
    at,
    inbox,
    registrations,
  }) => {
    const email = 'five-tries@example.com'
    const checking = await browser.follow(await askFor({ browser, at }, email))
    const { code } = await newestMail(inbox, email)
    const form = checking.form('code-form')
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(form, { code: wrong })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]))
    expect(await registrations(email)).toEqual([{ confirmed: false, used: false, tries: 5 }])
    const late = await browser.submit(form, { code })
    expect(wordsOf(late)).toContain('The code was typed wrong too often')

    const again = await browser.submit(checking.form('again-form'))
    expect(again.location).toBe(at('/register/check?sent=again'))
    expect(wordsOf(await browser.follow(again))).toContain('A new message is on its way')
    const newer = await newestMail(inbox, email)
    expect(newer.code).not.toBe(code)
    expect((await browser.submit(form, { code })).status).toBe(422)
    const spaced = `${newer.code.slice(0, 3)} ${newer.code.slice(3)}`
    expect((await browser.submit(form, { code: spaced })).location).toBe(at('/register/form'))
  })

  test('that is not six digits does not count as a try', async ({
    browser,
    at,
    inbox,
    registrations,
  }) => {
    const email = 'not-a-code@example.com'
    const checking = await browser.follow(await askFor({ browser, at }, email))
    await newestMail(inbox, email)
    const answer = await browser.submit(checking.form('code-form'), { code: '12345' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('value="12345"')
    expect((await registrations(email))[0]?.tries).toBe(0)
  })

  test('and the link hold for thirty minutes from the sending, and a new mail brings both', async ({
    browser,
    openBrowser,
    at,
    inbox,
  }) => {
    const email = 'too-late@example.com'
    const checking = await browser.follow(await askFor({ browser, at }, email))
    const { code, link } = await newestMail(inbox, email)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 60_000 })
    const answer = await browser.submit(checking.form('code-form'), { code })
    expect(wordsOf(answer)).toContain('The code is too old')
    const old = await openBrowser().get(link)
    expect([old.status, wordsOf(old)]).toEqual([
      410,
      expect.stringContaining('This link is too old'),
    ])
    await browser.submit(checking.form('again-form'))
    const newer = await newestMail(inbox, email)
    const taken = await browser.submit(checking.form('code-form'), { code: newer.code })
    expect(taken.location).toBe(at('/register/form'))
  })
})

test('a wrong address is corrected, and only the right one is confirmed', async ({
  browser,
  at,
  inbox,
}) => {
  const checking = await browser.follow(await askFor({ browser, at }, 'jhon@example.com'))
  const back = await browser.click(checking, 'other-address')
  expect(back.form('register').fields['email']).toBe('jhon@example.com')
  const next = await browser.follow(
    await browser.submit(back.form('register'), { email: 'john@example.com' }),
  )
  expect(wordsOf(next)).toContain('john @example.com')
  const stale = await newestMail(inbox, 'jhon@example.com')
  expect((await browser.submit(next.form('code-form'), { code: stale.code })).status).toBe(422)
  const { code } = await newestMail(inbox, 'john@example.com')
  const form = await browser.follow(await browser.submit(next.form('code-form'), { code }))
  expect(wordsOf(form)).toContain('john @example.com is confirmed')
})

test('an address that is none is refused with what was typed', async ({ browser, at, inbox }) => {
  for (const email of [
    '',
    'jane',
    'jane@',
    'jane doe@example.com',
    'jane@example',
    `${'a'.repeat(65)}@example.com`,
  ]) {
    const answer = await askFor({ browser, at }, email)
    expect(answer.status, email).toBe(422)
    expect(answer.form('register').fields['email']).toBe(email)
  }
  expect(await inbox()).toEqual([])
})

describe('the form', () => {
  test('says every problem at once beside its field, and keeps what was typed but the password', async ({
    browser,
    at,
    inbox,
  }) => {
    const page = await confirmed({ browser, at, inbox }, 'many-problems@example.com')
    const answer = await browser.submit(page.form('account-form'), {
      ...applicant,
      givenName: '',
      birthDay: '31',
      postalCode: '123',
      phone: 'none',
      kind: undefined,
      barState1: 'NC',
      username: 'short',
      password: 'short password',
      rules: undefined,
    })
    expect(answer.status).toBe(422)
    const wrong = [...answer.text.matchAll(/class="usa-error-message" id="(\w+)-error"/g)].map(
      ([, field]) => field,
    )
    expect(wrong).toEqual([
      'givenName',
      'birthDay',
      'postalCode',
      'phone',
      'kind',
      'barNumber1',
      'username',
      'password',
      'rules',
    ])
    const [summary = ''] = /<ul class="cso-problem__list">[\s\S]*?<\/ul>/.exec(answer.text) ?? []
    expect([...summary.matchAll(/href="#(\w+)"/g)].map(([, field]) => field)).toEqual(wrong)
    expect(answer.form('account-form').fields).toMatchObject({
      familyName: 'Applicant',
      birthMonth: '4',
      birthDay: '31',
      city: 'Charlotte',
      state: 'NC',
      barState1: 'NC',
      username: 'short',
      password: '',
    })
    expect(answer.text).not.toContain('short password')
  })

  test('takes more bar numbers by a button, and keeps everything', async ({
    browser,
    at,
    inbox,
    accounts,
  }) => {
    const email = 'two-bars@example.com'
    const page = await confirmed({ browser, at, inbox }, email)
    const typed = {
      ...applicant,
      familyName: 'Twobars',
      birthDay: '2',
      username: 'two-bars-lawyer',
      barState1: 'NC',
      barNumber1: '1',
    }
    const more = await browser.submit(page.form('account-form'), typed, 'add-bar')
    expect(more.status).toBe(200)
    const form = more.form('account-form')
    expect(form.fields).toMatchObject({
      givenName: 'Ada',
      barState1: 'NC',
      barState2: '',
      kind: 'attorney',
    })
    expect(form.fields['password']).toBe('')
    const done = await browser.submit(form, { ...typed, barState2: 'VA', barNumber2: '2' })
    expect(done.location).toBe(at('/register/done'))
    expect((await accounts(email))[0]?.['bar_numbers']).toEqual([
      { state: 'NC', number: '1' },
      { state: 'VA', number: '2' },
    ])
  })

  test('takes no username that somebody has or had, and keeps the rest', async ({
    browser,
    at,
    inbox,
    signOn,
    accounts,
  }) => {
    const email = 'taken-name@example.com'
    const page = await confirmed({ browser, at, inbox }, email)
    const form = page.form('account-form')
    const own = { ...applicant, familyName: 'Taken', birthDay: '3' }
    const taken = await browser.submit(form, { ...own, username: jane.username.toUpperCase() })
    expect(taken.status).toBe(422)
    expect(wordsOf(taken)).toContain('Choose another username: this one is taken')
    expect(taken.form('account-form').fields['city']).toBe('Charlotte')
    await sql(
      signOn.services.db,
      `INSERT INTO usernames (canonical, account_id) SELECT 'given-up-name', id FROM accounts LIMIT 1`,
    )
    expect((await browser.submit(form, { ...own, username: 'given-up-name' })).status).toBe(422)
    // Somebody else's address is nobody's username; the confirmed one may be.
    expect((await browser.submit(form, { ...own, username: jane.email })).status).toBe(422)
    const done = await browser.submit(form, { ...own, username: email })
    expect(done.location).toBe(at('/register/done'))
    expect((await accounts(email))[0]?.['username']).toBe(email)
  })

  test('refuses a password that is easy to guess or of the person’s own words', async ({
    browser,
    at,
    inbox,
  }) => {
    const page = await confirmed({ browser, at, inbox }, 'own-words@example.com')
    for (const password of [
      'Ada Applicant ada-applicant',
      'passwordpassword',
      'qwertyuiopasdfghjkl',
    ]) {
      const answer = await browser.submit(page.form('account-form'), { ...applicant, password })
      expect(answer.status, password).toBe(422)
      expect(answer.text).toContain('id="password-error"')
      expect(answer.text).not.toContain(password)
    }
  })

  test('asks for the rules of use that hold now', async ({ browser, at, inbox }) => {
    const page = await confirmed({ browser, at, inbox }, 'old-rules@example.com')
    const answer = await browser.submit(page.form('account-form'), {
      ...applicant,
      rules: '2020-01-01',
    })
    expect(answer.status).toBe(422)
    expect(wordsOf(answer)).toContain('The rules of use have changed since')
  })

  test('waits for two hours from the last answer, and for a day in all', async ({
    browser,
    at,
    inbox,
  }) => {
    const start = Date.now()
    const minutes = (count: number) =>
      vi.useFakeTimers({ toFake: ['Date'], now: start + count * 60_000 })
    const page = await confirmed({ browser, at, inbox }, 'slow@example.com')
    const form = page.form('account-form')
    minutes(119)
    expect((await browser.submit(form, { city: '' })).status).toBe(422)
    minutes(119 + 119)
    expect((await browser.get(at('/register/form'))).status).toBe(200)
    minutes(119 + 121)
    const values = { ...applicant, familyName: 'Latecomer', username: 'slow-and-late' }
    const late = await browser.submit(form, values)
    expect([late.status, wordsOf(late)]).toEqual([
      410,
      expect.stringContaining('Too much time has passed'),
    ])
    expect(late.form('account-form').fields).toMatchObject({ city: applicant.city })

    // Confirmed anew beside it, what stands in the form is taken.
    await confirmed({ browser, at, inbox }, 'slow@example.com')
    const { password } = applicant
    const older = await browser.submit(late.form('account-form'), { password })
    expect(older.status).toBe(403)
    const taken = await browser.submit(older.form('account-form'), { password })
    expect([taken.status, taken.location]).toEqual([303, at('/register/done')])
  })

  test('is not lost where the address was confirmed on another device meanwhile', async ({
    browser,
    openBrowser,
    at,
    inbox,
  }) => {
    const email = 'two-devices@example.com'
    const page = await confirmed({ browser, at, inbox }, email)
    const phone = openBrowser()
    const { link } = await newestMail(inbox, email)
    await phone.follow(await phone.submit((await phone.get(link)).form('confirm')))
    const lost = await browser.submit(page.form('account-form'), applicant)
    expect([lost.status, wordsOf(lost)]).toEqual([
      403,
      expect.stringContaining('Confirm your address in this browser first'),
    ])
    const { password, ...typed } = applicant
    expect(lost.form('account-form').fields).toMatchObject({ city: typed.city })
    expect(lost.text).not.toContain(password)
  })
})

describe('whoever comes without having begun', () => {
  test('is led to the beginning', async ({ browser, at }) => {
    for (const path of ['/register/check', '/register/done']) {
      const page = await browser.get(at(path))
      expect([path, page.status]).toEqual([path, 404])
      expect(page.text).toContain('id="start-again" href="/register"')
    }
    expect((await browser.get(at('/register/form'))).status).toBe(403)
    const link = await browser.get(at(`/register/confirm/${'a'.repeat(43)}`))
    expect(link.status).toBe(404)
  })

  test('with a browser that keeps no cookies is told so', async ({ browser, at }) => {
    const page = await browser.get(at('/register'))
    browser.cookies.clear()
    const answer = await browser.submit(page.form('register'), { email: 'no-cookie@example.com' })
    expect(answer.status).toBe(400)
    expect(wordsOf(answer)).toContain('did not send our cookie')
  })
})

describe('a cookie that somebody left in the browser before', () => {
  test.for(['by the code', 'by the link'])(
    'is of no use behind a confirmation %s',
    async (way, { browser, openBrowser, at, inbox }) => {
      const email = `left-before-${way.length}@example.com`
      const left = openBrowser()
      await left.get(at('/register'))
      const { name, value } = left.cookies.list().find((each) => /registration/.test(each.name))!
      browser.cookies.store(new URL(at('/')), [`${name}=${value}; Path=/; HttpOnly; SameSite=Lax`])

      const checking = await browser.follow(await askFor({ browser, at }, email))
      const { code, link } = await newestMail(inbox, email)
      const page = way === 'by the code' ? checking : await browser.get(link)
      const form = page.form(way === 'by the code' ? 'code-form' : 'confirm')
      const values = way === 'by the code' ? { code } : {}
      const answer = await browser.submit(form, values)
      expect((await browser.follow(answer)).form('account-form')).toBeDefined()
      // The same once more (two clicks, Back) leads to the same form.
      expect((await browser.submit(form, values)).location).toBe(at('/register/form'))
      expect((await browser.get(at('/register/check'))).location).toBe(at('/register/form'))

      const theirs = await left.get(at('/register/form'))
      expect([theirs.status, theirs.text.includes(email)]).toEqual([403, false])
      // Nor has it what the page of the code drew for the other one.
      const own = await left.get(at('/register/check'))
      expect(own.text).not.toContain(browser.cookies.get(name)!.value)
    },
  )
})

describe('a form that is not ours', () => {
  test('does nothing: from another page, or with the token of another form or browser', async ({
    browser,
    openBrowser,
    at,
    inbox,
    accounts,
  }) => {
    const email = 'forged@example.com'
    const page = await confirmed({ browser, at, inbox }, email)
    const form = page.form('account-form')
    const foreign = await browser.post(
      form.action,
      { ...form.fields, ...applicant },
      {
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.example',
      },
    )
    expect(foreign.status).toBe(403)
    expect((await browser.submit(form, { ...applicant, csrf: 'x' })).status).toBe(403)
    const other = openBrowser()
    await other.get(at('/register'))
    expect((await other.submit(form, applicant)).status).toBe(403)
    expect(await accounts(email)).toEqual([])
  })

  test('of an earlier visit keeps the address, and sends nothing', async ({
    browser,
    openBrowser,
    at,
    inbox,
  }) => {
    const stale = await openBrowser().get(at('/register'))
    await browser.get(at('/register'))
    const answer = await browser.submit(stale.form('register'), { email: 'stale@example.com' })
    expect(answer.status).toBe(403)
    expect(answer.form('register').fields['email']).toBe('stale@example.com')
    expect(await inbox('stale@example.com')).toEqual([])
    const again = await browser.submit(answer.form('register'))
    expect(again.location).toBe(at('/register/check'))
  })

  test('a stale tab with the form leads to the account that was made', async ({
    browser,
    at,
    inbox,
    accounts,
  }) => {
    const email = 'stale-tab@example.com'
    const page = await confirmed({ browser, at, inbox }, email)
    const own = { ...applicant, familyName: 'Tab', birthDay: '5', username: 'stale-tab-one' }
    await browser.submit(page.form('account-form'), own)
    const answer = await browser.submit(page.form('account-form'), {
      ...own,
      username: 'stale-tab-two',
    })
    expect(answer.location).toBe(at('/register/done'))
    // It asks for no code any more, and leads on as well.
    const checked = await browser.follow(await browser.get(at('/register/check')))
    expect(checked.location).toBe(at('/register/done'))
    expect(await accounts(email)).toHaveLength(1)
  })
})

test('nothing of a registration lies in clear where it should not, and no log has a link', async ({
  browser,
  at,
  inbox,
  signOn,
}) => {
  const email = 'in-the-dump@example.com'
  await registered({ browser, at, inbox }, email, {
    familyName: 'Dumped',
    birthDay: '6',
    birthYear: '1971',
    username: 'in-the-dump',
  })
  const mails = await inbox(email)
  const [first] = mails
  const token = first!.links
    .find((each) => each.includes('/confirm/'))!
    .split('/')
    .at(-1)!
  const tables = await sql<{ row: string }>(
    signOn.services.db,
    `SELECT r::text AS row FROM registrations r UNION ALL SELECT m::text FROM mails m
      UNION ALL SELECT l::text FROM one_use_links l UNION ALL SELECT a::text FROM accounts a
      UNION ALL SELECT e::text FROM audit_events e`,
  )
  const stored = tables.map(({ row }) => row).join('\n')
  const cookie = browser.cookies.header(new URL(signOn.issuer)) ?? ''
  const secrets = [token, first!.codes[0]!, newPassword, '1971-04-06', cookie.split('=')[1]!]
  for (const secret of secrets) expect(stored).not.toContain(secret)
  await browser.get(first!.links.find((each) => each.includes('/confirm/'))!)
  expect(signOn.logLines.join('')).toContain('/register/confirm/…')
  for (const secret of secrets) expect(signOn.logLines.join('')).not.toContain(secret)
})

test('a mail server that is away delays no page, and loses no registration', async ({
  browser,
  at,
  inbox,
  mailServer,
  signOn,
  onTestFinished,
}) => {
  const email = 'late-mail@example.com'
  onTestFinished(() => {
    mailServer.answer = () => undefined
  })
  mailServer.answer = () => ({ code: 451, text: 'not now' })
  const checking = await browser.follow(await askFor({ browser, at }, email))
  expect(wordsOf(checking)).toContain('We have written to late-mail')
  const hurry = () => sql(signOn.services.db, 'UPDATE jobs SET run_at = now() WHERE lease IS NULL')
  await becomes('the mail was tried', 15_000, async () => {
    const [job] = await sql<{ tries: number }>(
      signOn.services.db,
      `SELECT tries FROM jobs WHERE name = 'send-mail' AND problem IS NOT NULL`,
    )
    return job !== undefined
  })
  mailServer.answer = () => undefined
  await hurry()
  const { code } = await newestMail(inbox, email)
  const answer = await browser.submit(checking.form('code-form'), { code })
  expect(answer.location).toBe(at('/register/form'))
})

test('everything is the same on the embedded database', async ({
  signOnWith,
  browser,
  mailServer,
}) => {
  const { issuer, services } = await signOnWith({ storage: 'embedded' })
  const email = 'embedded@example.com'
  const at = (path: string) => `${issuer}${path}`
  const inbox = async (to?: string) => {
    const mails = () => mailServer.mails.filter(({ recipients }) => recipients.includes(to ?? ''))
    await becomes('the mail has come', 15_000, async () => mails().length > 0)
    return mails()
  }
  const done = await registered({ browser, at, inbox }, email, { username: 'embedded-user' })
  expect(done.url).toBe(at('/register/done'))
  const rows = await sql<{ username: string }>(services.db, 'SELECT username FROM accounts')
  expect(rows).toEqual([{ username: 'embedded-user' }])
})
