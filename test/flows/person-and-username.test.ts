import { describe, expect, vi } from 'vitest'
import { idClaims, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { FormValues, HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, legacyAccount, password, sharedAccount } from '../support/people.ts'
import { applicant, registered, wordsOf } from '../support/registration.ts'

const person = (n: number) => ({
  ...jane,
  number: `72040${String(n).padStart(2, '0')}`,
  username: `renames-${String(n).padStart(4, '0')}`,
  email: `renames-${n}@firm.example`,
  standings: [{ court: 'ncwd', status: 'active', role: 'attorney', filer_id: `renames-${n}` }],
})
const people = Array.from({ length: 9 }, (_, n) => person(n))

const test = kit()
  .override('people', [jane, legacyAccount, sharedAccount, ...people])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  /** Opens a page of ours, and signs in where it asks for that. */
  .extend(
    'open',
    ({ signOn, at, isOurs }) =>
      async (browser: HttpClient, username: string, path: string) => {
        const page = await openPage(browser, signOn, at(path))
        if (!page.forms().some(({ fields }) => 'password' in fields)) return page
        return browser.followWhile(await sendPassword(browser, page, username, password), isOurs)
      },
  )
  .extend(
    'send',
    ({ isOurs }) =>
      async (
        browser: HttpClient,
        page: HttpResponse,
        form: string,
        fields: FormValues,
      ): Promise<HttpResponse> =>
        browser.followWhile(await browser.submit(page.form(form), fields), isOurs),
  )
  .extend(
    'rename',
    ({ open, send }) =>
      async (browser: HttpClient, username: string, to: string) => {
        const page = await open(browser, username, '/account/settings/username')
        return send(browser, page, 'change-username', { username: to })
      },
  )
  .extend('rowOf', ({ signOn }) => async (number: string) => {
    const [row] = await sql<Record<string, unknown> & { id: string }>(
      signOn.services.db,
      `SELECT id::text AS id, username, given_name, family_name, phone, address, bar_numbers,
        review_since FROM accounts WHERE number = '${number}'`,
    )
    if (!row) throw new Error(`there is no account ${number}`)
    return row
  })

describe('another username', () => {
  test('signs in from then on; the old one opens nothing and is nobody’s; nothing ends, and the holder is told', async ({
    browser,
    openBrowser,
    rename,
    open,
    at,
    signOn,
    ncwd,
    audited,
    inbox,
    rowOf,
  }) => {
    const who = person(0)
    const elsewhere = openBrowser()
    await open(elsewhere, who.username, '/account')
    const done = await rename(browser, who.username, 'Renamed.Attorney')
    expect(done.status).toBe(200)
    expect(wordsOf(done)).toContain('Your username is Renamed.Attorney now')
    expect((await rowOf(who.number))['username']).toBe('Renamed.Attorney')
    for (const one of [browser, elsewhere]) {
      expect(wordsOf(await one.get(at('/account')))).toContain('Renamed.Attorney')
    }

    expect(await audited('account.username-changed')).toMatchObject([
      { actorKind: 'account', outcome: 'success', detail: {} },
    ])
    const [mail, ...others] = await inbox(who.email)
    expect([mail?.subject, others]).toEqual(['Your username was changed', []])
    expect(mail?.text).toContain(`It was ${who.username}, and is Renamed.Attorney now.`)
    expect(mail?.text).toContain('This was not me')

    const stranger = openBrowser()
    const asked = await openPage(stranger, signOn, at('/account'))
    const refused = await sendPassword(stranger, asked, who.username)
    expect(refused.text).toContain('The username and password do not match.')
    const tokens = await ncwd.signIn(openBrowser(), 'renamed.attorney')
    expect(idClaims(tokens)).toMatchObject({
      preferred_username: 'Renamed.Attorney',
      pacer: { account_number: who.number },
      efiling: { ncwd: { status: 'active', filer_id: 'renames-0' } },
    })

    // Neither somebody else gets the old one, nor who had it.
    const other = await rename(openBrowser(), person(1).username, who.username.toUpperCase())
    expect(other.status).toBe(422)
    expect(wordsOf(other)).toContain('this one is taken')
    const back = await rename(browser, 'renamed.attorney', who.username)
    expect(back.status).toBe(422)
    expect(wordsOf(back)).toContain('you had this one before')
  })

  test('is known in the browser where it was chosen, and in no other', async ({
    browser,
    openBrowser,
    open,
    rename,
    signOn,
    rowOf,
  }) => {
    const who = person(2)
    await open(openBrowser(), who.username, '/account')
    await open(browser, who.username, '/account')
    const { id } = await rowOf(who.number)
    const marks = async () => {
      const rows = await sql<{ mark: string }>(
        signOn.services.db,
        `SELECT mark FROM known_browsers WHERE account_id = '${id}'`,
      )
      return rows.map(({ mark }) => mark)
    }
    const before = await marks()
    expect(before).toHaveLength(2)
    await rename(browser, who.username, 'known-in-one-browser')
    const after = await marks()
    expect(after).toHaveLength(1)
    expect(before).not.toContain(after[0])
  })

  test('begins without the wrong passwords that somebody typed with it while it was nobody’s', async ({
    browser,
    openBrowser,
    rename,
    open,
    at,
    signOn,
    inbox,
    isOurs,
  }) => {
    const guesser = openBrowser()
    let page = await openPage(guesser, signOn, at('/account'))
    for (const name of ['wanted-by-all', 'wanted-by-one-who-registers']) {
      for (let n = 0; n < 5; n += 1) page = await sendPassword(guesser, page, name, 'guess')
      expect(wordsOf(page)).toContain('paused')
    }
    await rename(browser, person(3).username, 'wanted-by-all')
    const account = await open(openBrowser(), 'wanted-by-all', '/account')
    expect(wordsOf(account)).toContain('wanted-by-all')

    const own = openBrowser()
    const username = 'wanted-by-one-who-registers'
    await registered({ browser: own, at, inbox }, 'registers@example.com', { username })
    const asked = await openPage(own, signOn, at('/account'))
    const answer = await sendPassword(own, asked, username, applicant.password)
    expect(wordsOf(await own.followWhile(answer, isOurs))).toContain(username)
  })

  test('that cannot be had is said in words, and what was typed is kept; so often an hour', async ({
    browser,
    open,
    send,
    audited,
    inbox,
  }) => {
    const who = person(4)
    const page = await open(browser, who.username, '/account/settings/username')
    expect(wordsOf(page)).toContain('never given to anybody again')
    for (const [typed, said] of [
      ['', 'Choose a username'],
      ['seven77', 'at least 8 characters'],
      ['two words here', 'without spaces'],
      ['somebody@else.example', `Choose a username without @, or take ${who.email}`],
      [who.username.toUpperCase(), 'this is the one you have'],
      [jane.username, 'this one is taken'],
    ] as const) {
      const again = await send(browser, page, 'change-username', { username: typed })
      expect([typed, again.status]).toEqual([typed, 422])
      expect(wordsOf(again)).toContain(said)
      expect(again.form('change-username').fields['username']).toBe(typed)
    }
    // Two of them were asked about already.
    for (let n = 2; n < 20; n += 1) {
      await send(browser, page, 'change-username', { username: jane.username })
    }
    const last = await send(browser, page, 'change-username', { username: 'free-and-never-asked' })
    expect([last.status, Number(last.headers['retry-after']) > 0]).toEqual([429, true])
    expect(last.form('change-username').fields['username']).toBe('free-and-never-asked')
    expect(await audited('account.username-changed')).toEqual([])
    expect(await inbox(who.email)).toEqual([])
  })

  test('can be the confirmed e-mail address, and a form that comes twice changes it once', async ({
    browser,
    open,
    audited,
    isOurs,
  }) => {
    const who = person(5)
    const page = await open(browser, who.username, '/account/settings/username')
    const form = page.form('change-username')
    for (const username of [who.email, who.email, 'another-one-meanwhile']) {
      const done = await browser.followWhile(await browser.submit(form, { username }), isOurs)
      expect(wordsOf(done)).toContain(`Your username is ${who.email} now`)
    }
    expect(await audited('account.username-changed')).toHaveLength(1)
  })

  test('asks for a sign-in of the last five minutes, and keeps what was typed', async ({
    browser,
    open,
    rowOf,
  }) => {
    const who = person(6)
    const page = await open(browser, who.username, '/account/settings/username')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5.1 * 60_000 })
    const late = await browser.submit(page.form('change-username'), { username: 'late-attorney' })
    expect(late.status).toBe(403)
    expect(late.form('kept').fields['username']).toBe('late-attorney')
    expect((await rowOf(who.number))['username']).toBe(who.username)
  })

  test('of a legacy account comes with its upgrade', async ({ browser, open, send }) => {
    const notice = await open(browser, legacyAccount.username, '/account/settings/username')
    const page = await send(browser, notice, 'legacy', { do: 'continue' })
    expect(wordsOf(page)).toContain('You choose a new one when you upgrade your account')
    expect(page.text).toContain('href="/account/upgrade"')
    expect(page.forms().some(({ id }) => id === 'change-username')).toBe(false)
  })
})

describe('personal information', () => {
  test('is changed at once and told by mail, court records are not, and a court hears the new name', async ({
    browser,
    openBrowser,
    open,
    send,
    ncwd,
    audited,
    inbox,
    rowOf,
  }) => {
    const who = person(7)
    const page = await open(browser, who.username, '/account/maintenance/person')
    expect(wordsOf(page)).toContain('No court’s record follows by itself.')
    expect(page.form('person-form').fields).toMatchObject({ givenName: 'Jane', familyName: 'Doe' })

    // One more bar number, without a script: what was typed stays, and nothing is saved.
    const typed = {
      givenName: 'Jane Quincy',
      familyName: 'Doe-Carolina',
      phone: '(704) 350-7400',
      barState1: 'NC',
      barNumber1: '12345',
    }
    const more = await send(browser, page, 'person-form', { ...typed, do: 'add-bar' })
    expect(more.form('person-form').fields).toMatchObject({ ...typed, barState2: '' })
    const wrong = await send(browser, more, 'person-form', {
      ...typed,
      phone: '12',
      barNumber2: '9',
    })
    expect(wrong.status).toBe(422)
    expect(wordsOf(wrong)).toContain('Check your telephone number')
    expect(wordsOf(wrong)).toContain('Choose the state of this bar number')
    expect(await audited('account.changed')).toEqual([])

    const saved = await send(browser, more, 'person-form', typed)
    expect(wordsOf(saved)).toContain('Your changes are saved')
    expect(await rowOf(who.number)).toMatchObject({
      given_name: 'Jane Quincy',
      family_name: 'Doe-Carolina',
      phone: '(704) 350-7400',
      bar_numbers: [{ state: 'NC', number: '12345' }],
    })
    expect(await audited('account.changed')).toMatchObject([
      {
        actorKind: 'account',
        detail: { fields: ['givenName', 'familyName', 'phone', 'barNumbers'] },
      },
    ])
    const [mail] = await inbox(who.email)
    expect(mail?.text).toContain('changed the name, the telephone number, the bar numbers.')
    expect(mail?.text).toContain('This was not me')
    for (const secret of ['Doe-Carolina', '350-7400', '12345']) {
      expect(`${mail?.text}${mail?.html}`).not.toContain(secret)
    }
    expect(idClaims(await ncwd.signIn(openBrowser(), who.username))).toMatchObject({
      name: 'Jane Quincy Doe-Carolina',
    })

    // The same once more is no change, and tells nobody.
    const same = await send(browser, saved, 'person-form', {})
    expect(wordsOf(same)).toContain('Nothing had to be changed')
    expect(await audited('account.changed')).toHaveLength(1)
    expect(await inbox(who.email)).toHaveLength(1)
  })

  test('never has the date of birth; a change that makes two accounts the same is seen, told and holds nobody', async ({
    browser,
    openBrowser,
    at,
    inbox,
    open,
    send,
    audited,
    signOn,
  }) => {
    const first = { ...applicant, familyName: 'Changer', birthDay: '9' }
    await registered({ browser, at, inbox }, 'changer@example.com', {
      ...first,
      username: 'changer-the-first',
    })
    const other = openBrowser()
    await registered({ browser: other, at, inbox }, 'changer+two@example.com', {
      ...first,
      familyName: 'Before',
      username: 'changer-the-second',
      second: 'yes',
    })
    const [one, two] = await sql<{ id: string; isHeld: boolean }>(
      signOn.services.db,
      `SELECT id::text AS id, review_since IS NOT NULL AS "isHeld" FROM accounts
        WHERE username LIKE 'changer-the-%' ORDER BY username`,
    )
    const page = await openPage(other, signOn, at('/account/maintenance/person'))
    const signedIn = await other.followWhile(
      await sendPassword(other, page, 'changer-the-second', applicant.password),
      () => true,
    )
    expect(signedIn.text).not.toMatch(/1986|April/)
    expect(wordsOf(signedIn)).toContain('It is kept sealed, and not shown here.')
    const saved = await send(other, signedIn, 'person-form', { familyName: 'CHANGER' })
    expect(wordsOf(saved)).toContain('Your changes are saved')

    expect(await audited('account.twin-found')).toMatchObject([
      { accountId: two?.id, detail: { others: [one?.id] } },
    ])
    expect(await audited('account.held')).toEqual([])
    const told = (await inbox('changer@example.com')).at(-1)
    expect(told?.subject).toBe('Another account is like yours now')
    expect(told?.text).toContain('username changer-the-first')
    expect(told?.text).not.toContain('changer-the-second')

    // It was so before: a change of the telephone, or of how the name is written, is no news.
    await send(other, saved, 'person-form', { familyName: 'Changer', phone: '(704) 350-7401' })
    expect(await audited('account.twin-found')).toHaveLength(1)
    // And so it is when the address makes it the same.
    for (const [email, twins] of [
      ['elsewhere@example.com', 1],
      ['changer+three@example.com', 2],
    ] as const) {
      const asking = await open(other, 'changer-the-second', '/account/settings/email')
      await send(other, asking, 'change-email', { email })
      const [link] = (await inbox(email)).at(-1)?.links ?? []
      const confirming = await other.get(link ?? '')
      await send(other, confirming, 'confirm-email', {})
      expect(await audited('account.twin-found')).toHaveLength(twins)
    }
  })

  test('of the account of an office is not asked', async ({ browser, open }) => {
    const page = await open(browser, sharedAccount.username, '/account/maintenance/person')
    expect(wordsOf(page)).toContain('This is the account of an office')
  })
})

describe('the postal address', () => {
  test('is changed and told by mail, and no court’s address follows', async ({
    browser,
    open,
    send,
    audited,
    inbox,
    rowOf,
  }) => {
    const who = person(8)
    const page = await open(browser, who.username, '/account/maintenance/address')
    expect(wordsOf(page)).toContain('No court’s address follows by itself.')
    const typed = {
      country: 'US',
      addressLine1: '401 West Trade Street',
      city: 'Charlotte',
      state: 'NC',
      postalCode: '28202',
    }
    const wrong = await send(browser, page, 'address-form', { ...typed, postalCode: '282' })
    expect(wrong.status).toBe(422)
    expect(wrong.form('address-form').fields).toMatchObject({ ...typed, postalCode: '282' })
    const saved = await send(browser, wrong, 'address-form', typed)
    expect(wordsOf(saved)).toContain('Your changes are saved')
    expect((await rowOf(who.number))['address']).toEqual({
      lines: ['401 West Trade Street'],
      city: 'Charlotte',
      state: 'NC',
      postalCode: '28202',
      country: 'US',
    })
    expect(await audited('account.changed')).toMatchObject([{ detail: { fields: ['address'] } }])
    const [mail] = await inbox(who.email)
    expect(mail?.text).toContain('changed the postal address.')
    expect(mail?.text).not.toContain('Trade Street')
    // The other page does not claim it.
    const other = await open(browser, who.username, '/account/maintenance/person?saved')
    expect(wordsOf(other)).not.toContain('Your changes are saved')
  })
})

describe('the warning before a session ends', () => {
  test('leads to a page that goes on with it, or to a sign-in that comes back to that', async ({
    browser,
    open,
    signOn,
    at,
    isOurs,
  }) => {
    await open(browser, jane.username, '/account')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20 * 60_000 })
    const stay = await browser.get(at('/account/stay-signed-in'))
    expect([stay.status, stay.text.includes('data-ends-in-seconds="1800"')]).toEqual([200, true])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20 * 60_000 })
    expect((await browser.get(at('/account'))).status).toBe(200)
    // At the end of the twelve hours.
    const asked = await openPage(browser, signOn, at('/account/sign-in-again'))
    const back = await browser.followWhile(
      await sendPassword(browser, asked, jane.username),
      isOurs,
    )
    expect(back.url).toBe(at('/account/stay-signed-in'))
    expect(wordsOf(back)).toContain('You are signed in')
  })
})
