import { describe, expect, vi } from 'vitest'
import { byAccount } from '../../src/audit/by.ts'
import { importedAccountPath } from '../../src/console/imported/imported-paths.ts'
import {
  correctLinkPath,
  courtLinkPath,
  courtLinksPath,
  joinAccountPath,
  linkActPath,
  linkRequestPath,
} from '../../src/console/links/link-paths.ts'
import { linksStatement } from '../../src/console/links/store.ts'
import { personPath } from '../../src/console/people/people-paths.ts'
import { courtRequestPath } from '../../src/console/requests/request-paths.ts'
import { decideRight } from '../../src/efiling/decide-right.ts'
import { contestLink } from '../../src/efiling/linking/contest-link.ts'
import type { LinkReader } from '../../src/efiling/linking/link.ts'
import { listLinksOf } from '../../src/efiling/linking/link-store.ts'
import {
  importedAlikesStatement,
  listImportedAlikes,
} from '../../src/efiling/requests/imported-alikes.ts'
import { ownQuestions } from '../../src/efiling/requests/request.ts'
import { findRight } from '../../src/efiling/right-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { refused } from '../../src/outcome.ts'
import { paths } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { idOf, sendRequest } from '../support/filing-requests.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { addImported } from '../support/imported.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { readsOf } from '../support/query-plan.ts'
import { cleo, mona, openAs, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
/** Works at another court. */
const dora = {
  ...cleo,
  number: '7300029',
  username: 'dora-of-ncwd',
  family_name: 'District',
  staff_roles: [{ role: 'clerk', court: 'ncwd' }],
}
/** Each test has its own people. */
const filer = (n: number) => ({
  ...nora,
  number: String(7_530_000 + n),
  user_type: 'attorney',
  username: `linker-number-${n}`,
  given_name: 'Lena',
  family_name: `Linker${n}`,
  email: `links-${n}@example.com`,
  email_verified: true,
})
const filers = Array.from({ length: 12 }, (_, n) => filer(n))
const old = (n: number, more: object = {}) => ({
  login: `old-${n}`,
  name: `Linker${n}, Lena M.`,
  email: `old-${n}@firm.example`,
  ...more,
})

const heading = ({ text }: HttpResponse) => decodeEntities(/<h1[^>]*>([^<]*)/.exec(text)?.[1] ?? '')
const problemIn = ({ text }: HttpResponse) =>
  decodeEntities(/id="problem-text">([^<]*)/.exec(text)?.[1] ?? '')
/** Mails that were queued one after the other are sent in any order. */
const textsOf = (mails: readonly { text: string }[]) => mails.map(({ text }) => text).join()
const why = 'She showed her bar card at the counter'

const test = kit()
  .override('people', [cleo, mona, dora, ...filers])
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend(
    'imports',
    ({ signOn }) =>
      (n: number, more: object = {}) =>
        addImported(signOn.services.db, ncwb, old(n, more)),
  )
  .extend('rightOf', ({ signOn }) => async (n: number) => {
    return findRight(signOn.services.db, await idOf(signOn, filer(n).number), ncwb)
  })
  .extend('linksOf', ({ signOn }) => async (n: number) => {
    return listLinksOf(signOn.services.db, await idOf(signOn, filer(n).number))
  })
  /** Cleo finds a person for an account of the old system and links the two. */
  .extend(
    'join',
    ({ at, isOurs, atCleos }) =>
      async (importedId: string, person: { number: string; family_name: string }, typed = {}) => {
        const page = await atCleos.get(at(joinAccountPath('ncwb', importedId)))
        const names = { number: person.number, familyName: person.family_name }
        const found = await atCleos.submit(page.form('find-person-form'), names)
        const both = await atCleos.followWhile(found, isOurs)
        if (!both.forms().some(({ id }) => id === 'join-form')) return both
        const sent = await atCleos.submit(both.form('join-form'), { reason: why, ...typed })
        return atCleos.followWhile(sent, isOurs)
      },
  )
  .extend('contest', ({ signOn }) => async (linkId: string, reader: LinkReader) => {
    const about = { linkId, reader, origin: {} }
    await inTransaction(signOn.services.db, (tx) => contestLink(tx, about))
  })

describe('a clerk', () => {
  test('links an account of the old system to a person who was found by number and name', async ({
    imports,
    join,
    at,
    atCleos,
    rightOf,
    audited,
    inbox,
  }) => {
    const importedId = await imports(0, { admittedUntil: '2031-12-31', barNumber: 'NC 12' })
    const nobody = await join(importedId, { number: filer(0).number, family_name: 'Other' })
    expect([nobody.status, problemIn(nobody)]).toEqual([
      422,
      expect.stringContaining('No account has this number and this last name'),
    ])
    expect(nobody.text).not.toContain(filer(0).email)
    const page = await join(importedId, filer(0), { reason: '' })
    expect([page.status, page.text.includes('Enter why')]).toEqual([422, true])
    expect(page.text).toContain(filer(0).email)
    expect(page.text).toContain('old-0@firm.example')
    expect(page.text).not.toContain('id="names-differ"')
    const done = await join(importedId, filer(0))
    expect([done.status, heading(done)]).toEqual([200, 'old-0 and Lena Linker0'])
    expect(done.text).toContain('>Cleo Clerk<')
    expect(done.text).toContain(why)
    expect(await rightOf(0)).toMatchObject({
      state: 'active',
      filerId: 'old-0',
      isAdmitted: true,
      admittedUntil: '2031-12-31',
    })
    expect(await audited('account.linked')).toMatchObject([
      { courtId: 'ncwb', detail: { way: 'clerk', namesDiffer: false } },
    ])
    expect(textsOf(await inbox(filer(0).email))).toContain(why)
    expect(await inbox('old-0@firm.example')).toHaveLength(1)
    for (const query of [filer(0).number, 'OLD-0']) {
      const found = await atCleos.get(at(`${courtLinksPath('ncwb')}?q=${query}`))
      expect([query, found.text.includes('Lena Linker0')]).toEqual([query, true])
    }
    const none = await atCleos.get(at(`${courtLinksPath('ncwb')}?q=old`))
    expect(none.text).toContain('id="no-links"')
  })

  test('says a second time that it is one person where the names differ, and loses nothing', async ({
    imports,
    join,
    atCleos,
    isOurs,
    linksOf,
  }) => {
    const importedId = await imports(1, { name: 'Marie Maiden' })
    const asked = await join(importedId, filer(1))
    expect([asked.status, asked.text.includes('id="names-differ"')]).toEqual([422, true])
    expect(asked.text).toContain('Marie Maiden in the old system, and Lena Linker1')
    expect(asked.form('join-form').fields['reason']).toBe(why)
    const sent = await atCleos.submit(asked.form('join-form'), { onePerson: 'yes' })
    expect((await atCleos.followWhile(sent, isOurs)).text).toContain('Different; whoever linked')
    expect(await linksOf(1)).toMatchObject([{ way: 'clerk', namesDiffer: true }])
  })

  test('is told why not: taken, linked already, not in use, and nobody links oneself', async ({
    imports,
    join,
    signOn,
    rightOf,
  }) => {
    const taken = await imports(2)
    await join(taken, filer(2))
    const again = await join(taken, filer(3))
    expect([again.status, problemIn(again)]).toEqual([
      409,
      expect.stringContaining('Somebody has this CM/ECF account'),
    ])
    expect(again.text).not.toContain(filer(2).number)
    const second = await join(await imports(102), filer(2))
    expect(problemIn(second)).toContain('has a link at your court already')
    const unused = await join(await imports(103, { status: 'inactive' }), filer(3))
    expect(problemIn(unused)).toContain('was not in use')
    const own = await imports(104, { name: 'Cleo Clerk' })
    const mine = await join(own, cleo)
    expect([mine.status, problemIn(mine)]).toEqual([
      403,
      expect.stringContaining('a colleague at your court decides'),
    ])
    // A namesake with the same bar number may be who looks at it: the clerk is told so.
    const { prisma } = signOn.services.db
    const namesake = { barNumbers: [{ state: 'NC', number: 'C-1' }], familyName: 'Clerk' }
    for (const { number } of [cleo, filer(3)]) {
      await prisma.account.update({ where: { number }, data: { ...namesake, givenName: 'Cleo' } })
    }
    const alike = await join(own, { number: filer(3).number, family_name: 'Clerk' }, { reason: '' })
    expect([alike.status, alike.text.includes('id="like-own"')]).toEqual([422, true])
    const legacy = { ...filer(90), username: 'legacy', user_type: 'attorney' }
    await signOn.apply({ accounts: [{ ...legacy, upgraded: false }] })
    const none = await join(await imports(105, { name: 'Lena Linker90' }), legacy)
    expect(problemIn(none)).toContain('upgrades it first')
    expect(await rightOf(3)).toBeUndefined()
  })

  test('sees first what is disputed, and lets it stand, with a reason', async ({
    signOn,
    imports,
    join,
    contest,
    linksOf,
    rightOf,
    at,
    atCleos,
    atMonas,
    isOurs,
    audited,
    inbox,
  }) => {
    await join(await imports(4), filer(4))
    const [link] = await linksOf(4)
    const { accountId, courtId, linkedBy } = link!
    const holdsFrom = new Date(Date.now() + 7 * 24 * 3600_000)
    const decision = { kind: 'suspend', reason: 'discipline', holdsFrom } as const
    const planned = await inTransaction(signOn.services.db, (tx) =>
      decideRight(tx, { accountId, courtId, decision, by: byAccount(linkedBy, {}) }),
    )
    expect(planned.ok).toBe(true)
    await contest(link!.id, 'old-address')
    expect(await rightOf(4)).toMatchObject({ state: 'suspended' })
    const start = await atCleos.get(at(paths.staff))
    expect(start.text).toContain('1 link that somebody says is wrong waits for the clerk')
    const list = await atCleos.get(at(courtLinksPath('ncwb')))
    const disputed = decodeEntities(list.text.split('id="contested"')[1]?.split('</ul>')[0] ?? '')
    for (const said of ['old-4', filer(4).number, 'Whoever reads the e-mail address of the old']) {
      expect(disputed).toContain(said)
    }
    const person = await atCleos.get(at(personPath('ncwb', filer(4).number)))
    expect(person.text).toContain(`href="${courtLinkPath('ncwb', link!.id)}"`)
    expect(person.text).toContain('whoever reads the e-mail address of the old account')
    expect(person.text).not.toContain('the operator of this service')
    const path = at(linkActPath('ncwb', link!.id, 'settle'))
    const [page, hers] = [await atCleos.get(path), await atMonas.get(path)]
    // What comes of it for the right, and what does not.
    expect(page.text).toContain('The right that was stopped comes back at once')
    const ahead = 'Your court had decided ahead: The right was suspended'
    expect(page.text).toContain(ahead)
    const empty = await atCleos.submit(page.form('act-form'), { reason: ' ' })
    expect([empty.status, empty.text.includes('Enter why')]).toEqual([422, true])
    const sent = await atCleos.submit(page.form('act-form'), { reason: 'Both were called' })
    const done = await atCleos.followWhile(sent, isOurs)
    expect(done.text).toContain('Both were called')
    expect(done.text).toContain('>Linked<')
    expect(done.text).toContain(ahead)
    expect(await rightOf(4)).toMatchObject({ state: 'active', filerId: 'old-4' })
    expect(await audited('link.confirmed')).toHaveLength(1)
    expect(textsOf(await inbox(filer(4).email))).toContain('Both were called')
    // A colleague who comes second is told so, and changes nothing.
    const late = await atMonas.submit(hers.form('act-form'), { reason: 'Mine' })
    expect([late.status, problemIn(late)]).toEqual([
      409,
      expect.stringContaining('a colleague was faster'),
    ])
    expect((await atCleos.get(at(paths.staff))).text).not.toContain('somebody says is wrong')
  })

  test('undoes a link: the right ends at once, and both sides can be linked again', async ({
    imports,
    join,
    linksOf,
    rightOf,
    at,
    atCleos,
    isOurs,
    audited,
  }) => {
    const importedId = await imports(5, { name: 'Lena Linker6' })
    await join(importedId, filer(5), { onePerson: 'yes' })
    const [link] = await linksOf(5)
    const page = await atCleos.get(at(linkActPath('ncwb', link!.id, 'undo')))
    const twenty = await Promise.all(
      Array.from({ length: 20 }, () => atCleos.submit(page.form('act-form'), { reason: why })),
    )
    const statuses = twenty.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    const undone = await atCleos.get(at(courtLinkPath('ncwb', link!.id)))
    expect(undone.text).toContain('>Undone<')
    expect(undone.text).not.toContain('id="act-undo"')
    expect(undone.text).toContain(`id="act-join" href="${joinAccountPath('ncwb', importedId)}"`)
    const imported = await atCleos.get(at(importedAccountPath('ncwb', importedId)))
    expect(imported.text).toContain(`href="${joinAccountPath('ncwb', importedId)}"`)
    expect(await rightOf(5)).toMatchObject({ state: 'none', filerId: null })
    expect(await audited('account.unlinked')).toHaveLength(1)
    const again = await join(importedId, filer(6))
    expect(heading(again)).toBe('old-5 and Lena Linker6')
    expect(isOurs(new URL(again.url))).toBe(true)
  })

  test('corrects a link in one: to another person, and to another account', async ({
    imports,
    join,
    linksOf,
    rightOf,
    at,
    atCleos,
    isOurs,
  }) => {
    await join(await imports(7), filer(8), { onePerson: 'yes' })
    const [wrong] = await linksOf(8)
    const path = at(correctLinkPath('ncwb', wrong!.id))
    const page = await atCleos.get(path)
    const found = await atCleos.submit(page.form('find-person-form'), {
      number: filer(7).number,
      familyName: filer(7).family_name,
    })
    const both = await atCleos.followWhile(found, isOurs)
    expect(both.text).toContain('account number 7530008, is undone')
    const sent = await atCleos.submit(both.form('join-form'), { reason: why })
    const done = await atCleos.followWhile(sent, isOurs)
    expect(heading(done)).toBe('old-7 and Lena Linker7')
    expect(await rightOf(7)).toMatchObject({ state: 'active', filerId: 'old-7' })
    expect(await rightOf(8)).toMatchObject({ state: 'none' })

    // What cannot be linked undoes nothing.
    const [right] = await linksOf(7)
    const unused = await imports(107, { status: 'inactive', name: 'Lena Linker7' })
    const account = await atCleos.get(at(correctLinkPath('ncwb', right!.id)))
    const unknown = await atCleos.submit(account.form('find-account-form'), { login: 'nobody' })
    expect([unknown.status, unknown.text.includes('has imported no account')]).toEqual([422, true])
    const seen = await atCleos.followWhile(
      await atCleos.submit(account.form('find-account-form'), { login: 'Old-107' }),
      isOurs,
    )
    expect(seen.url).toContain(unused)
    const kept = await atCleos.submit(seen.form('join-form'), { reason: why })
    expect([kept.status, problemIn(kept)]).toEqual([409, expect.stringContaining('not in use')])
    expect(await rightOf(7)).toMatchObject({ state: 'active', filerId: 'old-7' })
    const other = await imports(207, { name: 'Lena Linker7' })
    const next = await atCleos.get(at(correctLinkPath('ncwb', right!.id, { account: other })))
    await atCleos.submit(next.form('join-form'), { reason: why })
    expect(await rightOf(7)).toMatchObject({ state: 'active', filerId: 'old-207' })
    expect((await linksOf(7)).map(({ endedAt }) => endedAt !== null)).toEqual([true, false])
  })

  test('links the account from before beside a request, which ends as approved by it', async ({
    imports,
    signOn,
    at,
    atCleos,
    isOurs,
    rightOf,
    audited,
  }) => {
    const { db } = signOn.services
    await db.prisma.account.update({
      where: { number: filer(9).number },
      data: { barNumbers: [{ state: 'NC', number: 'A-990' }] },
    })
    const importedId = await imports(9, { barNumber: 'A-990', name: 'Linker9, Lena' })
    await imports(109, { name: 'Somebody Else' })
    const request = await sendRequest(
      signOn,
      { number: filer(9).number, court: 'ncwb' },
      { answers: [{ question: ownQuestions.oldLogin, label: 'Login', value: 'OLD-109' }] },
    )
    const page = await atCleos.get(at(courtRequestPath('ncwb', request.number)))
    const alike = decodeEntities(page.text.split('id="imported"')[1]?.split('</section>')[0] ?? '')
    expect(alike).toContain('Login that the filer named')
    expect(alike).toContain('Bar number, name')
    expect(page.text).toContain('links it, with the old password')
    const both = await atCleos.get(at(linkRequestPath('ncwb', request.number, importedId)))
    const twenty = await Promise.all(
      Array.from({ length: 20 }, () => atCleos.submit(both.form('join-form'), { reason: why })),
    )
    const statuses = twenty.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    const done = await atCleos.get(at(courtRequestPath('ncwb', request.number)))
    expect(done.text).toContain('>Approved<')
    expect(decodeEntities(done.text)).toContain('the CM/ECF account from before was linked')
    expect(await rightOf(9)).toMatchObject({ state: 'active', filerId: 'old-9' })
    expect(await audited('request.approved')).toHaveLength(1)
    expect(await audited('account.linked')).toHaveLength(1)
    expect(isOurs(new URL(done.url))).toBe(true)
  })

  test('meets nothing of another court, and signs in anew before anything is decided', async ({
    imports,
    join,
    linksOf,
    signOn,
    openBrowser,
    at,
    atCleos,
  }) => {
    const importedId = await imports(10)
    await join(importedId, filer(10))
    const [link] = await linksOf(10)
    const elsewhere = openBrowser()
    await openAs(signOn, elsewhere, dora.username, paths.staff)
    for (const court of ['ncwb', 'ncwd']) {
      for (const path of [
        courtLinkPath(court, link!.id),
        linkActPath(court, link!.id, 'undo'),
        correctLinkPath(court, link!.id),
        joinAccountPath(court, importedId),
      ]) {
        const page = await elsewhere.get(at(path))
        expect([path, page.status, page.text.includes('old-10')]).toEqual([path, 404, false])
      }
    }
    const form = (await atCleos.get(at(linkActPath('ncwb', link!.id, 'undo')))).form('act-form')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    expect((await atCleos.get(at(linkActPath('ncwb', link!.id, 'undo')))).status).toBe(303)
    await atCleos.submit(form, { reason: why })
    vi.useRealTimers()
    expect((await linksOf(10))[0]?.endedAt).toBeNull()
  })

  test('reads a page of the list, and who it may be, by indexes of five thousand', async ({
    signOn,
  }) => {
    const { db } = signOn.services
    const person = await idOf(signOn, filer(11).number)
    const looked = await inTransaction(
      db,
      async (tx) => {
        let runs = 0
        const run = <Row>(text: string, values: readonly unknown[] = []) =>
          tx.query<Row>({ name: `test-links-${runs++}`, text }, values)
        // Nothing of it stays.
        await run(`SELECT set_config('statement_timeout', '0', true),
          set_config('session_replication_role', 'replica', true)`)
        await run(`INSERT INTO imported_accounts (id, court_id, login, login_canonical, name, email,
            email_canonical, bar_number, role, status, is_admitted, actions, import_id, imported_at,
            changed_at)
          SELECT lpad(n::text, 32, '0')::uuid, 'ncmb', 'many-' || n, 'many-' || n,
            'Name' || n || ', Given' || n, 'm-' || n || '@x.example', 'm-' || n || '@x.example',
            'B-' || n, 'attorney', 'active', true, '{file}', 0, now(), now()
          FROM generate_series(1, 5000) n`)
        await run(`INSERT INTO account_links (court_id, imported_id, account_id, way, names_differ,
            linked_at, linked_by)
          SELECT 'ncmb', lpad(n::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, 'password',
            false, now(), lpad(n::text, 32, '0')::uuid FROM generate_series(1, 5000) n`)
        await run(
          `UPDATE accounts SET given_name = 'Given77 A.', family_name = 'Náme77',
            email_canonical = 'm-78@x.example', bar_numbers = '[{"state": "NC", "number": "B-79"}]'
          WHERE id = $1::uuid`,
          [person],
        )
        await run('ANALYZE imported_accounts, account_links')
        const plans: unknown[] = []
        for (const [{ text }, values] of [
          [linksStatement, ['ncmb', '9000000000', 26]],
          [importedAlikesStatement, [person, 'ncmb', 'many-80']],
        ] as const) {
          plans.push(...(await run<unknown>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values)))
        }
        const alikes = await listImportedAlikes(tx, person, 'ncmb' as CourtId, 'Many-80')
        return refused('looked', { plans, logins: alikes.map(({ login }) => login) })
      },
      { milliseconds: 30_000 },
    )
    expect(looked).toMatchObject({ logins: ['many-79', 'many-80', 'many-77', 'many-78'] })
    for (const { name, rows } of readsOf(looked)) expect([name, rows < 60]).toEqual([name, true])
    expect(JSON.stringify(looked)).toContain('imported_accounts_name_words_idx')
  })
})
