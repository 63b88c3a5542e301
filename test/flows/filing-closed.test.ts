import { expect, vi } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import type { GoLiveChange } from '../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import type { CourtId } from '../../src/ids.ts'
import { accountCourtPath } from '../../src/portal/courts/asking-paths.ts'
import { idClaims, openPage, sendPassword, signInAt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const ncwd = 'ncwd' as CourtId
const hour = 3_600_000
const emergencyWay = 'Call (704) 350-7400.\nSomebody answers.'

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('decide', { scope: 'file' }, ({ signOn }) => async (change: GoLiveChange) => {
    const order = { courtId: ncwd, change, by: byOperator('test') }
    expect(await changeGoLive(signOn.services.db, order)).toMatchObject({ ok: true })
  })
  /** The first page after the password at ncwd. */
  .extend(
    'arrive',
    { scope: 'file' },
    ({ signOn, ncwd, isOurs }) =>
      async (browser: HttpClient, username: string) => {
        const { url } = await ncwd.authorize()
        const sent = await sendPassword(browser, await openPage(browser, signOn, url), username)
        return browser.followWhile(sent, isOurs)
      },
  )

const window = () => ({
  from: new Date(Date.now() - hour),
  until: new Date(Date.now() + 24 * hour),
})

test('while filing is closed a filer signs in, reads until when and what to do, and the court is told no "file"', async ({
  signOn,
  ncwd: court,
  browser,
  openBrowser,
  decide,
  arrive,
  at,
}) => {
  await decide({ kind: 'set', filingClosed: window(), emergencyWay })
  const notice = await arrive(browser, jane.username)
  expect(notice.text).toContain('Filing is closed at this court')
  expect(notice.text).toMatch(/id="closed-until">[A-Z][a-z]+ \d+, \d{4}, .* Eastern time</)
  expect(notice.text).toContain(emergencyWay)

  const other = openBrowser()
  const { url, checks } = await court.authorize()
  const page = await openPage(other, signOn, url)
  const claims = idClaims(
    await court.redeem(await signInAt(other, signOn, page, jane.username), checks),
  )
  expect(claims['efiling']).toMatchObject({
    ncwd: { status: 'active', actions: ['receive-notices'] },
  })
  // The statement of a filer comes with filing, and is not asked for in vain.
  expect(claims['efiling']).not.toHaveProperty(['ncwd', 'redaction_acknowledged_at'])

  const account = await other.followWhile(await other.get(at('/account')), () => true)
  expect(account.text).toContain('Filing is closed')
  expect(account.text).not.toContain('The court has not granted you filing')
  const there = await other.get(at(accountCourtPath('ncwd')))
  expect(there.text).toMatch(/Nobody can file at this court until .* Eastern time/)
  // Whoever has everything already is not asked to ask for it again.
  expect(there.text).toContain('You are admitted and file here')

  // Who never filed there is not held up by it.
  const hers = openBrowser()
  expect((await arrive(hers, nora.username)).text).not.toContain('Filing is closed')

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * hour })
  const next = openBrowser()
  const open = idClaims(await court.signIn(next, jane.username))
  expect(open['efiling']).toMatchObject({ ncwd: { actions: ['file', 'receive-notices'] } })
})

test('while it takes no new requests, the court says until when', async ({
  signOn,
  browser,
  decide,
  arrive,
  at,
  isOurs,
}) => {
  await signOn.apply({
    courts: [{ id: 'ncwd', practice: { takes: ['filing-only'], delivery: [], formats: [] } }],
  })
  await decide({ kind: 'set', filingClosed: null, requestsClosed: window() })
  await arrive(browser, nora.username)
  await browser.followWhile(await browser.get(at('/account')), isOurs)
  const there = await browser.get(at(accountCourtPath('ncwd')))
  expect(there.text).toMatch(/it takes no new requests until .* Eastern time/)
  await decide({ kind: 'set', requestsClosed: null })
  expect((await browser.get(at(accountCourtPath('ncwd')))).text).not.toContain('no new requests')
})

test('after it was rolled back everybody reads so, and is told the next moment as soon as it is known', async ({
  openBrowser,
  decide,
  arrive,
}) => {
  await decide({ kind: 'set', liveAt: new Date(Date.now() - hour) })
  await decide({ kind: 'roll-back', reason: 'Nobody can file.' })
  const notice = await arrive(openBrowser(), jane.username)
  expect(notice.text).toContain('This court has gone back to its old system for now')
  const year = new Date().getUTCFullYear() + 1
  await decide({ kind: 'announce', liveAt: new Date(`${year}-12-01T13:00:00Z`) })
  const announced = await arrive(openBrowser(), jane.username)
  expect(announced.text).toContain(`December 1, ${year}, 8:00 a.m. Eastern time`)
  await decide({ kind: 'change', filingClosed: window() })
  const closed = await arrive(openBrowser(), nora.username)
  expect(closed.text).toContain('Filing is closed at this court')
})
