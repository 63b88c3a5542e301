import { describe, expect } from 'vitest'
import { openPage, sendPassword } from '../support/court.ts'
import { decodeEntities } from '../support/html-forms.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const path = '/account/settings/sessions'

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('makePerson', ({ signOn }) => async () => {
    const number = String(7_400_000 + Math.floor(Math.random() * 99_999))
    const person = { ...nora, number, username: `person-${number}` }
    await signOn.apply({ accounts: [person] })
    return person
  })
  .extend(
    'signIn',
    { scope: 'file' },
    ({ at, isOurs }) =>
      async (browser: HttpClient, username: string, to = '/account') => {
        const asked = await browser.followWhile(await browser.get(at(to)), isOurs)
        return browser.followWhile(await sendPassword(browser, asked, username), isOurs)
      },
  )

const endings = (page: HttpResponse) =>
  page.forms().filter((form) => form.action.endsWith(`${path}/end`))
const textOf = (page: HttpResponse) =>
  decodeEntities(page.text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ')

describe('sessions and devices', () => {
  test('name where somebody is signed in, with browser, network and court, and end one of them', async ({
    makePerson,
    signIn,
    browser,
    openBrowser,
    ncwd,
    at,
    isOurs,
    audited,
  }) => {
    const person = await makePerson()
    const elsewhere = openBrowser()
    await ncwd.signIn(elsewhere, person.username)
    await signIn(browser, person.username)

    const page = await browser.get(at(path))
    const text = textOf(page)
    expect(text).toContain('You are signed in in this browser and in 1 other.')
    expect(text).toMatch(/This browser Signed in on \w+ \d+, \d{4}/)
    expect(text).toContain('From the network 127.0.0')
    expect(text).toContain('Signed in to NCWD CM/ECF')
    expect(endings(page)).toHaveLength(1)

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(endings(page)[0]!)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
    const after = await browser.get(at(path))
    expect(textOf(after)).toContain('You are signed in in this browser only.')
    const asked = await elsewhere.followWhile(await elsewhere.get(at('/account')), isOurs)
    expect(asked.form('sign-in')).toBeDefined()
    expect(await audited('account.signed-out')).toHaveLength(1)
  })

  test('end all at once but this one', async ({
    makePerson,
    signIn,
    browser,
    openBrowser,
    at,
    audited,
  }) => {
    const person = await makePerson()
    for (let count = 0; count < 3; count += 1) await signIn(openBrowser(), person.username)
    await signIn(browser, person.username)
    const page = await browser.get(at(path))
    expect(textOf(page)).toContain('in this browser and in 3 others')
    const copied = { cookie: browser.cookies.header(new URL(at(path)))! }
    await browser.submit(page.form('end-others'))
    expect((await openBrowser().get(at(path), copied)).status).toBe(303)
    expect(textOf(await browser.get(at(path)))).toContain('in this browser only')
    expect(await audited('session.ended')).toHaveLength(3)
  })

  test('are one’s own: what is somebody else’s is not ended by its number', async ({
    makePerson,
    signIn,
    browser,
    openBrowser,
    at,
  }) => {
    const [person, other] = [await makePerson(), await makePerson()]
    await signIn(openBrowser(), person.username)
    await signIn(browser, person.username)
    const [form] = endings(await browser.get(at(path)))
    const stranger = openBrowser()
    await signIn(openBrowser(), other.username)
    await signIn(stranger, other.username)
    const [theirs] = endings(await stranger.get(at(path)))
    await stranger.submit(theirs!, { session: form?.fields['session'] ?? '' })
    expect(textOf(await browser.get(at(path)))).toContain('and in 1 other')
  })
})

describe('activity', () => {
  const activity = '/account/settings/activity'

  test('tells in words what happened, and nothing that is not the holder’s', async ({
    makePerson,
    signIn,
    browser,
    openBrowser,
    ncwd,
    at,
    signOn,
  }) => {
    const person = await makePerson()
    const elsewhere = openBrowser()
    const { url } = await ncwd.authorize()
    const asked = await openPage(elsewhere, signOn, url)
    await sendPassword(elsewhere, asked, person.username, 'not the password of anybody')
    await ncwd.signIn(elsewhere, person.username)
    await ncwd.walkIn(elsewhere)
    await signIn(browser, person.username)
    const text = textOf(await browser.get(at(activity)))
    expect(text).toMatch(
      /Signed in at \S.* 127\.0\.0 .*Opened NCWD CM\/ECF, already signed in 127\.0\.0 .*Signed in at NCWD CM\/ECF 127\.0\.0 .*A wrong password was typed 127\.0\.0 .*The account was made, by the PACER Service Center –/,
    )
    expect(text).not.toMatch(/password-accepted|authorization\.issued|127\.0\.0\.1|test/)
  })

  test('is told page by page', async ({ makePerson, signIn, browser, at, signOn }) => {
    const person = await makePerson()
    const { prisma } = signOn.services.db
    const { id } = await prisma.account.findUniqueOrThrow({ where: { number: person.number } })
    await prisma.auditEvent.createMany({
      data: Array.from({ length: 60 }, () => ({
        event: 'account.signed-out',
        outcome: 'success',
        accountId: id,
      })),
    })
    await signIn(browser, person.username)
    let page = await browser.get(at(activity))
    const rows = [page.text.match(/<tr><td/g)?.length]
    for (let count = 0; count < 2; count += 1) {
      page = await browser.click(page, 'older')
      rows.push(page.text.match(/<tr><td/g)?.length)
    }
    expect(rows).toEqual([25, 25, 12])
    expect(page.text).not.toContain('id="older"')
    const newest = await browser.click(page, 'newest')
    expect(newest.text).toContain('id="older"')
    const odd = await browser.get(at(`${activity}?before=1%27--`))
    expect([odd.status, odd.text.match(/<tr><td/g)?.length]).toEqual([200, 25])
  })

  test('is of nobody else', async ({ makePerson, signIn, browser, openBrowser, at }) => {
    const [person, other] = [await makePerson(), await makePerson()]
    await signIn(openBrowser(), person.username)
    await signIn(browser, other.username)
    const page = await browser.get(at(activity))
    expect(page.text.match(/Signed in at/g)).toHaveLength(1)
  })
})
