import { describe, expect } from 'vitest'
import { officePath, officesPath } from '../../src/console/court/court-paths.ts'
import { findKeptOffices } from '../../src/courts/office-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { courtPath, paths } from '../../src/paths.ts'
import { sendPassword } from '../support/court.ts'
import type { FormValues } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, jane } from '../support/people.ts'
import { cleo, max, mona, openAs, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

/** Suspended at ncwb, where its clerk can mend it, and active at ncwd. */
const filer = {
  ...jane,
  standings: [active('ncwd', 'jane-ncwd'), active('ncwb', 'jane-ncwb', { status: 'suspended' })],
}

const charlotte = {
  name: 'Charlotte',
  telephone: '704.555.0100 x12',
  hours: 'Monday to Friday, 9 a.m. to 4 p.m.',
  timeZone: 'America/New_York',
}

const test = kit()
  .override('people', [mona, max, cleo, filer])
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend(
    'now',
    ({ signOn }) =>
      async () =>
        (await findKeptOffices(signOn.services.db, ncwb)).offices,
  )
  .extend(
    'send',
    ({ at, atMonas }) =>
      async (office: string, values: FormValues, form = 'office-form') => {
        const page = await atMonas.get(at(officePath(ncwb, office)))
        return atMonas.submit(page.form(form), values)
      },
  )

describe('the offices of a court', () => {
  test('are those of the public directory until its manager names one', async ({
    atMonas,
    at,
    send,
    now,
    audited,
  }) => {
    const before = await atMonas.get(at(officesPath(ncwb)))
    expect(before.text).toContain('(828) 771-7300')
    expect(before.text).toContain('As published on January 10, 2023')
    const answer = await send('new', charlotte)
    expect([answer.status, answer.location]).toEqual([303, at(officesPath(ncwb))])
    expect(await now()).toEqual([
      { id: expect.any(String), ...charlotte, telephone: '(704) 555-0100 ext. 12' },
    ])
    const after = await atMonas.get(at(officesPath(ncwb)))
    expect(after.text).not.toContain('(828) 771-7300')
    expect(after.text).toContain('Monday to Friday, 9 a.m. to 4 p.m., Eastern time')
    expect(after.text).toContain('href="tel:+17045550100;ext=12"')
    expect(after.text).toContain('Mona Manager (mona-the-manager)')
    expect((await audited('court.offices-changed'))[0]).toMatchObject({
      courtId: 'ncwb',
      detail: { version: 1, count: 1 },
    })
  })

  test('stand at every refusal that its clerk can mend, with the number of PACER', async ({
    signOn,
    browser,
    at,
  }) => {
    const account = await openAs(signOn, browser, filer.username, paths.account)
    const suspended = account.text.slice(account.text.indexOf('id="standing-ncwb"'))
    expect(suspended).toContain('(704) 555-0100 ext. 12')
    expect(suspended).toContain('(800) 676-6856')
    // Where nothing is missing, nobody is sent to a clerk.
    expect(account.text).not.toContain('id="clerk-ncwd"')
    const court = await browser.get(at(courtPath(ncwb)))
    expect(court.text).toContain('(704) 555-0100 ext. 12')
    expect(court.text).toContain('100 Otis Street')
    const json = await browser.get(at(courtPath(ncwb)), { accept: 'application/json' })
    expect(json.json()['offices']).toEqual([
      {
        name: 'Charlotte',
        telephone: '(704) 555-0100 ext. 12',
        hours: charlotte.hours,
        time_zone: 'America/New_York',
      },
    ])
  })

  test('stand at the sign-in to a court that is not live', async ({
    signOn,
    court,
    browser,
    isOurs,
  }) => {
    await signOn.apply({
      courts: [
        {
          id: 'bap6',
          offices: [
            { name: 'Cincinnati', telephone: '(513) 555-0123', time_zone: 'America/New_York' },
          ],
        },
      ],
    })
    const { url } = await (await court('bap6')).authorize()
    const asked = await browser.followWhile(await browser.get(url), isOurs)
    const sent = await sendPassword(browser, asked, filer.username)
    const notice = await browser.followWhile(sent, isOurs)
    expect(notice.text).toContain('ask the clerk of this court')
    expect(notice.text).toContain('(513) 555-0123')
  })

  test('are moved, changed and removed without a script', async ({ send, now }) => {
    await send('new', { name: 'Asheville', telephone: '', hours: '', timeZone: 'America/Chicago' })
    const [first, second] = await now()
    expect(second).toMatchObject({ name: 'Asheville', telephone: null, hours: null })
    await send(second!.id, {}, 'up-form')
    await send(second!.id, { hours: 'By appointment' })
    expect((await now()).map(({ name, hours }) => [name, hours])).toEqual([
      ['Asheville', 'By appointment'],
      ['Charlotte', charlotte.hours],
    ])
    await send(first!.id, {}, 'remove-form')
    await send(second!.id, {}, 'remove-form')
    expect(await now()).toEqual([])
  })

  test('are changed by one of two at once: the other is told, and loses nothing', async ({
    signOn,
    atMonas,
    at,
    now,
    onTestFinished,
  }) => {
    const atMaxs = await openDesk(signOn, max.username, onTestFinished)
    const page = await atMaxs.get(at(officePath(ncwb, 'new')))
    const mine = await atMonas.get(at(officePath(ncwb, 'new')))
    await atMonas.submit(mine.form('office-form'), charlotte)
    const late = await atMaxs.submit(page.form('office-form'), {
      ...charlotte,
      name: 'Bryson City',
    })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Somebody else saved meanwhile')
    expect((await atMaxs.submit(late.form('office-form'))).status).toBe(303)
    expect((await now()).map(({ name }) => name)).toEqual(['Charlotte', 'Bryson City'])
  })

  test('take from a form what it asks for, and leave out what else is sent', async ({
    atMonas,
    at,
    now,
  }) => {
    const page = await atMonas.get(at(officePath(ncwb, 'new')))
    const { fields, action } = page.form('office-form')
    const extra = { id: 'mine', court: 'ncwd', courtId: 'ncwd', changedBy: 'nobody', offices: '[]' }
    const headers = { origin: new URL(action).origin, 'sec-fetch-site': 'same-origin' }
    const sent = { ...fields, ...charlotte, name: 'Franklin', ...extra }
    expect((await atMonas.post(action, sent, headers)).status).toBe(303)
    const franklin = (await now()).at(-1)!
    expect(Object.keys(franklin).sort()).toEqual(['hours', 'id', 'name', 'telephone', 'timeZone'])
    expect(franklin.id).toMatch(/^[0-9a-f]{12}$/)
  })

  test('stay text, whatever somebody writes into them', async ({ atMonas, at, send, browser }) => {
    await send('new', { ...charlotte, name: hostile, hours: hostile })
    for (const page of [
      await atMonas.get(at(officesPath(ncwb))),
      await browser.get(at(courtPath(ncwb))),
    ]) {
      expect(page.text).toContain('&lt;script&gt;window.hacked=1')
      expect(page.text).not.toContain('<script>window')
      expect(page.text).not.toContain('<img src=x')
    }
  })

  test.for([
    [{ name: '' }, 'Enter the name of the office'],
    [{ name: 'x'.repeat(101) }, 'Shorten it to 100 characters'],
    [{ telephone: '555-0100' }, 'Check the telephone number'],
    [{ telephone: 'javascript:alert(1)' }, 'Check the telephone number'],
    [{ hours: 'x'.repeat(161) }, 'Shorten it to 160 characters'],
    [{ timeZone: 'Europe/Rome' }, 'Choose the time zone of the office'],
    [{ timeZone: 'toString' }, 'Choose the time zone of the office'],
  ] as const)(
    'are refused at the field, with all that was typed: %$',
    async ([values, words], { send, now }) => {
      const before = await now()
      const answer = await send('new', { ...charlotte, ...values })
      expect([answer.status, answer.text.includes(words)]).toEqual([422, true])
      expect(answer.form('office-form').fields).toMatchObject({ act: 'save' })
      expect(await now()).toEqual(before)
    },
  )
})
