import { describe, expect, vi } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import { changeOffices } from '../../src/courts/change-offices.ts'
import { dayAt, momentIn } from '../../src/days.ts'
import { readOldHash, wrapOldHashes } from '../../src/efiling/imported/old-password.ts'
import { linkAccountPath } from '../../src/efiling/linking/linking-paths.ts'
import type { CourtId } from '../../src/ids.ts'
import { ok } from '../../src/outcome.ts'
import { callbackOf, findPasswordForm, idClaims, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { addImported } from '../support/imported.ts'
import { kit } from '../support/kit.ts'
import {
  active,
  upgradingAddress as address,
  firmAccount,
  jane as janeElsewhere,
  legacyAccount,
  nora,
  upgradingPerson as person,
  sharedAccount,
} from '../support/people.ts'
import { applicant, confirmed, wordsOf } from '../support/registration.ts'
import { openAs } from '../support/staff.ts'

/**
 * What the court tells its filers about NextGen CM/ECF, statement by statement. Each is a test, and named after it.
 * Source: https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources
 */

const ncwdId = 'ncwd' as CourtId
const zone = 'America/New_York'
const hours = 3600_000
/** Noon in Charlotte, in ten days. */
const liveAt = momentIn(dayAt(new Date(Date.now() + 240 * hours), zone), '12:00', zone)

/** Linked at the court of appeals; at ncwd she has filed with an account of the old system. */
const jane = { ...janeElsewhere, standings: janeElsewhere.standings.slice(1) }
/** Has linked at the court of appeals, and nowhere else. */
const twice = {
  ...nora,
  number: '7000099',
  username: 'links-twice',
  email: 'twice@example.com',
  standings: [active('ca4', 'twice-ca4')],
}
const offices = [
  ['charlotte', 'Charlotte', '(704) 350-7400'],
  ['asheville', 'Asheville', '(828) 771-7200'],
  ['statesville', 'Statesville', '(704) 883-1000'],
].map(([id, name, telephone]) => ({
  id: id!,
  name: name!,
  telephone: telephone!,
  hours: 'Monday to Friday, 8:30 a.m. to 4:30 p.m.',
  timeZone: zone,
}))
/** A test vector of jBCrypt, as the old system keeps a password. */
const old = {
  login: 'jdoe-ecf',
  password: 'abc',
  hash: '$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm',
}
const legacy = {
  ...legacyAccount,
  email: 'lee@example.com',
  email_verified: true,
  standings: [],
}

const test = kit()
  .override('people', [jane, nora, twice, legacy, sharedAccount, firmAccount])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('ca4', { scope: 'file' }, ({ court }) => court('ca4'))
  .extend('caseSearch', { scope: 'file' }, ({ court }) =>
    court('ncwb', { id: 'case-search', kind: 'national', courts: [] }),
  )
  .extend('announced', { scope: 'file', auto: true }, async ({ signOn }) => {
    for (const kind of ['set', 'announce'] as const) {
      const order = { courtId: ncwdId, change: { kind, liveAt }, by: byOperator('test') }
      expect(await changeGoLive(signOn.services.db, order)).toMatchObject({ ok: true })
    }
  })
  /** Jane Doe's filing account of the old system. */
  .extend('imported', { scope: 'file', auto: true }, async ({ signOn }) => {
    const { db, passwords } = signOn.services
    const read = readOldHash(old.hash)
    if (!read.ok) throw new Error(read.reason)
    const [wrapped] = await wrapOldHashes(passwords, [read.value])
    await addImported(db, ncwdId, { login: old.login, name: 'Doe, Jane', ...wrapped })
  })
  .extend('go', { scope: 'file' }, ({ isOurs }) => {
    return (browser: HttpClient, answer: HttpResponse) => browser.followWhile(answer, isOurs)
  })
  .extend('fillIn', { scope: 'file' }, ({ go }) => {
    return async (browser: HttpClient, page: HttpResponse, id: string, values = {}) =>
      go(browser, await browser.submit(page.form(id), values))
  })
  .extend('atNcwd', { scope: 'file' }, ({ signOn, ncwd, go }) => {
    return async (browser: HttpClient, username: string) => {
      const { url, checks } = await ncwd.authorize()
      const page = await openPage(browser, signOn, url)
      return { checks, page: await go(browser, await sendPassword(browser, page, username)) }
    }
  })

/** Until the test ends it is an hour after the go-live. */
function afterGoLive(): void {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(liveAt.getTime() + hours)
}

/** What a court is told of somebody. */
const efilingOf = (claims: Record<string, unknown>) =>
  Object.values(claims['efiling'] as Record<string, Record<string, unknown>>)[0]!

describe('NextGen CM/ECF of the Western District of North Carolina', () => {
  test('one account is good for appellate, bankruptcy and district courts', async ({
    ncwd,
    ncwb,
    ca4,
    browser,
  }) => {
    const told = [
      idClaims(await ca4.signIn(browser, jane.username)),
      idClaims(await ncwb.walkIn(browser)),
      idClaims(await ncwd.signIn(browser, jane.username, { prompt: 'login' })),
    ]
    expect(new Set(told.map(({ sub }) => sub)).size).toBe(1)
    const types = told.map((claims) => efilingOf(claims)['court_type'])
    expect(types).toEqual(['appellate', 'bankruptcy', 'district'])
  })

  test('there is one username and one password for all of them', async ({ ncwb, ca4, browser }) => {
    await ca4.signIn(browser, nora.username)
    // The second court asks for neither.
    expect(idClaims(await ncwb.walkIn(browser))['preferred_username']).toBe(nora.username)
  })

  test('filing is open only at the courts that granted it', async ({ ncwb, ca4, browser }) => {
    expect(efilingOf(idClaims(await ca4.signIn(browser, jane.username)))).toMatchObject({
      status: 'active',
      actions: ['file', 'receive-notices'],
    })
    const elsewhere = efilingOf(idClaims(await ncwb.walkIn(browser)))
    expect(elsewhere).toMatchObject({ status: 'none', actions: [] })
  })

  test('the same login looks at cases also of courts that have not changed yet', async ({
    ncwd,
    caseSearch,
    browser,
  }) => {
    const searching = idClaims(await caseSearch.signIn(browser, jane.username))
    expect(searching['pacer']).toMatchObject({ search: 'active' })
    const { url, checks } = await ncwd.authorize()
    const notice = await browser.followWhile(await browser.get(url), ({ origin }) =>
      url.startsWith(origin),
    )
    const entered = await browser.submit(notice.forms()[0]!)
    const back = await browser.followWhile(entered, ({ origin }) => url.startsWith(origin))
    const told = idClaims(await ncwd.redeem(callbackOf(back), checks))
    expect(told['sub']).toBe(searching['sub'])
    expect(efilingOf(told)).toMatchObject({ status: 'not-live', actions: [] })
  })

  test.for([
    ['an account that several people share', sharedAccount],
    ['a legacy account', legacy],
  ] as const)(
    'whoever files has an individual, upgraded account: not %s',
    async ([, whose], { ncwd, browser }) => {
      afterGoLive()
      const told = efilingOf(idClaims(await ncwd.signIn(browser, whose.username)))
      expect(told).toMatchObject({ status: 'none', actions: [] })
    },
  )

  test('a username has eight characters at least; one of six is of an account from before', async ({
    browser,
    at,
    inbox,
    ncwd,
    openBrowser,
  }) => {
    const form = (await confirmed({ browser, at, inbox }, 'short@example.com')).form('account-form')
    const refused = await browser.submit(form, { ...applicant, username: 'short77' })
    expect(refused.status).toBe(422)
    expect(wordsOf(refused)).toMatch(/at least 8 characters/)
    expect(legacy.username).toHaveLength(6)
    const told = idClaims(await ncwd.signIn(openBrowser(), legacy.username))
    expect(told['pacer']).toMatchObject({ upgraded: false })
  })

  test('an account from before is upgraded in the sign-in itself, and keeps its number', async ({
    ncwd,
    browser,
    atNcwd,
    fillIn,
  }) => {
    afterGoLive()
    const { page: notice, checks } = await atNcwd(browser, legacy.username)
    const first = await fillIn(browser, notice, 'legacy', { do: 'upgrade' })
    const second = await fillIn(browser, first, 'upgrade-person', person)
    const third = await fillIn(browser, second, 'upgrade-address', address)
    const chosen = { username: 'lee-gacy-esq', password: 'seventeen lazy otters knit' }
    const linking = await fillIn(browser, third, 'upgrade-security', chosen)
    const out = await fillIn(browser, linking, 'link-later')
    const told = idClaims(await ncwd.redeem(callbackOf(out), checks))
    expect(told['pacer']).toMatchObject({ upgraded: true, account_number: legacy.number })
  })

  test('an account of the old system is linked once the court has changed, and not before', async ({
    signOn,
    ncwd,
    browser,
    openBrowser,
  }) => {
    const early = await openAs(signOn, browser, jane.username, linkAccountPath('ncwd'))
    expect(wordsOf(early)).toMatch(/12:00 p\.m\. Eastern time/)
    expect(early.forms().some(({ fields }) => 'oldPassword' in fields)).toBe(false)

    afterGoLive()
    const late = openBrowser()
    const page = await openAs(signOn, late, jane.username, linkAccountPath('ncwd'))
    const typed = { login: old.login, oldPassword: old.password }
    const names = await late.submit(page.form('old-login'), typed)
    expect(wordsOf(names)).toContain('Doe, Jane')
    expect((await late.submit(names.form('confirm-link'))).status).toBe(303)
    const told = efilingOf(idClaims(await ncwd.signIn(openBrowser(), jane.username)))
    expect(told).toMatchObject({
      status: 'active',
      filer_id: old.login,
      actions: ['file', 'receive-notices'],
    })
    // It has served, and is nowhere any more.
    const kept = await sql(
      signOn.services.db,
      'SELECT 1 FROM imported_accounts WHERE password_hash IS NOT NULL',
    )
    expect(kept).toEqual([])
  })

  test('the court’s old username and password are good for filing no longer', async ({
    browser,
    ncwd,
  }) => {
    afterGoLive()
    const { url } = await ncwd.authorize()
    const before = await browser.followWhile(await browser.get(url), ({ origin }) =>
      url.startsWith(origin),
    )
    const refused = await sendPassword(browser, before, old.login, old.password)
    expect(findPasswordForm(refused)).toBeDefined()
  })

  test('whoever has linked at another court links again here; until then one may look, and not file', async ({
    signOn,
    ca4,
    ncwd,
    browser,
    openBrowser,
  }) => {
    afterGoLive()
    const there = efilingOf(idClaims(await ca4.signIn(browser, twice.username)))
    expect(there).toMatchObject({ status: 'active' })
    const here = efilingOf(idClaims(await ncwd.signIn(openBrowser(), twice.username)))
    expect(here).toMatchObject({ status: 'none', actions: [] })
    const page = await openAs(signOn, openBrowser(), twice.username, '/account/courts')
    expect(page.text).toMatch(/id="court-ncwd"[\s\S]*?You can link your old filing account/)
  })

  test('shared accounts look at cases and do not file, and staff may go on sharing one', async ({
    ncwd,
    caseSearch,
    browser,
    openBrowser,
  }) => {
    const atOneDesk = await caseSearch.signIn(browser, sharedAccount.username)
    const atAnother = await caseSearch.signIn(openBrowser(), sharedAccount.username)
    for (const tokens of [atOneDesk, atAnother]) {
      expect(idClaims(tokens)['pacer']).toMatchObject({ account_type: 'shared', search: 'active' })
    }
    afterGoLive()
    const told = efilingOf(idClaims(await ncwd.signIn(openBrowser(), sharedAccount.username)))
    expect(told).toMatchObject({ status: 'none', actions: [] })
  })

  test('who helps with what: three offices with hours and telephone, and PACER beside them', async ({
    browser,
    at,
    signOn,
  }) => {
    const order = { courtId: ncwdId, basedOn: 0, change: () => ok(offices) }
    const kept = await changeOffices(signOn.services.db, order, byOperator('test'))
    expect(kept).toMatchObject({ ok: true })
    const words = wordsOf(await browser.get(at('/courts/ncwd')))
    for (const { name, telephone, hours } of offices) {
      expect(words).toContain(name)
      expect(words).toContain(telephone)
      expect(words).toContain(hours)
    }
    expect(words).toContain('(800) 676-6856')
  })

  test('the day of go-live is told, with what is left of it', async ({ browser, at }) => {
    const page = await browser.get(at('/courts/ncwd'))
    expect(wordsOf(page)).toMatch(/12:00 (p\.m\.|noon) Eastern time/)
    expect(wordsOf(page)).toMatch(/(9|10) days/)
  })
})
