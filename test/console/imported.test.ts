import { describe, expect, vi } from 'vitest'
import { findImportedByLogin } from '../../src/efiling/imported/store.ts'
import type { CourtId } from '../../src/ids.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { multipart } from '../support/multipart.ts'
import { jane } from '../support/people.ts'
import { wordsOf } from '../support/registration.ts'
import { cleo, mona, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const path = '/staff/courts/ncwb/accounts'
const head =
  'login,name,email,bar_number,role,status,admitted,admitted_until,actions,last_day,password_hash'
const hash = '$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm'
const good = [
  head,
  `jdoe,"Doe, Jane",jane@example.com,NC 1,attorney,active,yes,2030-01-31,file receive-notices,,${hash}`,
  'rroe,"=HYPERLINK(""x"")",,@SUM,attorney,suspended,no,,file,2030-12-31,',
].join('\n')

const test = kit()
  .override('people', [jane, mona, cleo])
  .extend('desk', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend('clerks', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend(
    'send',
    ({ at }) =>
      async (browser: HttpClient, page: HttpResponse, text: string, name = 'accounts.csv') => {
        const { file: _, ...fields } = page.form('import-form').fields
        const bytes = Buffer.from(text)
        const { type, body } = multipart(fields, { name, bytes, type: 'text/csv' })
        const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' }
        return browser.send('POST', at(`${path}/import`), headers, body)
      },
  )

describe('the accounts of a court’s old system', () => {
  test('are checked by the manager of the court, and imported where the same file comes again', async ({
    desk,
    at,
    send,
    audited,
    signOn,
  }) => {
    const none = await desk.get(at(path))
    expect(wordsOf(none)).toContain('None was imported yet.')
    expect((await desk.get(at('/staff/courts/ncwb'))).text).toContain(`href="${path}"`)

    const form = await desk.get(at(`${path}/import`))
    const wrong = await send(desk, form, `${good}\nJDOE,J,nobody,,judge,active,no,,file,,`)
    expect(wrong.status).toBe(422)
    const said = wordsOf(wrong)
    for (const words of [
      'Nothing was imported 2 things are wrong in the file.',
      '4 email: is no address like name@example.com',
      '4 role: is none of attorney',
    ]) {
      expect(said).toContain(words)
    }
    expect(wrong.form('import-form').fields['digest']).toBeUndefined()

    const checked = await send(desk, wrong, good, 'C:\\court\\old accounts.csv')
    expect(checked.status).toBe(200)
    expect(wordsOf(checked)).toContain('old accounts.csv The file has 2 accounts, in UTF-8.')
    expect(wordsOf(checked)).toContain('It would import: 2 new.')
    expect(wordsOf(await desk.get(at(path)))).toContain('None was imported yet.')

    const other = await send(desk, checked, good.replace('rroe', 'rroe2'))
    expect(other.status).toBe(422)
    expect(wordsOf(other)).toContain('This is another file than the one that was checked')
    const done = await send(desk, checked, good)
    expect([done.status, done.headers['location']]).toEqual([303, path])
    const list = wordsOf(await desk.get(at(path)))
    expect(list).toContain('2 accounts of the old CM/ECF')
    expect(list).toMatch(/accounts\.csv : 2 new, 0 changed, of 2 .*, by Mona Manager/)
    const [event] = await audited('account.imported')
    expect(event).toMatchObject({ courtId: 'ncwb', accountId: null, detail: { added: 2 } })
    const again = await send(desk, form, good)
    expect(wordsOf(again)).toContain('It would change nothing: 2 as they are.')
    // Whose right names it by now is told with its line, and left.
    const held = { court: 'ncwb', status: 'active', role: 'attorney', filer_id: 'JDOE' } as const
    await signOn.apply({ accounts: [{ ...jane, standings: [{ ...held, actions: ['file'] }] }] })
    const taken = await send(desk, form, good.replace('NC 1', 'NC 2'))
    expect(wordsOf(taken)).toContain('2 jdoe was linked, or decided about, since')
  })

  test('are read by its clerk: searched, one by one, and as a file without a hash or a formula', async ({
    clerks,
    at,
    signOn,
    audited,
  }) => {
    const list = await clerks.get(at(path))
    expect(wordsOf(list)).toContain('The manager of the court imports them.')
    expect(list.text).not.toContain(`${path}/import`)
    expect((await clerks.get(at(`${path}/import`))).status).toBe(403)
    const found = await clerks.get(at(`${path}?q=nc+1`))
    expect(found.text).toContain('>jdoe<')
    expect(found.text).not.toContain('>rroe<')
    expect(wordsOf(await clerks.get(at(`${path}?after=jdoe`)))).toContain('rroe')
    expect(wordsOf(await clerks.get(at(`${path}?q=nobody`)))).toContain('None has that login')

    const account = (await findImportedByLogin(signOn.services.db, ncwb, 'jdoe'))!
    const one = await clerks.get(at(`${path}/${account.id}`))
    const words = wordsOf(one)
    for (const fact of [
      'Doe, Jane',
      'Yes, until January 31, 2030',
      'Can be checked here',
      'NC 1',
    ]) {
      expect(words).toContain(fact)
    }
    expect(words).toContain('Nobody has linked it.')
    expect(one.text).toContain(`href="/staff/courts/ncwb/links/accounts/${account.id}"`)
    for (const nobody of [account.id.replace(/^./, '0').replace(/.$/, '0'), 'x']) {
      expect((await clerks.get(at(`${path}/${nobody}`))).status).toBe(404)
    }
    expect((await clerks.get(at(`/staff/courts/ncwd/accounts/${account.id}`))).status).toBe(404)

    const file = await clerks.get(at(`${path}/export`))
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(file.headers['content-disposition']).toBe('attachment; filename="ncwb-accounts.csv"')
    expect(file.text.replace(/^\uFEFF/, '').split('\r\n')).toEqual([
      head.replace(',password_hash', ''),
      'jdoe,"Doe, Jane",jane@example.com,NC 1,attorney,active,yes,2030-01-31,file receive-notices,',
      `rroe,"'=HYPERLINK(""x"")",,'@SUM,attorney,suspended,no,,file,2030-12-31`,
      '',
    ])
    expect(await audited('court.accounts-exported')).toMatchObject([
      { courtId: 'ncwb', actorKind: 'account', accountId: null },
    ])
    for (const text of [list.text, one.text, file.text]) expect(text).not.toContain('$2b$')
  })

  test('are exported as a file that can be sent again, and changes nothing', async ({
    desk,
    at,
    send,
  }) => {
    const file = await desk.get(at(`${path}/export`))
    expect(file.text).toContain("'=HYPERLINK")
    const checked = await send(desk, await desk.get(at(`${path}/import`)), file.text)
    expect(wordsOf(checked)).toContain('It would change nothing')
  })

  test('are nobody’s business who does not work at the court', async ({ browser, at, desk }) => {
    expect((await browser.get(at(path))).status).toBe(303)
    for (const page of ['', '/import', '/export']) {
      expect((await desk.get(at(`/staff/courts/ncwd/accounts${page}`))).status).toBe(404)
    }
  })

  test('are imported in a sign-in of a moment ago alone', async ({ desk, at, send }) => {
    const form = await desk.get(at(`${path}/import`))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const asked = await desk.get(at(`${path}/import`))
    expect([asked.status, asked.location]).toEqual([303, expect.stringContaining('max_age=300')])
    const sent = await send(desk, form, good)
    expect([sent.status, sent.headers['location']]).toEqual([303, `${path}/import`])
    expect((await desk.get(at(path))).status).toBe(200)
  })
})
