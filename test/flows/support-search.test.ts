import { describe, expect } from 'vitest'
import { foldedNameSql } from '../../src/accounts/folded-name.ts'
import { selectTwins } from '../../src/accounts/twins.ts'
import { searchAccountsStatement } from '../../src/console/support/store.ts'
import { ok } from '../../src/outcome.ts'
import { paths } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { openAs, sam } from '../support/staff.ts'

const clerk = {
  ...nora,
  number: '7300002',
  username: 'carl-of-the-court',
  staff_roles: [{ role: 'clerk', court: 'ncwd' }],
}
const smiths = Array.from({ length: 22 }, (_, index) => ({
  ...nora,
  number: String(7_310_000 + index),
  username: `smith-number-${index}`,
  password: undefined,
  given_name: index % 2 ? 'Ann Mary' : 'Bert',
  family_name: 'Smith',
  email: `smith-${index}@example.com`,
}))

const test = kit()
  .override('people', [jane, nora, sam, clerk, ...smiths])
  .extend('find', ({ browser, at, signOn }) => async (typed: string) => {
    await openAs(signOn, browser, sam.username, paths.support)
    const page = await browser.get(at(paths.support))
    return browser.submit(page.form('find-form'), { find: typed })
  })

describe('/staff', () => {
  test('lists to each what that person may do', async ({ signOn, browser, openBrowser }) => {
    const supporter = await openAs(signOn, browser, sam.username, paths.staff)
    expect(supporter.status).toBe(200)
    expect(supporter.text).toContain('PACER Service Center, for all courts')
    expect(supporter.text).toContain(`href="${paths.support}"`)
    const atCourt = await openAs(signOn, openBrowser(), clerk.username, paths.staff)
    // The pages of the court, since there are some.
    expect(atCourt.text).toContain('href="/staff/courts/ncwd"')
    expect(atCourt.text).not.toContain(`href="${paths.support}"`)
  })

  test('stays closed to who is no staff, and support to who is staff of something else', async ({
    signOn,
    browser,
    openBrowser,
  }) => {
    expect((await openAs(signOn, browser, nora.username, paths.staff)).status).toBe(403)
    const atCourt = openBrowser()
    const page = await openAs(signOn, atCourt, clerk.username, `${paths.support}?find=Doe`)
    expect(page.status).toBe(403)
    expect(page.text).not.toContain(jane.number)
  })
})

describe('/staff/support', () => {
  test.for([
    [jane.number],
    [jane.username.toUpperCase()],
    ['jane.doe+court@example.com'],
    ['Doe'],
    ['jane doe'],
    ['Doe, J'],
  ])('finds an account by “%s”, and says who it is', async ([typed], { find }) => {
    const page = await find(typed!)
    expect(page.status).toBe(200)
    expect(page.text).toContain(`/staff/support/accounts/${jane.number}"`)
    expect(page.text).toContain('jane.doe<wbr>@example.com')
    expect(page.text).not.toContain(nora.number)
  })

  test('finds by a username that its account had once', async ({ find, signOn }) => {
    await signOn.apply({ accounts: [{ number: nora.number, username: 'nora-of-now' }] })
    expect((await find('nora-nowhere')).text).toContain('nora-of-now')
    await signOn.apply({ accounts: [{ number: nora.number, username: nora.username }] })
  })

  test('shows many a page at a time', async ({ find, browser, at }) => {
    const first = await find('Smith')
    expect(first.text.match(/smith-number-\d+/g)).toHaveLength(20)
    const more = /id="more" href="([^"]+)"/.exec(first.text)![1]!.replaceAll('&amp;', '&')
    const second = await browser.get(at(more))
    expect(second.text.match(/smith-number-\d+/g)).toEqual(['smith-number-20', 'smith-number-21'])
    expect(second.text).not.toContain('id="more"')
  })

  test('says so where nobody is found, and what is missing where nothing was typed', async ({
    find,
    browser,
    at,
  }) => {
    expect((await find('Nobody')).text).toContain('No account was found')
    const empty = await browser.get(at(`${paths.support}?find=`))
    expect([empty.status, empty.text.includes('Enter an account number')]).toEqual([422, true])
    const long = await browser.get(at(`${paths.support}?find=${'x'.repeat(255)}`))
    expect(long.status).toBe(422)
  })

  test('records every search with what was shown, and not what was typed', async ({
    find,
    audited,
    signOn,
  }) => {
    await find('Doe')
    const [event, ...others] = await audited('support.searched')
    expect(others).toEqual([])
    const { db } = signOn.services
    const { id } = await db.prisma.account.findUniqueOrThrow({ where: { number: jane.number } })
    expect(event).toMatchObject({ actorKind: 'account', detail: { accounts: [id] } })
    expect(JSON.stringify(event?.detail)).not.toMatch(/doe/i)
  })

  test('of twins counts a name in any spelling as one, by an index', async ({ signOn }) => {
    const { db } = signOn.services
    const pairs = [
      ["O'Brien", 'O’Brien', true],
      ['O`Brien', 'Oʼbrien', true],
      ['Smith-Jones', 'smith jones', true],
      ['Nuñez', 'NUN\u0303EZ', true],
      ['Nuñez', 'Nunez', true],
      ['Ｄｏｅ', 'Doe', true],
      ['Ångström', 'Angstrom', true],
      ['Doe', 'Dое', false],
      ['Doe', 'Roe', false],
      ['Łuk', 'Muk', false],
      ['Иванов', 'Петров', false],
    ] as const
    const text = `SELECT ${foldedNameSql('$1::text')} = ${foldedNameSql('$2::text')} AS same`
    for (const [one, other, same] of pairs) {
      const found = await db.query({ name: 'test-fold', text }, [one, other])
      expect(found, `${one} ${other}`).toEqual([{ same }])
    }
    const plan = await inTransaction(db, async (tx) => {
      await tx.query({ name: 'no-seqscan', text: 'SET LOCAL enable_seqscan = off' }, [])
      const explain = { name: 'explain-twins', text: `EXPLAIN ${selectTwins.text}` }
      const rows = await tx.query<{ 'QUERY PLAN': string }>(explain, ['Doe', 'J', 'm', 'a@b.c'])
      return ok(rows.map((row) => row['QUERY PLAN']).join('\n'))
    })
    expect(plan.ok && plan.value).toContain('accounts_folded_name_idx')
  })

  test('reads an index for each way to find', async ({ signOn }) => {
    const { db } = signOn.services
    const { name, text } = searchAccountsStatement
    const plan = await inTransaction(db, async (tx) => {
      await tx.query({ name: 'no-seqscan', text: 'SET LOCAL enable_seqscan = off' }, [])
      const explain = { name: `explain-${name}`, text: `EXPLAIN ${text}` }
      const values = ['1', 'a', 'a@b.c', ['Doe'], ['J'], '', 21]
      const rows = await tx.query<{ 'QUERY PLAN': string }>(explain, values)
      return ok(rows.map((row) => row['QUERY PLAN']).join('\n'))
    })
    for (const index of [
      'accounts_number_key',
      'usernames_pkey',
      'accounts_plain_email_idx',
      'accounts_name_idx',
    ]) {
      expect(plan.ok && plan.value).toContain(index)
    }
  })
})
