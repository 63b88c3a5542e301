import { expect } from 'vitest'
import { hasSeen } from '../../src/signin/steps/situation.ts'
import { done, type OwnStep, type Step } from '../../src/signin/steps/step.ts'
import { steps } from '../../src/signin/steps/table.ts'
import { formOf } from '../../src/signin/visit.ts'
import { callbackOf, errorIn, newBrowser, openPage, sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

/** A step as somebody would add one: one object, and one line in the table. */
let isAdded = true
const addressNotice: OwnStep = {
  name: 'address-notice',
  isDue: (about) =>
    isAdded && about.person !== undefined && !hasSeen(about, 'address-notice', 'per-sign-in'),
  show(visit) {
    const { action, csrf } = formOf(visit, 'address-notice')
    const page = `<form id="address-notice" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}"><button>Go on</button></form>`
    return { status: 200, page }
  },
  take: (visit) => done(visit, { seen: [...(visit.progress.seen ?? []), 'address-notice'] }),
}

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))

const table = steps as Step[]
test.beforeAll(() => {
  table.splice(table.length - 1, 0, addressNotice)
})
// Other files of this process have the table as it is.
test.afterAll(() => {
  table.splice(table.indexOf(addressNotice), 1)
})

test('a step that is added to the table has its page, and the engine stops for it', async ({
  ncwd,
  signOn,
  isOurs,
  ncwb,
}) => {
  const browser = newBrowser()
  const { url, checks } = await ncwd.authorize()
  const page = await openPage(browser, signOn, url)
  const shown = await browser.followWhile(await sendPassword(browser, page, nora.username), isOurs)
  expect(shown.form('address-notice')).toBeDefined()

  // The end is called before it is time: nobody gets a code.
  const early = await browser.get(shown.url.replace('/sign-in/', '/oidc/auth/'))
  const again = await browser.followWhile(early, isOurs)
  expect(again.location).toBeUndefined()
  expect(again.form('address-notice')).toBeDefined()

  const out = await browser.followWhile(await browser.submit(again.form('address-notice')), isOurs)
  await ncwd.redeem(callbackOf(out), checks)
  // Passed once per sign-in, at whatever court.
  await ncwb.walkIn(browser)
  await browser.stop()
})

test('and a court that wants no page is told that one is due', async ({ ncwd, isOurs, ncwb }) => {
  const browser = newBrowser()
  // A sign-in of before the step was added.
  isAdded = false
  await ncwd.signIn(browser, nora.username)
  isAdded = true
  const silent = await ncwb.authorize({ prompt: 'none' })
  const refused = await browser.followWhile(await browser.get(String(silent.url)), isOurs)
  expect(errorIn(callbackOf(refused))).toBe('interaction_required')
  await browser.stop()
})

test('steps stand one after the other: the notice to filers, then the new one', async ({
  ncwd,
  signOn,
  isOurs,
  ncwb,
}) => {
  const browser = newBrowser()
  const { url, checks } = await ncwd.authorize()
  const page = await openPage(browser, signOn, url)
  const notice = await browser.followWhile(await sendPassword(browser, page, jane.username), isOurs)
  const answered = await browser.submit(notice.form('redaction'), { acknowledged: 'yes' })
  const shown = await browser.followWhile(answered, isOurs)
  const out = await browser.followWhile(await browser.submit(shown.form('address-notice')), isOurs)
  await ncwd.redeem(callbackOf(out), checks)
  await ncwb.walkIn(browser)
  await browser.stop()
})
