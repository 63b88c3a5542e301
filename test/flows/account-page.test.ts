import * as oidc from 'openid-client'
import { afterEach, describe, expect, vi } from 'vitest'
import { findAccount } from '../../src/accounts/store.ts'
import { byAccount } from '../../src/audit/by.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import { decideRight } from '../../src/efiling/decide-right.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import {
  createCourt,
  newBrowser,
  offlineRequest,
  openPage,
  sendPassword,
  signInAt,
} from '../support/court.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { carla, jane, nora, password, stan } from '../support/people.ts'

/** Linked at ncwd for notices alone, and at ncwb for nothing. */
const noticesOnly = {
  number: '7100001',
  user_type: 'individual',
  username: 'notices-only',
  password,
  email: 'notices@example.com',
  standings: [
    { court: 'ncwd', status: 'active', role: 'interested-party', actions: ['receive-notices'] },
    { court: 'ncwb', status: 'active', role: 'interested-party', actions: [] },
    {
      court: 'ca4',
      status: 'active',
      role: 'attorney',
      actions: ['file'],
      since: '2024-02-05',
      ends_on: '2199-06-30',
    },
  ],
}
const movedPerson = {
  ...jane,
  number: '7100002',
  username: 'jill-suspended',
  email: 'jill@example.com',
}

const test = kit()
  .override('people', [jane, nora, stan, carla, noticesOnly])
  .extend('vendor', { scope: 'file' }, ({ court }) =>
    court('ncwd', {
      id: 'filing-software',
      kind: 'vendor',
      courts: ['ncwd', 'ncwb'],
      resource: 'https://ecf.ncwd.uscourts.gov/',
      metadata: {
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email pacer efiling offline_access',
      },
    }),
  )
  .extend(
    'openAccount',
    { scope: 'file' },
    ({ signOn, isOurs }) =>
      async (browser: HttpClient, username?: string, path = '/account'): Promise<HttpResponse> => {
        const page = await openPage(browser, signOn, `${signOn.issuer}${path}`)
        if (!username) return page
        return browser.followWhile(await sendPassword(browser, page, username), isOurs)
      },
  )
  .extend(
    'allow',
    { scope: 'file' },
    ({ vendor, signOn }) =>
      async (browser: HttpClient, username: string) => {
        const { url, checks } = await vendor.authorize(offlineRequest)
        const page = await openPage(browser, signOn, url)
        return vendor.redeem(await signInAt(browser, signOn, page, username), checks)
      },
  )
  .extend(
    'withdrawals',
    ({ audited }) =>
      async () =>
        (await audited('consent.withdrawn')).length,
  )

test.beforeAll(async ({ signOn }) => {
  await createCourt(signOn, 'ca4')
})
afterEach(() => vi.useRealTimers())

/** What the page says of one court, as text. */
function standingAt(page: HttpResponse, courtId: string): string {
  const [, rest = ''] = page.text.split(`id="standing-${courtId}"`)
  const text = rest.split('</li>\n    <li class="cso-standing"')[0]!.replace(/<[^>]*>/g, ' ')
  return decodeEntities(text).replace(/\s+/g, ' ')
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { error?: string; status?: number }) => error.error ?? error.status,
  )

describe('the address of the page', () => {
  test('is the one to keep, right after signing in', async ({ openAccount, signOn }) => {
    const browser = newBrowser()
    expect((await openAccount(browser, nora.username)).url).toBe(`${signOn.issuer}/account`)
    await browser.stop()
  })

  test('with an old sign-in’s answer behind it leads to a new one, and blames no cookie', async ({
    signOn,
  }) => {
    const browser = newBrowser()
    const page = await browser.get(`${signOn.issuer}/account?state=old&iss=${signOn.issuer}`)
    expect(page.text).toContain('Either this address is an old one')
    const signIn = await openPage(browser, signOn, (await browser.click(page, 'open-account')).url)
    expect(signIn.form('sign-in')).toBeDefined()
    await browser.stop()
  })
})

describe('what a court decided', () => {
  test('never says that somebody may file whom the court has not granted it', async ({
    openAccount,
  }) => {
    const browser = newBrowser()
    const page = await openAccount(browser, noticesOnly.username)
    expect(standingAt(page, 'ncwd')).toContain('The court has not granted you filing.')
    expect(standingAt(page, 'ncwd')).not.toContain('You may file here')
    expect(standingAt(page, 'ncwb')).toContain('Your account is linked here.')
    expect(standingAt(page, 'ncwb')).not.toContain('You may')
    expect(standingAt(page, 'ca4')).toContain('You may file here.')
    await browser.stop()
  })

  test('has the first and the last day of a right, and when each change was recorded', async ({
    signOn,
    openAccount,
  }) => {
    await signOn.apply({
      accounts: [{ ...movedPerson, standings: [{ ...jane.standings[0], filer_id: 'jill' }] }],
    })
    await signOn.apply({
      accounts: [
        {
          ...movedPerson,
          standings: [
            { ...jane.standings[0], filer_id: 'jill', status: 'suspended', ends_on: '2199-12-31' },
          ],
        },
      ],
    })
    const browser = newBrowser()
    const page = await openAccount(browser, movedPerson.username)
    const today = new Date().toLocaleDateString('en-US', {
      dateStyle: 'long',
      timeZone: 'America/New_York',
    })
    const text = standingAt(page, 'ncwd')
    expect(text).toContain(`“Suspended” recorded on ${today}`)
    expect(text).toContain('First day of the right September 2, 2021')
    expect(text).toContain('Last day December 31, 2199')
    expect(text).toContain(`All 2 changes ${today}: Suspended ${today}: Active`)
    expect(text).not.toContain('Since')
    await browser.stop()
  })

  test('tells an admission, what a clerk decided, and what was decided ahead, with its day', async ({
    signOn,
    openAccount,
  }) => {
    const { db } = signOn.services
    const lawyer = { ...nora, number: '7100003', username: 'lawyer-decided-on', standings: [] }
    await signOn.apply({ accounts: [lawyer] })
    const accountId = (await findAccount(db, lawyer.number))!.id
    const by = byAccount((await findAccount(db, carla.number))!.id, {})
    const decide = (decision: Decision) =>
      inTransaction(db, (tx) => {
        return decideRight(tx, { accountId, courtId: 'ncwd' as CourtId, decision, by })
      })
    const browser = newBrowser()
    await decide({ kind: 'admit' })
    const admitted = standingAt(await openAccount(browser, lawyer.username), 'ncwd')
    expect(admitted).toContain('You are admitted to practice here.')
    await decide({ kind: 'grant', role: 'attorney', actions: ['receive-notices', 'file'] })
    const holdsFrom = new Date('2199-12-02T05:00:00Z')
    await decide({ kind: 'suspend', reason: 'discipline', keepsNotices: true, holdsFrom })
    const text = standingAt(await browser.get(`${signOn.issuer}/account`), 'ncwd')
    expect(text).toContain('You may file here.')
    expect(text).toContain('All 3 changes')
    expect(text).toContain('Suspended, from December 2, 2199 on')
    expect(text).toContain('Rights granted')
    expect(text).not.toContain('iscipline')
    await browser.stop()
  })

  test('says of a right that has lapsed when its last day was', async ({ openAccount }) => {
    const browser = newBrowser()
    const page = await openAccount(browser, stan.username)
    expect(standingAt(page, 'nceb')).toContain('Last day was January 31, 2024')
    await browser.stop()
  })

  test('leads to the court: to its application, to its host, or to its old login', async ({
    openAccount,
  }) => {
    const browser = newBrowser()
    const page = await openAccount(browser, stan.username)
    const link = (id: string) =>
      new RegExp(`id="open-${id}" href="([^"]+)">([^<]+)`).exec(page.text)
    expect(link('ca4')?.slice(1)).toEqual(['https://ca4.test/sign-in', 'Open this court'])
    expect(link('ncwb')?.[1]).toBe('https://ecf.ncwb.uscourts.gov/cgi-bin/login.pl')
    // bap6 has no login page that is known: its host, which is its circuit's.
    expect(link('bap6')?.slice(1)).toEqual([
      'https://ecf.ca6.uscourts.gov/',
      'Open this court’s own login',
    ])
    await browser.stop()
  })
})

describe('who is signed in', () => {
  test('sees the e-mail address, and whether it is confirmed', async ({ openAccount }) => {
    const browser = newBrowser()
    expect((await openAccount(browser, jane.username)).text).toMatch(
      /jane\.doe<wbr>@example\.com <span[^>]*>confirmed</,
    )
    await browser.stop()
    const other = newBrowser()
    expect((await openAccount(other, noticesOnly.username)).text).toContain('>not confirmed<')
    await other.stop()
  })

  test('sees this sign-in and the one before, in whatever browser that was', async ({
    signOn,
    openAccount,
  }) => {
    const { prisma } = signOn.services.db
    const { id } = await prisma.account.findUniqueOrThrow({ where: { number: carla.number } })
    await prisma.auditEvent.create({
      data: {
        event: 'account.signed-in',
        outcome: 'success',
        accountId: id,
        recordedAt: new Date('2026-03-04T20:45:00Z'),
      },
    })
    const browser = newBrowser()
    const page = await openAccount(browser, carla.username)
    expect(page.text).toContain('id="previous-sign-in">March 4, 2026, 3:45 p.m. Eastern time')
    expect(page.text).toMatch(/id="signed-in-at">\w+ \d+, \d{4}, \d+:\d\d [ap]\.m\. Eastern time/)
    await browser.stop()
  })

  test('sees what they are staff of', async ({ openAccount }) => {
    const browser = newBrowser()
    const page = await openAccount(browser, carla.username)
    expect(page.text).toContain(
      'Clerk’s office, U.S. District Court for the Western District of North Carolina',
    )
    await browser.stop()
    const other = newBrowser()
    expect((await openAccount(other, nora.username)).text).not.toContain('Your work for the courts')
    await other.stop()
  })

  test('is told when the account was disabled meanwhile, and not that they signed out', async ({
    signOn,
    openAccount,
  }) => {
    const person = {
      ...nora,
      number: '7100003',
      username: 'dora-disabled',
      email: 'dora@example.com',
    }
    await signOn.apply({ accounts: [person] })
    const browser = newBrowser()
    await openAccount(browser, person.username)
    // An operator's own way ends the session with it; another process may be saving one just now.
    await signOn.services.db.prisma.account.update({
      where: { number: person.number },
      data: { disabledAt: new Date() },
    })
    const page = await openAccount(browser)
    expect([page.status, page.text.includes('This account is disabled')]).toEqual([403, true])
    expect(page.text).not.toContain('You are signed out')
    await browser.stop()
  })

  test('and whoever cancels is not told that they were signed out', async ({
    openAccount,
    isOurs,
  }) => {
    const browser = newBrowser()
    const page = await openAccount(browser)
    const cancel = page.forms().find((form) => form.action.endsWith('/cancel'))!
    const answer = await browser.followWhile(await browser.submit(cancel), isOurs)
    expect(answer.text).toContain('You are not signed in')
    expect(answer.text).not.toMatch(/signed out|has ended/)
    await browser.stop()
  })
})

describe('what was allowed to a vendor', () => {
  const applications = '/account/settings/applications'
  const withdrawalForm = (page: HttpResponse) =>
    page.forms().find((form) => form.action.endsWith('/account/settings/applications/withdraw'))!

  test('is listed, and ends at once in every browser when it is taken back, with one audit row', async ({
    allow,
    openAccount,
    withdrawals,
    vendor,
    isOurs,
    signOn,
  }) => {
    const browser = newBrowser()
    const tokens = await allow(browser, jane.username)
    const elsewhere = newBrowser()
    const others = await allow(elsewhere, jane.username)
    const page = await openAccount(browser, undefined, applications)
    expect(page.text).toContain('NCWD CM/ECF')
    expect(page.text).toContain(
      'Stay connected for 12 hours at most, also after you have stopped working here',
    )
    expect(page.text).toContain('In 2 courts')
    expect(page.text).not.toContain('See the e-mail address of your account')

    const before = await withdrawals()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(withdrawalForm(page))),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
    expect(await withdrawals()).toBe(before + 1)

    for (const { access_token, refresh_token } of [tokens, others]) {
      expect((await oidc.tokenIntrospection(vendor.rp, access_token)).active).toBe(false)
      expect(
        await refusalOf(oidc.fetchUserInfo(vendor.rp, access_token, oidc.skipSubjectCheck)),
      ).toBe(401)
      expect(await refusalOf(oidc.refreshTokenGrant(vendor.rp, refresh_token!))).toBe(
        'invalid_grant',
      )
    }
    const after = await browser.followWhile(answers[0]!, isOurs)
    expect(after.text).toContain('NCWD CM/ECF can no longer act with your account')
    expect(withdrawalForm(after)).toBeUndefined()

    const again = await vendor.authorize({ scope: 'openid' })
    expect((await openPage(browser, signOn, again.url)).text).toContain('consent-allow')
    await browser.stop()
    await elsewhere.stop()
  })

  test.for([
    ['the session ended for lack of use', 31 * 60_000],
    ['the browser has lost its cookies', 0],
  ] as const)(
    'outlives a session, is still listed and can be taken back, where %s',
    async ([, later], { allow, openAccount, signOn, vendor }) => {
      const browser = newBrowser()
      const { refresh_token: refreshToken = '' } = await allow(browser, nora.username)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + later })
      if (later === 0) browser.cookies.clear()
      const out = await openPage(browser, signOn, `${signOn.issuer}/oidc/session/end`)
      expect(out.text).toContain('You are signed out')
      // Nobody was signed in whom this could have ended: what the person allowed stays as it was.
      expect((await oidc.refreshTokenGrant(vendor.rp, refreshToken)).refresh_token).toBe(
        refreshToken,
      )

      const page = await openAccount(browser, nora.username, applications)
      expect(page.text).toContain('NCWD CM/ECF')
      await browser.submit(withdrawalForm(page))
      expect(await refusalOf(oidc.refreshTokenGrant(vendor.rp, refreshToken))).toBe('invalid_grant')
      await browser.stop()
    },
  )

  test('of one person is not touched by another, nor by a form from elsewhere', async ({
    allow,
    openAccount,
    signOn,
    vendor,
  }) => {
    const browser = newBrowser()
    const tokens = await allow(browser, jane.username)
    const form = withdrawalForm(await openAccount(browser, undefined, applications))
    const stranger = newBrowser()
    await openAccount(stranger, nora.username)
    expect((await stranger.submit({ ...form, page: signOn.issuer })).status).toBe(403)
    expect((await browser.submit(form, { csrf: 'guessed' })).status).toBe(403)
    expect((await oidc.tokenIntrospection(vendor.rp, tokens.access_token)).active).toBe(true)
    await stranger.stop()
    await browser.stop()
  })

  test('is not said to be over by an address that somebody made up', async ({ allow, signOn }) => {
    const browser = newBrowser()
    await allow(browser, jane.username)
    const named = (id: string) =>
      openPage(browser, signOn, `${signOn.issuer}${applications}?withdrawn=${id}`)
    expect((await named('filing-software')).text).not.toContain('can no longer act')
    expect((await named('ca4-cmecf')).text).not.toContain('can no longer act')
    expect((await named('nobody')).text).not.toContain('can no longer act')
    await browser.stop()
  })
})
