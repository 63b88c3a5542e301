import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createShortLivedPostgres } from '../../src/sessions/short-lived-postgres.ts'
import { createShortLivedRedis } from '../../src/sessions/short-lived-redis.ts'
import { listAudited } from '../support/audited.ts'
import {
  callbackOf,
  createCourt,
  errorIn,
  findPasswordForm,
  newBrowser,
  openPage,
  sendPassword,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

describe.each(['redis', 'database'] as const)('answers to steps, with storage: %s', (storage) => {
  let signOn: SignOn
  let ncwd: TestCourt
  let vendor: TestCourt
  const browsers: HttpClient[] = []

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [jane, nora] })
    ncwd = await createCourt(signOn, 'ncwd')
    vendor = await createCourt(signOn, 'ca4', {
      id: 'vendor',
      kind: 'vendor',
      metadata: { scope: 'openid pacer' },
    })
  })
  afterAll(() => signOn.stop())
  afterEach(async () => {
    vi.useRealTimers()
    for (const browser of browsers.splice(0)) await browser.stop()
  })

  const openSignIn = async (court: TestCourt, parameters?: Record<string, string>) => {
    const browser = newBrowser()
    browsers.push(browser)
    const { url, checks } = await court.authorize(parameters)
    return { browser, checks, page: await openPage(browser, signOn, url) }
  }
  const isOurs = (to: URL) => to.origin === signOn.issuer
  const twenty = <Value>(work: () => Promise<Value>) =>
    Promise.all(Array.from({ length: 20 }, work))
  const count = async (event: string) => (await listAudited(signOn.services.db, event)).length

  test('twenty at once to every step are one step forward, and one session', async () => {
    const { browser, checks, page } = await openSignIn(vendor, { scope: 'openid pacer' })
    const before = {
      sessions: await signOn.services.db.prisma.session.count(),
      signedIn: await count('account.signed-in'),
      confirmed: await count('redaction.acknowledged'),
      consented: await count('consent.given'),
    }
    const proved = await twenty(() => sendPassword(browser, page, jane.username))
    for (const answer of proved) {
      expect(answer.status).toBe(303)
      const next = await browser.followWhile(answer, isOurs)
      expect(next.form('redaction')).toBeDefined()
    }
    const notice = await browser.followWhile(proved[0]!, isOurs)
    const confirmed = await twenty(() =>
      browser.submit(notice.form('redaction'), { acknowledged: 'yes' }),
    )
    for (const answer of confirmed) {
      expect(answer.status).toBe(303)
      expect((await browser.followWhile(answer, isOurs)).form('consent')).toBeDefined()
    }
    const asked = await browser.followWhile(confirmed[0]!, isOurs)
    expect(await signOn.services.db.prisma.session.count()).toBe(before.sessions)
    const allowed = await twenty(() => browser.submit(asked.form('consent')))
    const out = await Promise.all(allowed.map((answer) => browser.followWhile(answer, isOurs)))
    const codes = out.filter(({ location }) => location?.startsWith(vendor.redirectUri))
    expect(codes).toHaveLength(1)
    await vendor.redeem(callbackOf(codes[0]!), checks)
    expect(await signOn.services.db.prisma.session.count()).toBe(before.sessions + 1)
    expect(await count('account.signed-in')).toBe(before.signedIn + 1)
    expect(await count('redaction.acknowledged')).toBe(before.confirmed + 1)
    expect(await count('consent.given')).toBe(before.consented + 1)
  })

  test('of an answer and a giving up at once, each time one holds, and nobody is stuck', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { browser, page } = await openSignIn(ncwd)
      const notice = await browser.followWhile(
        await sendPassword(browser, page, jane.username),
        isOurs,
      )
      const answers = await Promise.all([
        browser.submit(notice.form('redaction'), { acknowledged: 'yes' }),
        browser.submit(notice.form('cancel')),
      ])
      const ends = await Promise.all(answers.map((each) => browser.followWhile(each, isOurs)))
      // A browser follows one of the two; whichever that is, it is led on or asked again.
      for (const end of ends)
        expect(end.location ?? end.text).toMatch(/^http|id="(lost-used|redaction)"/)
      const led = ends.flatMap(({ location }) => location ?? [])
      expect(led.length).toBeGreaterThanOrEqual(1)
      expect(led.filter((to) => new URL(to).searchParams.has('code')).length).toBeLessThan(2)
    }
  })

  test('whoever does not allow, goes back and allows after all, goes on', async () => {
    const { browser, checks, page } = await openSignIn(vendor, { scope: 'openid pacer' })
    const asked = await browser.followWhile(
      await sendPassword(browser, page, nora.username),
      isOurs,
    )
    const denied = await browser.submit(asked.form('consent-refusal'))
    expect(denied.text).toContain('You did not allow it')
    const out = await browser.followWhile(await browser.submit(asked.form('consent')), isOurs)
    expect(errorIn(callbackOf(out))).toBeNull()
    await vendor.redeem(callbackOf(out), checks)
  })

  test('one that has to be mended gives as much time as one that is taken', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    const { browser, page } = await openSignIn(ncwd)
    vi.setSystemTime(start + 14 * 60_000)
    const wrong = await sendPassword(browser, page, nora.username, 'not the password of Nora')
    expect(wrong.status).toBe(422)
    vi.setSystemTime(start + 28 * 60_000)
    expect(findPasswordForm(await browser.get(page.url))).toBeDefined()
    vi.setSystemTime(start + 30 * 60_000)
    expect((await browser.get(page.url)).text).toContain('id="lost-expired"')
  })

  test('a row is replaced by one of twenty who saw the same, and by nobody who saw an older one', async () => {
    const { db, redis } = signOn.services
    const store = redis ? createShortLivedRedis(redis) : createShortLivedPostgres(db)
    const id = `row-${Date.now()}`
    const put = (seen: number, next: number) =>
      store.replace('Interaction', id, seen, { revision: next } as never, 60)
    expect(await put(0, 1)).toBe(false)
    await store.upsert('Interaction', id, {} as never, 60)
    expect((await twenty(() => put(0, 1))).filter(Boolean)).toHaveLength(1)
    expect(await put(0, 1)).toBe(false)
    expect(await put(1, 2)).toBe(true)
    expect(await store.find('Interaction', id)).toMatchObject({ revision: 2 })
  })
})
