import { describe, expect, vi } from 'vitest'
import { openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, newPassword, nora, password } from '../support/people.ts'

const person = (n: number) => ({
  ...jane,
  number: `72030${String(n).padStart(2, '0')}`,
  username: `moves-${String(n).padStart(4, '0')}`,
  email: `moves-${n}@firm.example`,
  standings: [],
})
const people = Array.from({ length: 18 }, (_, n) => person(n))
/** Nobody has said that the address is its holder's. */
const unconfirmed = { ...person(18), email_verified: false }

const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]

const test = kit()
  .override('people', [jane, nora, unconfirmed, ...people])
  .extend('open', ({ signOn }) => async (browser: HttpClient, username: string, url: string) => {
    const page = await openPage(browser, signOn, url)
    if (!page.forms().some(({ fields }) => 'password' in fields)) return page
    return browser.followWhile(
      await sendPassword(browser, page, username, password),
      (to) => to.origin === signOn.issuer,
    )
  })
  .extend(
    'askFor',
    ({ open, at, isOurs }) =>
      async (browser: HttpClient, username: string, email: string) => {
        const page = await open(browser, username, at('/account/settings/email'))
        return browser.followWhile(
          await browser.submit(page.form('change-email'), { email }),
          isOurs,
        )
      },
  )
  .extend('newestLink', ({ inbox }) => async (to: string, part: string) => {
    const links = (await inbox(to)).flatMap((mail) => mail.links)
    const link = links.findLast((each) => each.includes(part))
    if (!link) throw new Error(`no link ${part} in the mails to ${to}`)
    return link
  })
  .extend('addressOf', ({ signOn }) => async (username: string) => {
    const [row] = await sql<{ email: string; isEmailVerified: boolean; refused: Date | null }>(
      signOn.services.db,
      `SELECT email, is_email_verified AS "isEmailVerified", email_refused_at AS refused
        FROM accounts WHERE username_canonical = '${username}'`,
    )
    return row
  })
  .extend(
    'move',
    ({ askFor, newestLink, open, isOurs }) =>
      async (browser: HttpClient, username: string, email: string) => {
        await askFor(browser, username, email)
        const page = await open(browser, username, await newestLink(email, '/account/email/'))
        return browser.followWhile(await browser.submit(page.form('confirm-email')), isOurs)
      },
  )

describe('another e-mail address', () => {
  test('counts when its link is pressed, and not before; both addresses are told', async ({
    browser,
    openBrowser,
    askFor,
    open,
    newestLink,
    inbox,
    addressOf,
    audited,
    isOurs,
    signOn,
  }) => {
    const who = person(0)
    await sql(
      signOn.services.db,
      `UPDATE accounts SET email_refused_at = now() WHERE username_canonical = '${who.username}'`,
    )
    const asked = await askFor(browser, who.username, 'New.Box@example.com')
    expect(asked.text).toContain('We have written to the new address')
    expect(asked.text).toContain('Our messages to this address come back')
    expect(asked.text).toContain('id="open-change"')
    expect((await inbox(who.email)).map(({ subject }) => subject)).toEqual([
      'Another e-mail address was asked for',
    ])
    // Until it is confirmed it may be a stranger's.
    const [toNew] = await inbox('New.Box@example.com')
    expect(`${toNew?.text}${toNew?.html}`).not.toContain(who.username)
    expect(`${toNew?.text}${toNew?.html}`).not.toContain(who.number)
    const link = await newestLink('New.Box@example.com', '/account/email/')
    for (let n = 0; n < 10; n += 1) {
      expect(heading(await openPage(browser, signOn, link))).toBe('Confirm your new e-mail address')
    }
    expect((await addressOf(who.username))?.email).toBe(who.email)

    // On another device whoever opens it signs in, and comes to the same page.
    const phone = openBrowser()
    const page = await open(phone, who.username, link)
    expect(page.url).toBe(link)
    const done = await phone.followWhile(await phone.submit(page.form('confirm-email')), isOurs)
    expect(done.text).toContain('Your e-mail address is changed')
    expect(done.text).toContain('address follows by itself')
    expect(await addressOf(who.username)).toEqual({
      email: 'New.Box@example.com',
      isEmailVerified: true,
      refused: null,
    })
    expect((await inbox(who.email)).at(-1)?.subject).toBe('Your e-mail address was changed')
    expect((await inbox('New.Box@example.com')).at(-1)?.subject).toBe(
      'This is your e-mail address now',
    )
    expect(await audited('account.email-changed')).toHaveLength(1)
    expect(heading(await openPage(phone, signOn, link))).toBe('This link has been used')
  })

  test('may be that of several accounts', async ({ browser, openBrowser, move, addressOf }) => {
    await move(browser, person(1).username, 'shared@example.com')
    await move(openBrowser(), person(2).username, 'shared@example.com')
    expect((await addressOf(person(1).username))?.email).toBe('shared@example.com')
    expect((await addressOf(person(2).username))?.email).toBe('shared@example.com')
  })

  test('is not taken by who reads its mail and is signed in to another account', async ({
    browser,
    openBrowser,
    askFor,
    open,
    newestLink,
    addressOf,
  }) => {
    const who = person(3)
    await askFor(browser, who.username, 'mistyped@example.com')
    const stranger = openBrowser()
    const page = await open(
      stranger,
      nora.username,
      await newestLink('mistyped@example.com', '/account/email/'),
    )
    expect([page.status, heading(page)]).toEqual([410, 'This link belongs to another account'])
    expect((await addressOf(who.username))?.email).toBe(who.email)
    expect((await addressOf(nora.username))?.email).toBe(nora.email)
  })

  test('can be withdrawn, and another one takes the place of the one that waits', async ({
    browser,
    askFor,
    newestLink,
    openBrowser,
    open,
    isOurs,
    signOn,
    audited,
  }) => {
    const who = person(4)
    await askFor(browser, who.username, 'first@example.com')
    const second = await askFor(browser, who.username, 'second@example.com')
    expect(second.text).not.toContain('first@')
    const first = await openPage(
      browser,
      signOn,
      await newestLink('first@example.com', '/account/email/'),
    )
    expect(first.status).toBe(410)
    const gone = await browser.followWhile(await browser.submit(second.form('withdraw')), isOurs)
    expect(gone.text).toContain('No change of your address is waiting')
    const link = await newestLink('second@example.com', '/account/email/')
    expect(heading(await open(openBrowser(), who.username, link))).toBe(
      'This change of address was withdrawn',
    )
    expect(await audited('account.email-change-withdrawn')).toHaveLength(1)
  })

  test('asks for a sign-in of the last five minutes', async ({ browser, open, at, signOn }) => {
    const who = person(5)
    const page = await open(browser, who.username, at('/account/settings/email'))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5.1 * 60_000 })
    const late = await browser.submit(page.form('change-email'), { email: 'late@example.com' })
    expect([late.status, heading(late)]).toEqual([403, 'Sign in to send this form'])
    const again = await openPage(browser, signOn, at('/account/settings/email'))
    expect(again.text).toContain('Your last sign-in is too long ago')
  })

  test('that is the present one, or none, is refused in words', async ({
    browser,
    askFor,
    inbox,
  }) => {
    const who = person(6)
    const same = await askFor(browser, who.username, who.email.toUpperCase())
    expect(same.status).toBe(422)
    expect(same.text).toContain('This is your e-mail address already')
    const none = await askFor(browser, who.username, 'no address')
    expect(none.status).toBe(422)
    expect(none.text).toContain('value="no address"')
    expect(await inbox()).toEqual([])
  })

  test('is the present one where that was never confirmed, and is confirmed by it', async ({
    browser,
    move,
    addressOf,
  }) => {
    await move(browser, nora.username, nora.email)
    expect(await addressOf(nora.username)).toMatchObject({ isEmailVerified: true })
  })

  test('is asked for though a stranger has asked for the way back with it, time and again', async ({
    browser,
    openBrowser,
    askFor,
    at,
  }) => {
    const stranger = openBrowser()
    const form = (await stranger.get(at('/recover/password'))).form('recover')
    for (let n = 0; n < 5; n += 1) await stranger.submit(form, { name: 'blocked@example.com' })
    expect((await stranger.submit(form, { name: 'blocked@example.com' })).status).toBe(429)
    const asked = await askFor(browser, person(17).username, 'blocked@example.com')
    expect(asked.text).toContain('We have written to the new address')
  })

  test('is asked for five times an hour, whoever asks and whatever its tag', async ({
    browser,
    openBrowser,
    askFor,
  }) => {
    const other = openBrowser()
    for (let n = 0; n < 3; n += 1) {
      await askFor(browser, person(13).username, `tagged+${n}@example.com`)
    }
    for (let n = 3; n < 5; n += 1) {
      await askFor(other, person(16).username, `Tagged+${n}@example.com`)
    }
    expect((await askFor(other, person(16).username, 'tagged@example.com')).status).toBe(429)
  })

  test('waits no more after a new password that signs everybody else out', async ({
    browser,
    openBrowser,
    askFor,
    newestLink,
    open,
    at,
    signOn,
    audited,
  }) => {
    const [resets, changes] = [person(14), person(15)]
    await askFor(browser, resets.username, 'waits14@example.com')
    const holder = openBrowser()
    const recover = await holder.get(at('/recover/password'))
    await holder.submit(recover.form('recover'), { name: resets.username })
    const reset = await holder.get(await newestLink(resets.email, '/recover/password/'))
    const done = await holder.submit(reset.form('reset'), { password: newPassword })
    expect(done.status).toBe(200)

    await askFor(openBrowser(), changes.username, 'waits15@example.com')
    const page = await open(holder, changes.username, at('/account/settings/password'))
    expect(page.text).toContain('Another e-mail address that waits to be confirmed is withdrawn')
    await holder.submit(page.form('change-password'), {
      current: password,
      password: newPassword,
      again: newPassword,
      elsewhere: 'yes',
    })
    const waiting = await sql<{ to: string }>(
      signOn.services.db,
      `SELECT to_email AS to FROM email_changes WHERE to_email LIKE 'waits1%'
        AND withdrawn_at IS NULL`,
    )
    expect(waiting).toEqual([])
    expect(await audited('account.email-change-withdrawn')).toHaveLength(2)
  })
})

describe('the address that an account had before', () => {
  test('learns nothing of the account where nobody has confirmed it', async ({
    browser,
    move,
    inbox,
    addressOf,
  }) => {
    await move(browser, unconfirmed.username, 'confirmed18@example.com')
    expect((await addressOf(unconfirmed.username))?.email).toBe('confirmed18@example.com')
    expect(await inbox(unconfirmed.email)).toEqual([])
  })

  test('that is the present one again has nothing to tell', async ({
    browser,
    openBrowser,
    move,
    newestLink,
    audited,
  }) => {
    const who = person(16)
    await move(browser, who.username, 'away@example.com')
    const link = await newestLink(who.email, '/account/old-address/')
    const reader = openBrowser()
    const form = (await reader.get(link)).form('old-address')
    await move(browser, who.username, who.email)
    for (const dead of [await reader.get(link), await reader.submit(form)]) {
      expect([dead.status, heading(dead)]).toEqual([410, 'The account has this address again'])
    }
    expect(await audited('account.old-address-reported')).toEqual([])
  })

  test('can tell support once, and holds, restores and recovers nothing', async ({
    browser,
    openBrowser,
    move,
    newestLink,
    inbox,
    addressOf,
    audited,
    at,
    signOn,
  }) => {
    const who = person(7)
    // What the former firm has from before.
    const recover = await browser.get(at('/recover/password'))
    await browser.submit(recover.form('recover'), { name: who.username })
    const oldReset = await newestLink(who.email, '/recover/password/')
    await move(browser, who.username, 'private@example.com')
    const oldNotMe = await newestLink(who.email, '/account/not-me/')
    const oldMail = (await inbox(who.email)).at(-1)
    expect(oldMail?.links.some((link) => link.includes('/account/not-me/'))).toBe(false)

    const firm = openBrowser()
    for (const link of [oldReset, oldNotMe]) {
      const dead = await firm.get(link)
      expect([dead.status, heading(dead)]).toEqual([410, 'This link does not count any more'])
    }
    for (const what of [
      ['password', { name: who.email }],
      ['username', { email: who.email }],
    ] as const) {
      const page = await firm.get(at(`/recover/${what[0]}`))
      await firm.submit(page.form('recover'), what[1])
    }
    const after = (await inbox(who.email)).slice(-2)
    expect(after.map(({ subject }) => subject)).toEqual([
      'No account for PACER and the federal courts with this address',
      'No account for PACER and the federal courts with this address',
    ])

    const link = oldMail?.links.find((each) => each.includes('/account/old-address/')) ?? ''
    const before = await sql(signOn.services.db, 'SELECT * FROM accounts ORDER BY id')
    for (let n = 0; n < 10; n += 1) expect((await firm.get(link)).status).toBe(200)
    expect(await audited('account.old-address-reported')).toEqual([])
    const form = (await firm.get(link)).form('old-address')
    const done = await firm.submit(form)
    expect(heading(done)).toBe('The PACER Service Center has been told')
    expect(heading(await firm.submit(form))).toBe('The PACER Service Center has been told')
    expect(await audited('account.old-address-reported')).toMatchObject([
      { actorKind: 'system', outcome: 'success' },
    ])
    expect(await sql(signOn.services.db, 'SELECT * FROM accounts ORDER BY id')).toEqual(before)
    expect((await addressOf(who.username))?.email).toBe('private@example.com')
    // Its holder is still signed in, and still signs in.
    expect((await browser.get(at('/account'))).status).toBe(200)
  })

  test('is heard of its own change, also after another one was', async ({
    browser,
    openBrowser,
    move,
    newestLink,
    audited,
  }) => {
    const who = person(12)
    await move(browser, who.username, 'second@example.com')
    await move(browser, who.username, 'third@example.com')
    const events = () => audited('account.old-address-reported')
    for (const [index, address] of [who.email, 'second@example.com'].entries()) {
      const reader = openBrowser()
      const form = (await reader.get(await newestLink(address, '/account/old-address/'))).form(
        'old-address',
      )
      const presses = [await reader.submit(form), await reader.submit(form)]
      expect(presses.map(({ status }) => status)).toEqual([200, 410])
      expect(await events()).toHaveLength(index + 1)
    }
    const changes = (await events()).map(({ detail }) => JSON.stringify(detail))
    expect(new Set(changes).size).toBe(2)
  })

  test('is heard for fourteen days', async ({ browser, move, newestLink }) => {
    const who = person(8)
    await move(browser, who.username, 'private8@example.com')
    const link = await newestLink(who.email, '/account/old-address/')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 13.9 * 24 * 3600_000 })
    expect((await browser.get(link)).status).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 0.2 * 24 * 3600_000 })
    expect(heading(await browser.get(link))).toBe('This link is too old')
  })

  test('is not told that the account is secured where somebody else gave it another one', async ({
    browser,
    openBrowser,
    askFor,
    open,
    newestLink,
    isOurs,
  }) => {
    const who = person(11)
    await askFor(browser, who.username, 'thief@example.com')
    const notMe = await newestLink(who.email, '/account/not-me/')
    const holder = openBrowser()
    const form = (await holder.get(notMe)).form('not-me')
    const confirm = await open(
      browser,
      who.username,
      await newestLink('thief@example.com', '/account/email/'),
    )
    await browser.followWhile(await browser.submit(confirm.form('confirm-email')), isOurs)
    for (const dead of [await holder.submit(form), await holder.get(notMe)]) {
      expect(dead.status).toBe(410)
      expect(dead.text).toContain('the account has had another e-mail address')
      expect(dead.text).not.toContain('secured')
    }
  })

  test('stops a change that waits, as long as it is the present one', async ({
    browser,
    openBrowser,
    askFor,
    newestLink,
    addressOf,
  }) => {
    const who = person(9)
    await askFor(browser, who.username, 'intruder@example.com')
    const link = await newestLink('intruder@example.com', '/account/email/')
    const notMe = await newestLink(who.email, '/account/not-me/')
    const holder = openBrowser()
    await holder.submit((await holder.get(notMe)).form('not-me'))
    // The session that asked for it is gone, and so is the link.
    expect((await browser.get(link)).status).toBe(303)
    expect((await addressOf(who.username))?.email).toBe(who.email)
  })
})
