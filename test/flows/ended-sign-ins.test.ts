import { expect, vi } from 'vitest'
import { closeAccount } from '../../src/accounts/close-account.ts'
import { disableAccount } from '../../src/accounts/disable-account.ts'
import { enableAccount } from '../../src/accounts/enable-account.ts'
import { endAllSignIns } from '../../src/accounts/end-sign-ins.ts'
import { byOperator } from '../../src/audit/by.ts'
import type { AccountId } from '../../src/ids.ts'
import { ok } from '../../src/outcome.ts'
import { inTransaction, type Transaction } from '../../src/storage/db.ts'
import { findPasswordForm, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import {
  upgradingAddress as address,
  jane,
  legacyAccount,
  newPassword,
  password,
  upgradingPerson as person,
} from '../support/people.ts'

/** Who typed a password and is not signed in yet, when the sign-ins of the account end. */

type Who = { readonly number: string; readonly username: string; readonly email: string }

const filer = (number: string) => ({
  ...jane,
  number,
  username: `filer-${number}`,
  email: `filer-${number}@example.com`,
  email_verified: true,
  standings: jane.standings.map((standing) => ({ ...standing, filer_id: number })),
})
const legacy = (number: string, username: string) => ({
  ...legacyAccount,
  number,
  username,
  email: `${username}@example.com`,
  email_verified: true,
  standings: [],
})
const filers = Array.from({ length: 11 }, (_, n) => filer(`76000${String(n).padStart(2, '0')}`))
const upgrading = legacy('7610001', 'le2001')
const disabled = legacy('7610002', 'le2002')
const raced = legacy('7610003', 'le2003')

const ways = [
  'a new password through the mailbox',
  'another password, signed out everywhere else',
  'another password, the other sessions going on',
  'the press on "This was not me"',
  'signing out everywhere else',
  'disabling the account and enabling it again',
  'closing the account',
  'an operator who ends its sessions',
  'another password in an apply file',
] as const
const by = byOperator('test')
const askedAgain = 'Please sign in again'

const test = kit()
  .override('people', [...filers, upgrading, disabled, raced])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('idOf', ({ signOn }) => async ({ number }: Who): Promise<AccountId> => {
    const { db } = signOn.services
    return (await db.prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
  })
  .extend(
    'inStore',
    ({ signOn, idOf }) =>
      async (who: Who, act: (tx: Transaction, id: AccountId) => Promise<unknown>) => {
        const id = await idOf(who)
        await inTransaction(signOn.services.db, async (tx) => {
          await act(tx, id)
          return ok()
        })
      },
  )
  .extend('link', ({ inbox }) => async ({ email }: Who, part: string): Promise<string> => {
    const links = (await inbox(email)).flatMap((mail) => mail.links)
    return links.findLast((link) => link.includes(part)) ?? ''
  })
  .extend('reset', ({ openBrowser, at, link }) => async (who: Who, secret = newPassword) => {
    const browser = openBrowser()
    const asked = await browser.get(at('/recover/password'))
    await browser.submit(asked.form('recover'), { name: who.username })
    const page = await browser.get(await link(who, '/recover/password/'))
    await browser.submit(page.form('reset'), { password: secret })
  })
  .extend('notMe', ({ openBrowser, link }) => async (who: Who) => {
    const browser = openBrowser()
    const page = await browser.get(await link(who, '/account/not-me/'))
    return () => browser.submit(page.form('not-me'))
  })
  /** The holder's own pages, in another browser. */
  .extend('holderAt', ({ openBrowser, signOn, isOurs, at }) => async (who: Who, path: string) => {
    const browser = openBrowser()
    const page = await openPage(browser, signOn, at(path))
    const answer = await sendPassword(browser, page, who.username)
    return { browser, page: await browser.followWhile(answer, isOurs) }
  })
  .extend('change', ({ holderAt }) => async (who: Who, elsewhere?: 'yes') => {
    const { browser, page } = await holderAt(who, '/account/settings/password')
    const form = page.form('change-password')
    const { elsewhere: _, ...fields } = form.fields
    const values = { current: password, password: newPassword, again: newPassword }
    const sent = elsewhere ? { ...values, elsewhere } : values
    expect((await browser.submit({ ...form, fields }, sent)).status).toBe(303)
  })
  /** Types the password at the court, and stops at the first page after it. */
  .extend(
    'begin',
    ({ signOn, ncwd, isOurs }) =>
      async (browser: HttpClient, { username }: Who, secret = password): Promise<HttpResponse> => {
        const { url } = await ncwd.authorize()
        const page = await openPage(browser, signOn, url)
        const answer = await sendPassword(browser, page, username, secret)
        return browser.followWhile(answer, isOurs)
      },
  )
  .extend('send', ({ isOurs }) => {
    return async (browser: HttpClient, page: HttpResponse, form: string, values = {}) =>
      browser.followWhile(await browser.submit(page.form(form), values), isOurs)
  })
  .extend('isSignedIn', ({ signOn, at }) => async (browser: HttpClient) => {
    return findPasswordForm(await openPage(browser, signOn, at('/account'))) === undefined
  })

const upgrade = async (
  send: (
    browser: HttpClient,
    page: HttpResponse,
    form: string,
    values?: object,
  ) => Promise<HttpResponse>,
  browser: HttpClient,
  notice: HttpResponse,
) => {
  const first = await send(browser, notice, 'legacy', { do: 'upgrade' })
  const second = await send(browser, first, 'upgrade-person', person)
  const third = await send(browser, second, 'upgrade-address', address)
  return { first, second, third }
}

test.for(ways)(
  '%s ends a sign-in that was begun before',
  async (way, {
    browser,
    begin,
    send,
    isSignedIn,
    reset,
    notMe,
    holderAt,
    change,
    isOurs,
    inStore,
    signOn,
  }) => {
    const who = filers[ways.indexOf(way)]!
    if (way.includes('not me')) await change(who)
    const typed = way.includes('not me') ? newPassword : password
    const notice = await begin(browser, who, typed)
    expect(notice.text).toContain('Your duty to redact')

    const acts: Record<typeof way, () => Promise<unknown>> = {
      'a new password through the mailbox': () => reset(who),
      'another password, signed out everywhere else': () => change(who, 'yes'),
      'another password, the other sessions going on': () => change(who),
      'the press on "This was not me"': async () => (await notMe(who))(),
      'signing out everywhere else': async () => {
        // Without another session there is nothing to press.
        await holderAt(who, '/account')
        const holder = await holderAt(who, '/account/settings/sessions')
        await holder.browser.submit(holder.page.form('end-others'))
      },
      'disabling the account and enabling it again': async () => {
        await inStore(who, (tx, id) => disableAccount(tx, id, by))
        await inStore(who, (tx, id) => enableAccount(tx, id, by))
      },
      'closing the account': () => inStore(who, (tx, id) => closeAccount(tx, id, by)),
      'an operator who ends its sessions': () =>
        inStore(who, (tx, id) => endAllSignIns(tx, id, by)),
      'another password in an apply file': () =>
        signOn.apply({ accounts: [{ ...who, password: newPassword }] }),
    }
    await acts[way]()

    const answer = await send(browser, notice, 'redaction', { acknowledged: 'yes' })
    expect(answer.location ?? '').not.toContain('code=')
    expect(answer.text).toContain(askedAgain)
    expect(findPasswordForm(answer)).toBeDefined()
    expect(await isSignedIn(browser)).toBe(false)
    if (way !== ways[0]) return
    // Whoever knows the new one goes on from there, to the court.
    const sent = await sendPassword(browser, answer, who.username, newPassword)
    const duty = await browser.followWhile(sent, isOurs)
    const out = await send(browser, duty, 'redaction', { acknowledged: 'yes' })
    expect(out.location).toContain('code=')
  },
)

test('an upgrade by its holder ends the other sign-in with the old password, and not its own', async ({
  browser,
  openBrowser,
  begin,
  send,
}) => {
  const notice = await begin(browser, upgrading)
  const holder = openBrowser()
  const { third } = await upgrade(send, holder, await begin(holder, upgrading))
  const chosen = { username: 'upgraded-by-its-holder', password: newPassword }
  const out = await send(holder, third, 'upgrade-security', chosen)
  expect(out.location).toContain('code=')
  const answer = await send(browser, notice, 'legacy', { do: 'continue' })
  expect(answer.text).toContain(askedAgain)
})

test('no form of an upgrade writes anything once the account was disabled', async ({
  browser,
  begin,
  send,
  inStore,
  signOn,
  idOf,
}) => {
  const { first, second, third } = await upgrade(send, browser, await begin(browser, disabled))
  await inStore(disabled, (tx, id) => disableAccount(tx, id, by))
  const id = await idOf(disabled)
  const row = () => signOn.services.db.prisma.account.findUnique({ where: { id } })
  const before = await row()
  const others = { ...person, familyName: 'Thief' }
  const chosen = { username: 'somebody-elses-now', password: newPassword }
  for (const [page, form, values] of [
    [first, 'upgrade-person', others],
    [second, 'upgrade-address', { ...address, city: 'Elsewhere' }],
    [third, 'upgrade-security', chosen],
  ] as const) {
    expect((await send(browser, page, form, values)).text).toContain(askedAgain)
  }
  expect(await row()).toEqual(before)
})

test('the last form of an upgrade, sent twenty times in the moment of "This was not me", gives nobody the account', async ({
  browser,
  begin,
  send,
  reset,
  notMe,
  isSignedIn,
  signOn,
  idOf,
}) => {
  await reset(raced)
  const press = await notMe(raced)
  const { third } = await upgrade(send, browser, await begin(browser, raced, newPassword))
  const chosen = { username: 'raced-by-a-thief', password: 'seventeen lazy otters knit' }
  const last = Array.from({ length: 20 }, () =>
    browser.submit(third.form('upgrade-security'), chosen),
  )
  await Promise.all([...last, press()])
  const id = await idOf(raced)
  const row = await signOn.services.db.prisma.account.findUniqueOrThrow({ where: { id } })
  expect(row.passwordHash).toBeNull()
  expect(await isSignedIn(browser)).toBe(false)
})

test('a sign-in that comes to its end while the others are being ended waits, and is refused', async ({
  browser,
  begin,
  send,
  inStore,
  signOn,
  isSignedIn,
}) => {
  const who = filers[9]!
  const notice = await begin(browser, who)
  const ended = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const ending = inStore(who, async (tx, id) => {
    await endAllSignIns(tx, id, by)
    ended.resolve()
    await goOn.promise
  })
  await ended.promise
  const sent = send(browser, notice, 'redaction', { acknowledged: 'yes' })
  await becomes('the sign-in waits', 5000, async () => {
    const waiting = await sql(
      signOn.services.db,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return waiting.length > 0
  })
  goOn.resolve()
  await ending
  expect((await sent).text).toContain(askedAgain)
  expect(await isSignedIn(browser)).toBe(false)
})

test('a sign-in that was broken off is not gone on with after it was ended, and the password is asked for', async ({
  browser,
  begin,
  inStore,
}) => {
  const who = filers[10]!
  const notice = await begin(browser, who)
  await inStore(who, (tx, id) => endAllSignIns(tx, id, by))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20 * 60_000 })
  const lost = await browser.get(notice.url)
  expect([lost.status, lost.text.includes('we keep')]).toEqual([410, false])
  const again = await begin(browser, who)
  expect(again.text).toContain('Your duty to redact')
})
