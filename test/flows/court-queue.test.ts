import { describe, expect, vi } from 'vitest'
import {
  courtRequestPath,
  courtRequestsPath,
  requestActPath,
} from '../../src/console/requests/request-paths.ts'
import { supportActPath } from '../../src/console/support/support-paths.ts'
import { lookAlikesStatement } from '../../src/efiling/requests/look-alike-store.ts'
import { queueStatement } from '../../src/efiling/requests/queue-store.ts'
import type { FilingRequest } from '../../src/efiling/requests/request.ts'
import { findRight } from '../../src/efiling/right-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { ok, refused } from '../../src/outcome.ts'
import { paths } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { idOf, sendRequest } from '../support/filing-requests.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, nora } from '../support/people.ts'
import { readsOf } from '../support/query-plan.ts'
import { openAs, openDesk, sam } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const staff = (n: number, givenName: string, role: string, court: string) => ({
  ...nora,
  number: String(7_520_000 + n),
  username: `${givenName.toLowerCase()}-of-${court}`,
  given_name: givenName,
  family_name: 'Office',
  email: `${givenName.toLowerCase()}@example.com`,
  staff_roles: [{ role, court }],
})
const carl = staff(1, 'Carl', 'clerk', 'ncwb')
const mona = staff(2, 'Mona', 'court-manager', 'ncwb')
const dora = staff(3, 'Dora', 'clerk', 'ncwd')
/** A lawyer who asks; each test has one of its own. */
const filer = (n: number, more: object = {}) => ({
  ...nora,
  number: String(7_521_000 + n),
  user_type: 'attorney',
  username: `filer-number-${n}`,
  given_name: 'Fay',
  family_name: `Filer${n}`,
  email: `filer-${n}@example.com`,
  email_verified: true,
  ...more,
})
const filers = Array.from({ length: 22 }, (_, n) => filer(n))
/** Receives notices at ncwb, and no more. */
const noticed = {
  ...filer(22),
  standings: [active('ncwb', 'noticed-ecf', { actions: ['receive-notices'] })],
}
/** Is admitted for some years and files until a last day, and asks for more. */
const admitted = filer(32, {
  standings: [
    active('ncwb', 'fay-32', {
      role: 'pro-hac-vice',
      admitted: true,
      admitted_until: '2031-12-31',
      ends_on: '2030-06-30',
    }),
  ],
})
/** Has the name of the filer that asks, and a CM/ECF account. */
const namesake = { ...filer(30), family_name: 'Filer11', standings: [active('ncwb', 'fay-ecf')] }
/** Dies while a court looks at what was asked. */
const late = filer(33)
const handed = filer(34)
/** Works in the same house. */
const neighbor = {
  ...filer(31),
  family_name: 'Neighbor',
  standings: [active('ncwb', 'neighbor-ecf')],
}

const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]
const problemIn = ({ text }: HttpResponse) => /id="problem-text">([^<]*)/.exec(text)?.[1]
const granting = { role: 'attorney', grants: 'file', admitted: 'yes', as: 'none' }

const test = kit()
  .override('people', [
    ...[carl, mona, dora, sam, ...filers],
    ...[noticed, namesake, neighbor, admitted, late, handed],
  ])
  .extend('atCarls', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, carl.username, onCleanup),
  )
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  /** The request of a filer to ncwb. */
  .extend(
    'asks',
    ({ signOn }) =>
      (n: number, content?: Parameters<typeof sendRequest>[2]) =>
        sendRequest(signOn, { number: filer(n).number, court: 'ncwb' }, content),
  )
  /** Opens the page of an act, fills in its form, and gives what came of it. */
  .extend(
    'act',
    ({ at, isOurs }) =>
      async (browser: HttpClient, { number }: FilingRequest, name: string, values: object) => {
        const page = await browser.get(at(requestActPath('ncwb', number, name)))
        const sent = await browser.submit(page.form(`${name}-form`), { ...values })
        return browser.followWhile(sent, isOurs)
      },
  )
  .extend(
    'open',
    ({ at }) =>
      (browser: HttpClient, { number }: FilingRequest) =>
        browser.get(at(courtRequestPath('ncwb', number))),
  )
  .extend('rightOf', ({ signOn }) => async (n: number) => {
    const { db } = signOn.services
    return findRight(db, await idOf(signOn, filer(n).number), ncwb)
  })

describe('the queue of a court', () => {
  test('shows what waits for the clerk, and everything that was sent', async ({
    asks,
    atCarls,
    at,
    open,
  }) => {
    const request = await asks(0, {
      kind: 'pro-hac-vice',
      role: 'pro-hac-vice',
      answers: [{ question: 'case', label: 'In which case?', value: '26-10001' }],
      deliveryFrequency: 'daily-summary',
    })
    const queue = await atCarls.get(at(courtRequestsPath('ncwb')))
    expect(queue.text).toContain('Fay Filer0')
    expect(queue.text).toContain('Pro hac vice')
    const page = await open(atCarls, request)
    expect(heading(page)).toBe('Fay Filer0')
    for (const text of ['In which case?', '26-10001', 'Once per day', filer(0).email]) {
      expect(page.text).toContain(text)
    }
  })

  test('is filtered by kind, by what it waits for, by age and by who has it', async ({
    asks,
    atCarls,
    at,
    act,
    isOurs,
  }) => {
    const request = await asks(1, { kind: 'federal-attorney', role: 'federal-attorney' })
    await act(atCarls, request, 'wait', { waitsFor: 'judge', message: '' })
    const taking = await atCarls.get(at(courtRequestPath('ncwb', request.number)))
    await atCarls.followWhile(await atCarls.submit(taking.form('assign-form')), isOurs)
    const listed = async (query: string) =>
      (await atCarls.get(at(`${courtRequestsPath('ncwb')}?${query}`))).text.includes('Fay Filer1<')
    expect(await listed('shows=judge')).toBe(true)
    expect(await listed('shows=judge&who=me&kind=federal-attorney')).toBe(true)
    expect(await listed('shows=clerk')).toBe(false)
    expect(await listed('shows=judge&who=nobody')).toBe(false)
    expect(await listed('shows=open&kind=pro-hac-vice')).toBe(false)
    expect(await listed('shows=judge&age=3')).toBe(false)
    expect(await listed('shows=done')).toBe(false)
  })

  test('says what is late, by the clerk’s own clock', async ({
    asks,
    atCarls,
    at,
    act,
    signOn,
  }) => {
    const [waiting, paying] = [await asks(2), await asks(3)]
    const { db } = signOn.services
    const text = `UPDATE filing_requests SET waits_since = waits_since - interval '6 days',
      submitted_at = submitted_at - interval '6 days' WHERE number = ANY($1::text[])`
    const numbers = [waiting.number, paying.number]
    await act(atCarls, paying, 'wait', { waitsFor: 'fee', message: '' })
    await db.query({ name: 'test-queue-age', text }, [numbers])
    const queue = await atCarls.get(at(`${courtRequestsPath('ncwb')}?shows=open`))
    const rowOf = (n: number) =>
      queue.text.split('<tr>').find((row) => row.includes(`Fay Filer${n}<`)) ?? ''
    expect([rowOf(2).includes('Late'), rowOf(3).includes('Late')]).toEqual([true, false])
    expect(queue.text).toContain('Late: more than 5 days with the clerk</dt><dd>1</dd>')
    const old = await atCarls.get(at(`${courtRequestsPath('ncwb')}?shows=open&age=3`))
    expect([old.text.includes('Fay Filer3<'), old.text.includes('Fay Filer1<')]).toEqual([
      true,
      false,
    ])
    const start = await atCarls.get(at(paths.staff))
    expect(start.text).toMatch(/requests? waits? for the clerk, 1 of them late/)
  })

  test('is no other court’s: its clerk finds nothing, by whatever path', async ({
    asks,
    signOn,
    openBrowser,
    atCarls,
    at,
  }) => {
    const request = await asks(4)
    const browser = openBrowser()
    await openAs(signOn, browser, dora.username, paths.staff)
    for (const court of ['ncwb', 'ncwd']) {
      for (const act of ['approve', 'ask', 'deny', 'wait']) {
        const page = await browser.get(at(requestActPath(court, request.number, act)))
        expect([act, page.status, page.text.includes('Filer4')]).toEqual([act, 404, false])
      }
      const page = await browser.get(at(courtRequestPath(court, request.number)))
      expect([page.status, page.text.includes('Filer4')]).toEqual([404, false])
    }
    const unknown = await atCarls.get(at(courtRequestPath('ncwb', '00000000')))
    expect([unknown.status, heading(unknown)]).toEqual([404, 'There is no such request'])
  })

  test('reads ten thousand waiting ones by an index, a page at a time', async ({
    signOn,
    asks,
  }) => {
    const request = await asks(5)
    const plan = await inTransaction(
      signOn.services.db,
      async (tx) => {
        // As much as is asked for in a day of tests; nothing of it stays.
        const bare = `SELECT set_config('statement_timeout', '0', true),
        set_config('session_replication_role', 'replica', true)`
        await tx.query({ name: 'test-many-bare', text: bare }, [])
        // One person asks at a court once; here it is ten thousand times.
        const alone = 'DROP INDEX filing_requests_in_work_key'
        await tx.query({ name: 'test-many-alone', text: alone }, [])
        const many = `INSERT INTO filing_requests (id, number, account_id, court_id, kind, role, state,
          waits_for, practice_version, created_at, changed_at, submitted_at, waits_since)
        SELECT gen_random_uuid(), lpad(n::text, 8, '0'), $1::uuid, 'ncmb', 'filing-only', 'attorney',
          'open', 'clerk', 0, now(), now(), now() - n * interval '1 minute', now()
        FROM generate_series(1, 10000) n`
        await tx.query({ name: 'test-many-requests', text: many }, [request.accountId])
        await tx.query({ name: 'test-many-analyze', text: 'ANALYZE filing_requests' }, [])
        const explain = {
          name: 'test-explain-queue',
          text: `EXPLAIN (ANALYZE, FORMAT JSON) ${queueStatement.text}`,
        }
        const values = ['ncmb', new Date(0), '00000000-0000-0000-0000-000000000000', null, null]
        const rows = await tx.query<{ 'QUERY PLAN': unknown }>(explain, [
          ...values,
          new Date('9999-12-31'),
          null,
          new Date(),
          432_000,
          26,
        ])
        return refused('looked', { plan: rows[0]?.['QUERY PLAN'] })
      },
      { milliseconds: 30_000 },
    )
    expect(JSON.stringify(plan)).toContain('filing_requests_queue_idx')
    const read = readsOf(plan).filter(({ name }) => name === 'filing_requests')
    expect(read).toEqual([{ name: 'filing_requests', rows: 26 }])
  })
})

describe('a clerk', () => {
  test('approves: the right holds at once, and the filer is told', async ({
    asks,
    act,
    atCarls,
    rightOf,
    audited,
    inbox,
    court,
    browser,
  }) => {
    const request = await asks(6, { kind: 'pro-hac-vice', role: 'pro-hac-vice' })
    const done = await act(atCarls, request, 'approve', {
      role: 'pro-hac-vice',
      grants: 'file',
      admitted: 'yes',
      admittedUntil: '12/31/2028',
      endsOn: '06/30/2027',
      as: 'other',
      filerId: 'ffiler6',
      message: 'Welcome to this court',
    })
    expect([done.status, heading(done)]).toEqual([200, 'Fay Filer6'])
    expect(done.text).toContain('>Approved<')
    expect(await rightOf(6)).toMatchObject({
      state: 'active',
      role: 'pro-hac-vice',
      actions: ['file', 'receive-notices'],
      isAdmitted: true,
      admittedUntil: '2028-12-31',
      endsOn: '2027-06-30',
      filerId: 'ffiler6',
    })
    const tokens = await (await court('ncwb')).signIn(browser, filer(6).username)
    const claims = tokens.claims()?.['efiling'] as Record<string, object>
    expect(claims['ncwb']).toMatchObject({
      status: 'active',
      filer_id: 'ffiler6',
      until: '2027-06-30',
    })
    expect(await audited('request.approved')).toMatchObject([
      { courtId: 'ncwb', actorKind: 'account', detail: { number: request.number } },
    ])
    const [mail] = await inbox(filer(6).email)
    expect(mail?.text).toContain('Welcome to this court')
  })

  test('takes no admission away by approving, and keeps the days that hold', async ({
    asks,
    act,
    at,
    atCarls,
    rightOf,
  }) => {
    const request = await asks(32)
    const page = await atCarls.get(at(requestActPath('ncwb', request.number, 'approve')))
    const begins = { admittedUntil: '12/31/2031', endsOn: '6/30/2030', as: 'former' }
    expect(page.form('approve-form').fields).toMatchObject({ ...begins, admitted: 'yes' })
    const wrong = await act(atCarls, request, 'approve', { admitted: 'no', admittedUntil: '' })
    expect(decodeEntities(wrong.text)).toContain('The admission is ended on the page of the person')
    expect(await rightOf(32)).toMatchObject({ role: 'pro-hac-vice', isAdmitted: true })
    await act(atCarls, request, 'approve', {})
    expect(await rightOf(32)).toMatchObject({
      role: 'attorney',
      isAdmitted: true,
      admittedUntil: '2031-12-31',
      endsOn: '2030-06-30',
      filerId: 'fay-32',
    })
  })

  test('denies with a reason and a message, and a right that is there stays', async ({
    asks,
    act,
    atCarls,
    rightOf,
    audited,
    inbox,
  }) => {
    const request = await asks(7)
    const empty = await act(atCarls, request, 'deny', {})
    expect(empty.status).toBe(422)
    expect(empty.text).toContain('Choose the reason')
    const done = await act(atCarls, request, 'deny', {
      reason: 'not-admitted',
      message: 'Ask for admission first',
    })
    expect(done.text).toContain('>Denied<')
    expect(await rightOf(7)).toBeUndefined()
    expect(await audited('request.denied')).toMatchObject([{ detail: { reason: 'not-admitted' } }])
    const [mail] = await inbox(filer(7).email)
    expect(mail?.text).toContain('Ask for admission first')
  })

  test('decides about somebody who has a right, who keeps it and gets more', async ({
    asks,
    act,
    atCarls,
    signOn,
    audited,
  }) => {
    const request = await asks(22)
    const { db } = signOn.services
    const right = () => findRight(db, request.accountId, ncwb)
    expect(await right()).toMatchObject({ state: 'active', actions: ['receive-notices'] })
    await act(atCarls, request, 'deny', { reason: 'other', message: 'Not now' })
    expect(await right()).toMatchObject({ state: 'active', actions: ['receive-notices'] })
    const again = await asks(22)
    const page = await act(atCarls, again, 'approve', { ...granting, as: 'former' })
    expect(page.text).toContain('Active: attorney, CM/ECF account noticed-ecf')
    expect(await right()).toMatchObject({ state: 'active', actions: ['file', 'receive-notices'] })
    expect(await audited('right.decided')).toMatchObject([{ detail: { decision: 'change' } }])
  })

  test('asks the filer something within the request', async ({
    asks,
    act,
    atCarls,
    inbox,
    open,
  }) => {
    const request = await asks(8)
    await act(atCarls, request, 'ask', { reason: 'bar-number', message: 'Which bar is 12345 of?' })
    const page = await open(atCarls, request)
    expect(page.text).toContain('Waits for: the filer')
    expect(decodeEntities(page.text)).toContain('“Which bar is 12345 of?”')
    const [mail] = await inbox(filer(8).email)
    expect(mail?.text).toContain('Which bar is 12345 of?')
  })

  test('is told by whom a request was decided meanwhile, and loses no word', async ({
    asks,
    atCarls,
    atMonas,
    act,
    at,
    rightOf,
  }) => {
    const request = await asks(9)
    const late = await atCarls.get(at(requestActPath('ncwb', request.number, 'deny')))
    await act(atMonas, request, 'approve', granting)
    const values = { reason: 'other', message: 'I would have said no' }
    const told = await atCarls.submit(late.form('deny-form'), values)
    expect(told.status).toBe(409)
    expect(problemIn(told)).toContain('Mona Office approved it on')
    expect(problemIn(told)).toContain('I would have said no')
    expect(await rightOf(9)).toMatchObject({ state: 'active' })
  })

  test('is told what a colleague changed while a decision was written, which stays on the page', async ({
    asks,
    atCarls,
    atMonas,
    act,
    at,
    isOurs,
  }) => {
    const request = await asks(10)
    const late = await atCarls.get(at(requestActPath('ncwb', request.number, 'deny')))
    await act(atMonas, request, 'wait', { waitsFor: 'fee', message: 'The fee is 199 dollars' })
    const values = { reason: 'other', message: 'Half of a page' }
    const told = await atCarls.submit(late.form('deny-form'), values)
    expect([told.status, told.form('deny-form').fields['message']]).toEqual([409, 'Half of a page'])
    expect(problemIn(told)).toContain('Mona Office said what it waits for on')
    const again = await atCarls.submit(told.form('deny-form'))
    expect((await atCarls.followWhile(again, isOurs)).text).toContain('>Denied<')
  })

  test('of twenty at once decides one, and one right comes of it', async ({
    asks,
    atCarls,
    atMonas,
    at,
    audited,
    inbox,
  }) => {
    const request = await asks(12)
    const pages = await Promise.all(
      [atCarls, atMonas].map((desk) =>
        desk.get(at(requestActPath('ncwb', request.number, 'approve'))),
      ),
    )
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const desk = n % 2 === 0 ? atCarls : atMonas
        return desk.submit(pages[n % 2]!.form('approve-form'), granting)
      }),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    const others = answers.filter(({ status }) => status === 409)
    expect(
      others.every((answer) =>
        /(Carl Office|Mona Office|You yourself) approved it/.test(answer.text),
      ),
    ).toBe(true)
    expect(await audited('request.approved')).toHaveLength(1)
    expect(await audited('right.decided')).toHaveLength(1)
    expect(await inbox(filer(12).email)).toHaveLength(1)
  })

  test('decides nothing on a request that may be one’s own', async ({
    signOn,
    asks,
    openBrowser,
    at,
  }) => {
    const request = await asks(13)
    await signOn.apply({
      accounts: [{ number: filer(13).number, staff_roles: [{ role: 'clerk', court: 'ncwb' }] }],
    })
    const browser = openBrowser()
    await openAs(signOn, browser, filer(13).username, paths.staff)
    const page = await browser.get(at(courtRequestPath('ncwb', request.number)))
    expect(page.text).toContain('id="own-request"')
    expect(page.text).not.toContain('id="act-approve"')
    const asked = await browser.get(at(requestActPath('ncwb', request.number, 'approve')))
    expect(asked.status).toBe(403)
    await signOn.apply({ accounts: [{ number: filer(13).number, staff_roles: [] }] })
  })

  test('takes a request on, and a colleague who wants it at the same moment sees so', async ({
    asks,
    atCarls,
    atMonas,
    open,
    isOurs,
  }) => {
    const request = await asks(14)
    const [mine, hers] = [await open(atCarls, request), await open(atMonas, request)]
    const taken = await atCarls.followWhile(await atCarls.submit(mine.form('assign-form')), isOurs)
    expect(taken.text).toContain('Taken on by Carl Office.')
    const told = await atMonas.submit(hers.form('assign-form'))
    expect([told.status, told.text.includes('Taken on by Carl Office.')]).toEqual([409, true])
    const over = await atMonas.followWhile(await atMonas.submit(told.form('assign-form')), isOurs)
    expect(over.text).toContain('Taken on by Mona Office.')
  })

  test('hands a request to a colleague of this court, and to nobody else', async ({
    asks,
    atCarls,
    atMonas,
    at,
    act,
    open,
    audited,
  }) => {
    const request = await asks(34)
    const page = await atMonas.get(at(requestActPath('ncwb', request.number, 'hand')))
    expect(page.text).toContain('>Carl Office, ')
    expect(page.text).not.toContain('Dora Office')
    for (const to of ['', dora.number, handed.number]) {
      const wrong = await atMonas.submit(page.form('hand-form'), { to })
      expect([to, wrong.status]).toEqual([to, to === '' ? 422 : 409])
      expect(wrong.text).toMatch(/id="to-error">Choose (the|a) colleague/)
    }
    const done = await act(atMonas, request, 'hand', { to: carl.number })
    expect(done.text).toContain('Taken on by Carl Office.')
    const mine = await atCarls.get(at(`${courtRequestsPath('ncwb')}?who=me`))
    expect(mine.text).toContain('Fay Filer34<')
    // Who has the page from before is told; and a clerk hands it on as a manager does.
    const told = await atMonas.submit(page.form('hand-form'), { to: mona.number })
    expect([told.status, problemIn(told)]).toEqual([
      409,
      'A colleague was faster: look who has it now.',
    ])
    await act(atCarls, request, 'hand', { to: mona.number })
    expect((await open(atCarls, request)).text).toContain('Taken on by Mona Office.')
    const events = await audited('request.assignment-changed')
    expect(events.map(({ detail }) => detail)).toMatchObject([
      { assigned: true, to: expect.any(String) },
      { assigned: true },
    ])
  })

  test('decides no request any more whose account support has closed, and reads so', async ({
    asks,
    at,
    atCarls,
    openBrowser,
    signOn,
    inbox,
    audited,
  }) => {
    const request = await asks(33)
    const form = (await atCarls.get(at(requestActPath('ncwb', request.number, 'deny')))).form(
      'deny-form',
    )
    const browser = openBrowser()
    const closing = await openAs(
      signOn,
      browser,
      sam.username,
      supportActPath(late.number, 'close'),
    )
    await browser.submit(closing.form('act-form'), { reason: 'The widow has told us' })
    const told = await atCarls.submit(form, { reason: 'other', message: 'Too late' })
    expect([told.status, problemIn(told)]).toEqual([
      409,
      expect.stringContaining('The account was closed on'),
    ])
    expect(told.text).toContain('The request ended: the account was closed')
    expect(told.text).not.toContain('Sam Support')
    const queue = await atCarls.get(at(`${courtRequestsPath('ncwb')}?shows=open`))
    expect(queue.text).not.toContain('Fay Filer33<')
    const done = await atCarls.get(at(`${courtRequestsPath('ncwb')}?shows=done`))
    expect(done.text).toContain('Ended without a decision')
    expect(await audited('request.withdrawn')).toMatchObject([
      { detail: { reason: 'account-closed' } },
    ])
    expect(await inbox(late.email)).toEqual([])
  })

  test('sees who else at this court it may be', async ({ asks, atCarls, open }) => {
    const page = await open(atCarls, await asks(11))
    const alike = page.text.split('id="alike"')[1] ?? ''
    expect(alike).toContain(namesake.number)
    expect(alike).toContain('fay-ecf')
    expect(alike).toContain('Name')
  })

  test('sees the likest first, by bar number, name and address, which three indexes find', async ({
    asks,
    atCarls,
    open,
    signOn,
  }) => {
    const { db } = signOn.services
    const write = (number: string, bar: string, street: string) =>
      db.prisma.account.update({
        where: { number },
        data: {
          barNumbers: [{ state: 'NC', number: bar }],
          address: { lines: [street], city: 'Charlotte', postalCode: '28202-1234', country: 'US' },
        },
      })
    await write(filer(21).number, 'A-12345', '401 W. Trade St.')
    await write(namesake.number, 'a-12345', '1 Main Street')
    await write(neighbor.number, '998', '401 W Trade St')
    const request = await asks(21)
    const page = await open(atCarls, request)
    const alike = page.text.split('id="alike"')[1] ?? ''
    const order = [namesake.number, neighbor.number].map((number) => alike.indexOf(number))
    expect(order.every((at) => at > 0) && order[0]! < order[1]!).toBe(true)
    expect(alike).toContain('<dd>Bar number</dd>')
    expect(alike).toContain('<dd>Postal address</dd>')
    const plan = await inTransaction(db, async (tx) => {
      await tx.query({ name: 'no-seqscan', text: 'SET LOCAL enable_seqscan = off' }, [])
      const explain = { name: 'explain-alike', text: `EXPLAIN ${lookAlikesStatement.text}` }
      const values = [request.accountId, 'ncwb']
      const rows = await tx.query<{ 'QUERY PLAN': string }>(explain, values)
      return ok(rows.map((row) => row['QUERY PLAN']).join('\n'))
    })
    for (const index of ['folded_name', 'bar_numbers', 'postal_key']) {
      expect(plan.ok && plan.value).toContain(`accounts_${index}_idx`)
    }
  })

  test('is told where a CM/ECF account is somebody else’s, or a day is over, at its field', async ({
    asks,
    act,
    atCarls,
    rightOf,
  }) => {
    const request = await asks(15)
    const taken = await act(atCarls, request, 'approve', {
      ...granting,
      as: 'other',
      filerId: 'fay-ecf',
    })
    expect(taken.status).toBe(409)
    expect(taken.text).toContain(`belongs to account number ${namesake.number} here`)
    expect(taken.form('approve-form').fields['filerId']).toBe('fay-ecf')
    const past = await act(atCarls, request, 'approve', { ...granting, endsOn: '01/31/2020' })
    expect(past.text).toContain('January 31, 2020 is past at this court')
    const noDay = await act(atCarls, request, 'approve', { ...granting, endsOn: '02/30/2031' })
    expect([noDay.status, noDay.form('approve-form').fields['endsOn']]).toEqual([422, '02/30/2031'])
    expect(await rightOf(15)).toBeUndefined()
  })

  test('loses nothing of a decision by a session that ends meanwhile', async ({
    asks,
    signOn,
    openBrowser,
    at,
    isOurs,
    rightOf,
  }) => {
    const request = await asks(16)
    const browser = openBrowser()
    const path = requestActPath('ncwb', request.number, 'approve')
    const page = await openAs(signOn, browser, carl.username, path)
    await browser.submit((await browser.get(at(paths.staff))).form('sign-out'))
    const values = { ...granting, message: 'Half written' }
    const kept = await browser.submit(page.form('approve-form'), values)
    expect([kept.status, kept.text.includes('id="kept-form"')]).toEqual([403, true])
    await openAs(signOn, browser, carl.username, paths.staff)
    const again = await browser.submit(kept.form('kept'))
    expect(again.form('approve-form').fields).toMatchObject(values)
    const sent = await browser.submit(again.form('approve-form'))
    expect((await browser.followWhile(sent, isOurs)).text).toContain('>Approved<')
    expect(await rightOf(16)).toMatchObject({ state: 'active' })
  })

  test.for([
    ['<script>window.hacked=1</script>"\'><img src=x onerror=window.hacked=1>'],
    ['=HYPERLINK("http://evil.example","x")'],
    ['{{7*7}}<%= 7*7 %>'],
  ])(
    'reads “%s” as text in every field',
    async ([payload], { atCarls, act, open, asks, signOn }) => {
      const n = 17
      const { db } = signOn.services
      await db.query(
        {
          name: 'test-queue-end',
          text: `UPDATE filing_requests SET state = 'withdrawn', waits_for = NULL,
        ended_at = now() WHERE account_id = $1::uuid AND state = 'open'`,
        },
        [await idOf(signOn, filer(n).number)],
      )
      const request = await asks(n, {
        answers: [{ question: 'x', label: payload!, value: payload! }],
      })
      const form = await act(atCarls, request, 'approve', {
        ...granting,
        as: 'other',
        filerId: payload!,
        role: '',
      })
      expect(form.form('approve-form').fields['filerId']).toBe(payload)
      await act(atCarls, request, 'ask', { reason: 'other', message: payload! })
      const page = await open(atCarls, request)
      expect(page.text).not.toContain('<script>window')
      expect(page.text).not.toContain('<img src=x')
      expect(form.text).not.toContain('<img src=x')
      expect(decodeEntities(page.text).split(payload!).length - 1).toBe(3)
    },
  )

  test('approves in a sign-in of the last five minutes, and asks in an older one', async ({
    at,
    asks,
    atCarls,
    rightOf,
  }) => {
    const { number } = await asks(20)
    const pageOf = (act: string) => atCarls.get(at(requestActPath('ncwb', number, act)))
    const form = (await pageOf('approve')).form('approve-form')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    expect((await pageOf('ask')).status).toBe(200)
    expect((await pageOf('approve')).status).toBe(303)
    await atCarls.submit(form, granting)
    vi.useRealTimers()
    expect(await rightOf(20)).toBeUndefined()
  })

  test('sets nothing that the form does not have', async ({
    asks,
    at,
    atCarls,
    signOn,
    isOurs,
    rightOf,
  }) => {
    const request = await asks(18)
    const page = await atCarls.get(at(requestActPath('ncwb', request.number, 'approve')))
    const extra = {
      ...granting,
      state: 'active',
      accountId: await idOf(signOn, filer(0).number),
      courtId: 'ncwd',
      actions: 'file',
      kind: 'revoke',
      holdsFrom: '2020-01-01',
      version: page.form('approve-form').fields['version'],
      sinceOn: '2001-01-01',
    }
    const sent = await atCarls.submit(page.form('approve-form'), extra as Record<string, string>)
    await atCarls.followWhile(sent, isOurs)
    const right = await rightOf(18)
    expect(right).toMatchObject({ state: 'active', role: 'attorney' })
    expect(right?.sinceOn).not.toBe('2001-01-01')
    const { db } = signOn.services
    expect(
      await findRight(db, await idOf(signOn, filer(18).number), 'ncwd' as CourtId),
    ).toBeUndefined()
    const wrong = await asks(19)
    const other = await atCarls.get(at(requestActPath('ncwb', wrong.number, 'approve')))
    for (const role of ['clerk', 'trustee', 'admin']) {
      const refusedRole = await atCarls.submit(other.form('approve-form'), { ...granting, role })
      expect(refusedRole.status).toBeGreaterThan(400)
    }
    expect(await rightOf(19)).toBeUndefined()
  })
})
