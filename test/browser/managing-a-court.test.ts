import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byAccount } from '../../src/audit/by.ts'
import { staffCourtPath } from '../../src/console/court/court-paths.ts'
import { contestLink } from '../../src/efiling/linking/contest-link.ts'
import { linkAccount } from '../../src/efiling/linking/link-account.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { idOf } from '../support/filing-requests.ts'
import { addImported } from '../support/imported.ts'
import { look } from '../support/look.ts'
import { nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { cleo, max, mona } from '../support/staff.ts'

const ways = [
  { way: 'with scripts at 1280 pixels', width: 1280, javaScriptEnabled: true, manager: mona },
  { way: 'without scripts at 400 pixels', width: 400, javaScriptEnabled: false, manager: max },
]
const newClerks = ways.map((_, n) => ({
  ...nora,
  number: String(7_212_000 + n),
  username: `new-clerk-${n}`,
  family_name: `Newclerk${n}`,
}))

/** Whoever linked an account that is somebody else's, and whose it is. */
const linkers = ways.map((_, n) => ({
  wrong: {
    ...nora,
    number: String(7_213_000 + n),
    username: `wrong-linker-${n}`,
    email: `wrong-linker-${n}@example.com`,
    given_name: 'Una',
  },
  right: {
    ...nora,
    number: String(7_214_000 + n),
    username: `right-linker-${n}`,
    email: `right-linker-${n}@example.com`,
    given_name: 'Rita',
    family_name: `Rightful${n}`,
  },
}))

let signOn: SignOn
let browser: TestBrowser

beforeAll(async () => {
  signOn = await startSignOn()
  browser = await launchBrowser()
  const others = linkers.flatMap(({ wrong, right }) => [wrong, right])
  await signOn.apply({ accounts: [mona, max, cleo, ...newClerks, ...others] })
})
afterAll(async () => {
  await browser?.stop()
  await signOn?.stop()
})

describe.each(ways)('who manages a court, $way', ({ way, manager, ...options }) => {
  const n = ways.findIndex((each) => each.way === way)
  const newClerk = newClerks[n]!

  test('says what it takes, names an office, and adds a clerk, by clicks alone', async () => {
    const page = await browser.newPage(options)
    const hasScripts = options.javaScriptEnabled
    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.fill('#username', manager.username)
    await page.fill('#password', password)
    await page.click('#sign-in-submit')
    await page.waitForURL(`**${staffCourtPath('ncwb')}`)
    const home = await page.locator('h1').innerText()
    await look(page, home, hasScripts)

    await page.getByRole('link', { name: 'What this court takes' }).click()
    await look(page, 'What this court takes', hasScripts)
    await page.click('#change-requests')
    await page.getByText('Pro hac vice', { exact: true }).first().click()
    await page.fill('#lateAfterDays', 'soon')
    await page.click('#requests-submit')
    expect(await page.locator('#problem').isVisible()).toBe(true)
    await page.fill('#lateAfterDays', '7')
    await page.click('#requests-submit')
    await look(page, 'What this court takes', hasScripts)
    expect(await page.locator('#practice').innerText()).toContain('7 days')

    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.locator('#court-features').getByRole('link', { name: 'Offices' }).click()
    await page.click('#add-office')
    await page.fill('#name', `Clerk’s office ${n}`)
    await page.fill('#telephone', '704-350-7500')
    await page.fill('#hours', '8:30 a.m. to 4:30 p.m.')
    await page.click('#office-submit')
    expect(await page.locator('#offices').innerText()).toContain(`Clerk’s office ${n}`)
    await look(page, 'Offices', hasScripts)

    await page.goto(`${signOn.issuer}${staffCourtPath('ncwb')}`)
    await page.locator('#court-features').getByRole('link', { name: 'Staff' }).click()
    await page.click('#add-clerk')
    await look(page, 'Add a clerk', hasScripts)
    await page.fill('#number', newClerk.number)
    await page.fill('#familyName', 'Doe')
    await page.click('#clerk-submit')
    expect(await page.locator('#problem').innerText()).toContain('No account has that number')
    await page.fill('#familyName', newClerk.family_name)
    await page.click('#clerk-submit')
    expect(await page.locator('#staff').innerText()).toContain(newClerk.number)
    await look(page, 'Who works for this court', hasScripts)
    await page.context().close()
  })
})

/** Somebody linked it who is not its owner, and the owner says so. */
async function disputeLink(n: number): Promise<void> {
  const { db } = signOn.services
  const courtId = 'ncwb' as CourtId
  const name = `Rightful${n}, Rita`
  const importedId = await addImported(db, courtId, { login: `disputed-${n}`, name })
  const accountId = await idOf(signOn, linkers[n]!.wrong.number)
  const by = byAccount(accountId, {})
  const wanted = { accountId, courtId, importedId, way: 'password', isOnePerson: true, by } as const
  const linked = await inTransaction(db, (tx) => linkAccount(tx, wanted))
  if (!linked.ok) throw new Error(linked.reason)
  const about = { linkId: linked.value.id, reader: 'old-address', origin: {} } as const
  await inTransaction(db, (tx) => contestLink(tx, about))
}

describe.each(ways)('who works in the clerk’s office, $way', ({ way, manager: _, ...options }) => {
  const n = ways.findIndex((each) => each.way === way)
  const { right } = linkers[n]!

  test('finds what is disputed at the start, and gives the account to whose it is', async () => {
    await disputeLink(n)
    const page = await browser.newPage(options)
    const hasScripts = options.javaScriptEnabled
    await page.goto(`${signOn.issuer}/staff`)
    await page.fill('#username', cleo.username)
    await page.fill('#password', password)
    await page.click('#sign-in-submit')
    await page.getByRole('link', { name: /somebody says is wrong/ }).click()
    await look(page, 'Links', hasScripts)
    await page.locator('#contested').getByRole('link').click()
    expect(await page.locator('#state').innerText()).toBe('Disputed')
    await look(page, `disputed-${n} and Una Nowhere`, hasScripts)
    await page.click('#act-correct')
    await look(page, 'Correct the link', hasScripts)
    await page.fill('#number', right.number)
    await page.fill('#familyName', right.family_name)
    await page.click('#find-person-submit')
    await page.locator('#join-form').waitFor()
    await look(page, 'Correct the link', hasScripts)
    await page.click('#join-submit')
    expect(await page.locator('#problem').innerText()).toContain('Enter why')
    await page.fill('#reason', 'She showed her bar card at the counter')
    await page.keyboard.press('Enter')
    await look(page, `disputed-${n} and Rita Rightful${n}`, hasScripts)
    expect(await page.locator('#state').innerText()).toBe('Linked')
    await page.context().close()
  })
})
