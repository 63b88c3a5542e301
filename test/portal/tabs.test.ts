import { describe, expect } from 'vitest'
import { confirmEmailPath } from '../../src/paths.ts'
import { portalEntries, portalTabs, tabOf } from '../../src/portal/entries.ts'
import { openPage, sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'

const test = kit().override('people', [jane])

describe('the tabs of an account', () => {
  test('lead to every page that they list, with one heading each, and name where somebody is', async ({
    signOn,
    browser,
    isOurs,
  }) => {
    const asked = await openPage(browser, signOn, `${signOn.issuer}/account`)
    await browser.followWhile(await sendPassword(browser, asked, jane.username), isOurs)
    const listed = [...portalTabs, ...portalEntries].map(({ path }) => path.split('#')[0] ?? path)
    for (const path of new Set(listed)) {
      // A page that asks for a password of a moment ago is content with the sign-in of before.
      const page = await openPage(browser, signOn, `${signOn.issuer}${path}`)
      expect([path, page.status]).toEqual([path, 200])
      expect(new URL(page.url).pathname, path).toBe(path)
      expect(page.text.match(/<h1/g), path).toHaveLength(1)
      expect(page.text, path).toMatch(
        new RegExp(`id="tab-${tabOf(path)}" aria-current="(page|true)"`),
      )
      expect(page.form('sign-out'), path).toBeDefined()
    }
    for (const { tab, path, title } of portalEntries) {
      const { path: tabPath = '' } = portalTabs.find(({ id }) => id === tab) ?? {}
      const page = await openPage(browser, signOn, `${signOn.issuer}${tabPath}`)
      expect(page.text).toContain(`<a href="${path}">${title}</a>`)
    }
  })

  test('names the one of a page that a link in a mail opens', () => {
    expect(tabOf(confirmEmailPath('token'))).toBe('settings')
    expect(tabOf('/account/emails')).toBe('overview')
  })

  test.for(portalTabs.map(({ path }) => [path]))(
    'ask at %s who it is, and come back to it',
    async ([path = ''], { signOn, browser, isOurs }) => {
      const asked = await openPage(browser, signOn, `${signOn.issuer}${path}`)
      const page = await browser.followWhile(
        await sendPassword(browser, asked, jane.username),
        isOurs,
      )
      expect(new URL(page.url).pathname).toBe(path)
    },
  )
})

describe('usage', () => {
  test('names each application that was signed in to, how often and when', async ({
    signOn,
    browser,
    court,
    isOurs,
  }) => {
    const [ncwd, ca4] = [await court('ncwd'), await court('ca4')]
    await ncwd.signIn(browser, jane.username)
    await ncwd.walkIn(browser)
    await openPage(browser, signOn, (await ca4.authorize()).url)
    const page = await browser.followWhile(
      await browser.get(`${signOn.issuer}/account/usage`),
      isOurs,
    )
    const text = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
    expect(text).toMatch(/CA4 CM\/ECF Once On \w+ \d+, \d{4}/)
    expect(text).toMatch(/NCWD CM\/ECF 2 times Last on \w+ \d+, \d{4}/)
    expect(text.indexOf('CA4')).toBeLessThan(text.indexOf('NCWD'))
  })
})
