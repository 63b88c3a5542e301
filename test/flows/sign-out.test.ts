import { generateKeyPairSync } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import { createCourt, newBrowser, openPage, type TestCourt, type Tokens } from '../support/court.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { startSignOn } from '../support/sign-on.ts'

const back = 'https://ncwd.test/'

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('end', { scope: 'file' }, ({ ncwd }) => ncwd.rp.serverMetadata().end_session_endpoint!)
  .extend(
    'query',
    { scope: 'file' },
    ({ end }) =>
      (parameters: Record<string, string>) =>
        `${end}?${new URLSearchParams(parameters)}`,
  )
  .extend(
    'hinted',
    { scope: 'file' },
    ({ query }) =>
      (tokens: Tokens, more: object = {}) =>
        query({
          id_token_hint: tokens.id_token!,
          post_logout_redirect_uri: back,
          state: 'bye',
          ...more,
        }),
  )
  .extend(
    'countSessions',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        signOn.services.db.prisma.session.count(),
  )
  /** Whether the second court gets a code without a page. */
  .extend('isSignedIn', ({ ncwb, browser, signOn }) => async (): Promise<boolean> => {
    const { url } = await ncwb.authorize({ prompt: 'none' })
    return (await openPage(browser, signOn, url)).location?.includes('code=') ?? false
  })
  .extend(
    'press',
    ({ browser }) =>
      (question: HttpResponse) =>
        browser.submit(question.form('op.logoutForm')),
  )
  /** An ID token of ours as if its person had rights at every court: 22 KB. */
  .extend(
    'longHint',
    { scope: 'file' },
    ({ signOn }) =>
      async (tokens: Tokens): Promise<string> => {
        const key = signOn.services.keys.signing.keys.find(({ alg }) => alg === 'ES256')!
        return new SignJWT({ ...tokens.claims(), efiling: 'x'.repeat(16_000) })
          .setProtectedHeader({ alg: 'ES256', kid: key.kid })
          .sign(await importJWK(key))
      },
  )
  /** A hint signed by somebody else. */
  .extend('forged', { scope: 'file' }, ({ signOn }) => async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return new SignJWT({ sub: 'x', aud: 'ncwd-cmecf', iss: signOn.issuer })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey)
  })
  .extend(
    'ask',
    ({ browser, query, ncwd }) =>
      () =>
        browser.get(
          query({ client_id: ncwd.clientId, post_logout_redirect_uri: back, state: 'bye' }),
        ),
  )

/** What a request with a mistake is made of. */
type Asking = {
  readonly tokens: Tokens
  readonly ncwd: TestCourt
  readonly ncwb: TestCourt
  query(parameters: Record<string, string>): string
  hinted(tokens: Tokens, more?: object): string
  forged(): Promise<string>
}

/** Where a page goes on to by itself. */
const goesOnTo = (page: HttpResponse) =>
  /<a [^>]*id="go-on" href="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')

describe('with an ID token of the person who is signed in', () => {
  test('the session ends unasked with its tokens, and the browser returns to the court', async ({
    ncwd,
    browser,
    ncwb,
    hinted,
    isSignedIn,
  }) => {
    const atNcwd = await ncwd.signIn(browser, nora.username)
    const atNcwb = await ncwb.walkIn(browser)
    const out = await browser.get(hinted(atNcwd))
    expect([out.status, out.location]).toEqual([303, `${back}?state=bye`])
    for (const [court, tokens] of [
      [ncwd, atNcwd],
      [ncwb, atNcwb],
    ] as const) {
      expect((await oidc.tokenIntrospection(court.rp, tokens.access_token)).active).toBe(false)
    }
    expect(await isSignedIn()).toBe(false)
    expect(browser.cookies.get('session')).toBeUndefined()
  })

  test.for([
    ['an image on some page', { 'sec-fetch-dest': 'image' }],
    ['a frame on some page', { 'sec-fetch-dest': 'iframe' }],
    ['a browser that loads ahead', { 'sec-purpose': 'prefetch;prerender' }],
  ] as const)('%s ends nothing', async ([_, headers], { ncwd, browser, hinted, isSignedIn }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const answer = await browser.get(hinted(tokens), headers)
    expect(answer.text).toContain('sign-out-confirm')
    expect(await isSignedIn()).toBe(true)
  })

  test('somebody else who is signed in is asked', async ({
    ncwd,
    browser,
    hinted,
    isSignedIn,
    press,
  }) => {
    const other = newBrowser()
    const tokens = await ncwd.signIn(other, jane.username)
    await other.stop()
    await ncwd.signIn(browser, nora.username)
    const question = await browser.get(hinted(tokens))
    expect(question.text).toContain('sign-out-confirm')
    expect(question.text).not.toContain('sign-out-problem')
    expect(await isSignedIn()).toBe(true)
    expect(goesOnTo(await press(question))).toBe(`${back}?state=bye`)
  })
})

describe('without a session', () => {
  test('the second court that signs out is reached at once, like the first', async ({
    ncwd,
    browser,
    ncwb,
    hinted,
    query,
  }) => {
    const atNcwd = await ncwd.signIn(browser, nora.username)
    const atNcwb = await ncwb.walkIn(browser)
    await browser.get(hinted(atNcwd))
    const second = await browser.get(
      query({ id_token_hint: atNcwb.id_token!, post_logout_redirect_uri: 'https://ncwb.test/' }),
    )
    expect([second.status, second.location]).toEqual([303, 'https://ncwb.test/'])
  })

  test('so is the court after 31 minutes without use, and when no cookie is left', async ({
    ncwd,
    browser,
    hinted,
  }) => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    const tokens = await ncwd.signIn(browser, nora.username)
    vi.setSystemTime(start + 31 * 60_000)
    expect((await browser.get(hinted(tokens))).location).toBe(`${back}?state=bye`)
    const forgetful = newBrowser()
    expect((await forgetful.get(hinted(tokens))).location).toBe(`${back}?state=bye`)
    await forgetful.stop()
  })

  test('nothing is written, however often somebody asks', async ({
    countSessions,
    audited,
    browser,
    end,
  }) => {
    const before = await countSessions()
    const answers = await Promise.all(
      [
        '',
        '?state=x',
        '?client_id=ncwd-cmecf',
        '?id_token_hint=x',
        '/',
        '/stay',
        '/success',
      ].flatMap((rest) => Array.from({ length: 20 }, () => browser.get(`${end}${rest}`))),
    )
    for (const { status, setCookies } of answers) {
      expect([200, 301, 303]).toContain(status)
      expect(setCookies).toEqual([])
    }
    expect(await countSessions()).toBe(before)
    expect(await audited()).toHaveLength(0)
  })

  test('a page says that nobody is signed in, where nothing says which court it was', async ({
    browser,
    end,
  }) => {
    const page = await browser.get(end)
    expect(page.status).toBe(200)
    expect(page.text).toContain('id="signed-out"')
  })

  test('a network that asks without end is told to wait, and who is signed in is not', async ({
    signOn,
    ncwd,
    browser,
    hinted,
    end,
  }) => {
    const limited = await startSignOn({
      beside: signOn,
      settings: { CSO_LIMIT_PAGES_PER_ADDRESS: '5/60', CSO_REDIS_PREFIX: `${Date.now()}:` },
    })
    try {
      const tokens = await ncwd.signIn(browser, nora.username)
      const at = (url: string) =>
        url.replace(signOn.issuer, `http://localhost:${limited.config.listen.port}`)
      const host = { host: new URL(signOn.issuer).host }
      const stranger = newBrowser()
      const ask = () => stranger.get(at(hinted(tokens)), host)
      const statuses = []
      for (let count = 0; count < 6; count += 1) statuses.push((await ask()).status)
      expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
      const tooMany = await ask()
      expect(tooMany.headers['retry-after']).toMatch(/^\d+$/)
      expect(tooMany.text).toContain('You may still be signed in')
      expect(tooMany.text).toContain(`id="try-again" href="${new URL(end).pathname}"`)
      await stranger.stop()
      const cookie = browser.cookies.header(new URL(signOn.issuer))!
      const out = await browser.get(at(hinted(tokens)), { ...host, cookie })
      expect(out.status).toBe(303)
    } finally {
      await limited.stop()
    }
  })
})

describe('a request with a mistake asks, signs out, and goes nowhere', () => {
  const mistakes: Record<string, (from: Asking) => Promise<string> | string> = {
    'an address off by a slash': ({ hinted, tokens }) =>
      hinted(tokens, { post_logout_redirect_uri: back.slice(0, -1) }),
    'an address off by a slash, named by the client': ({ query, ncwd }) =>
      query({ client_id: ncwd.clientId, post_logout_redirect_uri: `${back}/` }),
    'a hint that cannot be read': ({ hinted, tokens }) =>
      hinted(tokens, { id_token_hint: 'not a token' }),
    'a hint that is a page': ({ hinted, tokens }) =>
      hinted(tokens, { id_token_hint: '<b>.<i>.<u>' }),
    'a hint signed by somebody else': async ({ hinted, tokens, ncwd, forged }) =>
      hinted(tokens, { id_token_hint: await forged(), client_id: ncwd.clientId }),
    'a hint of one client and the name of another': ({ hinted, tokens, ncwb }) =>
      hinted(tokens, { client_id: ncwb.clientId }),
    'a client that is not registered': ({ query }) =>
      query({ client_id: 'nobody', post_logout_redirect_uri: back }),
    'a parameter that is there twice': ({ hinted, tokens }) => `${hinted(tokens)}&state=again`,
    'a state that is too long': ({ hinted, tokens }) => hinted(tokens, { state: 's'.repeat(4097) }),
  }

  test.for(Object.entries(mistakes))(
    '%s',
    async ([_, address], {
      ncwd,
      ncwb,
      hinted,
      query,
      forged,
      browser,
      isSignedIn,
      press,
      signOn,
    }) => {
      const tokens = await ncwd.signIn(browser, nora.username)
      const url = await address({ tokens, hinted, query, forged, ncwd, ncwb })
      const question = await browser.get(url)
      expect([question.status, question.location]).toEqual([200, undefined])
      expect(question.text).toContain('id="sign-out-problem"')
      expect(question.text).not.toContain('request-id')
      expect(await isSignedIn()).toBe(true)
      const out = await browser.followWhile(
        await press(question),
        (to) => to.origin === signOn.issuer,
      )
      expect(out).toMatchObject({ status: 200, location: undefined })
      expect(out.text).toContain('id="signed-out"')
      expect(await isSignedIn()).toBe(false)
      // And where nobody is signed in, nobody is sent there either.
      const late = await browser.get(url)
      expect(late.text).toContain('id="signed-out"')
    },
  )

  test('the log says for whose request, and why', async ({ browser, query, ncwd, signOn }) => {
    const answer = await browser.get(
      query({ client_id: ncwd.clientId, post_logout_redirect_uri: `${back}x` }),
    )
    const requestId = answer.headers['x-request-id']
    const lines = signOn.logLines.map((line) => JSON.parse(line))
    expect(lines.find((line) => line.requestId === requestId)).toMatchObject({
      clientId: ncwd.clientId,
      reason: 'address-not-registered',
      msg: 'request refused',
    })
  })

  test('other tokens of ours are no hint', async ({ signOn, browser, query }) => {
    const reader = await createCourt(signOn, 'ca4', {
      id: 'signed-userinfo',
      metadata: { access_token_format: 'jwt' },
    })
    const { access_token } = await reader.signIn(browser, nora.username)
    const question = await browser.get(query({ id_token_hint: access_token }))
    expect(question.text).toContain('id="sign-out-problem"')
  })
})

describe('the hint may be as long as it likes', () => {
  /** An ID token of ours as if its person had rights at every court: 22 KB. */

  test('as a POST, which is used as it is', async ({
    ncwd,
    browser,
    longHint,
    end,
    isSignedIn,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const id_token_hint = await longHint(tokens)
    const out = await browser.post(end, { id_token_hint, post_logout_redirect_uri: back })
    expect(goesOnTo(out)).toBe(back)
    expect(await isSignedIn()).toBe(false)
  })

  test('as a POST without the cookie, which is sent on with the cookie and without the token', async ({
    ncwd,
    browser,
    longHint,
    end,
    isSignedIn,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const id_token_hint = await longHint(tokens)
    const stranger = newBrowser()
    const sent = await stranger.post(end, {
      id_token_hint,
      post_logout_redirect_uri: back,
      state: 'bye',
    })
    await stranger.stop()
    expect(sent.status).toBe(303)
    expect(sent.location!.length).toBeLessThan(400)
    expect(sent.location).not.toContain(id_token_hint.slice(0, 40))
    const out = await browser.get(sent.location!)
    expect(out.location).toBe(`${back}?state=bye`)
    expect(await isSignedIn()).toBe(false)
  })

  test('what such an address proves is for that person alone, and for a minute', async ({
    ncwd,
    browser,
    end,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const stranger = newBrowser()
    const sent = await stranger.post(end, { id_token_hint: tokens.id_token! })
    await ncwd.signIn(stranger, jane.username)
    expect((await stranger.get(sent.location!)).text).toContain('sign-out-confirm')
    await stranger.stop()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 62_000 })
    expect((await browser.get(sent.location!)).text).toContain('sign-out-confirm')
  })

  test.for([
    ['larger than any limit', { id_token_hint: 'h'.repeat(70_000) }, {}],
    ['of another kind', '{"id_token_hint":"x"}', { 'content-type': 'application/json' }],
    ['in a compressed form', 'x=y', { 'content-encoding': 'gzip' }],
  ] as const)(
    'a request %s is asked, like any other',
    async ([_, form, headers], { ncwd, browser, end, press, isSignedIn }) => {
      await ncwd.signIn(browser, nora.username)
      const question = await browser.post(end, form as never, headers)
      expect(question.status).toBe(200)
      expect(question.text).toContain('id="sign-out-problem"')
      await press(question)
      expect(await isSignedIn()).toBe(false)
    },
  )
})

describe('the question', () => {
  test('answered with yes signs out and goes on to the court that asked', async ({
    ncwd,
    browser,
    ask,
    press,
    isSignedIn,
  }) => {
    await ncwd.signIn(browser, nora.username)
    const question = await ask()
    expect(question.text).toContain('Western District of North Carolina')
    expect(goesOnTo(await press(question))).toBe(`${back}?state=bye`)
    expect(await isSignedIn()).toBe(false)
  })

  test('“Stay signed in” changes nothing, says so, and leads back', async ({
    ncwd,
    browser,
    ask,
    signOn,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const question = await ask()
    const link = /<a [^>]*href="([^"]*)" id="sign-out-cancel"/.exec(question.text)?.[1]
    const stayed = await browser.get(new URL(link!, signOn.issuer).href)
    expect(stayed.text).toContain('id="still-signed-in"')
    expect(stayed.text).toContain('href="https://ncwd.test/sign-in"')
    expect(stayed.setCookies).toEqual([])
    // The court's tokens live, and its next sign-in works at the first try.
    expect((await oidc.tokenIntrospection(ncwd.rp, tokens.access_token)).active).toBe(true)
    await ncwd.walkIn(browser)
  })

  test('“Stay signed in” says that nobody is signed in, once that is so', async ({
    ncwd,
    browser,
    hinted,
    end,
  }) => {
    const tokens = await ncwd.signIn(browser, nora.username)
    await browser.get(hinted(tokens))
    expect((await browser.get(`${end}/stay`)).text).toContain('id="signed-out"')
  })

  test('clicked twice is signed out, and a forged click is asked again', async ({
    ncwd,
    browser,
    end,
    isSignedIn,
  }) => {
    await ncwd.signIn(browser, nora.username)
    const form = (await browser.get(end)).form('op.logoutForm')
    const forged = await browser.submit(form, { csrf: 'x'.repeat(43) })
    expect(forged.status).toBe(403)
    expect(forged.text).toContain('sign-out-confirm')
    const foreign = await browser.post(form.action, form.fields, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    expect(await isSignedIn()).toBe(true)

    const again = (await browser.get(end)).form('op.logoutForm')
    for (const answer of [await browser.submit(again), await browser.submit(again)]) {
      expect(answer.status).toBe(303)
      expect((await browser.follow(answer)).text).toContain('id="signed-out"')
    }
  })

  test('clicked ten times at once is one sign-out in the audit', async ({
    ncwd,
    browser,
    end,
    audited,
  }) => {
    await ncwd.signIn(browser, nora.username)
    const form = (await browser.get(end)).form('op.logoutForm')
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.submit(form)))
    for (const { status } of answers) expect(status).toBe(303)
    const signedOut = await audited('account.signed-out')
    expect(signedOut).toHaveLength(1)
    expect(signedOut[0]).toMatchObject({
      accountId: expect.any(String),
      detail: { clients: [ncwd.clientId] },
    })
  })

  test.for(['/answer', '/confirm', '/success'])(
    '%s, opened again later, leads to the question',
    async (rest, { ncwd, browser, end }) => {
      await ncwd.signIn(browser, nora.username)
      const again = await browser.get(`${end}${rest}`)
      expect(again.location).toBe(end)
    },
  )
})

describe('no page of the engine', () => {
  test.for([
    '/oidc/session/end',
    '/oidc/session/end/',
    '/OIDC/Session/End',
    '/oidc/session/end/answer',
    '/oidc/session/end/confirm',
    '/oidc/session/end/success',
  ])('is at %s', async (path, { browser, signOn }) => {
    for (const method of ['GET', 'POST', 'PUT', 'HEAD']) {
      const answer = await browser.send(method, `${signOn.issuer}${path}`)
      expect(answer.status, method).toBeLessThan(500)
      expect(answer.text).not.toContain('Submitting Callback')
    }
  })

  test('is at what is spelled in another way, and signing out is offered there', async ({
    browser,
    signOn,
    end,
  }) => {
    const page = await browser.post(`${signOn.issuer}/oidc/session/END`, { state: 'x' })
    expect(page.status).toBe(404)
    expect(page.text).toContain(`id="try-again" href="${new URL(end).pathname}"`)
  })
})

describe('the page after signing out', () => {
  test('looks before it says that somebody is signed out', async ({
    browser,
    signOn,
    ncwd,
    end,
  }) => {
    expect((await browser.get(`${signOn.issuer}/signed-out`)).text).toContain('id="signed-out"')
    await ncwd.signIn(browser, nora.username)
    const page = await browser.get(`${signOn.issuer}/signed-out`)
    expect(page.text).toContain('id="still-signed-in"')
    expect(page.text).toContain(`href="${new URL(end).pathname}"`)
  })

  test('is not reached by a form that is not ours: there the person is asked', async ({
    ncwd,
    browser,
    signOn,
    isSignedIn,
  }) => {
    await ncwd.signIn(browser, nora.username)
    const sent = await browser.post(`${signOn.issuer}/account/sign-out`, { csrf: 'x' })
    expect((await browser.follow(sent)).text).toContain('sign-out-confirm')
    expect(await isSignedIn()).toBe(true)
  })
})
