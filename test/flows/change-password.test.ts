import { describe, expect, vi } from 'vitest'
import { openPage, sendPassword } from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, newPassword, nora, password } from '../support/people.ts'
import { countSignInFailures } from '../support/sign-on.ts'

/** The password of fourteen characters that PACER took. */
const fourteen = 'Tulip.Harbor14'
const olga = { ...nora, number: '7100011', username: 'olga-of-before', password: fourteen }

const test = kit()
  .override('people', [jane, nora, olga])
  .extend('path', { scope: 'file' }, '/account/settings/password')
  .extend(
    'signInAt',
    { scope: 'file' },
    ({ at, isOurs }) =>
      async (browser: HttpClient, username: string, secret = password, path = '/account') => {
        const asked = await browser.followWhile(await browser.get(at(path)), isOurs)
        return browser.followWhile(await sendPassword(browser, asked, username, secret), isOurs)
      },
  )
  /** Opens the form and sends it. */
  .extend(
    'change',
    { scope: 'file' },
    ({ at, isOurs, path }) =>
      async (browser: HttpClient, fields: Record<string, string>): Promise<HttpResponse> => {
        const page = await browser.followWhile(await browser.get(at(path)), isOurs)
        const sent = await browser.submit(page.form('change-password'), { ...fields })
        return browser.followWhile(sent, isOurs)
      },
  )
  /** Somebody of one's own, whose password may be changed. */
  .extend('makePerson', ({ signOn }) => async (secret = password) => {
    const number = String(7_200_000 + Math.floor(Math.random() * 99_999))
    const person = {
      ...nora,
      number,
      username: `person-${number}`,
      password: secret,
      email: `person-${number}@example.com`,
      email_verified: true,
    }
    await signOn.apply({ accounts: [person] })
    return person
  })

const typed = (current: string, next = newPassword, again = next) => ({
  current,
  password: next,
  again,
  elsewhere: 'yes',
})

describe('whoever changes the password', () => {
  test('goes on with the new one alone, is told by mail, and is signed out everywhere else', async ({
    makePerson,
    signInAt,
    change,
    browser,
    openBrowser,
    audited,
    inbox,
    at,
    isOurs,
  }) => {
    const person = await makePerson()
    const elsewhere = openBrowser()
    await signInAt(elsewhere, person.username)
    await signInAt(browser, person.username)
    // Somebody has copied the cookies of this browser.
    const thief = openBrowser()
    const cookie = browser.cookies.header(new URL(at('/account')))!
    expect((await thief.get(at('/account'), { cookie })).status).toBe(200)

    const page = await change(browser, typed(password))
    expect(page.status).toBe(200)
    expect(page.text).toContain('Your password was changed')
    expect(page.text).toContain('You are signed in nowhere else.')

    expect((await browser.get(at('/account'))).status).toBe(200)
    expect((await thief.get(at('/account'), { cookie })).status).toBe(303)
    const asked = await elsewhere.followWhile(await elsewhere.get(at('/account')), isOurs)
    expect(asked.form('sign-in')).toBeDefined()
    const refused = await sendPassword(elsewhere, asked, person.username)
    expect(refused.text).toContain('The username and password do not match.')
    const again = await elsewhere.followWhile(
      await sendPassword(elsewhere, refused, person.username, newPassword),
      isOurs,
    )
    expect(again.text).toContain('<h1>Your account</h1>')

    const [event, ...others] = await audited('account.password-changed')
    expect([event?.detail, others]).toEqual([{ why: 'changed' }, []])
    expect(event?.actorKind).toBe('account')
    const [mail] = await inbox(person.email)
    expect(mail?.text).toContain(
      `username ${person.username}, account number ${person.number}, was`,
    )
    expect(mail?.text).toContain('This was not me')
    expect(`${mail?.text}${mail?.html}`).not.toContain(newPassword)
  })

  test('stays signed in elsewhere who wants so', async ({
    makePerson,
    signInAt,
    browser,
    openBrowser,
    at,
  }) => {
    const person = await makePerson()
    const elsewhere = openBrowser()
    await signInAt(elsewhere, person.username)
    await signInAt(browser, person.username)
    const { elsewhere: _, ...fields } = typed(password)
    const page = await browser.get(at('/account/settings/password'))
    const form = page.form('change-password')
    const { elsewhere: __, ...shown } = form.fields
    const sent = await browser.submit({ ...form, fields: shown }, fields)
    const done = await browser.get(sent.location ?? '')
    expect(done.text).toContain('You are still signed in in another browser, too.')
    expect((await elsewhere.get(at('/account'))).status).toBe(200)
  })

  test('has fourteen characters until then, and fifteen from then on', async ({
    makePerson,
    signInAt,
    change,
    browser,
  }) => {
    const person = await makePerson(fourteen)
    const page = await signInAt(browser, person.username, fourteen)
    expect(page.text).toContain('<h1>Your account</h1>')
    const short = await change(browser, typed(fourteen, 'Tulip.Harbor15'))
    expect(short.text).toContain('at least 15 characters')
    expect((await change(browser, typed(fourteen))).text).toContain('Your password was changed')
  })

  test('has a page for password managers, which are led to it', async ({
    signInAt,
    browser,
    at,
    isOurs,
    path,
  }) => {
    await signInAt(browser, jane.username)
    const page = await browser.followWhile(
      await browser.get(at('/.well-known/change-password')),
      isOurs,
    )
    expect(new URL(page.url).pathname).toBe(path)
    expect(page.text).toMatch(
      /id="username" name="username" value="jdoe-attorney" autocomplete="username"/,
    )
    expect(page.text).toMatch(/id="current"[^>]* autocomplete="current-password"/)
    const rules = 'autocomplete="new-password" passwordrules="minlength: 15; maxlength: 128;"'
    expect(page.text.split(rules)).toHaveLength(3)
    expect(page.text).not.toMatch(/onpaste|maxlength="/)
  })
})

describe('nothing is changed', () => {
  test.for([
    ['nothing is typed', typed('', ''), 'Enter your present password'],
    ['the new one is too short', typed(password, 'short'), 'at least 15 characters'],
    ['it is a name with a year', typed(password, 'Nora Nowhere 1975'), 'without your name'],
    ['it repeats itself', typed(password, 'abcabcabcabcabc'), 'does not repeat itself'],
    ['the two differ', typed(password, newPassword, `${newPassword}s`), 'these two are different'],
    [
      'it is the present one',
      typed(newPassword, newPassword),
      'a password that is not your present one',
    ],
  ] as const)(
    'where %s',
    async ([, fields, words], { signInAt, change, browser, audited, signOn }) => {
      await signInAt(browser, nora.username)
      const before = await countSignInFailures(signOn)
      const page = await change(browser, fields)
      expect(page.status).toBe(422)
      expect(page.text).toContain('Your password was not changed')
      expect(page.text).toContain(words)
      // Only who types a wrong password has made a guess.
      expect(await countSignInFailures(signOn)).toBe(before)
      expect(await audited('account.password-changed')).toEqual([])
      for (const secret of Object.values(fields).filter((each) => each.length > 3)) {
        expect(page.text).not.toContain(secret)
      }
    },
  )

  test('where the present one is wrong, and the guesses are those of the sign-in', async ({
    makePerson,
    signInAt,
    change,
    browser,
    openBrowser,
    audited,
    at,
    isOurs,
  }) => {
    const person = await makePerson()
    await signInAt(browser, person.username)
    const wrong = 'not the password of anybody'
    const answers: HttpResponse[] = []
    for (let count = 0; count < 6; count += 1) answers.push(await change(browser, typed(wrong)))
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 429])
    expect(answers[0]?.text).toContain('this is not it')
    expect(answers[3]?.text).toContain('paused for 30 seconds')
    expect(answers[4]?.headers['retry-after']).toBe('30')
    const refusals = await audited('account.sign-in-refused')
    expect(refusals.map(({ detail }) => (detail as { reason: string }).reason)).toEqual([
      ...Array(5).fill('wrong-password'),
      'locked',
    ])
    // The same name is paused at the sign-in page.
    const elsewhere = openBrowser()
    const asked = await elsewhere.followWhile(await elsewhere.get(at('/account')), isOurs)
    expect((await sendPassword(elsewhere, asked, person.username)).status).toBe(429)
    // And the session goes on as before.
    expect((await browser.get(at('/account'))).status).toBe(200)
  })

  test('without a sign-in of the last five minutes', async ({
    signInAt,
    browser,
    at,
    isOurs,
    path,
    audited,
  }) => {
    await signInAt(browser, nora.username)
    const page = await browser.get(at(path))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    const sent = await browser.submit(page.form('change-password'), typed(password))
    const asked = await browser.followWhile(sent, isOurs)
    expect(asked.text).toContain('Your last sign-in is too long ago')
    expect(await audited('account.password-changed')).toEqual([])
  })

  test('by a form from elsewhere', async ({ signInAt, browser, at, path }) => {
    await signInAt(browser, nora.username)
    const form = (await browser.get(at(path))).form('change-password')
    const sent = await browser.submit(form, { ...typed(password), csrf: 'guessed' })
    expect(sent.status).toBe(403)
  })

  test('where what happened cannot be recorded: not the password, and no session ends', async ({
    makePerson,
    signInAt,
    change,
    browser,
    openBrowser,
    signOn,
    at,
    onTestFinished,
  }) => {
    const person = await makePerson()
    const elsewhere = openBrowser()
    await signInAt(elsewhere, person.username)
    await signInAt(browser, person.username)
    const { db } = signOn.services
    const run = (name: string, text: string) => db.query({ name, text }, [])
    await run(
      'test-refuse-event',
      `ALTER TABLE audit_events ADD CONSTRAINT refused CHECK (event <> 'account.password-changed') NOT VALID`,
    )
    onTestFinished(async () => {
      await run('test-take-event', 'ALTER TABLE audit_events DROP CONSTRAINT refused')
    })
    expect((await change(browser, typed(password))).status).toBe(500)
    expect((await elsewhere.get(at('/account'))).status).toBe(200)
    const asked = await openPage(openBrowser(), signOn, at('/account'))
    expect((await sendPassword(openBrowser(), asked, person.username)).status).toBeLessThan(500)
  })
})

test('twenty answers at once change it once, count no guess, and each is told what happened', async ({
  makePerson,
  signInAt,
  browser,
  audited,
  inbox,
  signOn,
  at,
  path,
}) => {
  const person = await makePerson()
  await signInAt(browser, person.username)
  const form = (await browser.get(at(path))).form('change-password')
  const before = await countSignInFailures(signOn)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      browser.submit(form, typed(password, `${newPassword} ${index}`)),
    ),
  )
  // Who finds no place to wait is told so, and has changed nothing.
  const led = answers.filter(({ status }) => status === 303)
  expect(led).toHaveLength(1)
  for (const { status, text } of answers) {
    expect([303, 422, 503]).toContain(status)
    if (status === 422) expect(text).toContain('what you have typed here was not taken')
  }
  expect(await audited('account.password-changed')).toHaveLength(1)
  expect(await audited('account.sign-in-refused')).toEqual([])
  expect(await countSignInFailures(signOn)).toBe(before)
  expect(await inbox(person.email)).toHaveLength(1)
  expect((await browser.get(led[0]?.location ?? '')).text).toContain('Your password was changed')
})

test('an address that says so does not make it true', async ({ signInAt, browser, at, path }) => {
  await signInAt(browser, jane.username)
  const page = await browser.get(at(`${path}?changed`))
  expect(page.text).not.toContain('Your password was changed')
  expect(page.form('change-password')).toBeDefined()
})

test('a form of before another change is told that it changed nothing, and not that it did', async ({
  makePerson,
  signInAt,
  browser,
  at,
  path,
  audited,
}) => {
  const person = await makePerson()
  await signInAt(browser, person.username)
  const [first, second] = [await browser.get(at(path)), await browser.get(at(path))]
  await browser.submit(first.form('change-password'), typed(password))
  for (const current of [password, 'not the password of anybody']) {
    const other = typed(current, 'seventeen lazy otters knit')
    const told = await browser.submit(second.form('change-password'), other)
    expect(told.status).toBe(422)
    expect(told.text).toContain('what you have typed here was not taken')
    expect(told.text).not.toContain('id="changed"')
  }
  expect(await audited('account.password-changed')).toHaveLength(1)
})
