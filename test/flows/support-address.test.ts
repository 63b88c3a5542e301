import { describe, expect } from 'vitest'
import { sealBirthDate } from '../../src/accounts/birth-date.ts'
import {
  supportActPath,
  supportAddressPath,
  supportBirthDatePath,
} from '../../src/console/support/support-paths.ts'
import { parseDay } from '../../src/days.ts'
import type { AccountId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { idClaims, openPage, signInAt } from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, newPassword } from '../support/people.ts'
import { openAs, openDesk, sam, sue } from '../support/staff.ts'

const born = parseDay('1961-03-09')!
/** Sam once more, at the same mailbox. */
const samAgain = {
  ...sam,
  number: '7440002',
  username: 'sam-once-more',
  given_name: 'Samuel',
  email: 'sam+two@example.com',
}
const leaver = {
  ...sam,
  number: '7440003',
  username: 'leaves-support',
  given_name: 'Lea',
  email: 'lea@example.com',
}
/** A lawyer at the firm that has the mailbox. */
const lawyer = (n: number) => ({
  ...jane,
  number: String(7_441_000 + n),
  username: `lawyer-${String(n).padStart(4, '0')}`,
  email: `lawyer-${n}@old-firm.example`,
  client_code: undefined,
  standings: [{ court: 'ncwd', status: 'active', role: 'attorney', actions: ['file'] }],
})
const lawyers = Array.from({ length: 12 }, (_, n) => lawyer(n))
const newBox = (n: number) => `lawyer-${n}@new.example`

const proof = 'Date of birth compared, called back at the bar number'
const why = 'The firm has gone with its mailboxes'

const heading = ({ text }: HttpResponse) => /<h1[^>]*>([^<]*)/.exec(text)?.[1]

const test = kit()
  .override('people', [jane, sam, sue, samAgain, leaver, ...lawyers])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('atSams', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, sam.username, onCleanup),
  )
  .extend('atSues', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, sue.username, onCleanup),
  )
  .extend('idOf', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    return (await prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
  })
  .extend('addressOf', ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    const row = await prisma.account.findUniqueOrThrow({ where: { number } })
    return [row.email, row.isEmailVerified, row.recoverySince !== null]
  })
  /** Somebody of support proposes the new address of a lawyer. */
  .extend(
    'propose',
    ({ signOn, isOurs }) =>
      async (browser: HttpClient, n: number, { by = sam.username, email = newBox(n) } = {}) => {
        const page = await openAs(signOn, browser, by, supportAddressPath(lawyer(n).number))
        const sent = await browser.submit(page.form('propose-form'), { email, proof, reason: why })
        return browser.followWhile(sent, isOurs)
      },
  )
  /** Somebody opens the page of what was proposed, and decides. */
  .extend(
    'decide',
    ({ signOn, isOurs }) =>
      async (browser: HttpClient, n: number, by: string, decision?: string) => {
        const page = await openAs(signOn, browser, by, supportAddressPath(lawyer(n).number))
        const values = { reason: 'Called back', ...(decision && { decision }) }
        const sent = await browser.submit(page.form('decision-form'), values)
        return browser.followWhile(sent, isOurs)
      },
  )
  .extend('linkTo', ({ inbox }) => async (to: string, part: string) => {
    const link = (await inbox(to))
      .flatMap(({ links }) => links)
      .findLast((each) => each.includes(part))
    if (!link) throw new Error(`no link ${part} in the mails to ${to}`)
    return link
  })

describe('a lawyer who lost mailbox and password', () => {
  test('telephones, is let in again by two people, and files when support has lifted the hold', async ({
    signOn,
    ncwd,
    at,
    isOurs,
    openBrowser,
    propose,
    decide,
    idOf,
    linkTo,
    inbox,
    addressOf,
    audited,
    atSams,
    atSues,
  }) => {
    const who = lawyer(0)
    const id = await idOf(who.number)
    const { db, keys } = signOn.services
    const data = sealBirthDate(keys.secrets.sealing, id, born)
    await db.prisma.account.update({ where: { id }, data })
    // Somebody at the firm is signed in with her account.
    const atFirm = openBrowser()
    await ncwd.signIn(atFirm, who.username)

    // The first person compares the date of birth, and proposes the new address.
    const first = atSams
    const comparing = await openAs(signOn, first, sam.username, supportBirthDatePath(who.number))
    const said = { birthMonth: '3', birthDay: '9', birthYear: '1961' }
    const compared = await first.submit(comparing.form('compare-form'), said)
    expect(compared.text).toContain('It is the date on file')
    const proposed = await propose(first, 0)
    expect(proposed.text).toContain('Another e-mail address was proposed')
    expect(proposed.text).toContain('waits for approval')
    // The firm's mailbox is told at once; nothing has changed.
    const [told] = await inbox(who.email)
    expect(told?.subject).toBe('Somebody says that you cannot read this e-mail any more')
    expect(told?.text).not.toContain(newBox(0))
    expect(await addressOf(who.number)).toEqual([who.email, true, false])
    expect(await inbox(newBox(0))).toEqual([])

    // The second person finds it waiting, and approves.
    const second = atSues
    const queue = await openAs(signOn, second, sue.username, paths.support)
    expect(queue.text).toContain(`Another e-mail address for account ${who.number}`)
    expect(queue.text).toContain('Proposed by sam-of-support')
    const approved = await decide(second, 0, sue.username, 'approve')
    expect(approved.text).toContain('waits to be confirmed')
    expect((await second.get(at(paths.support))).text).not.toContain(who.number)

    // The mail does not say whose account it is; opening its link changes nothing.
    const [mail] = await inbox(newBox(0))
    expect(mail?.text).not.toMatch(new RegExp(`${who.username}|${who.number}`))
    const link = await linkTo(newBox(0), '/recover/address/')
    const own = openBrowser()
    for (let opened = 0; opened < 10; opened += 1) await own.get(link)
    expect(await addressOf(who.number)).toEqual([who.email, true, false])
    const page = await own.get(link)
    const done = await own.submit(page.form('recovered-address'), { number: who.number })
    expect(heading(done)).toBe('This is your address now')
    expect(await addressOf(who.number)).toEqual([newBox(0), true, true])
    const former = (await inbox(who.email)).at(-1)
    expect(former?.subject).toBe('Your e-mail address was changed')
    // Who was signed in at the firm is so no more.
    const { url: again } = await ncwd.authorize()
    expect((await openPage(atFirm, signOn, again)).text).toContain('sign-in-submit')

    // She chooses a password, and signs in at the court, where she cannot file yet.
    const choosing = await own.click(done, 'choose-password')
    const chosen = await own.submit(choosing.form('reset'), { password: newPassword })
    expect(heading(chosen)).toBe('Your password is changed')
    const signIn = async () => {
      const browser = openBrowser()
      const { url, checks } = await ncwd.authorize()
      const signingIn = await openPage(browser, signOn, url)
      const back = await signInAt(browser, signOn, signingIn, who.username, newPassword)
      const { ncwd: entry } = idClaims(await ncwd.redeem(back, checks))['efiling'] as never
      return entry as { status: string; actions: string[]; held?: { reason: string } }
    }
    expect(await signIn()).toMatchObject({
      status: 'active',
      actions: [],
      held: { reason: 'recovery' },
    })

    // She calls again, and support lifts the hold.
    const lifting = await first.get(at(supportActPath(who.number, 'release-recovery')))
    const lifted = await first.submit(lifting.form('act-form'), { reason: 'She called again' })
    expect((await first.followWhile(lifted, isOurs)).text).toContain('This account is active')
    const entry = await signIn()
    expect([entry.actions, entry.held]).toEqual([['file'], undefined])

    const names = (await audited()).filter(({ accountId }) => accountId === id)
    expect(names.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'account.address-proposed',
        'account.address-approved',
        'account.email-changed',
        'account.password-required',
        'account.held',
        'account.released',
      ]),
    )
    const details = JSON.stringify(names.map(({ detail }) => detail))
    expect(details).not.toMatch(/new\.example|old-firm|bar number|mailboxes/)
  })

  test('cannot be had with an address that was heard wrong: its reader does not know the number', async ({
    openBrowser,
    propose,
    decide,
    linkTo,
    addressOf,
    atSams,
    atSues,
  }) => {
    await propose(atSams, 1)
    await decide(atSues, 1, sue.username, 'approve')
    const stranger = openBrowser()
    const page = await stranger.get(await linkTo(newBox(1), '/recover/address/'))
    const form = page.form('recovered-address')
    const wrong = await stranger.submit(form, { number: '7441 999' })
    expect([wrong.status, wrong.text.includes('This is not the number')]).toEqual([422, true])
    expect(wrong.text).toContain('value="7441 999"')
    expect((await stranger.submit(form, { number: ' ' })).status).toBe(422)
    for (let tried = 0; tried < 4; tried += 1) await stranger.submit(form, { number: '7441999' })
    const late = await stranger.submit(form, { number: lawyer(1).number })
    expect([late.status, late.headers['retry-after'] !== undefined]).toEqual([429, true])
    expect(await addressOf(lawyer(1).number)).toEqual([lawyer(1).email, true, false])
  })
})

describe('the present address', () => {
  test('can tell support that it is no lost mailbox, and the second person sees that', async ({
    signOn,
    openBrowser,
    propose,
    decide,
    linkTo,
    addressOf,
    audited,
    atSams,
    atSues,
  }) => {
    const who = lawyer(2)
    await propose(atSams, 2)
    const reader = openBrowser()
    const page = await reader.get(await linkTo(who.email, '/account/old-address/'))
    expect(page.text).toContain('cannot read messages at this address any more')
    await reader.submit(page.form('old-address'))
    expect(await audited('account.old-address-reported')).toHaveLength(1)
    const second = atSues
    const seen = await openAs(signOn, second, sue.username, supportAddressPath(who.number))
    expect(seen.text).toContain('id="objected"')
    const listed = await second.get(signOn.issuer + paths.support)
    expect(listed.text).toContain(`Account ${who.number}: somebody does not agree`)
    // By itself it stops nothing.
    const declined = await decide(second, 2, sue.username, 'decline')
    expect(declined.text).toContain('Another e-mail address was declined')
    expect((await second.get(signOn.issuer + paths.support)).text).not.toContain('id="alerts"')
    expect(await addressOf(who.number)).toEqual([who.email, true, false])
  })
})

describe('the second person', () => {
  test('is another one: not who proposed, with whatever account, and not after losing the role', async ({
    signOn,
    openBrowser,
    atSams: browser,
    propose,
    decide,
    inbox,
    audited,
    atSues,
  }) => {
    await propose(browser, 3)
    const own = await openAs(signOn, browser, sam.username, supportAddressPath(lawyer(3).number))
    expect(own.text).toContain('You have proposed this')
    const form = own.form('decision-form')
    const self = await browser.submit(form, { decision: 'approve', reason: 'Myself' })
    expect([self.status, self.text.includes('You proposed this yourself')]).toEqual([409, true])
    const again = await decide(openBrowser(), 3, samAgain.username, 'approve')
    expect(again.text).toContain('from another account of the same person')
    // Without the role nobody comes so far.
    await signOn.apply({ accounts: [{ number: sam.number, staff_roles: [] }] })
    const late = await browser.submit(form, { decision: 'approve', reason: 'Myself' })
    expect(late.status).toBe(403)
    // And what somebody proposed who has left counts no more.
    const orphan = await decide(atSues, 3, sue.username, 'approve')
    expect(orphan.text).toContain('does not work at the PACER Service Center any more')
    await signOn.apply({ accounts: [{ number: sam.number, staff_roles: [{ role: 'support' }] }] })
    expect(await audited('account.address-approved')).toEqual([])
    expect(await inbox(newBox(3))).toEqual([])
  })

  test('has no stake in it, nor has the first: it is nobody’s own account or mailbox', async ({
    signOn,
    atSams: browser,
    propose,
    decide,
    audited,
    at,
    atSues,
  }) => {
    const toSelf = await propose(browser, 4, { email: 'SAM+cases@example.com' })
    expect([toSelf.status, toSelf.text.includes('may be your own')]).toEqual([409, true])
    expect((await browser.get(at(supportAddressPath(sam.number)))).status).toBe(403)
    const other = await openAs(signOn, browser, sam.username, supportAddressPath(samAgain.number))
    const values = { email: 'else@example.com', proof, reason: why }
    const ofOneself = await browser.submit(other.form('propose-form'), values)
    expect(ofOneself.text).toContain('may be your own')
    expect(await audited('account.address-proposed')).toEqual([])
    await propose(browser, 4, { email: 'sue@example.com' })
    const approver = await decide(atSues, 4, sue.username, 'approve')
    expect([approver.status, approver.text.includes('may be your own')]).toEqual([409, true])
    expect(await audited('account.address-approved')).toEqual([])
  })

  test('approves once, however often it is sent, and an approval or a decline counts', async ({
    signOn,
    openBrowser,
    atSams: browser,
    propose,
    inbox,
    audited,
    atSues,
  }) => {
    for (const n of [5, 6]) {
      await propose(browser, n)
      const deciders = await Promise.all(
        [sue.username, leaver.username].map(async (by) => {
          const decider = by === sue.username ? atSues : openBrowser()
          const path = supportAddressPath(lawyer(n).number)
          return { decider, form: (await openAs(signOn, decider, by, path)).form('decision-form') }
        }),
      )
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const { decider, form } = deciders[index % 2]!
          const decision = n === 6 && index % 2 === 1 ? 'decline' : 'approve'
          return decider.submit(form, { decision, reason: 'Called back' })
        }),
      )
      expect(sent.filter(({ status }) => status === 303)).toHaveLength(1)
      expect(sent.filter(({ status }) => status === 409)).toHaveLength(19)
    }
    const approved = await audited('account.address-approved')
    const ended = await audited('account.address-proposal-ended')
    expect(approved.length + ended.length).toBe(2)
    expect(await inbox(newBox(5))).toHaveLength(1)
    expect(await inbox(newBox(6))).toHaveLength(approved.length - 1)
  })

  test('is told where the holder has changed the address meanwhile, and where it waited too long', async ({
    signOn,
    propose,
    decide,
    audited,
    atSams,
    atSues,
  }) => {
    const browser = atSams
    await propose(browser, 7)
    const { db } = signOn.services
    const { number } = lawyer(7)
    await sql(
      db,
      `UPDATE accounts SET email = 'moved@example.com', email_canonical = 'moved@example.com'
        WHERE number = '${number}'`,
    )
    const moved = await decide(atSues, 7, sue.username, 'approve')
    expect([moved.status, moved.text.includes('It is not as it was')]).toEqual([409, true])

    await propose(browser, 8)
    const second = atSues
    const path = supportAddressPath(lawyer(8).number)
    const form = (await openAs(signOn, second, sue.username, path)).form('decision-form')
    await sql(db, `UPDATE address_proposals SET expires_at = now() WHERE to_email = '${newBox(8)}'`)
    const late = await second.submit(form, { decision: 'approve', reason: 'Called back' })
    expect([late.status, late.text.includes('it waited too long')]).toEqual([409, true])
    expect(await audited('account.address-approved')).toEqual([])
    // There is room for another one.
    expect((await propose(browser, 8)).text).toContain('waits for approval')
  })
})

describe('a proposal', () => {
  test('is one at a time, needs all it asks for, and loses nothing that was typed', async ({
    openBrowser,
    atSams: browser,
    signOn,
    propose,
    audited,
  }) => {
    const path = supportAddressPath(lawyer(9).number)
    const page = await openAs(signOn, browser, sam.username, path)
    const form = page.form('propose-form')
    const bad = await browser.submit(form, { email: 'new at example', proof: '', reason: why })
    expect(bad.status).toBe(422)
    expect(bad.text).toContain('Check the e-mail address')
    expect(bad.text).toContain('Enter how the caller proved who it is')
    expect(bad.text).toContain('value="new at example"')
    const values = { email: lawyer(9).email.toUpperCase(), proof, reason: why }
    const same = await browser.submit(form, values)
    expect([same.status, same.text.includes('this is the present one')]).toEqual([409, true])
    await propose(browser, 9)
    const again = await browser.submit(form, { email: 'other@example.com', proof, reason: why })
    expect([again.status, again.text.includes('Somebody else was faster')]).toEqual([409, true])
    expect(await audited('account.address-proposed')).toHaveLength(1)
    expect((await openAs(signOn, openBrowser(), jane.username, path)).status).toBe(403)
  })

  test('is stopped after it was approved, and its link with it', async ({
    openBrowser,
    atSams: browser,
    propose,
    decide,
    linkTo,
    addressOf,
    atSues,
  }) => {
    await propose(browser, 10)
    await decide(atSues, 10, sue.username, 'approve')
    const link = await linkTo(newBox(10), '/recover/address/')
    const reader = openBrowser()
    const form = (await reader.get(link)).form('recovered-address')
    const stopped = await decide(browser, 10, sam.username)
    expect(stopped.text).toContain('stopped before it was used')
    expect((await reader.submit(form, { number: lawyer(10).number })).status).toBe(410)
    expect((await reader.get(link)).status).toBe(410)
    expect(await addressOf(lawyer(10).number)).toEqual([lawyer(10).email, true, false])
  })
})
