import { describe, expect } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { moveRequest } from '../../src/efiling/requests/move-request.ts'
import type { RequestMove } from '../../src/efiling/requests/request.ts'
import { draftSweep, findRequestAt } from '../../src/efiling/requests/store.ts'
import type { CourtId } from '../../src/ids.ts'
import { sweepTable } from '../../src/jobs/sweep.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { idClaims } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { FormValues, HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, jane, legacyAccount, nora } from '../support/people.ts'
import { practise } from '../support/practices.ts'
import { wordsOf as textOf } from '../support/registration.ts'
import { openAs } from '../support/staff.ts'

/** With its quotation marks as characters. */
const wordsOf = (page: HttpResponse) => decodeEntities(textOf(page))

const person = (n: number, more: object = {}) => ({
  ...nora,
  number: `72100${String(n).padStart(2, '0')}`,
  username: `asks-${String(n).padStart(4, '0')}`,
  email: `asks-${n}@firm.example`,
  email_verified: true,
  ...more,
})
const people = Array.from({ length: 10 }, (_, n) => person(n))
const filing = person(20, { standings: [active('ncwb', 'asks-20', { role: 'pro-hac-vice' })] })

const court = '/account/courts/ncwb'
const details = {
  'answer-cso-filed-before': 'No',
  'answer-mover': 'Jane Roe',
  'answer-bar': 'North Carolina',
  'delivery-frequency': 'daily-summary',
}

const test = kit()
  .override('people', [jane, legacyAccount, ...people, filing])
  .extend('practice', { scope: 'file' }, ({ signOn }) =>
    practise(signOn, 'ncwb', {
      takes: ['admission-and-filing', 'filing-only', 'non-attorney'],
      roles: ['limited-filer'],
      questions: [
        { id: 'mover', kind: 'text', label: 'Who moves your admission?', isRequired: true },
        {
          id: 'bar',
          kind: 'choice',
          label: 'Which bar?',
          isRequired: true,
          options: ['North Carolina', 'South Carolina'],
        },
      ],
      terms: { version: 4, text: 'You file under your own name.\nA filing is a signature.' },
      deliveryPreferences: ['each-filing', 'daily-summary'],
    }),
  )
  .extend(
    'open',
    ({ signOn, practice: _ }) =>
      (browser: HttpClient, username: string, path: string) =>
        openAs(signOn, browser, username, path),
  )
  .extend(
    'send',
    ({ isOurs }) =>
      async (
        browser: HttpClient,
        page: HttpResponse,
        form: string,
        fields: FormValues,
        press?: string,
      ): Promise<HttpResponse> =>
        browser.followWhile(await browser.submit(page.form(form), fields, press), isOurs),
  )
  /** Writes a draft and comes to the page that shows everything once more. */
  .extend(
    'write',
    ({ open, send }) =>
      async (browser: HttpClient, username: string, asked = 'admission-and-filing') => {
        const kind = await open(browser, username, `${court}/request`)
        const questions = await send(browser, kind, 'ask-kind', { asked })
        return send(browser, questions, 'ask-details', details, 'ask-details-submit')
      },
  )
  /** The same, and sends it: the page of the request. */
  .extend(
    'ask',
    ({ write, send }) =>
      async (browser: HttpClient, username: string, asked?: string) => {
        const check = await write(browser, username, asked)
        const sent = await send(browser, check, 'ask-check', { accept: 'yes' })
        const [, number = ''] = /\/requests\/(\d{8})/.exec(sent.url) ?? []
        return { sent, number }
      },
  )
  /** What the clerk of the court does with a request. */
  .extend('clerk', ({ signOn }) => async (number: string, move: RequestMove) => {
    const { db } = signOn.services
    const request = await findRequestAt(db, 'ncwb' as CourtId, number)
    if (!request) throw new Error(`there is no request ${number}`)
    const moved = await inTransaction(db, (tx) =>
      moveRequest(tx, request, move, byOperator('test')),
    )
    expect(moved.ok).toBe(true)
  })

describe('asking a court', () => {
  test('goes from the list of all courts to a request with a number, and everybody is told what it waits for', async ({
    browser,
    open,
    write,
    send,
    audited,
    inbox,
  }) => {
    const who = person(0)
    const list = await open(browser, who.username, '/account/courts')
    expect(wordsOf(list)).toContain('210 courts')
    expect(wordsOf(await open(browser, who.username, '/account/courts?q=charlotte'))).toContain(
      '2 courts found',
    )
    const page = await open(browser, who.username, court)
    expect(wordsOf(page)).toContain(
      'Attorney admission and e-filing; E-filing registration only; Limited filer',
    )
    expect(wordsOf(page)).toContain('link your old account instead')

    const check = await write(browser, who.username)
    expect(check.url).toMatch(/\/request\/check$/)
    const words = wordsOf(check)
    for (const shown of ['Jane Roe', 'North Carolina', 'Once per day', who.number, who.email]) {
      expect(words).toContain(shown)
    }
    expect(words).toContain('A filing is a signature.')
    // Without the terms nothing is sent, and everything is still there.
    const refused = await send(browser, check, 'ask-check', {})
    expect([refused.status, wordsOf(refused)]).toEqual([
      422,
      expect.stringContaining('Accept the terms of this court'),
    ])
    expect(await audited('request.submitted')).toEqual([])

    const sent = await send(browser, refused, 'ask-check', { accept: 'yes' })
    const [, number = ''] = /\/requests\/(\d{8})\?sent$/.exec(sent.url) ?? []
    expect(number).toMatch(/^\d{8}$/)
    expect(wordsOf(sent)).toContain('Waits for the clerk')
    expect(wordsOf(sent)).toMatch(/[ap]\.m\. Eastern time: You sent it to the court\./)
    expect(await audited('request.submitted')).toMatchObject([
      { detail: { number, kind: 'admission-and-filing', documents: 0 }, courtId: 'ncwb' },
    ])
    const [mail, ...more] = await inbox(who.email)
    expect([mail?.subject, more]).toEqual(['Your request was sent to the court', []])
    expect(mail?.text).toContain(`request ${number}`)
    expect(wordsOf(await open(browser, who.username, '/account/courts'))).toContain(
      'Your request: Waits for the clerk',
    )
  })

  test('is pending in the claim, and pending ends with the request; a right that is there is not touched', async ({
    openBrowser,
    browser,
    ask,
    open,
    send,
    court: atCourt,
  }) => {
    const ncwb = await atCourt('ncwb')
    const who = person(1)
    const entryOf = async (username: string) =>
      (
        idClaims(await ncwb.signIn(openBrowser(), username)) as {
          efiling: Record<string, { status: string; version: number; actions: string[] }>
        }
      ).efiling['ncwb']
    const before = await entryOf(who.username)
    expect(before).toMatchObject({ status: 'none', actions: [] })
    const { sent } = await ask(browser, who.username)
    const pending = await entryOf(who.username)
    expect(pending).toMatchObject({ status: 'pending', actions: [] })
    expect(pending!.version).toBeGreaterThan(before!.version)
    const withdraw = await browser.click(sent, 'withdraw')
    const gone = await send(browser, withdraw, 'withdraw-form', {})
    expect(wordsOf(gone)).toContain('You have withdrawn it.')
    const after = await entryOf(who.username)
    expect(after).toMatchObject({ status: 'none' })
    expect(after!.version).toBeGreaterThan(pending!.version)
    expect(wordsOf(await open(browser, who.username, court))).toContain('Earlier requests')

    const other = openBrowser()
    const right = await entryOf(filing.username)
    expect(right).toMatchObject({ status: 'active', role: 'pro-hac-vice' })
    await ask(other, filing.username)
    expect(await entryOf(filing.username)).toMatchObject({
      status: 'active',
      role: 'pro-hac-vice',
      actions: ['file', 'receive-notices'],
    })
  })

  test('answers the clerk in the same request, whose clock stands still meanwhile', async ({
    browser,
    ask,
    open,
    send,
    clerk,
    signOn,
    audited,
    inbox,
  }) => {
    const who = person(2)
    const { number } = await ask(browser, who.username)
    await sql(
      signOn.services.db,
      `UPDATE filing_requests SET waits_since = waits_since - interval '1 hour' WHERE number = '${number}'`,
    )
    const question = '<b>Which</b> bar admitted you?'
    await clerk(number, { kind: 'asked', message: question })
    const page = await open(browser, who.username, `${court}/requests/${number}`)
    expect(wordsOf(page)).toContain('Waits for you')
    expect(page.text).not.toContain(question)
    const empty = await send(browser, page, 'answer-form', { message: ' ' })
    expect([empty.status, wordsOf(empty)]).toEqual([
      422,
      expect.stringContaining('Type your answer'),
    ])
    const answered = await send(browser, empty, 'answer-form', {
      message: 'The one of North Carolina',
    })
    expect(wordsOf(answered)).toContain('Waits for the clerk')
    expect(wordsOf(answered)).toContain('You answered. “The one of North Carolina”')
    // The same answer from another tab comes too late, and says so.
    const late = await send(browser, page, 'answer-form', { message: 'Once more' })
    expect([late.status, wordsOf(late)]).toEqual([
      422,
      expect.stringContaining('has changed since you opened this page'),
    ])
    const [row] = await sql<{ seconds: number; waits_for: string }>(
      signOn.services.db,
      `SELECT clerk_seconds AS seconds, waits_for FROM filing_requests WHERE number = '${number}'`,
    )
    expect(row?.waits_for).toBe('clerk')
    expect(row?.seconds).toBeGreaterThanOrEqual(3600)
    expect(row?.seconds).toBeLessThan(3660)
    expect(await audited('request.answered')).toHaveLength(1)
    const subjects = (await inbox(who.email)).map(({ subject }) => subject)
    expect(subjects.sort()).toEqual([
      'Your answer was sent to the court',
      'Your request was sent to the court',
    ])
  })

  test('twenty times at once is one draft, one request, one mail', async ({
    browser,
    open,
    write,
    signOn,
    audited,
    inbox,
  }) => {
    const who = person(3)
    const kind = await open(browser, who.username, `${court}/request`)
    const begun = await Promise.all(
      Array.from({ length: 20 }, () =>
        browser.submit(kind.form('ask-kind'), { asked: 'filing-only' }),
      ),
    )
    expect(begun.map(({ status }) => status)).toEqual(Array(20).fill(303))
    expect(new Set(begun.map(({ location }) => location))).toEqual(
      new Set([`${signOn.issuer}${court}/request/details`]),
    )
    const check = await write(browser, who.username, 'filing-only')
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(check.form('ask-check'), { accept: 'yes' })),
    )
    const places = new Set(sent.map(({ location }) => location?.replace('?sent', '')))
    expect(places.size).toBe(1)
    const rows = await sql(
      signOn.services.db,
      `SELECT r.id FROM filing_requests r JOIN accounts a ON a.id = r.account_id WHERE a.number = '${who.number}'`,
    )
    expect(rows).toHaveLength(1)
    expect(await audited('request.submitted')).toHaveLength(1)
    expect(await inbox(who.email)).toHaveLength(1)
    // While it is open the court is not asked for anything else.
    const again = await open(browser, who.username, `${court}/request`)
    expect(again.url).toBe(`${signOn.issuer}${court}`)
  })
})

test('an account that its holder closes asks nobody for anything any more', async ({
  browser,
  open,
  ask,
  send,
  signOn,
  audited,
}) => {
  const who = person(8)
  const { number } = await ask(browser, who.username)
  const page = await open(browser, who.username, '/account/settings/close')
  const closed = await send(browser, page, 'close-account', { username: who.username })
  expect(closed.status).toBe(200)
  expect(
    await sql(signOn.services.db, `SELECT state FROM filing_requests WHERE number = '${number}'`),
  ).toEqual([{ state: 'withdrawn' }])
  expect(await audited('request.withdrawn')).toMatchObject([{ detail: { number } }])
})

describe('a court that cannot be asked says why, and what to do', () => {
  test('in the list and on its page', async ({ browser, openBrowser, open, send }) => {
    const who = person(4).username
    expect(wordsOf(await open(browser, who, '/account/courts?q=ncmb'))).toContain(
      'Takes no new requests until it says so',
    )
    expect(wordsOf(await open(browser, who, '/account/courts/ncmb'))).toContain(
      'Ask its clerk how to get the right to file',
    )
    const kinds = await open(browser, who, `${court}/request`)
    expect(wordsOf(kinds)).toContain(
      'Federal attorney. This court does not take this kind of request.',
    )
    const legacy = openBrowser()
    const notice = await open(legacy, legacyAccount.username, court)
    const page = await send(legacy, notice, 'legacy', {}, 'legacy-continue')
    expect(wordsOf(page)).toContain('Needs an upgraded individual account')
    expect(page.forms().some(({ id }) => id === 'ask-kind')).toBe(false)
    const filed = await open(openBrowser(), jane.username, '/account/courts/ncwd')
    expect(wordsOf(filed)).toContain('You file here since September 2, 2021')
    const unknown = await open(browser, who, '/account/courts/nowhere')
    expect([unknown.status, wordsOf(unknown)]).toEqual([
      404,
      expect.stringContaining('There is no such court'),
    ])
  })

  test('where it wants an account from before to be linked, and never whether there is one', async ({
    browser,
    open,
    send,
  }) => {
    const kind = await open(browser, person(4).username, `${court}/request`)
    const questions = await send(browser, kind, 'ask-kind', { asked: 'filing-only' })
    const filedBefore = {
      ...details,
      'answer-cso-filed-before': 'Yes',
      'answer-cso-old-login': 'asks-20',
    }
    const refused = await send(browser, questions, 'ask-details', filedBefore, 'ask-details-submit')
    expect(refused.status).toBe(422)
    expect(wordsOf(refused)).toContain('Link your old account instead')
    const nobody = { ...filedBefore, 'answer-cso-old-login': 'nobody-has-this' }
    const same = await send(browser, questions, 'ask-details', nobody, 'ask-details-submit')
    expect(wordsOf(same).replaceAll('nobody-has-this', 'asks-20')).toBe(wordsOf(refused))
  })
})

describe('what is written', () => {
  test('is kept as a draft for fourteen days, and is shown to its writer alone', async ({
    browser,
    openBrowser,
    open,
    send,
    signOn,
  }) => {
    const who = person(5)
    const { db } = signOn.services
    const kind = await open(browser, who.username, `${court}/request`)
    const questions = await send(browser, kind, 'ask-kind', { asked: 'non-attorney.limited-filer' })
    const typed = { 'answer-mover': '=1+1' }
    const kept = await send(browser, questions, 'ask-details', typed, 'ask-details-later')
    expect(wordsOf(kept)).toContain('Your draft is kept')
    expect(kept.form('ask-details').fields['answer-mover']).toBe('=1+1')
    const [row] = await sql<{ number: string }>(
      db,
      `SELECT r.number FROM filing_requests r JOIN accounts a ON a.id = r.account_id
        WHERE a.number = '${who.number}' AND r.state = 'draft'`,
    )
    // Neither its court nor anybody else finds it.
    expect(await findRequestAt(db, 'ncwb' as CourtId, row!.number)).toBeUndefined()
    const own = await open(browser, who.username, `${court}/requests/${row!.number}`)
    expect(own.status).toBe(404)
    const stranger = await open(
      openBrowser(),
      person(4).username,
      `${court}/requests/${row!.number}`,
    )
    expect(stranger.status).toBe(404)

    const days = (n: number) => new Date(Date.now() + n * 24 * 3600_000)
    expect(await sweepTable(db, draftSweep, days(13.9))).toBe(0)
    expect(await sweepTable(db, draftSweep, days(14.1))).toBeGreaterThanOrEqual(1)
    expect(wordsOf(await open(browser, who.username, court))).toContain('Ask this court')
  })

  test('is kept however long twenty answers are, in any script; one that is too long is told so at its field', async ({
    browser,
    open,
    send,
    signOn,
  }) => {
    const questions = Array.from({ length: 20 }, (_, n) => {
      return { id: `q${n}`, kind: 'text', label: `Question ${n}`, isRequired: true } as const
    })
    await practise(signOn, 'ncwd', { takes: ['filing-only'], questions })
    const kind = await open(browser, person(9).username, '/account/courts/ncwd/request')
    const page = await send(browser, kind, 'ask-kind', { asked: 'filing-only' })
    const long = '法'.repeat(250)
    const typed = Object.fromEntries(questions.map(({ id }) => [`answer-${id}`, long]))
    const values = { 'answer-cso-filed-before': 'No', ...typed }
    const tooLong = { ...values, 'answer-q7': `${long}法` }
    const refused = await send(browser, page, 'ask-details', tooLong, 'ask-details-submit')
    expect([refused.status, wordsOf(refused)]).toEqual([
      422,
      expect.stringContaining('Enter 250 characters at most'),
    ])
    const check = await send(browser, refused, 'ask-details', values, 'ask-details-submit')
    expect(check.url).toMatch(/\/request\/check$/)
  })

  test('outlives a session that ended before the form was sent', async ({
    browser,
    open,
    send,
    at,
    isOurs,
  }) => {
    const who = person(6)
    const kind = await open(browser, who.username, `${court}/request`)
    const questions = await send(browser, kind, 'ask-kind', { asked: 'filing-only' })
    const account = await open(browser, who.username, '/account')
    await browser.followWhile(await browser.submit(account.form('sign-out')), isOurs)
    const late = await send(browser, questions, 'ask-details', details, 'ask-details-submit')
    expect(late.status).toBe(403)
    await open(browser, who.username, '/account')
    const again = await send(browser, late, 'kept', {})
    // It is another sign-in: what was typed is shown, to be sent once more.
    expect(again.form('ask-details').fields['answer-mover']).toBe('Jane Roe')
    const check = await send(browser, again, 'ask-details', {}, 'ask-details-submit')
    expect(check.url).toBe(at(`${court}/request/check`))
  })

  test('is not sent under questions or terms that the court has changed meanwhile', async ({
    browser,
    write,
    send,
    signOn,
    practice,
    audited,
  }) => {
    const check = await write(browser, person(7).username)
    const terms = { version: 5, text: 'Other terms.' }
    await practise(signOn, 'ncwb', { ...practice, terms })
    const refused = await send(browser, check, 'ask-check', { accept: 'yes' })
    expect(refused.status).toBe(422)
    expect(wordsOf(refused)).toContain('The court has changed its questions or terms')
    expect(wordsOf(refused)).toContain('Other terms.')
    expect(await audited('request.submitted')).toEqual([])
    const sent = await send(browser, refused, 'ask-check', { accept: 'yes' })
    expect(wordsOf(sent)).toContain('Your request was sent to the court')
  })
})
