import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import {
  callbackOf,
  createCourt,
  errorIn,
  idClaims,
  newBrowser,
  openPage,
  sendPassword,
  signInAt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { answerWithoutEnd, endOf } from '../support/without-end.ts'

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))

describe('prompt and max_age', () => {
  test('prompt=none without a session says login_required and shows nothing', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const { url } = await ncwd.authorize({ prompt: 'none' })
    expect(errorIn(callbackOf(await openPage(browser, signOn, url)))).toBe('login_required')
  })

  test('prompt=none with a session gives a code at once', async ({ browser, ncwd, ncwb }) => {
    await ncwd.signIn(browser, nora.username)
    const tokens = await ncwb.walkIn(browser, { prompt: 'none' })
    expect(idClaims(tokens)['efiling']).toHaveProperty('ncwb')
  })

  test('prompt=none for a filer who has not seen the notice says interaction_required', async ({
    browser,
    ncwb,
    ncwd,
    signOn,
  }) => {
    await ncwb.signIn(browser, jane.username)
    const { url } = await ncwd.authorize({ prompt: 'none' })
    expect(errorIn(callbackOf(await openPage(browser, signOn, url)))).toBe('interaction_required')
  })

  test('prompt=login asks for the password again, and the notice belongs to the new sign-in', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const first = idClaims(await ncwd.signIn(browser, jane.username))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5000 })
    const { url, checks } = await ncwd.authorize({ prompt: 'login' })
    const page = await openPage(browser, signOn, url)
    expect(page.text).toContain('sign-in-submit')
    const tokens = await ncwd.redeem(await signInAt(browser, signOn, page, jane.username), checks)
    const second = idClaims(tokens)
    expect(Number(second['auth_time'])).toBeGreaterThan(Number(first['auth_time']))
    const at = (claims: Record<string, unknown>) =>
      (claims['efiling'] as Record<string, { redaction_acknowledged_at: number }>)['ncwd']!
        .redaction_acknowledged_at
    expect(at(second)).toBeGreaterThan(at(first))
  })

  test('max_age in the past asks again, within it does not', async ({ browser, ncwd, signOn }) => {
    await ncwd.signIn(browser, nora.username)
    await ncwd.walkIn(browser, { max_age: '1000' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 })
    const { url } = await ncwd.authorize({ max_age: '60' })
    expect((await openPage(browser, signOn, url)).text).toContain('sign-in-submit')
  })
})

describe('levels of assurance', () => {
  const mfa = 'urn:uscourts:cso:acr:mfa'

  test('a level that nobody can reach is ignored when it is a wish', async ({ browser, ncwd }) => {
    const tokens = await ncwd.signIn(browser, nora.username, { acr_values: mfa })
    expect(idClaims(tokens)['acr']).toBe('urn:uscourts:cso:acr:pwd')
  })

  test('and refused before any password is typed when it is essential', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: [mfa] } } })
    const { url } = await ncwd.authorize({ claims })
    const callback = callbackOf(await openPage(browser, signOn, url))
    expect(errorIn(callback)).toBe('unmet_authentication_requirements')
  })

  test('or when it is the registered minimum of the court', async ({ browser, signOn }) => {
    const strict = await createCourt(signOn, 'nceb', { minimumLevel: mfa })
    const { url } = await strict.authorize()
    const callback = callbackOf(await openPage(browser, signOn, url))
    expect(errorIn(callback)).toBe('unmet_authentication_requirements')
  })
})

describe('tabs, buttons and other people', () => {
  test('two tabs opened before sign-in both complete', async ({ browser, ncwd, ncwb, signOn }) => {
    const first = await ncwd.authorize()
    const second = await ncwb.authorize()
    const firstPage = await openPage(browser, signOn, first.url)
    const secondPage = await openPage(browser, signOn, second.url)
    const one = await ncwd.redeem(
      await signInAt(browser, signOn, firstPage, nora.username),
      first.checks,
    )
    const two = await ncwb.redeem(
      await signInAt(browser, signOn, secondPage, nora.username),
      second.checks,
    )
    expect(idClaims(one)['sub']).toBe(idClaims(two)['sub'])
  })

  test('courts walked into at the same moment keep each other’s tokens alive', async ({
    browser,
    ncwd,
    ncwb,
  }) => {
    await ncwd.signIn(browser, nora.username)
    const walks = await Promise.all([ncwd.walkIn(browser), ncwb.walkIn(browser)])
    for (const [index, court] of [ncwd, ncwb].entries()) {
      const answer = await oidc.tokenIntrospection(court.rp, walks[index]!.access_token)
      expect(answer.active).toBe(true)
    }
  })

  test('a second request of the same court leaves the first one’s token alive', async ({
    browser,
    ncwd,
  }) => {
    const first = await ncwd.signIn(browser, nora.username)
    await ncwd.walkIn(browser)
    expect((await oidc.tokenIntrospection(ncwd.rp, first.access_token)).active).toBe(true)
  })

  test('the back button after sign-in shows the way back to the court', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const { url, checks } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    await ncwd.redeem(await signInAt(browser, signOn, page, nora.username), checks)
    const again = await browser.get(page.url)
    expect(again.status).toBe(410)
    expect(again.text).toContain('https://ncwd.test/sign-in')
    const resubmitted = await browser.submit(page.forms()[0]!, {
      username: nora.username,
      password: 'whatever it was',
    })
    expect(resubmitted.status).toBe(410)
  })

  test('a sign-in page of another browser is of no use', async ({ browser, ncwd, signOn }) => {
    const victim = newBrowser()
    const { url } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const stolen = await victim.submit(page.forms()[0]!, {
      username: nora.username,
      password: 'x'.repeat(20),
    })
    expect(stolen.status).toBe(410)
    await victim.stop()
  })

  test('the end of an interaction in another browser says whose it is, and gives nothing', async ({
    browser,
    signOn,
    ncwd,
  }) => {
    const other = newBrowser()
    const page = await openPage(browser, signOn, (await ncwd.authorize()).url)
    await answerWithoutEnd(signOn, () => sendPassword(browser, page, nora.username))
    const copied = await openPage(other, signOn, endOf(page))
    expect(copied.status).toBe(410)
    expect(copied.text).toContain('id="lost-no-cookie"')
    expect(other.cookies.list().map(({ name }) => name)).not.toContain('session')
    await other.stop()
  })

  test('a cookie that somebody left in the browser before is worthless after the sign-in', async ({
    browser,
    openBrowser,
    ncwd,
    signOn,
  }) => {
    const attacker = openBrowser()
    await ncwd.signIn(attacker, nora.username)
    const sessions = (from: typeof browser) =>
      from.cookies.list().filter(({ name }) => /session/.test(name))
    for (const planted of [
      sessions(attacker).map(({ name, value }) => `${name}=${value}`),
      ['cso-session=made-up-by-somebody-else', 'cso-session.sig=x'],
    ]) {
      const victim = openBrowser()
      victim.cookies.store(
        new URL(signOn.issuer),
        planted.map((pair) => `${pair}; Path=/; HttpOnly; SameSite=Lax`),
      )
      const { url, checks } = await ncwd.authorize({ prompt: 'login' })
      const page = await openPage(victim, signOn, url)
      const notice = await victim.followWhile(
        await sendPassword(victim, page, jane.username),
        (to) => to.origin === signOn.issuer,
      )
      const out = await victim.followWhile(
        await victim.submit(notice.form('redaction'), { acknowledged: 'yes' }),
        (to) => to.origin === signOn.issuer,
      )
      await ncwd.redeem(callbackOf(out), checks)
      const values = sessions(victim).map(({ name, value }) => `${name}=${value}`)
      expect(values.filter((value) => planted.includes(value))).toEqual([])
      // Whoever left it is not whoever signed in there.
      const seen = await attacker.get(`${signOn.issuer}/account`)
      expect(seen.text).not.toContain('Jane Doe')
    }
  })

  test('a second person in the same browser replaces the first everywhere', async ({
    browser,
    ncwd,
    ncwb,
    signOn,
  }) => {
    const janes = await ncwd.signIn(browser, jane.username)
    const { url, checks } = await ncwb.authorize({ prompt: 'login' })
    const page = await openPage(browser, signOn, url)
    expect(page.text).toContain('You are signed in as <strong>Jane Doe</strong>')
    const out = await browser.followWhile(
      await sendPassword(browser, page, nora.username),
      (to) => to.origin === signOn.issuer,
    )
    const noras = await ncwb.redeem(callbackOf(out), checks)
    expect(idClaims(noras)['sub']).not.toBe(idClaims(janes)['sub'])
    expect((await oidc.tokenIntrospection(ncwd.rp, janes.access_token)).active).toBe(false)
    const walked = await ncwd.walkIn(browser)
    expect(idClaims(walked)['sub']).toBe(idClaims(noras)['sub'])
  })

  test('going back without signing in tells the court access_denied', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const { url } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const cancel = page.forms().find((form) => form.action.endsWith('/cancel'))!
    const out = await browser.followWhile(
      await browser.submit(cancel),
      (to) => to.origin === signOn.issuer,
    )
    expect(errorIn(callbackOf(out))).toBe('access_denied')
  })

  test('a form without our token, or from another site, is refused and changes nothing', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const { url } = await ncwd.authorize()
    const page = await openPage(browser, signOn, url)
    const credentials = { username: nora.username, password: nora.password }
    const forged = await browser.post(page.url, credentials)
    expect(forged.status).toBe(403)
    const { csrf = '' } = page.forms()[0]!.fields
    const foreign = await browser.post(
      page.url,
      { ...credentials, csrf },
      { 'sec-fetch-site': 'cross-site' },
    )
    expect(foreign.status).toBe(403)
  })
})

describe('how long a session lasts', () => {
  test('30 minutes without use end it, use within them keeps it', async ({
    browser,
    ncwd,
    signOn,
  }) => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwd.signIn(browser, nora.username)
    vi.setSystemTime(start + 29 * 60_000)
    await ncwd.walkIn(browser)
    vi.setSystemTime(start + 58 * 60_000)
    await ncwd.walkIn(browser)
    vi.setSystemTime(start + 89 * 60_000)
    const { url } = await ncwd.authorize()
    expect((await openPage(browser, signOn, url)).text).toContain('sign-in-submit')
  })

  test('12 hours end it, however often it was used', async ({ browser, ncwd, signOn }) => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwd.signIn(browser, nora.username)
    for (let minute = 25; minute < 720; minute += 25) {
      vi.setSystemTime(start + minute * 60_000)
      await ncwd.walkIn(browser)
    }
    vi.setSystemTime(start + 721 * 60_000)
    const { url } = await ncwd.authorize()
    expect((await openPage(browser, signOn, url)).text).toContain('sign-in-submit')
  })

  test('the cookie is a session cookie and its identifier changes at sign-in', async ({
    browser,
    signOn,
    ncwd,
  }) => {
    const identifier = () =>
      browser.cookies.header(new URL(signOn.issuer))?.match(/(?:^|; )cso-session=([^;]+)/)?.[1]
    await ncwd.signIn(browser, nora.username)
    const before = identifier()
    const { url, checks } = await ncwd.authorize({ prompt: 'login' })
    const page = await openPage(browser, signOn, url)
    await ncwd.redeem(await signInAt(browser, signOn, page, nora.username), checks)
    expect(before).toBeDefined()
    expect(identifier()).not.toBe(before)
    const cookies = browser.transcript.flatMap(({ responseHeaders }) =>
      responseHeaders.filter(([name, value]) => name === 'set-cookie' && /^session=/.test(value)),
    )
    for (const [, value] of cookies) {
      expect(value).toMatch(/httponly/i)
      expect(value).toMatch(/samesite=lax/i)
      expect(value).not.toMatch(/expires=(?!Thu, 01 Jan 1970)|max-age/i)
    }
  })
})

describe('our own page', () => {
  test('signs in through the same provider and shows every court’s decision', async ({
    browser,
    signOn,
    ncwb,
  }) => {
    const page = await openPage(browser, signOn, `${signOn.issuer}/account`)
    expect(page.text).toContain('sign-in-submit')
    const account = await browser.followWhile(
      await sendPassword(browser, page, jane.username),
      (to) => to.origin === signOn.issuer,
    )
    expect(account.text).toContain('Jane Doe')
    expect(account.text).toContain('7123456')
    expect(account.text).toContain('Western District of North Carolina')
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
  })

  test('its sign-out button needs no second question, and ends the session', async ({
    browser,
    ncwb,
    signOn,
  }) => {
    await ncwb.signIn(browser, nora.username)
    const account = await openPage(browser, signOn, `${signOn.issuer}/account`)
    const signOut = account.forms().find((form) => form.action.endsWith('/account/sign-out'))!
    const out = await browser.submit(signOut)
    expect(out.location).toBe(`${signOn.issuer}/signed-out`)
    expect((await browser.follow(out)).text).toContain('id="signed-out"')
    expect((await openPage(browser, signOn, `${signOn.issuer}/account`)).text).toContain(
      'sign-in-submit',
    )
  })

  test('is closed to an account that was disabled since it signed in', async ({
    browser,
    ncwb,
    signOn,
  }) => {
    await ncwb.signIn(browser, nora.username)
    const open = () => openPage(browser, signOn, `${signOn.issuer}/account`)
    expect((await open()).text).toContain(nora.username)
    // An operator's own way ends the session with it; what is asked here is what a session is worth
    // that another process saves at that moment.
    const disabled = (disabledAt: Date | null) =>
      signOn.services.db.prisma.account.update({
        where: { number: nora.number },
        data: { disabledAt },
      })
    await disabled(new Date())
    const closed = await open()
    expect(closed.text).not.toContain(nora.username)
    expect(closed.text).toContain('This account is disabled')
    await disabled(null)
  })
})
