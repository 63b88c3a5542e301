import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudited } from '../support/audited.ts'
import {
  callbackOf,
  createCourt,
  errorIn,
  findPasswordForm,
  idClaims,
  newBrowser,
  openPage,
  sendPassword,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { sql } from '../support/database.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { jane, legacyAccount, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { answerWithoutEnd, endOf } from '../support/without-end.ts'

describe.each(['redis', 'database'] as const)('an interaction, with storage: %s', (storage) => {
  let signOn: SignOn
  let ncwd: TestCourt
  let ncwb: TestCourt
  let vendor: TestCourt
  const browsers: HttpClient[] = []

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [jane, nora, legacyAccount] })
    ncwd = await createCourt(signOn, 'ncwd')
    ncwb = await createCourt(signOn, 'ncwb')
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

  const open = () => {
    const browser = newBrowser()
    browsers.push(browser)
    return browser
  }
  const isOurs = (to: URL) => to.origin === signOn.issuer
  const openSignIn = async (
    browser: HttpClient,
    court: TestCourt,
    parameters?: Record<string, string>,
  ) => {
    const { url, checks } = await court.authorize(parameters)
    return { page: await openPage(browser, signOn, url), checks }
  }
  const go = (browser: HttpClient, answer: HttpResponse) => browser.followWhile(answer, isOurs)
  const count = async (event: string) => (await listAudited(signOn.services.db, event)).length
  const holdsSession = (browser: HttpClient) =>
    browser.cookies.list().some(({ name }) => /session/.test(name))
  /** Changes all interactions that are stored, as another release or a fault might have. */
  const changeRows = async (change: (row: Record<string, unknown>) => void) => {
    const { db, redis } = signOn.services
    if (!redis) {
      type Row = { id: string; payload: Record<string, unknown> }
      const find = `SELECT id, payload FROM short_lived WHERE model = 'Interaction'`
      const save = `UPDATE short_lived SET payload = $2 WHERE model = 'Interaction' AND id = $1`
      for (const { id, payload } of await sql<Row>(db, find)) {
        change(payload)
        await sql(db, save, [id, JSON.stringify(payload)])
      }
      return
    }
    const client = redis.client as Redis
    for (const key of await client.keys(`${redis.prefix}{Interaction:*`)) {
      const row = JSON.parse((await client.get(key)) ?? '{}')
      change(row)
      await client.set(key, JSON.stringify(row), 'KEEPTTL')
    }
  }
  test('of an attacker is of no use in another browser, with or without a cookie of its own', async () => {
    const attacker = open()
    const { page } = await openSignIn(attacker, ncwd)
    const withoutCookie = open()
    const withCookie = open()
    await openSignIn(withCookie, ncwb)
    for (const [victim, cause] of [
      [withoutCookie, 'lost-no-cookie'],
      [withCookie, 'lost-other-browser'],
    ] as const) {
      const shown = await victim.get(page.url)
      expect(shown.status).toBe(410)
      expect(shown.text).toContain(`id="${cause}"`)
      expect(findPasswordForm(shown)).toBeUndefined()
      expect((await sendPassword(victim, page, nora.username)).status).toBe(410)
    }
    const end = await go(attacker, await attacker.get(endOf(page)))
    expect(findPasswordForm(end)).toBeDefined()
    expect(holdsSession(attacker)).toBe(false)
  })

  test('cannot be ended in another browser after the password was proved in its own', async () => {
    const victim = open()
    const { page } = await openSignIn(victim, ncwd)
    const attacker = open()
    await openSignIn(attacker, ncwd)
    await answerWithoutEnd(signOn, () => sendPassword(victim, page, nora.username))
    const stolen = await openPage(attacker, signOn, endOf(page))
    expect(stolen.status).toBe(410)
    expect(stolen.text).toContain('id="lost-other-browser"')
    expect(holdsSession(attacker)).toBe(false)
    expect(callbackOf(await victim.get(endOf(page)))).toContain('code=')
  })

  test('leaves one cookie, however many pages are open', async () => {
    const browser = open()
    const pages = []
    for (let n = 0; n < 40; n += 1) pages.push(await openSignIn(browser, n % 2 ? ncwd : ncwb))
    expect(browser.cookies.list()).toHaveLength(1)
    const [cookie] = browser.cookies.list()
    expect(cookie).toMatchObject({ isHttpOnly: true, sameSite: 'lax', path: '/', isHostOnly: true })
    expect(cookie?.expiresAt).toBeUndefined()
    expect(cookie?.value).toMatch(/^[\w-]{22}$/)
    const { page, checks } = pages[0]!
    await ncwb.redeem(await signInAt(browser, signOn, page, nora.username), checks)
  })

  test('ended twenty times at once gives one session and one row that says so', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    const before = {
      sessions: await signOn.services.db.prisma.session.count(),
      signedIn: await count('account.signed-in'),
      issued: await count('authorization.issued'),
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get(endOf(page))))
    const codes = answers.filter(({ location }) => location?.startsWith(ncwd.redirectUri))
    expect(codes).toHaveLength(1)
    for (const answer of answers) {
      if (answer === codes[0]) continue
      expect(answer.location).toContain('/sign-in/')
      expect(answer.setCookies).toEqual([])
    }
    expect(await signOn.services.db.prisma.session.count()).toBe(before.sessions + 1)
    expect(await count('account.signed-in')).toBe(before.signedIn + 1)
    expect(await count('authorization.issued')).toBe(before.issued + 1)
    const after = await browser.get(page.url)
    expect(after.text).toContain('You are signed in as Nora Nowhere')
  })

  test('has one round of steps: password, notice, and only then a session', async () => {
    const browser = open()
    const signedIn = await count('account.signed-in')
    const { page, checks } = await openSignIn(browser, ncwd)
    const notice = await go(browser, await sendPassword(browser, page, jane.username))
    expect(new URL(notice.url).pathname).toBe(new URL(page.url).pathname)
    expect(notice.form('redaction')).toBeDefined()
    expect(holdsSession(browser)).toBe(false)
    expect(await count('account.signed-in')).toBe(signedIn)
    const out = await go(
      browser,
      await browser.submit(notice.form('redaction'), { acknowledged: 'yes' }),
    )
    const tokens = await ncwd.redeem(callbackOf(out), checks)
    expect(idClaims(tokens)['efiling']).toMatchObject({
      ncwd: { redaction_acknowledged_at: expect.any(Number) },
    })
    expect(await count('account.signed-in')).toBe(signedIn + 1)
    // What was said holds for the session: the next court asks nothing.
    await ncwd.walkIn(browser)
  })

  test('shows every page, however its end is called before it is time', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd)
    await sendPassword(browser, page, jane.username)
    const early = await go(browser, await browser.get(endOf(page)))
    expect(early.location).toBeUndefined()
    expect(early.form('redaction')).toBeDefined()
    // Our own pages ask for a session alone: there is none before the end.
    expect(holdsSession(browser)).toBe(false)
    const own = await openPage(browser, signOn, `${signOn.issuer}/account`)
    expect(findPasswordForm(own)).toBeDefined()
    const vendors = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    const asked = await go(browser, await browser.get(endOf(vendors.page)))
    expect(asked.location).toBeUndefined()
  })

  test('gives nobody a session who gives up at the notice, and says that the password was right', async () => {
    const browser = open()
    const [signedIn, accepted] = [
      await count('account.signed-in'),
      await count('account.password-accepted'),
    ]
    const { page } = await openSignIn(browser, ncwd)
    const notice = await go(browser, await sendPassword(browser, page, jane.username))
    const out = await go(browser, await browser.submit(notice.form('cancel')))
    expect(errorIn(callbackOf(out))).toBe('access_denied')
    expect(holdsSession(browser)).toBe(false)
    expect(await count('account.signed-in')).toBe(signedIn)
    expect(await count('account.password-accepted')).toBe(accepted + 1)
  })

  test('a consent is given with the session, and for what its request asks', async () => {
    const browser = open()
    const given = await count('consent.given')
    const { page, checks } = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    const notice = await go(browser, await sendPassword(browser, page, jane.username))
    const asked = await go(
      browser,
      await browser.submit(notice.form('redaction'), { acknowledged: 'yes' }),
    )
    expect(await count('consent.given')).toBe(given)
    const out = await go(browser, await browser.submit(asked.form('consent')))
    const tokens = await vendor.redeem(callbackOf(out), checks)
    expect(tokens.scope).toBe('openid pacer')
    expect(await count('consent.given')).toBe(given + 1)
  })

  test('the legacy notice comes once per sign-in, whatever the court', async () => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwd)
    const notice = await go(browser, await sendPassword(browser, page, legacyAccount.username))
    const out = await go(
      browser,
      await browser.submit(notice.form('legacy'), {}, 'legacy-continue'),
    )
    await ncwd.redeem(callbackOf(out), checks)
    await ncwb.walkIn(browser)
    await ncwd.walkIn(browser)
  })

  test('two people in two tabs of one browser: the second replaces the first, who is signed out', async () => {
    const browser = open()
    const first = await openSignIn(browser, ncwb)
    const second = await openSignIn(browser, ncwd)
    const signedOut = await count('account.signed-out')
    const janes = await ncwb.redeem(
      await signInAt(browser, signOn, first.page, jane.username),
      first.checks,
    )
    const noras = await ncwd.redeem(
      callbackOf(await go(browser, await sendPassword(browser, second.page, nora.username))),
      second.checks,
    )
    expect(idClaims(noras)['sub']).not.toBe(idClaims(janes)['sub'])
    expect(idClaims(noras)['sid']).not.toBe(idClaims(janes)['sid'])
    expect(await count('account.signed-out')).toBe(signedOut + 1)
    const next = await ncwb.walkIn(browser)
    expect(idClaims(next)['sub']).toBe(idClaims(noras)['sub'])
  })

  test('what one person said in an interaction does not count for the next', async () => {
    const browser = open()
    await ncwb.signIn(browser, nora.username)
    const { page } = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    await answerWithoutEnd(signOn, () => browser.submit(page.form('consent')))
    // Before Nora's consent comes to its end, Jane signs in in another tab.
    const other = await openSignIn(browser, ncwb, { prompt: 'login' })
    await signInAt(browser, signOn, other.page, jane.username)
    const end = await go(browser, await browser.get(endOf(page)))
    expect(end.location).toBeUndefined()
    expect(findPasswordForm(end) ?? end.form('redaction')).toBeDefined()
  })

  test('a tab that waited goes on once the person is signed in in another one', async () => {
    const browser = open()
    const waiting = await openSignIn(browser, ncwb)
    expect((await browser.get(`${signOn.issuer}/signed-in`)).json()).toEqual({ isSignedIn: false })
    await ncwd.signIn(browser, nora.username)
    expect((await browser.get(`${signOn.issuer}/signed-in`)).json()).toEqual({ isSignedIn: true })
    const onItsOwn = await go(browser, await browser.get(waiting.page.url))
    const tokens = await ncwb.redeem(callbackOf(onItsOwn), waiting.checks)
    expect(idClaims(tokens)['sub']).toBeDefined()
  })

  test('prompt=select_account names who is signed in, and goes on or lets somebody else sign in', async () => {
    const browser = open()
    const janes = await ncwd.signIn(browser, jane.username)
    const same = await openSignIn(browser, ncwd, { prompt: 'select_account' })
    expect(same.page.text).toContain('You are signed in as Jane Doe')
    const on = await go(
      browser,
      await browser.submit(same.page.form('select-account'), {}, 'keep-account'),
    )
    const kept = await ncwd.redeem(callbackOf(on), same.checks)
    expect(idClaims(kept)['sub']).toBe(idClaims(janes)['sub'])

    const other = await openSignIn(browser, ncwd, { prompt: 'select_account' })
    const form = await go(
      browser,
      await browser.submit(other.page.form('select-account'), {}, 'other-account'),
    )
    expect(form.text).toContain('Jane Doe is signed in in this browser')
    expect(form.form('sign-in').fields['username']).toBe('')
    const out = await go(browser, await sendPassword(browser, form, nora.username))
    const noras = await ncwd.redeem(callbackOf(out), other.checks)
    expect(idClaims(noras)['sub']).not.toBe(idClaims(janes)['sub'])
  })

  test('prompt=select_account without a session is the sign-in page', async () => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwb, { prompt: 'select_account' })
    await ncwb.redeem(await signInAt(browser, signOn, page, nora.username), checks)
  })

  test('who has to prove it again is told why, and need not type the username', async () => {
    const browser = open()
    await ncwb.signIn(browser, nora.username)
    const again = await openSignIn(browser, ncwb, { prompt: 'login' })
    expect(again.page.text).toContain('You are signed in as <strong>Nora Nowhere</strong>')
    expect(again.page.form('sign-in').fields['username']).toBe(nora.username)
    expect(again.page.text).not.toContain('data-waits-at')
    await ncwb.redeem(
      callbackOf(await go(browser, await sendPassword(browser, again.page, nora.username))),
      again.checks,
    )
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 })
    const old = await openSignIn(browser, ncwb, { max_age: '60' })
    expect(old.page.text).toContain('too long ago')
  })

  test('a page that is too late says which of its causes it was, and who is signed in', async () => {
    const browser = open()
    const expired = await openSignIn(browser, ncwb)
    const used = await openSignIn(browser, ncwb)
    await signInAt(browser, signOn, used.page, nora.username)
    const back = await browser.get(used.page.url)
    expect(back.status).toBe(410)
    expect(back.text).toContain('id="lost-used"')
    expect(back.text).toContain('You are signed in as Nora Nowhere')
    expect(back.text).not.toMatch(/not signed in/)
    const other = await openSignIn(browser, ncwb, { prompt: 'login' })
    await signInAt(browser, signOn, other.page, jane.username)
    const notHers = await browser.get(used.page.url)
    expect(notHers.text).toContain('You are signed in as Jane Doe')

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16 * 60_000 })
    const signedIn = await browser.get(expired.page.url)
    expect(signedIn.text).toContain('id="lost-expired"')
    expect(signedIn.text).toContain('You are signed in as Jane Doe')
    vi.setSystemTime(Date.now() + 3600_000)
    const alone = await browser.get(expired.page.url)
    expect(alone.text).toContain('id="lost-expired"')
    expect(alone.text).toContain('You are not signed in in this browser')
  })

  test('that stands at a step which nobody knows is a fault, and no other step answers it', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, vendor, { scope: 'openid pacer' })
    await changeRows((row) => {
      row.prompt = { name: 'retina-scan', reasons: ['retina-scan'], details: {} }
    })
    for (const shown of [
      await browser.get(page.url),
      await sendPassword(browser, page, nora.username),
    ]) {
      expect(shown.status).toBe(500)
      expect(shown.text).not.toContain('<form')
      expect(shown.location).toBeUndefined()
    }
    expect(signOn.logLines.join('')).toContain('no step answers the prompt retina-scan')
    expect(holdsSession(browser)).toBe(false)
  })

  test('each answer gives fifteen minutes more, up to an hour', async () => {
    const browser = open()
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    const { page } = await openSignIn(browser, ncwd)
    vi.setSystemTime(start + 14 * 60_000)
    await sendPassword(browser, page, jane.username)
    vi.setSystemTime(start + 28 * 60_000)
    expect((await browser.get(page.url)).form('redaction')).toBeDefined()
    vi.setSystemTime(start + 30 * 60_000)
    expect((await browser.get(page.url)).text).toContain('id="lost-expired"')
  })

  test.each([
    ['a reload of the address', (browser: HttpClient, page: HttpResponse) => browser.get(page.url)],
    [
      'the same answer once more',
      (browser: HttpClient, page: HttpResponse) => sendPassword(browser, page, nora.username),
    ],
    ['the end itself', (browser: HttpClient, page: HttpResponse) => browser.get(endOf(page))],
  ])('a store that fails at the end loses nothing: %s signs in', async (_way, tryAgain) => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwd)
    const signedIn = await count('account.signed-in')
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    expect(await count('account.signed-in')).toBe(signedIn)
    await ncwd.redeem(callbackOf(await go(browser, await tryAgain(browser, page))), checks)
    expect(await count('account.signed-in')).toBe(signedIn + 1)
  })

  test('the same for somebody who is signed in already: the old session stays until then', async () => {
    const browser = open()
    await ncwb.signIn(browser, nora.username)
    const { page } = await openSignIn(browser, ncwb, { prompt: 'login' })
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    await ncwd.walkIn(browser)
    expect(callbackOf(await browser.get(endOf(page)))).toContain('code=')
  })

  test('ends with its last answer: the next address is the court, and the page of before is used', async () => {
    const browser = open()
    const { page, checks } = await openSignIn(browser, ncwd)
    const answer = await sendPassword(browser, page, nora.username)
    expect(answer.status).toBe(200)
    expect(answer.location).toMatch(new RegExp(`^${ncwd.redirectUri}\\?`))
    expect(holdsSession(browser)).toBe(true)
    await ncwd.redeem(callbackOf(answer), checks)
    for (const late of [
      await browser.get(endOf(page)),
      await sendPassword(browser, page, nora.username),
    ]) {
      expect((await go(browser, late)).text).toContain('You are signed in as Nora Nowhere')
    }
  })

  test('whose end leads to another question asks it in a page of ours', async () => {
    const browser = open()
    const { page } = await openSignIn(browser, ncwd, { prompt: 'login' })
    const answer = await sendPassword(browser, page, jane.username)
    expect(answer.status).toBe(303)
    expect(answer.location).toContain('/sign-in/')
  })
})
