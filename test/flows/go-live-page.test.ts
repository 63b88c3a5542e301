import { describe, expect, vi } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import type { GoLiveChange } from '../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import type { CourtId } from '../../src/ids.ts'
import { courtPath } from '../../src/paths.ts'
import { plantImported } from '../support/imported-accounts.ts'
import { kit } from '../support/kit.ts'

const ncwd = 'ncwd' as CourtId
/** Eight o'clock in Charlotte. */
const moment = new Date('2026-12-01T13:00:00Z')
const closedFrom = new Date('2026-11-28T17:00:00Z')
const closes = new Date('2027-03-01T05:00:00Z')

const test = kit()
  .extend('change', ({ signOn }) => async (change: GoLiveChange) => {
    const order = { courtId: ncwd, change, by: byOperator('test') }
    expect(await changeGoLive(signOn.services.db, order)).toMatchObject({ ok: true })
  })
  /** The page of the court and its JSON as somebody gets them at a moment. */
  .extend('seenAt', ({ at, browser }) => async (when: Date) => {
    vi.setSystemTime(when)
    const page = await browser.get(at(courtPath(ncwd)))
    const json = await browser.get(at(courtPath(ncwd)), { accept: 'application/json' })
    return { page: page.text, json: JSON.parse(json.text), life: json.headers['cache-control'] }
  })

describe('the public page of a court', () => {
  test('of which nothing is planned says since when it is live, or that it is, and nothing to do', async ({
    at,
    browser,
  }) => {
    const known = await browser.get(at(courtPath('ncwb')))
    expect(known.text).toContain('Live since October 21, 2019')
    const unknown = await browser.get(at(courtPath('ca5')))
    expect(unknown.text).toMatch(/NextGen CM\/ECF<\/dt><dd>Live</)
    for (const { text } of [known, unknown]) {
      expect(text).not.toContain('id="go-live"')
      expect(text).not.toContain('countdown')
    }
  })

  test('counts down to its moment, says what to do and what is closed, and changes at the second', async ({
    signOn,
    change,
    seenAt,
  }) => {
    const planning = new Date('2026-11-20T12:00:00Z')
    vi.useFakeTimers({ toFake: ['Date'], now: planning })
    await change({ kind: 'set', liveAt: new Date('2099-12-01T13:00:00Z') })
    await change({ kind: 'plan', liveAt: moment, legacyClosesAt: closes })
    // What is planned and not announced is nobody's to read.
    const planned = await seenAt(planning)
    expect(planned.json).toMatchObject({ is_live: false, live_at: null, go_live_on: null })
    expect(planned.page).toContain('Not live yet')
    expect(planned.page).not.toContain('December 1, 2026')
    await change({ kind: 'announce' })
    await change({
      kind: 'change',
      filingClosed: { from: closedFrom, until: moment },
      requestsClosed: { from: new Date('2026-11-21T17:00:00Z'), until: moment },
      emergencyWay: 'Call the clerk <in Charlotte>.',
    })

    const before = await seenAt(new Date('2026-11-26T09:00:00Z'))
    expect(before.page).toContain('December 1, 2026, 8:00 a.m. Eastern time')
    expect(before.page).toContain('data-seconds-left="446400">5 days and 4 hours<')
    expect(before.page).toContain('countdown.js')
    expect(before.page.match(/usa-process-list__item/g)).toHaveLength(4)
    expect(before.page).toContain('Nobody will be able to file electronically here for some time')
    expect(before.page).toContain('In an emergency: Call the clerk &lt;in Charlotte&gt;.')
    expect(before.page).toContain('This court takes no new requests to file')
    expect(before.page).toContain('(866) 851-1605')
    expect(before.json).toMatchObject({
      is_live: false,
      live_at: moment.toISOString(),
      filing_closed_from: closedFrom.toISOString(),
      filing_closed_until: moment.toISOString(),
      requests_closed_until: moment.toISOString(),
      emergency_way: 'Call the clerk <in Charlotte>.',
      links_until: closes.toISOString(),
    })
    expect(before.life).toBe('public, max-age=60')

    const last = await seenAt(new Date(moment.getTime() - 1000))
    expect(last.page).toContain('less than an hour')
    expect(last.page).toContain('Nobody can file electronically here now')
    // What programs keep is not true a second longer than it is.
    expect(last.life).toBe('public, max-age=1')

    const live = await seenAt(moment)
    expect(live.json.is_live).toBe(true)
    expect(live.page).toContain('Live since December 1, 2026, 8:00 a.m. Eastern time')
    expect(live.page).not.toContain('id="go-live"')

    await plantImported(signOn.services.db, ncwd, [{ login: 'anna' }])
    const linking = await seenAt(moment)
    expect(linking.page).toContain('link the two')
    expect(linking.page).toContain('This is possible until March 1, 2027, 12:00 a.m. Eastern time')
    expect((await seenAt(closes)).page).toContain('The clerk can still link your old account')
  })
})
