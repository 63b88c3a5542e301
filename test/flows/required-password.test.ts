import { expect } from 'vitest'
import { requirePasswordChange } from '../../src/accounts/require-password-change.ts'
import { byOperator } from '../../src/audit/by.ts'
import { supportAccountPath, supportActPath } from '../../src/console/support/support-paths.ts'
import type { AccountId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { callbackOf, errorIn, openPage, sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, newPassword, nora, password } from '../support/people.ts'
import { openAs } from '../support/staff.ts'

const next = { password: newPassword, again: newPassword }

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  /** Somebody of one's own, of whom support wants a new password. */
  .extend('makePerson', ({ signOn }) => async () => {
    const number = String(7_300_000 + Math.floor(Math.random() * 99_999))
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
  .extend('requires', ({ signOn }) => async (number: string) => {
    const { db } = signOn.services
    const { id } = await db.prisma.account.findUniqueOrThrow({ where: { number } })
    await inTransaction(db, (tx) =>
      requirePasswordChange(tx, id as AccountId, 'at-sign-in', byOperator('test')),
    )
  })
  .extend('toStep', ({ ncwd, browser, signOn, isOurs }) => async (username: string) => {
    const { url, checks } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const answer = await sendPassword(browser, page, username)
    return { checks, shown: await browser.followWhile(answer, isOurs) }
  })

test('who needs a new password chooses it, and arrives at the court in the same sign-in', async ({
  makePerson,
  requires,
  toStep,
  browser,
  openBrowser,
  signOn,
  isOurs,
  ncwd,
  ncwb,
  audited,
  inbox,
}) => {
  const person = await makePerson()
  const elsewhere = openBrowser()
  await ncwd.signIn(elsewhere, person.username)
  await requires(person.number)

  const { shown, checks } = await toStep(person.username)
  expect(shown.text).toContain('<h1>Choose a new password</h1>')
  expect(shown.text).not.toContain('Present password')

  const form = shown.form('change-password')

  const weak = await browser.submit(form, { password: person.username, again: person.username })
  expect([weak.status, weak.text.includes('Your password was not changed')]).toEqual([422, true])
  const differing = await browser.submit(form, { ...next, again: password })
  expect(differing.text).toContain('these two are different')
  expect(await audited('account.password-changed')).toEqual([])

  // In another browser, which has an interaction of its own, the page is nobody's.
  const other = openBrowser()
  await openPage(other, signOn, (await ncwd.authorize()).url)
  const foreign = await other.submit(form, next)
  expect([foreign.status, (await other.get(shown.url)).status]).toEqual([410, 410])
  expect(await audited('account.password-changed')).toEqual([])

  const answered = await browser.submit(form, next)
  await ncwd.redeem(callbackOf(await browser.followWhile(answered, isOurs)), checks)
  // It is due no more, at whatever court.
  await ncwb.walkIn(browser)
  expect(await audited('account.password-changed')).toMatchObject([
    { detail: { why: 'required' }, actorKind: 'account' },
  ])
  const told = (await inbox(person.email)).map(({ subject }) => subject)
  expect(told).toContain('Your password was changed')
  // Whoever was signed in elsewhere is so no more, and the old password is none.
  const asked = await openPage(elsewhere, signOn, (await ncwd.authorize()).url)
  const refused = await sendPassword(elsewhere, asked, person.username)
  expect(refused.text).toContain('The username and password do not match.')
  const in2 = await sendPassword(elsewhere, refused, person.username, newPassword)
  expect(callbackOf(await elsewhere.followWhile(in2, isOurs))).toContain('code=')
})

test('who is signed in from before proves the present password, with the guesses of the sign-in', async ({
  makePerson,
  requires,
  browser,
  signOn,
  isOurs,
  ncwd,
  ncwb,
  audited,
}) => {
  const person = await makePerson()
  await ncwd.signIn(browser, person.username)
  await requires(person.number)
  const own = await browser.followWhile(await browser.get(`${signOn.issuer}/account`), isOurs)
  expect(own.text).toContain('Your account needs a new password')
  expect(own.text).not.toContain('Leave it as it is')
  const silent = await ncwb.authorize({ prompt: 'none' })
  const told = await browser.followWhile(await browser.get(silent.url), isOurs)
  expect(errorIn(callbackOf(told))).toBe('interaction_required')

  const { url, checks } = await ncwb.authorize()
  const shown = await openPage(browser, signOn, url)
  const form = shown.form('change-password')
  expect(shown.text).toContain('Present password')
  const missing = await browser.submit(form, next)
  expect(missing.text).toContain('Enter your present password')
  const wrong = await browser.submit(form, { ...next, current: 'not the password of anybody' })
  expect(wrong.status).toBe(422)
  expect(await audited('account.sign-in-refused')).toHaveLength(1)
  const answered = await browser.submit(form, { ...next, current: password })
  await ncwb.redeem(callbackOf(await browser.followWhile(answered, isOurs)), checks)
  expect(await audited('account.password-changed')).toHaveLength(1)
})

test('nobody gets past it: not by calling the end early, and not to the own account', async ({
  makePerson,
  requires,
  toStep,
  browser,
  openBrowser,
  isOurs,
  signOn,
  ncwd,
}) => {
  const person = await makePerson()
  const elsewhere = openBrowser()
  await ncwd.signIn(elsewhere, person.username)
  await requires(person.number)
  const { shown } = await toStep(person.username)
  const early = await browser.get(shown.url.replace('/sign-in/', '/oidc/auth/'))
  const again = await browser.followWhile(early, isOurs)
  expect(again.location).toBeUndefined()
  expect(again.form('change-password')).toBeDefined()
  // Nobody is signed in by that; and whoever is from before is led to the same.
  const own = await openPage(browser, signOn, `${signOn.issuer}/account`)
  expect(own.forms().some(({ id }) => id === 'sign-in')).toBe(true)
  for (const path of ['/account', '/account/settings', '/account/usage']) {
    const page = await elsewhere.followWhile(await elsewhere.get(`${signOn.issuer}${path}`), isOurs)
    expect(page.text, path).not.toContain('<h1>Your account</h1>')
    expect(page.form('change-password'), path).toBeDefined()
  }
})

test('nor to the pages for staff, with a session from before: one rule for all pages of ours', async ({
  makePerson,
  requires,
  browser,
  isOurs,
  signOn,
  at,
}) => {
  const person = { ...(await makePerson()), staff_roles: [{ role: 'support' }] }
  await signOn.apply({ accounts: [person] })
  const desk = await openAs(signOn, browser, person.username, '/staff')
  expect(desk.status).toBe(200)
  const account = supportAccountPath(nora.number)
  const form = (await browser.get(at(supportActPath(nora.number, 'hold')))).form('act-form')
  await requires(person.number)
  for (const path of ['/staff', '/staff/support', account]) {
    const page = await browser.followWhile(await browser.get(at(path)), isOurs)
    expect(page.form('change-password'), path).toBeDefined()
    expect(page.text, path).not.toContain(nora.number)
  }
  const sent = await browser.submit(form, { reason: 'A caller asks for it' })
  expect([sent.status, sent.location]).toEqual([303, at('/account/settings/password')])
})

test('twenty answers at once change it once', async ({
  makePerson,
  requires,
  toStep,
  browser,
  audited,
}) => {
  const person = await makePerson()
  await requires(person.number)
  const { shown } = await toStep(person.username)
  const form = shown.form('change-password')
  await Promise.all(Array.from({ length: 20 }, () => browser.submit(form, next)))
  expect(await audited('account.password-changed')).toHaveLength(1)
  expect(await audited('account.sign-in-refused')).toEqual([])
})

test('the present password is no new one', async ({ makePerson, requires, browser, signOn }) => {
  const person = await makePerson()
  // One that the policy takes, so that only this is wrong with it.
  const { db, passwords } = signOn.services
  await db.prisma.account.update({
    where: { number: person.number },
    data: { passwordHash: await passwords.hash(newPassword) },
  })
  await requires(person.number)
  const page = await openPage(browser, signOn, `${signOn.issuer}/account`)
  const answer = await sendPassword(browser, page, person.username, newPassword)
  const shown = await openPage(browser, signOn, answer.location ?? '')
  const again = await browser.submit(shown.form('change-password'), next)
  expect(again.text).toContain('Choose a password that is not your present one')
})
