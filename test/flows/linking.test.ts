import { describe, expect, vi } from 'vitest'
import { readOldHash, wrapOldHashes } from '../../src/efiling/imported/old-password.ts'
import { linkAccountPath } from '../../src/efiling/linking/linking-paths.ts'
import type { CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { tokenCalls } from '../faults/token-calls.ts'
import { callbackOf, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { addImported, type ImportedFields } from '../support/imported.ts'
import { kit } from '../support/kit.ts'
import { active, nora, password, sharedAccount } from '../support/people.ts'
import { openAs } from '../support/staff.ts'

const ncwd = 'ncwd' as CourtId
/** A test vector of jBCrypt. */
const [oldHash, oldPassword] = [
  '$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm',
  'abc',
]

/** Each story is of a filer of its own. */
const filer = (index: number) => ({
  ...nora,
  number: String(7_126_000 + index),
  username: `links-here-${index}`,
  email: `links-here-${index}@example.com`,
  email_verified: true,
})
const files = { ...filer(90), standings: [active('ncwd', 'files-already')] }

const test = kit()
  .override('people', [
    ...Array.from({ length: 15 }, (_, index) => filer(index)),
    files,
    sharedAccount,
  ])
  .extend('old', ({ signOn }) => async (other: Partial<ImportedFields> = {}, courtId = ncwd) => {
    const { db, passwords } = signOn.services
    const read = readOldHash(oldHash)
    if (!read.ok) throw new Error(read.reason)
    const [wrapped] = await wrapOldHashes(passwords, [read.value])
    const login = other.login ?? `old-${Math.random().toString(36).slice(2, 10)}`
    const id = await addImported(db, courtId, {
      name: 'Nowhere, Nora',
      ...wrapped,
      ...other,
      login,
    })
    return { id, login }
  })
  .extend('open', ({ signOn, openBrowser }) => async (username: string, courtId = 'ncwd') => {
    const browser = openBrowser()
    const page = await openAs(signOn, browser, username, linkAccountPath(courtId))
    const type = (on: HttpResponse, login: string, typed = oldPassword) =>
      browser.submit(on.form('old-login'), { login, oldPassword: typed })
    return { browser, page, type }
  })

const problemIn = ({ text }: HttpResponse) =>
  text.match(/id="problem-heading">([^<]*)</)?.[1] ?? text.match(/id="why-not">([^<]*)</)?.[1]

describe('the old filing account of a court', () => {
  test('is linked in a minute, and the reader of the old address stops it with one press', async ({
    court,
    at,
    open,
    old,
    openBrowser,
    inbox,
    audited,
  }) => {
    const { username, email } = filer(0)
    const client = await court('ncwd')
    // The court has given no list yet: nothing is asked on the way in.
    const { access_token: token } = await client.signIn(openBrowser(), username)
    const { login } = await old({ email: 'paralegal@firm.example' })
    const { browser, page, type } = await open(username)
    const calls = tokenCalls(browser, client)
    const entry = async () =>
      (await calls.introspect(token)).json<{ efiling: { ncwd: object } }>().efiling.ncwd
    expect(await entry()).toMatchObject({ status: 'none' })
    const courts = await browser.get(at(paths.accountCourts))
    expect(courts.text).toMatch(/id="court-ncwd"[\s\S]*?You can link your old filing account/)
    // No browser is invited to fill in the password of this site.
    expect(page.text).toMatch(/id="oldPassword" name="oldPassword" autocomplete="new-password"/)
    expect(page.text).not.toContain('current-password')

    const empty = await browser.submit(page.form('old-login'), { login: '', oldPassword: '' })
    expect([empty.status, problemIn(empty)]).toEqual([422, 'Something is missing'])
    const own = await type(page, login, password)
    expect([own.status, problemIn(own)]).toEqual([
      422,
      'That is the password of your PACER account',
    ])
    const wrong = await type(own, login, 'wrong')
    expect([wrong.status, wrong.text.includes(`value="${login}"`)]).toEqual([422, true])
    const names = await type(wrong, login.toUpperCase())
    expect(names.text).toContain('Nowhere, Nora')
    expect(names.text).not.toContain('names-differ')
    expect(await entry()).toMatchObject({ status: 'none' })

    const confirm = names.form('confirm-link')
    const pressed = await Promise.all([1, 2, 3].map(() => browser.submit(confirm)))
    const done = `${at(linkAccountPath('ncwd'))}?linked`
    expect(pressed.map(({ status, location }) => [status, location])).toEqual(
      pressed.map(() => [303, done]),
    )
    const linked = await browser.follow(pressed[0]!)
    expect(linked.text).toContain('id="linked-now"')
    expect(linked.text).toContain('id="open-court"')
    expect(await entry()).toMatchObject({ status: 'active', filer_id: login })
    expect(await audited('account.linked')).toHaveLength(1)
    const after = await browser.get(at(paths.accountCourts))
    expect(after.text).toMatch(/id="court-ncwd"[\s\S]*?Linked\. Active/)

    const [[toHolder], [toOld]] = [await inbox(email), await inbox('paralegal@firm.example')]
    expect(toHolder!.text).toContain(`account number ${filer(0).number}`)
    expect(toOld!.text).not.toMatch(new RegExp(`${username}|${filer(0).number}|Nora`))
    const reader = openBrowser()
    const [address] = toOld!.text.match(/http\S+wrong-link\S+/)!
    const asked = await reader.get(address)
    expect(await entry()).toMatchObject({ status: 'active' })
    const stopped = await reader.submit(asked.form('wrong-link'))
    expect([stopped.status, stopped.text.includes('Filing is stopped')]).toEqual([200, true])
    expect(await entry()).toMatchObject({ status: 'suspended', actions: [] })
    expect((await reader.submit(asked.form('wrong-link'))).status).toBe(410)
    const [holders] = toHolder!.text.match(/http\S+wrong-link\S+/)!
    expect((await reader.get(holders)).status).toBe(410)
    expect((await inbox(email)).at(-1)!.text).toContain('nobody can file with it')
    expect((await browser.get(at(linkAccountPath('ncwd')))).text).toContain('id="contested"')
  })

  test('of another name needs a second, explicit yes', async ({ open, old, signOn }) => {
    const { id, login } = await old({ name: 'Robin Roe', status: 'suspended' })
    const { browser, page, type } = await open(filer(1).username)
    const names = await type(page, login)
    expect(names.text).toContain('id="names-differ"')
    expect(names.text).toContain('id="is-suspended"')
    const without = await browser.submit(names.form('confirm-link'))
    expect([without.status, problemIn(without)]).toEqual([422, 'Nothing is linked yet'])
    const form = without.form('confirm-link')
    // Pressing once more gives no more time.
    expect(form.fields['proof']).toBe(names.form('confirm-link').fields['proof'])
    const proof = `${id}.password.9999999999999.x`
    const strange = await browser.submit(form, { onePerson: 'yes', proof })
    expect(strange.status).toBe(409)
    expect((await browser.submit(form, { onePerson: 'yes' })).status).toBe(303)
    const rows = await sql<{ names_differ: boolean }>(
      signOn.services.db,
      'SELECT names_differ FROM account_links WHERE imported_id = $1::uuid',
      [id],
    )
    expect(rows).toEqual([{ names_differ: true }])
  })

  test('is tried three times an hour by one account, and no answer tells whether it exists', async ({
    open,
    old,
    audited,
  }) => {
    const { login } = await old()
    const { page, type } = await open(filer(2).username)
    const took: number[] = []
    const answers: HttpResponse[] = []
    for (const [name, typed] of [
      [login, 'wrong'],
      ['nobody-at-all', 'wrong'],
      [login, 'wrong, too'],
      [login, oldPassword],
      ['nobody-at-all', 'wrong'],
    ] as const) {
      const startedAt = performance.now()
      answers.push(await type(page, name, typed))
      took.push(performance.now() - startedAt)
    }
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 429, 429])
    expect(Math.min(...took)).toBeGreaterThan(490)
    const told = ({ text }: HttpResponse) =>
      text
        .match(/id="problem-heading"[\s\S]*?<\/div>/)![0]
        .replace(/\d+ (minutes|seconds)/, 'so long')
    expect(told(answers[1]!)).toBe(told(answers[0]!))
    expect(told(answers[4]!)).toBe(told(answers[3]!))
    expect(Number(answers[3]!.headers['retry-after'])).toBeGreaterThan(3000)
    expect(await audited('account.linking-refused')).toHaveLength(3)
  })

  test('is tried ten times a day by all, its address hears of it once, and its owner links all the same', async ({
    open,
    old,
    inbox,
  }) => {
    const owner = filer(7)
    const { login } = await old({ email: owner.email })
    const doors = await Promise.all([3, 4, 5, 6].map((index) => open(filer(index).username)))
    const three = await Promise.all(
      doors.slice(0, 3).flatMap(({ page, type }) => [1, 2, 3].map(() => type(page, login, 'no'))),
    )
    expect(three.map(({ status }) => status)).toEqual(three.map(() => 422))
    const last = await Promise.all([1, 2, 3].map(() => doors[3]!.type(doors[3]!.page, login, 'no')))
    expect(last.map(({ status }) => status).sort()).toEqual([422, 429, 429])
    const refused = last.find(({ status }) => status === 429)!
    expect(problemIn(refused)).toBe('This username was tried too often today')
    // What was not looked at costs none of the three tries of whoever typed it.
    const elsewhere = [1, 2].map(() => doors[3]!.type(doors[3]!.page, 'nobody-there', 'no'))
    expect((await Promise.all(elsewhere)).map(({ status }) => status)).toEqual([422, 422])
    const mails = (await inbox(owner.email)).filter(({ text }) => text.includes('ten times'))
    expect(mails).toHaveLength(1)
    expect(mails[0]!.text).not.toContain('links-here')
    const own = await open(owner.username)
    expect((await own.type(own.page, login)).text).toContain('id="confirm-link"')
  })

  test('is asked for in a sign-in of a moment ago alone', async ({ at, open, old }) => {
    const { login } = await old()
    const { browser, page, type } = await open(filer(8).username)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const again = await browser.get(at(linkAccountPath('ncwd')))
    expect([again.status, again.location]).toEqual([303, expect.stringContaining('max_age=300')])
    const typed = await type(page, login)
    expect([typed.status, typed.text.includes('confirm-link')]).toEqual([403, false])
  })

  test('is asked for on the way in, and the same sign-in goes on to the court', async ({
    court,
    signOn,
    openBrowser,
    isOurs,
    old,
  }) => {
    const { login } = await old()
    const client = await court('ncwd')
    const browser = openBrowser()
    const { url, checks } = await client.authorize()
    const asked = await openPage(browser, signOn, url)
    const sent = await sendPassword(browser, asked, filer(12).username)
    const page = await browser.followWhile(sent, isOurs)
    expect(page.text).toContain('Until then you can look at cases, but not file.')
    const type = (on: HttpResponse, typed: string) =>
      browser.submit(on.form('old-login'), { login, oldPassword: typed })
    const own = await type(page, password)
    expect([own.status, problemIn(own)]).toEqual([
      422,
      'That is the password of your PACER account',
    ])
    const names = await type(own, oldPassword)
    const linked = await browser.followWhile(
      await browser.submit(names.form('confirm-link')),
      isOurs,
    )
    // Who files has the duty that comes with it, in the same sign-in.
    const duty = linked.form('redaction')
    const out = await browser.submit(duty, { acknowledged: 'yes' })
    const tokens = await client.redeem(callbackOf(await browser.followWhile(out, isOurs)), checks)
    const claim = await tokenCalls(browser, client).introspect(tokens.access_token)
    expect(claim.json()).toMatchObject({
      efiling: { ncwd: { status: 'active', filer_id: login } },
    })
  })

  test('is left for later once a session at a court, where one may look then', async ({
    court,
    signOn,
    openBrowser,
    isOurs,
    old,
  }) => {
    await old()
    await old({}, 'ncwb' as CourtId)
    const [client, other] = [await court('ncwd'), await court('ncwb')]
    const browser = openBrowser()
    const { url, checks } = await client.authorize()
    const sent = await sendPassword(
      browser,
      await openPage(browser, signOn, url),
      filer(13).username,
    )
    const page = await browser.followWhile(sent, isOurs)
    const later = await browser.submit(page.form('link-later'))
    const tokens = await client.redeem(callbackOf(await browser.followWhile(later, isOurs)), checks)
    const claim = await tokenCalls(browser, client).introspect(tokens.access_token)
    expect(claim.json()).toMatchObject({ efiling: { ncwd: { status: 'none', actions: [] } } })
    await client.walkIn(browser)
    // At another court it is another question, and long after the sign-in it is answered in the account.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const there = await browser.get((await other.authorize()).url)
    const asked = await browser.followWhile(there, isOurs)
    expect(asked.text).toContain('id="link-in-account"')
    expect(asked.text).not.toContain('id="old-login"')
  })

  test('of two courts on one host is linked at each, and the page of either names the other', async ({
    open,
    old,
  }) => {
    const { username } = filer(14)
    const names = ['ca9', 'bap9'] as const
    const logins = await Promise.all(names.map((court) => old({}, court as CourtId)))
    for (const [index, court] of names.entries()) {
      const { browser, page, type } = await open(username, court)
      expect(page.text).toContain(`id="beside-${names[1 - index]}"`)
      expect(page.text).toContain(
        index === 0 ? 'Whoever filed at both' : 'You are linked there, too',
      )
      const shown = await type(page, logins[index]!.login)
      const done = await browser.submit(shown.form('confirm-link'))
      expect(done.status).toBe(303)
    }
    const { page } = await open(username, 'ca9')
    for (const words of ['id="linked-login"', 'id="beside-bap9"', 'You are linked there, too']) {
      expect(page.text).toContain(words)
    }
  })

  test('is refused with the reason and the next step', async ({ signOn, open, old }) => {
    const { db } = signOn.services
    const [later, closed] = ['flnd', 'flsd'] as CourtId[]
    await sql(
      db,
      `UPDATE courts SET has_go_live_plan = true, go_live_on = '2199-01-07', live_at = '2199-01-07T17:00:00Z'
        WHERE id = 'flnd'`,
    )
    await sql(
      db,
      `INSERT INTO court_go_lives (court_id, version, kind, live_at, legacy_closes_at, notice_days, changed_at)
        VALUES ('flsd', 1, 'plan', '2020-01-01T13:00:00Z', '2020-06-01T13:00:00Z', '{}', now())`,
    )
    await old({}, later!)
    await old({}, closed!)
    const cases: [string, string, string, string][] = [
      [filer(9).username, 'flnd', 'Not before January 7, 2199, 12:00 p.m. Eastern time', 'login'],
      [filer(9).username, 'flsd', 'Linking with the old password has ended', 'clerk'],
      [filer(9).username, 'ca4', 'This court links on its own pages', 'clerk'],
      [files.username, 'ncwd', 'You have a right at this court already', 'clerk'],
      [sharedAccount.username, 'ncwd', 'This account cannot be linked', ''],
    ]
    for (const [username, courtId, heading, next] of cases) {
      const { page } = await open(username, courtId)
      expect([courtId, page.status, problemIn(page)]).toEqual([courtId, 409, heading])
      expect(page.text.match(/id="next-step"[^>]*>([^<]*)</)?.[1] ?? '').toContain(next)
      expect(page.text).toContain('id="clerk-heading"')
    }
    const taken = await old()
    // Both know the old password, and one is first.
    const [first, second] = [await open(filer(10).username), await open(filer(11).username)]
    const names = await Promise.all(
      [first, second].map(({ page, type }) => type(page, taken.login)),
    )
    await first.browser.submit(names[0]!.form('confirm-link'))
    const answer = await second.browser.submit(names[1]!.form('confirm-link'))
    const isTaken = 'This filing account is linked already'
    expect([answer.status, problemIn(answer)]).toEqual([409, isTaken])
    expect(answer.text).not.toContain(filer(10).username)
    const unused = await old({ status: 'inactive' })
    const other = await second.type(second.page, unused.login)
    expect([other.status, problemIn(other)]).toEqual([
      409,
      'The old system says that this filing account is not in use',
    ])
  })
})
