import { readFileSync } from 'node:fs'
import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import { sealBirthDate } from '../../src/accounts/birth-date.ts'
import type { Day } from '../../src/days.ts'
import type { AccountId } from '../../src/ids.ts'
import { filingSoftware, idClaims, offlineRequest, openPage, signInAt } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, jane, password, sharedAccount } from '../support/people.ts'
import { openAs } from '../support/staff.ts'

/** A filer of one's own for each story. */
const person = (n: number, more: object = {}) => ({
  ...jane,
  number: `720502${n}`,
  username: `leaves-no-${n}`,
  email: `leaves-${n}@example.com`,
  standings: [],
  ...more,
})

const searcher = person(0)
const presser = person(1)
const known = person(2, {
  standings: [active('ncwd', 'known-ecf')],
  staff_roles: [{ role: 'auditor' }],
})
const downloader = person(3)
const leaver = person(4, { standings: [active('ncwd', 'leaver-ecf')] })
const hasty = person(5)
const unlucky = person(6)
const clerk = person(7, { staff_roles: [{ role: 'clerk', court: 'ncwd' }] })
const recovered = person(8)
const slow = person(9)
const unsure = { ...person(0), number: '7205030', username: 'leaves-unsure', email_verified: false }

const test = kit()
  .override('people', [
    searcher,
    presser,
    known,
    downloader,
    leaver,
    hasty,
    unlucky,
    clerk,
    recovered,
    slow,
    unsure,
    sharedAccount,
  ])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('vendor', { scope: 'file' }, ({ court }) => court('ca4', filingSoftware))
  .extend(
    'open',
    { scope: 'file' },
    ({ signOn }) =>
      (browser: HttpClient, { username }: { username: string }, path: string) =>
        openAs(signOn, browser, username, path),
  )
  /** Changes columns of somebody's account. */
  .extend(
    'set',
    { scope: 'file' },
    ({ signOn }) =>
      async ({ number }: { number: string }, data: object) => {
        const { id } = await signOn.services.db.prisma.account.update({ where: { number }, data })
        return id as AccountId
      },
  )
  /** Presses the button of a form, and follows where that leads. */
  .extend(
    'press',
    ({ isOurs }) =>
      async (browser: HttpClient, page: HttpResponse, form: string, values = {}) =>
        browser.followWhile(await browser.submit(page.form(form), values), isOurs),
  )

const textOf = ({ text }: HttpResponse) =>
  decodeEntities(
    text.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' '),
  ).replace(/\s+/g, ' ')
const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]

describe('whoever did not search for six months', () => {
  test('is told since when and why, and searches again after one press', async ({
    open,
    set,
    press,
    browser,
    ncwd,
    audited,
  }) => {
    await set(searcher, { searchUsedAt: new Date('2026-01-31T12:00:00Z') })
    const page = await open(browser, searcher, '/account')
    const words = textOf(page)
    expect(words).toContain('has been inactive since August 1, 2026, because nobody signed in')
    expect(words).toContain('counted from January 31, 2026. Filing is not affected.')
    const usage = await browser.get(new URL('/account/usage', page.url).href)
    expect(textOf(usage)).toContain(
      'Filing never depends on it: searching and filing are two things',
    )

    const done = await press(browser, page, 'search-again')
    expect(new URL(done.url).pathname).toBe('/account/usage')
    expect(textOf(done)).toContain('You can search cases again, from now on.')
    expect(done.text).not.toContain('id="search-again"')
    expect(idClaims(await ncwd.walkIn(browser))['pacer']).toMatchObject({ search: 'active' })
    expect((await audited('account.search-reactivated')).map(({ actorKind }) => actorKind)).toEqual(
      ['account'],
    )

    const again = await press(browser, usage, 'search-again')
    expect([again.status, textOf(again).includes('Case search is active already')]).toEqual([
      200,
      true,
    ])
    expect(await audited('account.search-reactivated')).toHaveLength(1)
  })

  test.for([
    ['is in review', { reviewSince: new Date() }, 'in the present state', 'is in review'],
    ['is not billed', { searchStatus: 'inactive' }, 'billing is not arranged', 'not switched on'],
  ] as const)(
    'is refused in words of its own where the account %s by then',
    async ([, change, refusal, reason], { open, set, press, browser, audited }) => {
      const before = { reviewSince: null, searchStatus: 'active', searchUsedAt: new Date(0) }
      await set(presser, before)
      const page = await open(browser, presser, '/account/usage')
      await set(presser, change)
      const answer = await press(browser, page, 'search-again')
      expect(answer.status).toBe(409)
      expect(textOf(answer)).toContain(refusal)
      expect(textOf(answer)).toContain(reason)
      expect(textOf(answer)).toContain('(800) 676-6856')
      expect(answer.text).not.toContain('id="search-again"')
      expect(await audited('account.search-reactivated')).toEqual([])
      await set(presser, before)
    },
  )

  test('does it by a press, and by no link and no form of another page', async ({
    open,
    set,
    browser,
    at,
    audited,
  }) => {
    await set(presser, { searchUsedAt: new Date(0) })
    await open(browser, presser, '/account/usage')
    const path = at('/account/usage/search-again')
    expect((await browser.get(path)).status).toBe(404)
    expect((await browser.post(path, { csrf: 'guessed' })).status).toBe(403)
    expect(await audited('account.search-reactivated')).toEqual([])
  })
})

/** The members of a JSON object, as `docs/account-export.md` names them. */
function membersOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => membersOf(item, `${path}[]`))
  if (value === null || typeof value !== 'object') return [path]
  return Object.entries(value).flatMap(([name, inner]) =>
    membersOf(inner, path ? `${path}.${name}` : name),
  )
}

describe('what is kept about somebody', () => {
  test('is one file of everything the manual lists, without a secret or anybody else', async ({
    signOn,
    open,
    set,
    press,
    browser,
    openBrowser,
    ncwd,
    vendor,
    inbox,
    audited,
    at,
  }) => {
    const { db, keys } = signOn.services
    const [found] = await sql<{ id: AccountId; hash: string }>(
      db,
      `SELECT id::text AS id, password_hash AS hash FROM accounts WHERE number = '${known.number}'`,
    )
    const { id, hash } = found!
    await set(known, {
      ...sealBirthDate(keys.secrets.sealing, id, '1986-04-28' as Day),
      phone: '(704) 350-7400',
      address: {
        lines: ['401 West Trade Street'],
        city: 'Charlotte',
        state: 'NC',
        postalCode: '28202',
        country: 'US',
      },
      barNumbers: [{ state: 'NC', number: '12345' }],
      rulesVersion: '2026-11-02',
      rulesAcceptedAt: new Date(),
      holderHoldSince: new Date(),
      usernameCanonical: 'known-before',
    })
    await set(known, { usernameCanonical: known.username })
    // More than one page, and somebody of the PACER Service Center among it.
    await sql(
      db,
      `INSERT INTO audit_events (event, outcome, account_id, actor_kind, actor_id, ip, format)
        SELECT 'account.signed-out', 'success', '${id}'::uuid, 'account', '${id}', '192.0.2.7', 2
        FROM generate_series(1, 1100)`,
    )
    await sql(
      db,
      `INSERT INTO audit_events (event, outcome, account_id, actor_kind, actor_id, ip, format)
        VALUES ('account.unlocked', 'success', '${id}'::uuid, 'account',
          '00000000-0000-4000-8000-000000000001', '198.51.100.7', 2)`,
    )
    await sql(
      db,
      `WITH request AS (INSERT INTO filing_requests (id, number, account_id, court_id, kind, role, state,
          practice_version, answers, created_at, changed_at)
        VALUES (gen_random_uuid(), '12345678', '${id}'::uuid, 'ncwb', 'filing-only', 'attorney', 'draft',
          1, '[{"question": "mover", "label": "Who moves?", "value": "Jane Roe"}]', now(), now())
        RETURNING id),
      event AS (INSERT INTO filing_request_events (request_id, kind, recorded_at)
        SELECT id, 'asked', now() FROM request)
      INSERT INTO filing_documents (id, request_id, question, label, name, type, size, sealing_key, created_at)
        SELECT gen_random_uuid(), id, 'paper', 'Certificate', 'paper.pdf', 'application/pdf', 9, 'k', now()
        FROM request`,
    )
    await sql(
      db,
      `WITH change AS (INSERT INTO account_changes (account_id, fact, before, after, recorded_at)
        VALUES ('${id}'::uuid, 'name', '{Jane Roe}', '{Jane Doe}', now()) RETURNING id)
      INSERT INTO notices_of_change (account_id, court_id, fact, before, after, up_to_change, reason, state,
          asked_at)
        SELECT '${id}'::uuid, 'ncwb', 'name', '{Jane Roe}', '{Jane Doe}', id, 'Married.', 'asked', now()
        FROM change`,
    )
    const elsewhere = openBrowser()
    const { url } = await vendor.authorize(offlineRequest)
    await signInAt(elsewhere, signOn, await openPage(elsewhere, signOn, url), known.username)
    await ncwd.signIn(browser, known.username)
    const email = await browser.get(at('/account/settings/email'))
    await browser.submit(email.form('change-email'), { email: 'known.new@example.com' })

    const page = await open(browser, known, '/account/settings/export')
    const answer = await press(browser, page, 'export')
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="central-sign-on-${known.number}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const file = answer.json<{
      version: number
      person: object
      activity: { event: string; text: string; network: string | null }[]
      messages: { kind: string }[]
    }>()
    const documented = [
      ...readFileSync(new URL('../../docs/account-export.md', import.meta.url), 'utf8').matchAll(
        /^\| `([a-z_.[\]]+)` \|/gm,
      ),
    ].map(([, member]) => member)
    expect([...new Set(membersOf(file))].sort()).toEqual([...documented].sort())
    expect(file).toMatchObject({
      version: 1,
      account: { number: known.number, former_usernames: ['known-before'], state: 'held' },
      person: { birth_date: '1986-04-28', bar_numbers: [{ state: 'NC', number: '12345' }] },
      email: { waiting: { address: 'known.new@example.com' } },
      courts: [{ court: 'ncwd', status: 'active', decided: { filer_id: 'known-ecf' } }],
      requests: [{ number: '12345678', answers: [{ question: 'Who moves?', answer: 'Jane Roe' }] }],
    })
    expect(file.activity.filter(({ event }) => event === 'account.signed-out')).toHaveLength(1100)
    expect(file.activity.at(0)).toMatchObject({ text: 'What is kept about you was downloaded' })
    expect(file.activity.find(({ event }) => event === 'account.unlocked')?.network).toBeNull()
    expect(file.messages.map(({ kind }) => kind)).toContain('account-exported')
    const sessions = await sql<{ uid: string }>(
      db,
      `SELECT uid FROM sessions WHERE account_id = '${id}'::uuid`,
    )
    const secrets = [id, hash, '198.51.100', ...sessions.map(({ uid }) => uid)]
    expect(secrets.filter((secret) => answer.text.includes(secret))).toEqual([])

    const [event, ...others] = await audited('account.exported')
    expect([event?.detail, event?.actorKind, others]).toEqual([{}, 'account', []])
    const mail = (await inbox(known.email)).find(({ subject }) => subject.includes('downloaded'))
    expect(mail?.text).toContain('This was not me')
    expect(mail?.text).not.toContain('1986')
    const activity = await browser.get(at('/account/settings/activity'))
    expect(activity.text).toContain('What is kept about you was downloaded')
    expect(activity.text).not.toContain('198.51.100')
  })

  test('is given after a sign-in of the last five minutes, five times an hour', async ({
    signOn,
    open,
    press,
    browser,
    audited,
    at,
  }) => {
    const page = await open(browser, downloader, '/account/settings/export')
    for (let n = 0; n < 5; n += 1) expect((await press(browser, page, 'export')).status).toBe(200)
    const sixth = await press(browser, page, 'export')
    expect([sixth.status, Number(sixth.headers['retry-after']) > 3000]).toEqual([429, true])
    expect(textOf(sixth)).toContain('No further file was made. Wait 60 minutes, then try again.')
    expect(await audited('account.exported')).toHaveLength(5)
    expect((await browser.get(at('/account/settings/export'))).status).toBe(200)

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5.1 * 60_000 })
    const late = await press(browser, page, 'export')
    expect(textOf(late)).toContain('Your last sign-in is too long ago')
    expect((await openPage(browser, signOn, at('/account'))).status).toBe(200)
  })
})

describe('a file that cannot be finished', () => {
  test('is broken off, and is no JSON', async ({ signOn, open, browser, onTestFinished }) => {
    const { db } = signOn.services
    const page = await open(browser, unsure, '/account/settings/export')
    // Its holder is told nothing, so that messages are looked up first when the file is under way.
    const back = () => sql(db, 'ALTER TABLE IF EXISTS mails_away RENAME TO mails')
    onTestFinished(async () => void (await back()))
    await sql(db, 'ALTER TABLE mails RENAME TO mails_away')
    await expect(browser.submit(page.form('export'))).rejects.toThrow(/terminated|closed/)
    await back()
    const whole = await browser.submit(page.form('export'))
    expect(whole.json()).toMatchObject({ messages: [], account: { number: unsure.number } })
  })
})

describe('who closes the account', () => {
  test('reads first what it ends, has no account afterwards, and hears of it once', async ({
    signOn,
    open,
    press,
    browser,
    openBrowser,
    ncwd,
    vendor,
    audited,
    inbox,
    at,
    isOurs,
  }) => {
    const elsewhere = openBrowser()
    const { url, checks } = await vendor.authorize(offlineRequest)
    const asked = await openPage(elsewhere, signOn, url)
    const tokens = await vendor.redeem(
      await signInAt(elsewhere, signOn, asked, leaver.username),
      checks,
    )
    await ncwd.signIn(browser, leaver.username)
    const email = await open(browser, leaver, '/account/settings/email')
    await press(browser, email, 'change-email', { email: 'leaver.new@example.com' })
    const page = await open(browser, leaver, '/account/settings/close')
    const words = textOf(page)
    for (const part of [
      'U.S. District Court for the Western District of North Carolina: active',
      'You are signed in in one other browser',
      'may act with your account: CA4 CM/ECF',
      'waits to be confirmed: leaver.new @example.com',
      'Closing your account takes you out of no case',
      'How to reach the clerk of the U.S. District Court for the Western District of North Carolina',
      `One last message goes to leaves-4 @example.com`,
    ]) {
      expect(words.replaceAll(' @', '@')).toContain(part.replaceAll(' @', '@'))
    }

    for (const [typed, says] of [
      ['', 'Type your username'],
      ['somebody-else', 'Type the username of this account'],
    ] as const) {
      const wrong = await press(browser, page, 'close-account', { username: typed })
      expect([wrong.status, heading(wrong)]).toEqual([422, 'Close your account'])
      expect(textOf(wrong)).toContain(says)
      expect(wrong.form('close-account').fields['username']).toBe(typed)
    }
    expect(await audited('account.closed')).toEqual([])

    const typed = { username: ` ${leaver.username.toUpperCase()} ` }
    const sent = await browser.submit(page.form('close-account'), typed)
    expect(sent.status).toBe(303)
    expect(sent.setCookies.join()).toMatch(/cso-session=;/)
    const last = await browser.followWhile(sent, isOurs)
    expect([last.status, heading(last)]).toEqual([200, 'Your account is closed'])
    expect(last.text).toContain(leaver.number)
    expect(last.text).not.toContain('sign-out')
    // Opened again, and pressed twice.
    expect(heading(await browser.get(last.url))).toBe('Your account is closed')
    expect(heading(await press(browser, page, 'close-account', typed))).toBe(
      'Your account is closed',
    )

    const asksAgain = await openPage(elsewhere, signOn, at('/account'))
    expect(asksAgain.form('sign-in')).toBeDefined()
    await expect(
      oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
    const signIn = await openPage(browser, signOn, (await ncwd.authorize()).url)
    const refused = await browser.submit(signIn.form('sign-in'), {
      username: leaver.username,
      password,
    })
    expect([refused.status, textOf(refused).includes('This account is closed')]).toEqual([
      403,
      true,
    ])

    const told = (await inbox(leaver.email)).map(({ subject }) => subject)
    expect(told.filter((subject) => subject === 'This account is closed')).toHaveLength(1)
    expect((await audited('account.closed')).map(({ actorKind }) => actorKind)).toEqual(['account'])
    expect(await audited('account.email-change-withdrawn')).toHaveLength(1)
  })

  test('does it once, however often the button is pressed at the same moment', async ({
    open,
    browser,
    audited,
    inbox,
    at,
  }) => {
    const page = await open(browser, hasty, '/account/settings/close')
    const form = page.form('close-account')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(form, { username: hasty.username })),
    )
    const told = answers.map(({ status, location }) => [status, location?.split('?')[0]])
    expect(told).toEqual(answers.map(() => [303, at('/account/closed')]))
    expect(await audited('account.closed')).toHaveLength(1)
    expect(await audited('session.ended')).toHaveLength(1)
    expect((await inbox(hasty.email)).map(({ subject }) => subject)).toEqual([
      'This account is closed',
    ])
  })

  test('has it as before where the last part of it cannot be written', async ({
    signOn,
    open,
    press,
    browser,
    audited,
    at,
    onTestFinished,
  }) => {
    const { db } = signOn.services
    const page = await open(browser, unlucky, '/account/settings/close')
    const drop = () => sql(db, 'ALTER TABLE mails DROP CONSTRAINT IF EXISTS no_last_mail')
    onTestFinished(async () => void (await drop()))
    await sql(
      db,
      `ALTER TABLE mails ADD CONSTRAINT no_last_mail CHECK (kind <> 'account-closed') NOT VALID`,
    )
    const typed = { username: unlucky.username }
    expect((await press(browser, page, 'close-account', typed)).status).toBe(500)
    expect(await audited('account.closed')).toEqual([])
    expect((await browser.get(at('/account'))).status).toBe(200)
    await drop()
    expect(heading(await press(browser, page, 'close-account', typed))).toBe(
      'Your account is closed',
    )
  })

  test.for([
    ['has a role at work', clerk, {}, 'This account has a role at work'],
    ['is used by several people', sharedAccount, {}, 'not one person’s alone'],
    [
      'was recovered and is on hold',
      recovered,
      { recoverySince: new Date() },
      'This account is on hold',
    ],
  ] as const)(
    'cannot where it %s, and is told who helps',
    async ([, who, change, says], { open, set, browser, audited }) => {
      if (Object.keys(change).length > 0) await set(who, change)
      const page = await open(browser, who, '/account/settings/close')
      expect(page.status).toBe(200)
      expect(textOf(page)).toContain(says)
      expect(textOf(page)).toContain('(800) 676-6856')
      expect(page.text).not.toContain('id="close-account"')
      expect(await audited('account.closed')).toEqual([])
    },
  )

  test('cannot either when that came after the page was opened', async ({
    open,
    set,
    press,
    browser,
    audited,
  }) => {
    await set(recovered, { recoverySince: null })
    const page = await open(browser, recovered, '/account/settings/close')
    await set(recovered, { supportHoldSince: new Date() })
    const refused = await press(browser, page, 'close-account', { username: recovered.username })
    expect([refused.status, textOf(refused).includes('This account is on hold')]).toEqual([
      409,
      true,
    ])
    expect(await audited('account.closed')).toEqual([])
  })

  test('cannot while support was told that the mailbox is lost', async ({
    signOn,
    open,
    set,
    press,
    browser,
  }) => {
    const { db } = signOn.services
    const id = await set(recovered, { recoverySince: null, supportHoldSince: null })
    const page = await open(browser, recovered, '/account/settings/close')
    await sql(
      db,
      `INSERT INTO address_proposals
          (id, account_id, to_email, proof, reason, proposed_by, created_at, expires_at)
        VALUES (gen_random_uuid(), '${id}'::uuid, 'other@example.com', 'Called', 'Lost', '${id}'::uuid,
          now(), now() + interval '72 hours')`,
    )
    const refused = await press(browser, page, 'close-account', { username: recovered.username })
    expect([refused.status, textOf(refused).includes('mailbox of this account is lost')]).toEqual([
      409,
      true,
    ])
  })

  test('loses nothing of what was typed when the sign-in is five minutes old', async ({
    open,
    browser,
    audited,
  }) => {
    const page = await open(browser, slow, '/account/settings/close')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5.1 * 60_000 })
    const late = await browser.submit(page.form('close-account'), { username: slow.username })
    expect([late.status, heading(late)]).toEqual([403, 'Sign in to send this form'])
    expect(late.text).toContain(`value="${slow.username}"`)
    expect(await audited('account.closed')).toEqual([])
  })
})

describe('the page that an account is closed', () => {
  test('is shown for no account that is open, and to nobody who makes its address up', async ({
    open,
    browser,
    at,
  }) => {
    const page = await open(browser, slow, '/account/settings/close')
    const { search } = new URL(page.form('close-account').action)
    const marks = ['', search, '?account=7205029', `${search}x`, '?account=1&account=2']
    for (const mark of marks) {
      const answer = await browser.get(at(`/account/closed${mark}`))
      expect([mark, answer.status, answer.location]).toEqual([mark, 303, at('/account')])
    }
  })
})
