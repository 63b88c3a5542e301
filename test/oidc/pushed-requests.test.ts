import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAudited } from '../support/audited.ts'
import {
  callbackOf,
  createCourt,
  errorIn,
  newBrowser,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { answerWithoutEnd, endOf } from '../support/without-end.ts'

const twenty = Array.from({ length: 20 })

describe.each(['redis', 'database'] as const)('a pushed request, with storage: %s', (storage) => {
  let signOn: SignOn
  let court: TestCourt
  const browsers: HttpClient[] = []

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [nora] })
    court = await createCourt(signOn, 'ncwd', { isPushed: true })
  })
  afterAll(() => signOn.stop())
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.stop()
  })

  const open = () => {
    const browser = newBrowser()
    browsers.push(browser)
    return browser
  }
  const signedIn = async () => {
    const browser = open()
    await court.signIn(browser, nora.username)
    return browser
  }
  const count = async (event: string) => (await listAudited(signOn.services.db, event)).length
  /** While nothing can be written to that table. */
  const whileLocked = async <Value>(table: string, work: () => Promise<Value>): Promise<Value> => {
    const side = new Client({ connectionString: signOn.config.database.url })
    await side.connect()
    try {
      await side.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`)
      return await work()
    } finally {
      await side.query('ROLLBACK')
      await side.end()
    }
  }

  test.each(['sessions', 'audit_events'])(
    'whose answer could not be saved (%s) works again in the same browser',
    async (table) => {
      const browser = await signedIn()
      const { url, checks } = await court.authorize()
      const failed = await whileLocked(table, () => browser.get(url))
      expect(failed.status).toBe(503)
      expect(failed.location).toBeUndefined()
      await court.redeem(callbackOf(await browser.get(url)), checks)
    },
  )

  test('whose answer could not be saved after a right password works again, too', async () => {
    const browser = open()
    const { url, checks } = await court.authorize()
    const page = await openPage(browser, signOn, url)
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    await court.redeem(callbackOf(await browser.get(endOf(page))), checks)
  })

  test('that is refused is not used: the person who has to sign in first can do so', async () => {
    const browser = open()
    const { url } = await court.authorize({ prompt: 'none' })
    for (let times = 0; times < 2; times += 1) {
      expect(errorIn(callbackOf(await browser.get(url)))).toBe('login_required')
    }
    await court.signIn(browser, nora.username)
    expect(callbackOf(await browser.get(url))).toContain('code=')
  })

  test('presented twenty times at once gives one code, and one row that says so', async () => {
    const browser = await signedIn()
    const { url, checks } = await court.authorize()
    const before = await count('authorization.issued')
    const answers = await Promise.all(twenty.map(() => browser.get(url)))
    const codes = answers.filter(({ location }) => location?.includes('code='))
    expect(codes).toHaveLength(1)
    for (const { status, location } of answers.filter((answer) => answer !== codes[0])) {
      const error = location && errorIn(location)
      // Who comes while the first is under way is sent back; who comes later sees a page.
      if (error) expect(error).toBe('invalid_request_uri')
      else expect(status).toBe(400)
    }
    expect(await count('authorization.issued')).toBe(before + 1)
    await court.redeem(callbackOf(codes[0]!), checks)
  })

  test('whose sign-in comes to its end twenty times at once gives one code', async () => {
    const browser = open()
    const { url, checks } = await court.authorize()
    const page = await openPage(browser, signOn, url)
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    const before = await count('authorization.issued')
    const answers = await Promise.all(twenty.map(() => browser.get(endOf(page))))
    const outside = answers.filter(({ location }) => location?.startsWith(court.redirectUri))
    expect(outside).toHaveLength(1)
    expect(await count('authorization.issued')).toBe(before + 1)
    await court.redeem(callbackOf(outside[0]!), checks)
  })

  test('is good in one browser: whoever read the address comes too late', async () => {
    const [first, second] = [open(), open()]
    const { url, checks } = await court.authorize()
    const pages = [await openPage(first, signOn, url), await openPage(second, signOn, url)] as const
    await answerWithoutEnd(signOn, () => sendPassword(first, pages[0], nora.username))
    await answerWithoutEnd(signOn, () => sendPassword(second, pages[1], nora.username))
    await court.redeem(callbackOf(await first.get(endOf(pages[0]))), checks)
    const late = await second.get(endOf(pages[1]))
    expect(errorIn(callbackOf(late))).toBe('invalid_request_uri')
  })

  test('presented again after it was used is a page that says so, and nothing is kept of it', async () => {
    const browser = await signedIn()
    const { url } = await court.authorize()
    callbackOf(await browser.get(url))
    const { db } = signOn.services
    const { prisma } = db
    const rows = async () => [
      await prisma.auditEvent.count(),
      await sql(db, `SELECT count(*) FROM short_lived WHERE model <> 'ReplayDetection'`),
      await prisma.session.count(),
      await prisma.grant.count(),
    ]
    const before = await rows()
    for (const visitor of [browser, open()]) {
      const again = await visitor.get(url)
      expect(again.status).toBe(400)
      expect(again.text).toContain('This request to sign in is no longer good')
    }
    expect(await rows()).toEqual(before)
  })
})
