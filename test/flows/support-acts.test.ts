import { describe, expect } from 'vitest'
import { oldAddressReported } from '../../src/accounts/events.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { byOperator, bySystem } from '../../src/audit/by.ts'
import { recordEvent } from '../../src/audit/store.ts'
import { supportAccountPath, supportActPath } from '../../src/console/support/support-paths.ts'
import { paths } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { openAs, openDesk, sam } from '../support/staff.ts'

const reason = 'The caller is who she says, and asks for it'

const test = kit()
  .override('people', [jane, sam])
  .extend('atSams', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, sam.username, onCleanup),
  )
  /** Somebody of one's own. */
  .extend('makePerson', ({ signOn }) => async () => {
    const number = String(7_400_000 + Math.floor(Math.random() * 99_999))
    const person = {
      ...nora,
      number,
      username: `person-${number}`,
      email: `person-${number}@example.com`,
      email_verified: true,
    }
    await signOn.apply({ accounts: [person] })
    return person
  })
  /** Sam of support does it. */
  .extend(
    'act',
    ({ signOn, atSams: browser, at, isOurs }) =>
      async (number: string, act: string, why = reason) => {
        await openAs(signOn, browser, sam.username, supportAccountPath(number))
        const page = await browser.get(at(supportActPath(number, act)))
        const sent = await browser.submit(page.form('act-form'), { reason: why })
        return browser.followWhile(sent, isOurs)
      },
  )

describe('support', () => {
  test.for([
    [
      'hold',
      'account.held',
      'Put on hold',
      'The PACER Service Center has put this account on hold',
    ],
    ['disable', 'account.disabled', 'Disabled', 'This account is disabled'],
  ] as const)(
    'does “%s” with a reason, and its holder is told',
    async ([act, event, done, subject], { makePerson, act: doAct, audited, inbox }) => {
      const { number, email } = await makePerson()
      const page = await doAct(number, act)
      expect(page.status).toBe(200)
      expect(page.text).toContain(done)
      expect(page.text).toContain(reason)
      expect(page.text).toContain(subject)
      const [recorded, ...others] = await audited(event)
      expect(others).toEqual([])
      expect(recorded?.actorKind).toBe('account')
      expect(JSON.stringify((await audited()).map(({ detail }) => detail))).not.toContain('caller')
      const [mail] = await inbox(email)
      expect(mail?.subject).toBe(subject)
      expect(mail?.text).not.toContain('caller')
    },
  )

  test('lifts a hold, and enables again', async ({ makePerson, act }) => {
    const { number } = await makePerson()
    await act(number, 'hold')
    const released = await act(number, 'release-support')
    expect(released.text).toContain('This account is active')
    await act(number, 'disable')
    expect((await act(number, 'enable')).text).toContain('This account is active')
  })

  test.for([
    ['review', 'The review of your account is over'],
    ['recovery', 'A hold was lifted'],
    ['holder', 'A hold was lifted'],
  ] as const)(
    'lifts a hold for %s',
    async ([why, told], { signOn, makePerson, act, audited, inbox }) => {
      const { number, email } = await makePerson()
      const { db } = signOn.services
      const { id } = (await findAccount(db, number))!
      await inTransaction(db, (tx) => holdAccount(tx, id, why, byOperator('test')))
      const page = await act(number, `release-${why}`)
      expect(page.text).toContain('This account is active')
      expect((await audited('account.released')).map(({ detail }) => detail)).toEqual([
        { reason: why },
      ])
      // Two messages that are sent at once arrive in either order.
      const mails = await inbox(email)
      expect(mails.some(({ text }) => text.includes(told))).toBe(true)
      // Done already.
      expect((await act(number, `release-${why}`)).status).toBe(409)
    },
  )

  test('forgets wrong passwords', async ({ makePerson, act, openBrowser, at, isOurs, inbox }) => {
    const { number, username, email } = await makePerson()
    const guesser = openBrowser()
    const asked = await guesser.followWhile(await guesser.get(at('/account')), isOurs)
    await sendPassword(guesser, asked, username, 'not the password at all')
    const page = await act(number, 'unlock')
    expect(page.text).toContain('Unlocked: wrong passwords were forgotten')
    expect(page.text).toContain('Sign-in: Not paused<')
    expect((await inbox(email)).at(-1)?.subject).toBe('Your account can be signed in to again')
  })

  test('closes the account of somebody who died, and writes to nobody', async ({
    makePerson,
    act,
    inbox,
    audited,
  }) => {
    const { number, email } = await makePerson()
    const page = await act(number, 'close')
    expect(page.text).toContain('This account is closed')
    expect(page.text).not.toContain('id="act-')
    expect(await audited('account.closed')).toHaveLength(1)
    expect(await inbox(email)).toEqual([])
  })

  test('reads what a former address told until somebody has answered it', async ({
    makePerson,
    act,
    signOn,
    browser,
    audited,
    inbox,
  }) => {
    const { number, email } = await makePerson()
    const { db } = signOn.services
    const { id: accountId } = (await findAccount(db, number))!
    const tell = () =>
      recordEvent(db, oldAddressReported({ accountId, change: 'one', by: bySystem() }))
    const listed = async () =>
      (await openAs(signOn, browser, sam.username, paths.support)).text.includes(
        `Account ${number}: somebody does not agree`,
      )
    expect(await listed()).toBe(false)
    await tell()
    expect(await listed()).toBe(true)
    const page = await openAs(signOn, browser, sam.username, supportAccountPath(number))
    expect(page.text).toContain('id="alert"')
    await act(number, 'answer-alert')
    expect(await listed()).toBe(false)
    expect((await act(number, 'answer-alert')).status).toBe(409)
    // Told once more, and then held; lifting that is no answer, and asks for none.
    await tell()
    expect(await listed()).toBe(true)
    const held = await act(number, 'hold')
    expect(held.text).toContain('What a former address told was looked into')
    expect(held.text).not.toContain('id="alert"')
    expect(await listed()).toBe(false)
    expect(await audited('account.held')).toHaveLength(1)
    expect(await inbox(email)).toHaveLength(1)
  })

  test('has to say why, and loses nothing of what was typed', async ({
    makePerson,
    act,
    audited,
  }) => {
    const { number } = await makePerson()
    const missing = await act(number, 'hold', '  ')
    expect([missing.status, missing.text.includes('Enter why you do this')]).toEqual([422, true])
    const long = await act(number, 'hold', 'x'.repeat(251))
    expect([long.status, long.text.includes('x'.repeat(251))]).toEqual([422, true])
    expect(await audited('account.held')).toEqual([])
  })

  test('is understood by whoever reads why: no character that cannot be seen, and any that can', async ({
    makePerson,
    act,
    audited,
  }) => {
    const { number } = await makePerson()
    for (const why of ['\u200b', 'asked \u202eyb enohp']) {
      const sent = await act(number, 'hold', why)
      expect([sent.status, sent.text.includes('characters that cannot be seen')]).toEqual([
        422,
        true,
      ])
    }
    const one = await act(number, 'hold', '😀'.repeat(251))
    expect([one.status, one.text.includes('😀'.repeat(251))]).toEqual([422, true])
    expect(await audited('account.held')).toEqual([])
    expect((await act(number, 'hold', '😀'.repeat(250))).text).toContain('😀'.repeat(250))
  })

  test('is seen also where the form comes again, refused', async ({ makePerson, act, audited }) => {
    const { number } = await makePerson()
    const looks = async () => (await audited('support.looked')).length
    const before = await looks()
    await act(number, 'hold', '')
    // The page of the account, the form, and the form again.
    expect((await looks()) - before).toBe(3)
    await act(number, 'release-support')
    expect((await looks()) - before).toBe(6)
  })

  test('says of a disabled account that it stays so, whatever hold is lifted', async ({
    makePerson,
    act,
    inbox,
  }) => {
    const { number, email } = await makePerson()
    await act(number, 'hold')
    await act(number, 'disable')
    await act(number, 'release-support')
    const mails = await inbox(email)
    const lifted = mails.find(({ subject }) => subject === 'Your account is no longer on hold')
    expect(lifted?.text).toContain('This account is disabled')
    expect(lifted?.text).not.toContain('you can use it again')
  })

  test('is told where it was done already, and nothing is done twice', async ({
    makePerson,
    act,
    audited,
    inbox,
  }) => {
    const { number, email } = await makePerson()
    await act(number, 'hold')
    const again = await act(number, 'hold')
    expect([again.status, again.text.includes('Nothing was changed')]).toEqual([409, true])
    expect((await act(number, 'enable')).status).toBe(409)
    expect(await audited('account.held')).toHaveLength(1)
    expect(await inbox(email)).toHaveLength(1)
  })

  test('does once what is sent twenty times at once', async ({
    makePerson,
    act,
    atSams: browser,
    at,
    signOn,
    audited,
  }) => {
    const { number } = await makePerson()
    await openAs(signOn, browser, sam.username, supportAccountPath(number))
    const page = await browser.get(at(supportActPath(number, 'hold')))
    const form = page.form('act-form')
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(form, { reason })),
    )
    expect(sent.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(sent.filter(({ status }) => status === 409)).toHaveLength(19)
    expect(await audited('account.held')).toHaveLength(1)
    expect((await act(number, 'release-support')).status).toBe(200)
  })

  test('acts on no account of one’s own, and offers it nowhere', async ({
    signOn,
    atSams: browser,
    at,
    makePerson,
    audited,
  }) => {
    const own = await openAs(signOn, browser, sam.username, supportAccountPath(sam.number))
    expect(own.text).toContain('This account is your own')
    expect(own.text).not.toContain('id="act-')
    expect((await browser.get(at(supportActPath(sam.number, 'hold')))).status).toBe(403)
    // The form of another account, sent to the path of one's own.
    const { number } = await makePerson()
    const form = (await browser.get(at(supportActPath(number, 'hold')))).form('act-form')
    const action = at(supportActPath(sam.number, 'hold'))
    const sent = await browser.submit({ ...form, action }, { reason })
    expect(sent.status).toBe(403)
    expect(sent.text).toContain('This account is your own')
    expect(await audited('account.held')).toEqual([])
  })

  test('is closed to who is not support, and to what is no act or nobody’s number', async ({
    signOn,
    atSams: browser,
    openBrowser,
    at,
    audited,
  }) => {
    const page = await openAs(
      signOn,
      openBrowser(),
      jane.username,
      supportActPath(sam.number, 'hold'),
    )
    expect(page.status).toBe(403)
    await openAs(signOn, browser, sam.username, '/staff')
    expect((await browser.get(at(supportActPath(jane.number, 'delete')))).status).toBe(404)
    expect((await browser.get(at(supportActPath('7999999', 'hold')))).status).toBe(404)
    expect(await audited('account.held')).toEqual([])
  })
})
