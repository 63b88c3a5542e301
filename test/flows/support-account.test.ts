import { describe, expect } from 'vitest'
import { twinFound } from '../../src/accounts/events.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { byOperator } from '../../src/audit/by.ts'
import { recordEvent } from '../../src/audit/store.ts'
import { supportAccountPath } from '../../src/console/support/support-paths.ts'
import type { AccountId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { openAs, sam } from '../support/staff.ts'

const twin = { ...nora, number: '7300003', username: 'nora-once-more' }

const test = kit()
  .override('people', [jane, nora, sam, twin])
  .extend('idOf', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    return (await prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
  })
  /** The page of an account, opened by Sam of support. */
  .extend(
    'see',
    ({ signOn, browser }) =>
      (number: string) =>
        openAs(signOn, browser, sam.username, supportAccountPath(number)),
  )

describe('the page of an account', () => {
  test('says who it is and in which state, and has no secret', async ({
    see,
    idOf,
    audited,
    signOn,
  }) => {
    const page = await see(jane.number)
    expect(page.status).toBe(200)
    expect(page.text).toContain('<h1>Jane Doe</h1>')
    expect(page.text).toContain('This account is active')
    expect(page.text).toContain('jane.doe<wbr>@example.com')
    expect(page.text).toContain('Western District of North Carolina: Active')
    expect(page.text).toContain('The account was made')
    const row = await signOn.services.db.prisma.account.findUniqueOrThrow({
      where: { number: jane.number },
    })
    expect(page.text).not.toContain(row.passwordHash!)
    expect(page.text).not.toContain(row.id)
    const [looked, ...others] = await audited('support.looked')
    expect([looked?.detail, others]).toEqual([{ shown: 'account' }, []])
    expect(looked).toMatchObject({
      accountId: await idOf(jane.number),
      actorId: await idOf(sam.number),
    })
  })

  test('tells wrong passwords, a refused address, and what happened in words', async ({
    see,
    signOn,
    at,
    isOurs,
    openBrowser,
  }) => {
    const { prisma } = signOn.services.db
    const guesser = openBrowser()
    const asked = await guesser.followWhile(await guesser.get(at('/account')), isOurs)
    await sendPassword(guesser, asked, jane.username, 'not the password at all')
    await prisma.account.update({
      where: { number: jane.number },
      data: { emailRefusedAt: new Date() },
    })
    const page = await see(jane.number)
    expect(page.text).toContain('Not paused; 1 wrong password in a row')
    expect(page.text).toContain('a wrong password was typed')
    expect(page.text).toContain('A mail server refused messages to that e-mail address')
    await prisma.account.update({ where: { number: jane.number }, data: { emailRefusedAt: null } })
  })

  test('has beside a registration in review the account that it looks like', async ({
    see,
    idOf,
    signOn,
  }) => {
    const id = await idOf(twin.number)
    const by = byOperator('test')
    const others = [await idOf(nora.number)]
    await inTransaction(signOn.services.db, async (tx) => {
      await recordEvent(tx, twinFound({ accountId: id, others, by }))
      return holdAccount(tx, id, 'review', by)
    })
    const page = await see(twin.number)
    expect(page.text).toContain('This account is in review')
    expect(page.text).toContain(`href="${supportAccountPath(nora.number)}"`)
    expect((await see(nora.number)).text).not.toContain('It looks like')
  })

  test('shows what happened a page at a time', async ({ see, browser, at, idOf, signOn }) => {
    const accountId = await idOf(nora.number)
    const by = byOperator('olga')
    for (let index = 0; index < 26; index += 1) {
      await recordEvent(signOn.services.db, twinFound({ accountId, others: [], by }))
    }
    const first = await see(nora.number)
    expect(first.text.match(/found to look like another/g)).toHaveLength(25)
    expect(first.text).toContain('Operator olga')
    const older = /id="older" href="([^"]+)"/.exec(first.text)![1]!
    const second = await browser.get(at(older))
    expect(second.text).toContain('The account was made')
    expect(second.text).toContain('id="newest"')
    expect(second.text).not.toContain('id="older"')
  })

  test('is not there for a number that nobody has, and closed to who is not support', async ({
    see,
    signOn,
    openBrowser,
    audited,
  }) => {
    expect((await see('7999999')).status).toBe(404)
    const page = await openAs(signOn, openBrowser(), jane.username, supportAccountPath(nora.number))
    expect(page.status).toBe(403)
    expect(page.text).not.toContain(nora.username)
    expect(await audited('support.looked')).toEqual([])
  })
})
