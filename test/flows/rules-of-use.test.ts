import { expect } from 'vitest'
import { rulesVersion } from '../../src/accounts/rules-of-use.ts'
import { callbackOf, errorIn, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  /** What an account accepted, as the row has it. */
  .extend(
    'accepts',
    ({ signOn }) =>
      (number: string, version: string | null) =>
        sql(
          signOn.services.db,
          `UPDATE accounts SET rules_version = ${version ? `'${version}'` : 'NULL'},
            created_at = '2026-11-03' WHERE number = '${number}'`,
        ),
  )
  .extend('toStep', ({ ncwd, browser, signOn, isOurs }) => async (username: string) => {
    const { url, checks } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const answer = await sendPassword(browser, page, username)
    return { checks, shown: await browser.followWhile(answer, isOurs) }
  })

test('who accepted older rules of use is asked at the next sign-in, once', async ({
  accepts,
  toStep,
  browser,
  openBrowser,
  isOurs,
  ncwd,
  ncwb,
  audited,
  signOn,
}) => {
  await accepts(nora.number, '2025-01-01')
  const { shown, checks } = await toStep(nora.username)
  expect(shown.text).toContain('The rules of use have changed')

  const unticked = await browser.submit(shown.form('rules-of-use'))
  expect(unticked.status).toBe(422)
  expect(unticked.text).toContain('Tick the box to continue')

  // In another browser, which has an interaction of its own, the page is nobody's.
  const other = openBrowser()
  await openPage(other, signOn, (await ncwd.authorize()).url)
  const foreign = await other.submit(shown.form('rules-of-use'), { rules: rulesVersion })
  expect([foreign.status, (await other.get(shown.url)).status]).toEqual([410, 410])
  expect(await audited('account.rules-accepted')).toEqual([])

  // The end is called before it is time: nobody gets a code past the step.
  const early = await browser.get(shown.url.replace('/sign-in/', '/oidc/auth/'))
  const again = await browser.followWhile(early, isOurs)
  expect(again.location).toBeUndefined()

  const answered = await browser.submit(again.form('rules-of-use'), { rules: rulesVersion })
  await ncwd.redeem(callbackOf(await browser.followWhile(answered, isOurs)), checks)
  await ncwb.walkIn(browser)

  expect(await audited('account.rules-accepted')).toMatchObject([
    { detail: { version: rulesVersion }, actorKind: 'account' },
  ])
  const [row] = await sql<{ version: string; isNew: boolean }>(
    signOn.services.db,
    `SELECT rules_version AS version, rules_accepted_at > now() - interval '1 minute' AS "isNew"
      FROM accounts WHERE number = '${nora.number}'`,
  )
  expect(row).toEqual({ version: rulesVersion, isNew: true })
})

test('an account that came from elsewhere when these rules held is not asked', async ({
  accepts,
  ncwd,
  browser,
}) => {
  await accepts(jane.number, null)
  await ncwd.signIn(browser, jane.username)
})

test('a version that holds no longer is not accepted', async ({
  accepts,
  toStep,
  browser,
  audited,
}) => {
  await accepts(nora.number, '2025-01-01')
  const { shown } = await toStep(nora.username)
  const answer = await browser.submit(shown.form('rules-of-use'), { rules: '2026-01-01' })
  expect(answer.status).toBe(422)
  expect(await audited('account.rules-accepted')).toEqual([])
})

test('a court that wants no page is told that one is due', async ({
  accepts,
  ncwd,
  ncwb,
  browser,
  isOurs,
}) => {
  await accepts(nora.number, rulesVersion)
  await ncwd.signIn(browser, nora.username)
  await accepts(nora.number, '2025-01-01')
  const { url } = await ncwb.authorize({ prompt: 'none' })
  const refused = await browser.followWhile(await browser.get(url), isOurs)
  expect(errorIn(callbackOf(refused))).toBe('interaction_required')
})

test('the rules of use are a page for anybody, and every page leads to them', async ({
  browser,
  at,
}) => {
  const page = await browser.get(at('/rules-of-use'))
  expect(page.status).toBe(200)
  expect(page.text).toContain('November 2, 2026')
  expect((await browser.get(at('/courts'))).text).toContain('href="/rules-of-use"')
})
