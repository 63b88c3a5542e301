import { describe, expect, vi } from 'vitest'
import { dateColumn, dayAt } from '../../src/days.ts'
import {
  createCourt,
  idClaims,
  newBrowser,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import {
  disabledAccount,
  firmAccount,
  jane,
  legacyAccount,
  nora,
  sharedAccount,
  stan,
} from '../support/people.ts'

const courts: Record<string, TestCourt> = {}

const test = kit().extend(
  'formAt',
  { scope: 'file' },
  ({ signOn }) =>
    async (id: string, username: string) => {
      const browser = newBrowser()
      const { url } = await courts[id]!.authorize()
      const page = await openPage(browser, signOn, url)
      const answer = await browser.followWhile(
        await sendPassword(browser, page, username),
        (to) => to.origin === signOn.issuer,
      )
      return { browser, page, answer }
    },
)

test.beforeAll(async ({ signOn }) => {
  await signOn.apply({
    courts: [{ id: 'ncmb', go_live_on: '2199-01-01' }],
    accounts: [jane, nora, legacyAccount, sharedAccount, firmAccount, disabledAccount, stan],
  })
  for (const id of ['ncwd', 'ncwb', 'ca4', 'nceb', 'ncmb', 'ncmd', 'bap6']) {
    courts[id] = await createCourt(signOn, id)
  }
})

describe('what a court is told about a person', () => {
  test.each([
    ['ncwd', 'pending', []],
    ['ncwb', 'suspended', ['receive-notices']],
    ['ca4', 'revoked', []],
    ['nceb', 'lapsed', []],
    ['ncmb', 'not-live', []],
    ['ncmd', 'none', []],
    ['bap6', 'not-live', []],
  ])('at %s the status is %s', async (id, status, actions) => {
    const browser = newBrowser()
    const claims = idClaims(await courts[id]!.signIn(browser, stan.username))
    expect(claims['efiling']).toMatchObject({ [id]: { status, actions } })
    expect(claims['efiling']).not.toHaveProperty([id, 'redaction_acknowledged_at'])
    await browser.stop()
  })

  test.each([
    ['a legacy account', legacyAccount, { account_type: 'individual', upgraded: false }],
    ['a shared account', sharedAccount, { account_type: 'shared', upgraded: true }],
    ['a firm', firmAccount, { account_type: 'firm', search: 'inactive' }],
  ])('%s signs in and has no right to file, whatever a row says', async (_, person, pacer) => {
    const browser = newBrowser()
    const claims = idClaims(await courts['ncwd']!.signIn(browser, person.username))
    expect(claims['pacer']).toMatchObject(pacer)
    expect(claims['efiling']).toMatchObject({ ncwd: { status: 'none', actions: [] } })
    await browser.stop()
  })

  test('a right holds until midnight at the court, also when it is the next day in London', async ({
    signOn,
  }) => {
    const lastDay = dayAt(new Date(Date.now() + 24 * 3_600_000), 'America/New_York')
    const person = {
      ...nora,
      number: '7000060',
      username: 'nora-until-midnight',
      email: undefined,
      standings: [
        { court: 'ncwd', status: 'active', actions: ['receive-notices'], ends_on: lastDay },
        { court: 'gud', status: 'active', actions: ['receive-notices'], ends_on: lastDay },
      ],
    }
    await signOn.apply({ accounts: [person] })
    const guam = await createCourt(signOn, 'gud')
    const midnightInLondon = dateColumn(lastDay).getTime() + 24 * 3_600_000
    try {
      vi.useFakeTimers({ toFake: ['Date'], now: midnightInLondon + 30 * 60_000 })
      const browser = newBrowser()
      const inCharlotte = idClaims(await courts['ncwd']!.signIn(browser, person.username))
      expect(inCharlotte['efiling']).toMatchObject({
        ncwd: { status: 'active', until: lastDay, actions: ['receive-notices'] },
      })
      const inHagatna = idClaims(await guam.walkIn(browser))
      expect(inHagatna['efiling']).toMatchObject({
        gud: { status: 'lapsed', until: lastDay, actions: [] },
      })
      vi.setSystemTime(midnightInLondon + 6 * 3_600_000)
      const other = newBrowser()
      const after = idClaims(await courts['ncwd']!.signIn(other, person.username))
      expect(after['efiling']).toMatchObject({ ncwd: { status: 'lapsed', actions: [] } })
      await browser.stop()
      await other.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  test('the token says how the person signed in, and never who they are by name', async () => {
    const browser = newBrowser()
    const claims = idClaims(await courts['ncwd']!.signIn(browser, nora.username))
    expect(claims).toMatchObject({
      acr: 'urn:uscourts:cso:acr:pwd',
      amr: ['pwd'],
      auth_time: expect.any(Number),
      sid: expect.any(String),
    })
    expect(claims['sub']).toMatch(/^[0-9a-f-]{36}$/)
    await browser.stop()
  })
})

describe('what a person reads on the way', () => {
  test('the sign-in page names the court that asked', async ({ formAt }) => {
    const { page, browser } = await formAt('ncwd', nora.username)
    expect(page.text).toContain('Western District of North Carolina')
    await browser.stop()
  })

  test('a legacy account is told how to upgrade, and may go on to search', async ({ formAt }) => {
    const { answer, browser } = await formAt('ncwd', legacyAccount.username)
    expect(answer.text).toMatch(/legacy/i)
    expect(answer.text).toContain('Western District of North Carolina')
    expect(answer.text).toContain('id="legacy-upgrade"')
    expect(answer.text).toContain('legacy-continue')
    await browser.stop()
  })

  test('a court that is not live names its old login and the day', async ({ formAt }) => {
    const { answer, browser } = await formAt('ncmb', nora.username)
    expect(answer.text).toContain('not-live-continue')
    expect(answer.text).toContain('January 1, 2199')
    await browser.stop()
  })

  test('a court that is not live leads to its login, or to its host where no login page is known', async ({
    formAt,
  }) => {
    const known = await formAt('ncmb', nora.username)
    expect(known.answer.text).toContain('href="https://ecf.ncmb.uscourts.gov/cgi-bin/login.pl"')
    const unknown = await formAt('bap6', nora.username)
    expect(unknown.answer.text).toContain('id="court-login" href="https://ecf.ca6.uscourts.gov/"')
    await known.browser.stop()
    await unknown.browser.stop()
  })

  test('a filer who does not tick the redaction box is asked again and gets no code', async ({
    formAt,
    signOn,
  }) => {
    const { answer, browser } = await formAt('ncwd', jane.username)
    const form = answer.forms().find((candidate) => !candidate.action.endsWith('/cancel'))!
    const again = await browser.submit(form, { acknowledged: undefined })
    expect(again.status).toBe(422)
    expect(again.text).toMatch(/tick|check/i)
    expect(answer.text).toContain('href="/courts/ncwd"')
    expect(again.text).toContain('id="clerk-ncwd-1">(866) 851-1605</a>')
    const done = await browser.submit(again.forms()[0]!, { acknowledged: 'yes' })
    const out = await browser.followWhile(done, (to) => to.origin === signOn.issuer)
    expect(out.location).toMatch(/^https:\/\/ncwd\.test\/callback\?code=/)
    await browser.stop()
  })

  test.for([
    // No court has linked the firm; the other two have a row from before.
    ['a firm', firmAccount, 'pays for the accounts of others', /Case search/],
    ['a shared account', sharedAccount, 'an individual account of your own', /Link your old/],
    ['a legacy account', legacyAccount, 'Upgrade it first', /Link your old/],
  ] as const)(
    'on the account page %s is not advised to link',
    async ([_, person, words, advice], { signOn }) => {
      const browser = newBrowser()
      const page = await openPage(browser, signOn, `${signOn.issuer}/account`)
      const isOurs = (to: URL) => to.origin === signOn.issuer
      const answer = await browser.followWhile(
        await sendPassword(browser, page, person.username),
        isOurs,
      )
      const notice = answer.forms().find(({ id }) => id === 'legacy')
      const account = notice
        ? await browser.followWhile(await browser.submit(notice, {}, 'legacy-continue'), isOurs)
        : answer
      expect(account.text).toContain(words)
      expect(account.text).not.toMatch(advice)
      expect(account.text).not.toContain('link your account there')
      await browser.stop()
    },
  )

  test('a disabled account with the right password is told whom to call', async ({ formAt }) => {
    const { answer, browser } = await formAt('ncwd', disabledAccount.username)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('(800) 676-6856')
    await browser.stop()
  })
})
