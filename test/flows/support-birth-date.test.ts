import { describe, expect } from 'vitest'
import { openBirthDate, sealBirthDate } from '../../src/accounts/birth-date.ts'
import {
  supportAccountPath,
  supportBirthDateCorrectionPath,
  supportBirthDatePath,
} from '../../src/console/support/support-paths.ts'
import { type Day, parseDay } from '../../src/days.ts'
import type { AccountId } from '../../src/ids.ts'
import { kit } from '../support/kit.ts'
import { jane, nora, sharedAccount } from '../support/people.ts'
import { openAs, openDesk, sam } from '../support/staff.ts'

const born = parseDay('1961-03-09')!
const asFields = (day: string) => {
  const [birthYear, birthMonth, birthDay] = day.split('-').map((part) => String(Number(part)))
  return { birthYear: birthYear!, birthMonth: birthMonth!, birthDay: birthDay! }
}
const person = (n: number, more: object = {}) => ({
  ...nora,
  number: String(7_420_000 + n),
  username: `born-${String(n).padStart(4, '0')}`,
  email: `born-${n}@example.com`,
  email_verified: true,
  ...more,
})
const [hilda, carl, guessed, nobody, one, other] = [
  person(0),
  person(1),
  person(2),
  person(3),
  person(4, { given_name: 'Ann', family_name: 'Twin', email: 'ann@example.com' }),
  person(5, { given_name: 'Änn', family_name: 'T’win', email: 'ann+two@example.com' }),
] as const
const broken = person(6)

const test = kit()
  .override('people', [jane, sam, sharedAccount, hilda, carl, guessed, nobody, one, other, broken])
  .extend('idOf', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    return (await prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
  })
  .extend('atSams', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, sam.username, onCleanup),
  )
  /** Somebody has told the date of birth when the account was made. */
  .extend('isBorn', { scope: 'file' }, ({ signOn, idOf }) => async (number: string, day: Day) => {
    const { db, keys } = signOn.services
    const id = await idOf(number)
    const data = sealBirthDate(keys.secrets.sealing, id, day)
    await db.prisma.account.update({ where: { id }, data })
  })
  .extend('bornOn', { scope: 'file' }, ({ signOn, idOf }) => async (number: string) => {
    const { db, keys } = signOn.services
    const id = await idOf(number)
    const row = await db.prisma.account.findUniqueOrThrow({ where: { id } })
    return row.birthDateSealed && openBirthDate(keys.secrets.sealing, id, row.birthDateSealed)
  })
  /** Sam of support tries a date. */
  .extend('compare', ({ signOn, atSams: browser }) => async (number: string, day: string) => {
    const page = await openAs(signOn, browser, sam.username, supportBirthDatePath(number))
    return browser.submit(page.form('compare-form'), asFields(day))
  })
  .extend(
    'correct',
    ({ signOn, atSams: browser, isOurs }) =>
      async (number: string, day: string, reason = 'A passport was shown') => {
        const path = supportBirthDateCorrectionPath(number)
        const page = await openAs(signOn, browser, sam.username, path)
        const values = { ...asFields(day), reason }
        return browser.followWhile(await browser.submit(page.form('correct-form'), values), isOurs)
      },
  )

describe('a date of birth', () => {
  test('is compared with what a caller says, and shown nowhere', async ({
    compare,
    isBorn,
    idOf,
    signOn,
    atSams: browser,
    audited,
  }) => {
    await isBorn(hilda.number, born)
    const account = await openAs(signOn, browser, sam.username, supportAccountPath(hilda.number))
    expect(account.text).toContain('On file, sealed')
    expect(account.text).not.toContain('1961')
    const other = await compare(hilda.number, '1961-03-10')
    expect([other.status, other.text.includes('It is another date')]).toEqual([200, true])
    const same = await compare(hilda.number, '1961-03-09')
    expect([same.status, same.text.includes('It is the date on file')]).toEqual([200, true])
    const recorded = await audited('support.birth-date-compared')
    expect(recorded.map(({ detail }) => detail)).toEqual([{ isSame: false }, { isSame: true }])
    expect(recorded[0]).toMatchObject({
      accountId: await idOf(hilda.number),
      actorId: await idOf(sam.number),
    })
    expect(JSON.stringify(recorded.map(({ detail }) => detail))).not.toContain('1961')
  })

  test('that does not open is said to be so, and is entered anew', async ({
    compare,
    correct,
    isBorn,
    idOf,
    bornOn,
    signOn,
  }) => {
    const { number } = broken
    await isBorn(number, born)
    const id = await idOf(number)
    await signOn.services.db.prisma.account.update({
      where: { id },
      data: { birthDateSealed: 'v1.cut-off' },
    })
    const compared = await compare(number, born)
    expect(compared.status).toBe(409)
    expect(compared.text).toContain('The date on file cannot be read any more')
    expect((await correct(number, born)).text).toContain('The date of birth was corrected')
    expect(await bornOn(number)).toBe(born)
  })

  test('is found out by nobody who tries: five dates an hour are answered', async ({
    compare,
    correct,
    isBorn,
    audited,
  }) => {
    await isBorn(guessed.number, born)
    for (const day of ['09', '10', '11']) await compare(guessed.number, `1970-01-${day}`)
    // A correction to the date on file is an answer, too.
    const same = await correct(guessed.number, born)
    expect([same.status, same.text.includes('This is the date on file already')]).toEqual([
      409,
      true,
    ])
    await compare(guessed.number, '1970-01-12')
    const late = await compare(guessed.number, born)
    expect([late.status, late.headers['retry-after'] !== undefined]).toEqual([429, true])
    expect(late.text).not.toContain('It is the date on file')
    expect((await correct(guessed.number, '1970-01-13')).status).toBe(429)
    const recorded = await audited('support.birth-date-compared')
    expect(recorded.map(({ detail }) => detail)).toEqual(
      [false, false, false, true, false].map((isSame) => ({ isSame })),
    )
    expect(await audited('account.birth-date-corrected')).toEqual([])
  })

  test('is corrected with a reason; its holder is told, and neither mail nor audit has it', async ({
    correct,
    isBorn,
    bornOn,
    inbox,
    audited,
  }) => {
    await isBorn(carl.number, born)
    const page = await correct(carl.number, '1962-03-09')
    expect(page.status).toBe(200)
    expect(page.text).toContain('The date of birth was corrected')
    expect(page.text).toContain('A passport was shown')
    expect(page.text).not.toMatch(/196[12]/)
    expect(await bornOn(carl.number)).toBe('1962-03-09')
    const mails = await inbox(carl.email)
    expect(mails.map(({ subject }) => subject)).toEqual(['Your date of birth was corrected'])
    expect(mails[0]?.text).not.toMatch(/196[12]|passport/)
    expect(await audited('account.birth-date-corrected')).toHaveLength(1)
    expect(JSON.stringify((await audited()).map(({ detail }) => detail))).not.toMatch(
      /196[12]|passp/,
    )
    expect(await audited('account.held')).toEqual([])
  })

  test('is asked for in full, with a reason, and nothing that was typed is lost', async ({
    signOn,
    atSams: browser,
    bornOn,
  }) => {
    const path = supportBirthDateCorrectionPath(nobody.number)
    const page = await openAs(signOn, browser, sam.username, path)
    expect(page.text).toContain('Enter the date of birth')
    const values = { birthMonth: '2', birthDay: '30', birthYear: '1980', reason: ' ' }
    const wrong = await browser.submit(page.form('correct-form'), values)
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Check the date of birth: there is no such day')
    expect(wrong.text).toContain('Enter why you do this')
    expect(wrong.text).toContain('value="1980"')
    expect(await bornOn(nobody.number)).toBeNull()
  })

  test('that makes an account just like another one holds it for review, and the other is told', async ({
    correct,
    isBorn,
    inbox,
    audited,
    idOf,
  }) => {
    await isBorn(one.number, born)
    await isBorn(other.number, parseDay('1961-03-08')!)
    const page = await correct(other.number, born)
    expect(page.text).toContain('This account is in review')
    expect(page.text).toContain(`href="${supportAccountPath(one.number)}"`)
    const [held, ...more] = await audited('account.held')
    expect([held?.accountId, held?.detail, more]).toEqual([
      await idOf(other.number),
      { reason: 'review' },
      [],
    ])
    expect((await audited('account.twin-found'))[0]?.detail).toEqual({
      others: [await idOf(one.number)],
    })
    expect((await inbox(one.email as string)).map(({ subject }) => subject)).toEqual([
      'Another account is like yours',
    ])
  })

  test('is none of a shared account, of one’s own, and of who is not support', async ({
    correct,
    signOn,
    atSams: browser,
    openBrowser,
    at,
    audited,
  }) => {
    expect((await correct(sharedAccount.number, born)).status).toBe(409)
    for (const path of [supportBirthDatePath, supportBirthDateCorrectionPath]) {
      expect((await browser.get(at(path(sam.number)))).status).toBe(403)
      expect((await browser.get(at(path('7999999')))).status).toBe(404)
      const page = await openAs(signOn, openBrowser(), jane.username, path(hilda.number))
      expect(page.status).toBe(403)
    }
    expect(await audited('account.birth-date-corrected')).toEqual([])
  })
})
