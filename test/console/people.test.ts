import { describe, expect, vi } from 'vitest'
import { findByNumber } from '../../src/accounts/store.ts'
import { peoplePath, personActPath, personPath } from '../../src/console/people/people-paths.ts'
import { peopleStatement } from '../../src/console/people/store.ts'
import { efilingClaim, findFacts } from '../../src/efiling/facts.ts'
import { listDecisions } from '../../src/efiling/right-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { refused } from '../../src/outcome.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { tokenCalls } from '../faults/token-calls.ts'
import { idClaims, openPage, signInAt } from '../support/court.ts'
import type { FormValues, HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, carla, jane, legacyAccount, nora } from '../support/people.ts'
import { readsOf } from '../support/query-plan.ts'
import { cleo, max, mona, openAs, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

/** Active at ncwb. */
const filer = { ...jane, standings: [active('ncwb', 'jdoe-ncwb'), active('ncwd', 'jdoe-ncwd')] }
/** Has nothing anywhere, and reads mail. */
const newcomer = { ...nora, email_verified: true }
/** Files at ncwd alone. */
const elsewhere = {
  ...nora,
  number: '7000201',
  username: 'elsewhere',
  family_name: 'Elsewhere',
  email: 'elsewhere@example.com',
  standings: [active('ncwd', 'elsewhere-ncwd')],
}
const others = Array.from({ length: 27 }, (_, index) => ({
  number: String(7_001_000 + index),
  user_type: 'attorney',
  username: `zimmer-${index}`,
  given_name: 'Zoe',
  family_name: 'Zimmermann',
  standings: [active('ncwb', `zoe-${index}`)],
}))

const test = kit()
  .override('people', [
    cleo,
    mona,
    max,
    carla,
    filer,
    newcomer,
    elsewhere,
    { ...legacyAccount, standings: [] },
    ...others,
  ])
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  /** Somebody who was found by number and name: the address of the page. */
  .extend('find', ({ at, atCleos }) => async (number: string, familyName: string) => {
    const page = await atCleos.get(at(peoplePath(ncwb)))
    return atCleos.submit(page.form('find-form'), { number, familyName })
  })
  /** Opens the form of an act, and sends it. */
  .extend(
    'decide',
    ({ at, atCleos }) =>
      async (number: string, act: string, values: FormValues, by: HttpClient = atCleos) => {
        const page = await by.get(at(personActPath(ncwb, number, act)))
        return by.submit(page.form('decide-form'), values)
      },
  )
  /** What the court is told now. */
  .extend('told', ({ signOn }) => async (number: string) => {
    const { db } = signOn.services
    const account = (await findByNumber(db, number))!
    const facts = (await findFacts(db, account.id, [ncwb], undefined))!
    return efilingClaim(facts, new Date())[ncwb]!
  })
  .extend('historyOf', ({ signOn }) => async (number: string) => {
    const { db } = signOn.services
    return listDecisions(db, (await findByNumber(db, number))!.id, ncwb)
  })
  .extend(
    'pageOf',
    ({ at, atCleos }) =>
      async (number: string) =>
        (await atCleos.get(at(personPath(ncwb, number)))).text,
  )

describe('the people of a court', () => {
  test('are those who have something there, page by page, and nobody else', async ({
    at,
    atCleos,
  }) => {
    const first = await atCleos.get(at(peoplePath(ncwb)))
    expect(first.text).toContain('jdoe-ncwb')
    expect(first.text.match(/Zimmermann/g)).toHaveLength(24)
    expect(first.text).not.toContain('Elsewhere')
    expect(first.text).not.toContain('Nowhere')
    const second = await atCleos.click(first, 'next-page')
    expect(second.text.match(/Zimmermann/g)).toHaveLength(3)
    expect(second.text).not.toContain('id="next-page"')
  })

  test.for([
    ['doe', ['jdoe-ncwb']],
    ['DÖ', ['jdoe-ncwb']],
    ['JDOE-NCWB', ['jdoe-ncwb']],
    ['zoe-3', ['zoe-3']],
    ['elsewhere', []],
    ['jdoe-ncwd', []],
    ["' OR 1=1 --", []],
  ] as const)(
    'are found by the beginning of the name, or by the CM/ECF account: %s',
    async ([typed, found], { at, atCleos }) => {
      const page = await atCleos.get(at(`${peoplePath(ncwb)}?${new URLSearchParams({ q: typed })}`))
      const listed = [...page.text.matchAll(/data-label="CM\/ECF account">([^<]*)</g)]
      expect(listed.map(([, filerId]) => filerId)).toEqual(found)
    },
  )

  test('are ten thousand, found by the index of their court: only what holds of a page is read', async ({
    signOn,
  }) => {
    const looked = await inTransaction(
      signOn.services.db,
      async (tx) => {
        let runs = 0
        const run = <Row>(text: string, values: readonly unknown[] = []) =>
          tx.query<Row>({ name: `test-people-${runs++}`, text }, values)
        // Nothing of it stays; triggers and other tables have no part in it.
        await run(`SELECT set_config('statement_timeout', '0', true),
          set_config('session_replication_role', 'replica', true)`)
        await run(`INSERT INTO accounts (id, number, username, username_canonical, family_name, type,
            user_type, is_upgraded, search_status, updated_at)
          SELECT lpad(n::text, 32, '0')::uuid, (3000000 + n)::text, 'many-' || n, 'many-' || n,
            'Name' || n % 500, 'individual', 'attorney', true, 'active', now()
          FROM generate_series(1, 10000) n`)
        await run(`INSERT INTO rights (account_id, court_id, filer_id)
          SELECT lpad(n::text, 32, '0')::uuid, 'ncmb', 'many-' || n FROM generate_series(1, 10000) n`)
        await run(`INSERT INTO right_decisions (account_id, court_id, ordinal, version, kind, state,
            holds_from, is_admitted, actions, keeps_notices, decided_by, decided_at)
          SELECT lpad(n::text, 32, '0')::uuid, 'ncmb', o, o, 'apply', 'active', now(), false,
            '{file}', false, NULL, now() FROM generate_series(1, 10000) n, generate_series(1, 2) o`)
        await run('ANALYZE accounts, rights, right_decisions')
        const values = ['ncmb', new Date(), '', '3000077', 26]
        const [row] = await run<{ 'QUERY PLAN': unknown }>(
          `EXPLAIN (ANALYZE, FORMAT JSON) ${peopleStatement.text}`,
          values,
        )
        return refused('looked', { plan: row?.['QUERY PLAN'] })
      },
      { milliseconds: 30_000 },
    )
    const reads = readsOf(looked)
    const rowsOf = (table: string) =>
      reads.filter(({ name }) => name === table).reduce((sum, { rows }) => sum + rows, 0)
    expect(rowsOf('rights')).toBe(10_000)
    expect(rowsOf('right_decisions')).toBe(26)
    const text = JSON.stringify(looked)
    expect(text).toContain('"Sort Space Type":"Memory"')
    expect(text).not.toContain('"Sort Space Type":"Disk"')
  })

  test('are opened by number alone only where they have something there', async ({
    at,
    atCleos,
    browser,
    signOn,
  }) => {
    for (const number of [newcomer.number, elsewhere.number, '7999999', 'x', '0']) {
      const answer = await atCleos.get(at(personPath(ncwb, number)))
      expect([number, answer.status]).toEqual([number, 404])
      expect(answer.text).toContain('Nobody of that number has anything here')
      const form = await atCleos.get(at(personActPath(ncwb, number, 'grant')))
      expect([number, form.status]).toEqual([number, 404])
    }
    expect((await atCleos.get(at(personPath(ncwb, filer.number)))).status).toBe(200)
    // A mark is good for who found, at that court, for that number.
    const atCarlas = browser
    await openAs(signOn, atCarlas, carla.username, '/staff')
    const page = await atCarlas.get(at(peoplePath('ncwd')))
    const found = await atCarlas.submit(page.form('find-form'), {
      number: newcomer.number,
      familyName: 'Nowhere',
    })
    expect((await atCarlas.follow(found)).status).toBe(200)
    const mark = new URL(found.location!).searchParams.get('found')!
    expect((await atCleos.get(at(personPath(ncwb, newcomer.number, mark)))).status).toBe(404)
    expect((await atCarlas.get(at(personPath('ncwd', mona.number, mark)))).status).toBe(404)
    expect((await atCarlas.get(at(personPath(ncwb, filer.number)))).status).toBe(404)
  })

  test('are found by number and name together, recorded, and so often', async ({
    find,
    atCleos,
    audited,
  }) => {
    for (const [number, name] of [
      [newcomer.number, 'Doe'],
      [newcomer.number, ''],
      ['', 'Nowhere'],
      ['7000999', 'Nowhere'],
      [newcomer.number, '%'],
    ] as const) {
      const answer = await find(number, name)
      expect([number, name, answer.status]).toEqual([number, name, 422])
      expect(answer.text).toContain('Nobody was found')
    }
    expect(await audited('court.person-found')).toEqual([])
    const found = await find('700-0001', ' nowhere ')
    expect(found.status).toBe(303)
    const page = await atCleos.follow(found)
    expect(page.text).toContain('Nora Nowhere')
    expect(page.text).toContain('id="act-grant"')
    expect(await audited('court.person-found')).toMatchObject([{ courtId: 'ncwb' }])
  })

  test('are not found by trying out names', async ({ signOn, browser }) => {
    const page = await openAs(signOn, browser, max.username, peoplePath(ncwb))
    const tries = await Promise.all(
      Array.from({ length: 31 }, (_, index) =>
        browser.submit(page.form('find-form'), {
          number: filer.number,
          familyName: `Try ${index}`,
        }),
      ),
    )
    expect(tries.map(({ status }) => status).sort()).toEqual([...Array(30).fill(422), 429])
  })
})

describe('a clerk', () => {
  test('grants, changes, extends, suspends, reinstates, revokes and admits', async ({
    at,
    atMonas,
    decide,
    told,
    pageOf,
    inbox,
    audited,
    historyOf,
  }) => {
    const number = newcomer.number
    const list = await atMonas.get(at(peoplePath(ncwb)))
    const found = await atMonas.submit(list.form('find-form'), { number, familyName: 'Nowhere' })
    const person = await atMonas.follow(found)
    const form = (await atMonas.click(person, 'act-grant')).form('decide-form')
    const granted = await atMonas.submit(form, {
      role: 'trustee',
      grants: 'file',
      filerId: 'nora-ncwb',
      endsOn: '12/31/2031',
      admitted: 'yes',
      admittedUntil: '6/30/2032',
      message: 'Welcome.',
    })
    expect([granted.status, granted.location]).toEqual([303, at(personPath(ncwb, number))])
    expect(await told(number)).toMatchObject({
      status: 'active',
      role: 'trustee',
      actions: ['file', 'receive-notices'],
      filer_id: 'nora-ncwb',
      until: '2031-12-31',
      admitted: true,
      admitted_until: '2032-06-30',
    })
    expect(
      (await decide(number, 'change', { grants: 'notices', role: 'interested-party' })).status,
    ).toBe(303)
    expect(await told(number)).toMatchObject({
      role: 'interested-party',
      actions: ['receive-notices'],
      until: '2031-12-31',
    })
    await decide(number, 'extend', { endsOn: '' })
    expect((await told(number)).until).toBeUndefined()
    await decide(number, 'suspend', { notices: 'stay', reason: 'undeliverable-notices' })
    expect(await told(number)).toMatchObject({ status: 'suspended', actions: ['receive-notices'] })
    await decide(number, 'reinstate', {})
    expect(await told(number)).toMatchObject({ status: 'active', role: 'interested-party' })
    await decide(number, 'suspend', { notices: 'stop', reason: 'discipline' })
    expect(await told(number)).toMatchObject({ status: 'suspended', actions: [] })
    await decide(number, 'revoke', { reason: 'other', message: 'By consent.\nIn chambers.' })
    expect(await told(number)).toMatchObject({ status: 'revoked', actions: [], admitted: true })
    expect((await historyOf(number)).at(-1)).toMatchObject({ filerId: 'nora-ncwb' })
    expect((await decide(number, 'free-filer', {})).status).toBe(303)
    expect((await historyOf(number)).at(-1)).toMatchObject({ state: 'revoked', filerId: null })
    expect(await pageOf(number)).not.toContain('id="act-free-filer"')
    await decide(number, 'end-admission', { reason: 'retired' })
    expect(await told(number)).toMatchObject({ admitted: false })
    await decide(number, 'admit', { admittedUntil: '1/1/2030' })
    expect(await told(number)).toMatchObject({ admitted: true, admitted_until: '2030-01-01' })

    const page = await pageOf(number)
    expect(page).toContain('The CM/ECF account nora-ncwb was taken away.')
    expect(page).toContain('The right was suspended; notices stay.')
    expect(page).toContain('Reason: notices could not be delivered.')
    expect(page).toContain('By consent.\nIn chambers.')
    expect(page).toMatch(/Eastern time, by Mona Manager \(mona-the-manager\)/)
    expect(page).toMatch(/Eastern time, by Cleo Clerk \(cleo-the-clerk\)/)
    expect(await audited('right.decided')).toHaveLength(10)
    expect(await historyOf(number)).toHaveLength(10)
    const mails = await inbox(newcomer.email)
    expect(mails).toHaveLength(10)
    // They are sent side by side.
    expect(mails.filter(({ text }) => text.includes('Welcome.'))).toHaveLength(1)
  })

  test('decides ahead by the clock of the court, and withdraws it', async ({
    decide,
    told,
    pageOf,
    historyOf,
    at,
    atCleos,
  }) => {
    const { number } = others[0]!
    const answer = await decide(number, 'suspend', {
      notices: 'stop',
      reason: 'order-of-the-court',
      when: 'later',
      from: '7/4/2031',
      time: '9:30 a.m.',
    })
    expect(answer.status).toBe(303)
    expect((await historyOf(number)).at(-1)!.holdsFrom).toEqual(new Date('2031-07-04T13:30:00Z'))
    expect(await told(number)).toMatchObject({ status: 'active' })
    const page = await pageOf(number)
    expect(page).toContain('from July 4, 2031, 9:30 a.m. Eastern time on')
    expect(page).not.toContain('id="act-change"')
    expect((await atCleos.get(at(personActPath(ncwb, number, 'change')))).status).toBe(409)
    expect((await decide(number, 'withdraw', { message: 'A mistake.' })).status).toBe(303)
    const after = await pageOf(number)
    expect(after).not.toContain('id="waiting"')
    expect(after).toContain('another decision took its place before it held')
    expect((await historyOf(number)).map(({ kind }) => kind)).toEqual([
      'apply',
      'suspend',
      'withdraw',
    ])
  })

  test('who comes second is told by whom and what holds, and loses nothing', async ({
    at,
    atCleos,
    atMonas,
    told,
    historyOf,
  }) => {
    const { number } = others[1]!
    const late = await atMonas.get(at(personActPath(ncwb, number, 'change')))
    const first = await atCleos.get(at(personActPath(ncwb, number, 'extend')))
    await atCleos.submit(first.form('decide-form'), { endsOn: '12/31/2030' })
    const answer = await atMonas.submit(late.form('decide-form'), {
      role: 'media',
      grants: 'apply',
      filerId: 'typed-by-mona',
      message: 'Kept.',
    })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('Somebody else decided meanwhile')
    expect(answer.text).toContain('set to December 31, 2030, by Cleo Clerk (cleo-the-clerk)')
    expect(await historyOf(number)).toHaveLength(2)
    expect(answer.form('decide-form').fields).toMatchObject({
      role: 'media',
      grants: 'apply',
      filerId: 'typed-by-mona',
      message: 'Kept.',
    })
    expect((await atMonas.submit(answer.form('decide-form'))).status).toBe(303)
    expect(await told(number)).toMatchObject({
      role: 'media',
      actions: ['apply'],
      until: '2030-12-31',
    })
    // What cannot be decided any more is not lost either.
    const suspend = await atMonas.get(at(personActPath(ncwb, number, 'suspend')))
    const again = await atCleos.get(at(personActPath(ncwb, number, 'revoke')))
    await atCleos.submit(again.form('decide-form'), { reason: 'retired' })
    const vain = await atMonas.submit(suspend.form('decide-form'), {
      notices: 'stay',
      reason: 'discipline',
      message: 'Long thought about',
    })
    expect(vain.status).toBe(409)
    expect(vain.text).toContain('The right was ended, by Cleo Clerk')
    expect(vain.text).toContain('You had written: “Long thought about”')
  })

  test('of twenty at once one decides', async ({ at, atCleos, atMonas, historyOf }) => {
    const { number } = others[2]!
    const forms = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const by = index % 2 === 0 ? atCleos : atMonas
        const page = await by.get(at(personActPath(ncwb, number, 'suspend')))
        return { by, form: page.form('decide-form') }
      }),
    )
    const answers = await Promise.all(
      forms.map(({ by, form }) => by.submit(form, { notices: 'stay', reason: 'discipline' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(409)])
    expect(await historyOf(number)).toHaveLength(2)
  })

  test('decides nothing about an account that is, or may be, the own one', async ({
    signOn,
    at,
    atCleos,
    decide,
    historyOf,
  }) => {
    const own = [
      { ...cleo, standings: [active('ncwb', 'cleo-ncwb')] },
      {
        ...cleo,
        number: '7000301',
        username: 'cleo-at-home',
        email: 'cleo+home@example.com',
        staff_roles: [],
        standings: [active('ncwb', 'cleo-home')],
      },
    ]
    await signOn.apply({ accounts: own })
    const form = (await atCleos.get(at(personActPath(ncwb, filer.number, 'revoke')))).form(
      'decide-form',
    )
    for (const { number } of own) {
      const page = await atCleos.get(at(personPath(ncwb, number)))
      expect(page.text).toContain('a colleague at your court decides about it')
      expect(page.text).not.toContain('id="acts-heading"')
      const asked = await atCleos.get(at(personActPath(ncwb, number, 'change')))
      expect(asked.status).toBe(403)
      // A form of another person's page, sent there.
      const posted = await atCleos.post(at(personActPath(ncwb, number, 'revoke')), {
        ...form.fields,
        seen: '1',
        reason: 'retired',
      })
      expect(posted.status).toBe(403)
      expect(await historyOf(number)).toHaveLength(1)
    }
    expect((await decide(filer.number, 'extend', { endsOn: '12/31/2033' })).status).toBe(303)
  })

  test('is told of an account with the own name and bar number, and decides about it all the same', async ({
    signOn,
    at,
    atCleos,
    decide,
  }) => {
    const namesake = {
      ...cleo,
      number: '7000302',
      username: 'cleo-the-daughter',
      email: 'daughter@example.com',
      staff_roles: [],
      standings: [active('ncwb', 'cleo-daughter')],
    }
    await signOn.apply({ accounts: [namesake] })
    const { number } = namesake
    const page = async () => (await atCleos.get(at(personPath(ncwb, number)))).text
    expect(await page()).not.toContain('your bar number')
    for (const [of, bar] of [
      [cleo.number, 'nc-77'],
      [number, 'NC-77'],
    ] as const) {
      await signOn.services.db.prisma.account.update({
        where: { number: of },
        data: { barNumbers: [{ state: 'NC', number: bar }] },
      })
    }
    expect(await page()).toContain(
      'This account has your name, and your bar number or postal address.',
    )
    expect((await decide(number, 'extend', { endsOn: '12/31/2033' })).status).toBe(303)
  })

  test('is asked to sign in again before a right is granted or ended, with nothing lost', async ({
    signOn,
    at,
    openBrowser,
    historyOf,
  }) => {
    const browser = openBrowser()
    const { number } = others[3]!
    await openAs(signOn, browser, max.username, '/staff')
    const open = await browser.get(at(personActPath(ncwb, number, 'revoke')))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const answer = await browser.submit(open.form('decide-form'), {
      reason: 'retired',
      message: 'After a long life',
    })
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('After a long life')
    expect((await browser.get(at(personActPath(ncwb, number, 'revoke')))).status).toBe(303)
    expect((await browser.get(at(personActPath(ncwb, number, 'extend')))).status).toBe(200)
    expect(await historyOf(number)).toHaveLength(1)
  })

  test.for([
    ['change', { filerId: 'jdoe-ncwb' }, 'this one belongs to account number 7123456 here'],
    ['change', { role: 'judge' }, 'Choose the role'],
    ['change', { grants: 'everything' }, 'Choose what is granted'],
    ['change', { filerId: 'x'.repeat(65) }, 'Enter 64 characters at most'],
    ['change', {}, 'All of that holds already'],
    ['extend', { endsOn: '2/30/2031' }, 'Enter the day as month, day and year'],
    // Years that no clock shows, and that no zone has rules for.
    ['extend', { endsOn: '12/31/9999' }, 'Enter the day as month, day and year'],
    [
      'extend',
      { endsOn: '12/31/2031', when: 'later', from: '12/31/9999', time: '8:00 a.m.' },
      'Enter the day as month, day and year',
    ],
    ['extend', { endsOn: '1/1/0001' }, 'Enter the day as month, day and year'],
    ['extend', { endsOn: '12/31/2020' }, 'Enter a day that is not over by then'],
    ['extend', { endsOn: '12/31/2031', when: 'later' }, 'Enter the day from which it holds'],
    [
      'extend',
      { endsOn: '12/31/2031', when: 'later', from: '1/1/2020' },
      'Enter a moment that is ahead',
    ],
    ['extend', { endsOn: '12/31/2031', from: '1/1/2030' }, 'leave the day and the time empty'],
    [
      'extend',
      { endsOn: '12/31/2031', when: 'later', from: '1/1/2030', time: '9' },
      'Enter the time with a.m. or p.m.',
    ],
    ['suspend', { reason: 'discipline' }, 'Choose what becomes of the notices'],
    ['suspend', { notices: 'stay' }, 'Choose the reason'],
    ['suspend', { notices: 'stay', reason: 'toString' }, 'Choose the reason'],
    ['suspend', { notices: 'stay', reason: 'other' }, 'Say in a message what the reason is'],
    [
      'suspend',
      { notices: 'stay', reason: 'died', message: 'x'.repeat(1001) },
      'Enter 1000 characters at most',
    ],
    [
      'suspend',
      { notices: 'stay', reason: 'died', message: '\u202etext' },
      'characters that cannot be seen',
    ],
  ] as const)(
    'is told what is wrong with the form %s %j',
    async ([act, values, words], { decide, historyOf }) => {
      const { number } = others[4]!
      const answer = await decide(number, act, values)
      expect([answer.status >= 400, answer.text.includes(words)]).toEqual([true, true])
      expect(answer.form('decide-form').fields).toMatchObject(
        'endsOn' in values && values.endsOn === '12/31/2031' ? { endsOn: '12/31/2031' } : {},
      )
      expect(await historyOf(number)).toHaveLength(1)
    },
  )

  test('writes nothing that the form of the act does not have, and text stays text', async ({
    decide,
    told,
    pageOf,
    historyOf,
  }) => {
    const { number } = others[5]!
    await decide(number, 'suspend', {
      notices: 'stop',
      reason: 'discipline',
      message: `${hostile} =HYPERLINK("x")`,
      role: 'us-trustee',
      grants: 'file',
      actions: 'file',
      state: 'active',
      admitted: 'no',
      endsOn: '12/31/2031',
      filerId: 'mine',
      decidedBy: cleo.number,
      kind: 'grant',
    })
    expect(await told(number)).toMatchObject({
      status: 'suspended',
      role: 'attorney',
      admitted: true,
    })
    expect((await historyOf(number)).at(-1)).toMatchObject({
      kind: 'suspend',
      filerId: 'zoe-5',
      endsOn: null,
    })
    const page = await pageOf(number)
    expect(page).toContain('&lt;script&gt;window.hacked=1')
    expect(page).not.toContain('<script>window')
    expect(page).not.toContain('<img src=x')
  })

  test('is not offered to give what an account of that kind cannot have', async ({
    find,
    atCleos,
    at,
  }) => {
    const page = await atCleos.follow(await find(legacyAccount.number, 'Gacy'))
    expect(page.text).toContain('A legacy account can search cases, but not file.')
    expect(page.text).not.toContain('id="acts-heading"')
    const grant = page.url.replace('?', '/grant?')
    expect((await atCleos.get(grant)).status).toBe(409)
    expect((await atCleos.get(at(personPath(ncwb, legacyAccount.number)))).status).toBe(404)
  })
})

describe('what a clerk decides', () => {
  test('is told by introspection and userinfo at once, and by a sign-in that is under way', async ({
    signOn,
    court,
    openBrowser,
    decide,
  }) => {
    const client = await court('ncwb')
    const browser = openBrowser()
    const tokens = await client.signIn(browser, filer.username)
    const { url, checks } = await client.authorize()
    const other = openBrowser()
    const asked = await openPage(other, signOn, url)
    const calls = tokenCalls(browser, client)
    const { access_token: token } = tokens
    const introspected = async () => (await calls.introspect(token)).json()
    expect(await introspected()).toMatchObject({ efiling: { ncwb: { status: 'active' } } })
    await decide(filer.number, 'suspend', { notices: 'stay', reason: 'discipline' })
    const suspended = { efiling: { ncwb: { status: 'suspended', actions: ['receive-notices'] } } }
    expect(await introspected()).toMatchObject(suspended)
    expect((await calls.userinfo(token)).json()).toMatchObject(suspended)
    const callback = await signInAt(other, signOn, asked, filer.username)
    expect(idClaims(await client.redeem(callback, checks))).toMatchObject(suspended)
    await decide(filer.number, 'reinstate', {})
    expect(await introspected()).toMatchObject({
      efiling: { ncwb: { status: 'active', actions: ['file', 'receive-notices'] } },
    })
  })
})
