import { describe, expect, vi } from 'vitest'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { findByNumber } from '../../src/accounts/store.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import { decideRight } from '../../src/efiling/decide-right.ts'
import { listDecisions } from '../../src/efiling/right-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { giveUpPath, ownDecisionsPath } from '../../src/portal/rights/right-paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { tokenCalls } from '../faults/token-calls.ts'
import { kit } from '../support/kit.ts'
import { active, jane } from '../support/people.ts'
import { cleo, openAs } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId

/** Each story is of a filer of its own. */
const filer = (index: number) => ({
  ...jane,
  number: String(7_124_000 + index),
  username: `gives-up-${index}`,
  email: `gives-up-${index}@example.com`,
  standings: [active('ncwb', `ncwb-${index}`), active('ncwd', `ncwd-${index}`)],
})

const test = kit()
  .override('people', [cleo, ...Array.from({ length: 5 }, (_, index) => filer(index))])
  .extend('decide', ({ signOn }) => async (number: string, decision: Decision) => {
    const { db } = signOn.services
    const accountId = (await findByNumber(db, number))!.id
    const by = byAccount((await findByNumber(db, cleo.number))!.id, {})
    const decided = await inTransaction(db, (tx) =>
      decideRight(tx, { accountId, courtId: ncwb, decision, by }),
    )
    expect(decided).toMatchObject({ ok: true })
  })
  .extend('kindsOf', ({ signOn }) => async (number: string) => {
    const { db } = signOn.services
    const decisions = await listDecisions(db, (await findByNumber(db, number))!.id, ncwb)
    return decisions.map(({ kind }) => kind)
  })

describe('the holder of a right', () => {
  test('reads what the court decided, and gives the right up alone', async ({
    signOn,
    at,
    court,
    browser,
    openBrowser,
    decide,
    kindsOf,
    inbox,
    audited,
  }) => {
    const { number, username, email } = filer(0)
    await decide(number, { kind: 'change', role: 'trustee', message: 'As you asked.' })
    const client = await court('ncwb')
    const { access_token: token } = await client.signIn(openBrowser(), username)
    const calls = tokenCalls(browser, client)
    const entry = async () =>
      (await calls.introspect(token)).json<{
        efiling: { ncwb: { status: string; version: number } }
      }>().efiling.ncwb
    const before = await entry()
    expect(before).toMatchObject({ status: 'active', role: 'trustee' })

    const account = await openAs(signOn, browser, username, paths.account)
    const decisions = await browser.click(account, 'decisions-ncwb')
    expect(decisions.text).toContain('The right was changed: now Trustee.')
    expect(decisions.text).toContain('As you asked.')
    expect(decisions.text).toMatch(/Eastern time, by the court/)
    expect(decisions.text).not.toContain('Cleo')
    const page = await browser.click(decisions, 'give-up')
    expect(page.text).toContain('It takes you out of no case.')
    const given = await browser.submit(page.form('give-up-form'))
    expect([given.status, given.location]).toEqual([303, at(ownDecisionsPath('ncwb'))])

    const after = await entry()
    expect(after).toMatchObject({ status: 'none', actions: [] })
    expect(after.version).toBeGreaterThan(before.version)
    const userinfo = (await calls.userinfo(token)).json()
    expect(userinfo).toMatchObject({ efiling: { ncwb: { status: 'none' } } })
    expect((await browser.follow(given)).text).toMatch(/given up by its holder\.[\s\S]*?, by you</)
    expect(await kindsOf(number)).toEqual(['apply', 'change', 'give-up'])
    expect(await audited('right.decided')).toHaveLength(2)
    const mails = await inbox(email)
    expect(mails.map(({ text }) => text).join()).toContain('You gave up your rights')
    // At another court nothing is different, and here nothing is left to give up.
    expect((await browser.get(at(giveUpPath('ncwd')))).status).toBe(200)
    const again = await browser.get(at(giveUpPath('ncwb')))
    expect([again.status, again.text.includes('There is nothing to give up')]).toEqual([409, true])
    const resent = await browser.submit(page.form('give-up-form'))
    expect(resent.status).toBe(409)
    expect(await kindsOf(number)).toHaveLength(3)
  })

  test('is asked to sign in again first, also where the page stood open', async ({
    signOn,
    at,
    browser,
    kindsOf,
  }) => {
    const { number, username } = filer(1)
    const page = await openAs(signOn, browser, username, giveUpPath('ncwb'))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const asked = await browser.get(at(giveUpPath('ncwb')))
    expect([asked.status, asked.location]).toEqual([303, expect.stringContaining('max_age=300')])
    const pressed = await browser.submit(page.form('give-up-form'))
    expect([pressed.status, pressed.location]).toEqual([303, at(giveUpPath('ncwb'))])
    expect((await browser.get(at(ownDecisionsPath('ncwb')))).status).toBe(200)
    expect(await kindsOf(number)).toEqual(['apply'])
  })

  test('is told what the court decided meanwhile, and decides again', async ({
    signOn,
    browser,
    decide,
    kindsOf,
  }) => {
    const { number, username } = filer(2)
    const page = await openAs(signOn, browser, username, giveUpPath('ncwb'))
    await decide(number, { kind: 'change', actions: ['receive-notices'] })
    const late = await browser.submit(page.form('give-up-form'))
    expect(late.status).toBe(409)
    expect(late.text).toContain('The court decided something since you opened this page')
    expect(late.text).toContain('Attorney; Receive notices of electronic filing')
    expect(await kindsOf(number)).toEqual(['apply', 'change'])
    const form = late.form('give-up-form')
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.submit(form)))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await kindsOf(number)).toEqual(['apply', 'change', 'give-up'])
  })

  test('gives nothing up while nobody knows whose the account is', async ({
    signOn,
    at,
    browser,
    kindsOf,
  }) => {
    const { number, username } = filer(4)
    const form = (await openAs(signOn, browser, username, giveUpPath('ncwb'))).form('give-up-form')
    const { db } = signOn.services
    const id = (await findByNumber(db, number))!.id
    await inTransaction(db, (tx) => holdAccount(tx, id, 'recovery', byOperator('test')))
    for (const answer of [await browser.submit(form), await browser.get(at(giveUpPath('ncwb')))]) {
      expect(answer.status).toBe(409)
      expect(answer.text).toContain('Nothing can be given up now')
      expect(answer.text).toContain('(800) 676-6856')
    }
    const decision = { kind: 'give-up' } as const
    const given = await inTransaction(db, (tx) =>
      decideRight(tx, { accountId: id, courtId: ncwb, decision, by: byAccount(id, {}) }),
    )
    expect(given).toMatchObject({ ok: false, reason: 'held' })
    expect(await kindsOf(number)).toEqual(['apply'])
  })

  test('finds nothing at a court that decided nothing, or that is none', async ({
    signOn,
    at,
    browser,
  }) => {
    const page = await openAs(signOn, browser, filer(3).username, giveUpPath('ncwb'))
    const form = page.form('give-up-form')
    for (const court of ['ca4', 'zzzz', 'no-court']) {
      for (const path of [ownDecisionsPath(court), giveUpPath(court)]) {
        const answer = await browser.get(at(path))
        expect([path, answer.status]).toEqual([path, 404])
      }
      // A token is good for the form of its court alone.
      const posted = await browser.post(at(giveUpPath(court)), form.fields)
      expect([court, posted.status]).toEqual([court, court === 'no-court' ? 404 : 403])
    }
  })
})
