import { describe, expect } from 'vitest'
import {
  basicHeader,
  callbackOf,
  errorIn,
  idClaims,
  newBrowser,
  openPage,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { startSignOn } from '../support/sign-on.ts'
import { assertion, assertionForm, codeForm, obtainCode, send } from './raw-requests.ts'

/** What applications of courts send with the settings of their libraries, right and wrong. */

const test = kit()
  .override('people', [jane, nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('signed', { scope: 'file' }, ({ court }) => court('nceb', { method: 'private_key_jwt' }))
  .extend('waived', { scope: 'file' }, ({ court }) =>
    court('ncwb', { id: 'waived', metadata: { pkce_required: false } }),
  )
  /** What a court is told without a page: the parameters of its address, or of its fragment. */
  .extend(
    'toldAt',
    ({ openBrowser, signOn }) =>
      async (url: string): Promise<Record<string, string>> => {
        const { hash, search } = new URL(callbackOf(await openPage(openBrowser(), signOn, url)))
        return Object.fromEntries(new URLSearchParams(hash.slice(1) || search))
      },
  )
  .extend(
    'wrong',
    { scope: 'file' },
    ({ ncwd }) =>
      () =>
        `${ncwd.redirectUri}/`,
  )

/** The address of an authorization request, with some parameters replaced or left out. */
async function addressOf(court: TestCourt, change: Record<string, string | undefined>) {
  const url = new URL((await court.authorize()).url)
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.href
}

describe('a response type', () => {
  test('that is missing is reported as such', async ({ toldAt, ncwd }) => {
    const told = await toldAt(await addressOf(ncwd, { response_type: undefined }))
    expect(told).toMatchObject({
      error: 'invalid_request',
      error_description: "missing required parameter 'response_type'",
    })
  })

  test.for(['token', 'id_token', 'id_token token', 'code id_token', 'nonsense'])(
    '%s is not offered, and the mode is not to blame',
    async (type, { openBrowser, signOn, ncwd }) => {
      for (const mode of [undefined, 'query', 'form_post']) {
        const change = { response_type: type, response_mode: mode }
        const page = await openPage(openBrowser(), signOn, await addressOf(ncwd, change))
        const told = page.location ?? page.text
        expect(told).toContain('unsupported_response_type')
        expect(told).not.toContain('response_mode')
      }
    },
  )

  test('is told of in the same words where the request is pushed', async ({ at, ncwd }) => {
    const push = async (form: Record<string, string>) =>
      (
        await send(at('/oidc/par'), {
          headers: basicHeader(ncwd.clientId, ncwd.secret),
          form: { client_id: ncwd.clientId, redirect_uri: ncwd.redirectUri, ...form },
        })
      ).body
    expect(await push({ response_type: 'token' })).toMatchObject({
      error: 'unsupported_response_type',
    })
    expect(await push({})).toMatchObject({
      error_description: expect.stringMatching(/response_type/),
    })
  })
})

describe('a state of 4,096 bytes', () => {
  // Every byte of the second takes three in an address.
  test.for([
    ['of letters', 's'.repeat(4096)],
    ['of other characters', '%&+='.repeat(1024)],
  ] as const)(
    '%s comes back whole, by GET, by POST and pushed',
    async ([_, state], { signOn, ncwd, browser, at }) => {
      const { callback } = await obtainCode(signOn, ncwd, browser, nora.username, { state })
      expect(new URL(callback).searchParams.get('state')).toBe(state)

      const { url } = await ncwd.authorize({ state })
      const form = Object.fromEntries(new URL(url).searchParams)
      const posted = await browser.post(at('/oidc/auth'), form)
      const back = callbackOf(
        await browser.followWhile(posted, (to) => to.origin === signOn.issuer),
      )
      expect(new URL(back).searchParams.get('state')).toBe(state)

      const pushed = await send(at('/oidc/par'), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form,
      })
      const query = new URLSearchParams({
        client_id: ncwd.clientId,
        request_uri: String(pushed.body['request_uri']),
      })
      const after = callbackOf(await openPage(browser, signOn, at(`/oidc/auth?${query}`)))
      expect(new URL(after).searchParams.get('state')).toBe(state)
    },
  )
})

describe('a redirect address that is not registered', () => {
  test('is named in the log, beside the nearest one that is', async ({
    browser,
    ncwd,
    wrong,
    signOn,
  }) => {
    const page = await browser.get(await addressOf(ncwd, { redirect_uri: wrong() }))
    expect(page.status).toBe(400)
    const lines = signOn.logLines.map((line) => JSON.parse(line))
    const requestId = page.headers['x-request-id']
    expect(lines.find((line) => line.requestId === requestId && line.reason)).toMatchObject({
      reason: 'invalid_redirect_uri',
      clientId: ncwd.clientId,
      redirectUri: wrong(),
      nearestRegistered: ncwd.redirectUri,
    })
    // In development the page says so, too.
    expect(page.text).toContain(`the redirect_uri that came is ${wrong()}`)
    expect(page.text).toContain(`The nearest one that is registered is ${ncwd.redirectUri}`)
  })

  test('is named in the log where the request is pushed', async ({ at, ncwd, wrong, signOn }) => {
    const answer = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL(await addressOf(ncwd, { redirect_uri: wrong() })).searchParams],
    })
    expect(answer.status).toBe(400)
    const requestId = answer.headers['x-request-id']
    expect(
      signOn.logLines.find((line) => line.includes(requestId!) && line.includes('nearest')),
    ).toBeDefined()
  })
})

describe('two proofs in one request', () => {
  const secondSecret = { client_secret: 'x'.repeat(43) }
  const refusal = { status: 400, body: { error: 'invalid_request' } }

  test.for(['introspect', 'revoke', 'token', 'par'])(
    'are refused at /oidc/%s',
    async (path, { ncwd, at, signed, signOn }) => {
      const headers = basicHeader(ncwd.clientId, ncwd.secret)
      const form = { token: 'x', grant_type: 'authorization_code', code: 'x', ...secondSecret }
      expect(await send(at(`/oidc/${path}`), { headers, form })).toMatchObject(refusal)
      const proof = assertionForm(await assertion(signed, signOn.issuer))
      expect(await send(at(`/oidc/${path}`), { form: { ...form, ...proof } })).toMatchObject(
        refusal,
      )
    },
  )

  test('are not what an empty secret in the body is', async ({ ncwd, at }) => {
    const headers = basicHeader(ncwd.clientId, ncwd.secret)
    const answer = await send(at('/oidc/introspect'), {
      headers,
      form: { token: 'x', client_secret: '' },
    })
    expect(answer).toMatchObject({ status: 200, body: { active: false } })
  })
})

describe('a request about one person', () => {
  let janesSubject: string
  let janesToken: string
  test.beforeAll(async ({ ncwd }) => {
    const first = newBrowser()
    const tokens = await ncwd.signIn(first, jane.username)
    await first.stop()
    janesSubject = String(idClaims(tokens)['sub'])
    janesToken = String(tokens.id_token)
  })
  const asking = () => [
    { claims: JSON.stringify({ id_token: { sub: { value: janesSubject } } }) },
    { claims: JSON.stringify({ id_token: { sub: { values: [janesSubject] } } }) },
    { claims: JSON.stringify({ userinfo: { sub: { value: janesSubject, essential: true } } }) },
    { id_token_hint: janesToken },
  ]

  test('gives her, and tells the court when somebody else has signed in', async ({
    ncwd,
    openBrowser,
    signOn,
  }) => {
    for (const parameters of asking()) {
      const her = await ncwd.signIn(openBrowser(), jane.username, parameters)
      expect(idClaims(her)['sub']).toBe(janesSubject)
      const { url } = await ncwd.authorize(parameters)
      const somebody = openBrowser()
      const page = await openPage(somebody, signOn, url)
      expect(page.status).toBe(200)
      const callback = await signInAt(somebody, signOn, page, nora.username)
      expect(errorIn(callback)).toBe('login_required')
    }
  })

  test('without a page is refused while somebody else is signed in', async ({
    ncwd,
    browser,
    signOn,
  }) => {
    await ncwd.signIn(browser, nora.username)
    for (const parameters of asking()) {
      const { url } = await ncwd.authorize({ ...parameters, prompt: 'none' })
      const callback = callbackOf(await openPage(browser, signOn, url))
      expect(errorIn(callback)).toBe('login_required')
    }
  })

  test.for([
    [{ value: 'nobody' }, 'login_required'],
    [{ values: [] }, 'login_required'],
    ['her', 'invalid_request'],
    [{ value: 7 }, 'invalid_request'],
    [['her'], 'invalid_request'],
  ] as const)(
    'who cannot be, %j, is refused before anybody signs in',
    async ([sub, error], { toldAt, ncwd }) => {
      const told = await toldAt(
        await addressOf(ncwd, { claims: JSON.stringify({ id_token: { sub } }) }),
      )
      expect(told['error']).toBe(error)
    },
  )
})

test('an ID token is issued a little before now, for libraries whose clock is behind', async ({
  signOn,
  ncwd,
  browser,
  at,
}) => {
  const { code, checks } = await obtainCode(signOn, ncwd, browser, nora.username)
  const before = Math.floor(Date.now() / 1000)
  const { body } = await send(at('/oidc/token'), {
    headers: basicHeader(ncwd.clientId, ncwd.secret),
    form: codeForm(ncwd, code, checks),
  })
  const after = Math.floor(Date.now() / 1000)
  const payload = JSON.parse(
    Buffer.from(String(body['id_token']).split('.')[1]!, 'base64url').toString(),
  )
  expect(payload.iat).toBeGreaterThanOrEqual(before - 2)
  expect(payload.iat).toBeLessThanOrEqual(after - 2)
  expect(payload.exp).toBeGreaterThanOrEqual(before + 300)
})

describe('a prompt that is not known', () => {
  test.for(['create', 'create unheard-of'])('is ignored: %s', async (prompt, { ncwd, browser }) => {
    await ncwd.signIn(browser, nora.username)
    await ncwd.walkIn(browser, { prompt })
  })

  test('is ignored beside one that is', async ({ ncwd, browser, signOn, toldAt }) => {
    await ncwd.signIn(browser, nora.username)
    const { url } = await ncwd.authorize({ prompt: 'create login' })
    expect((await openPage(browser, signOn, url)).text).toContain('sign-in-submit')
    expect((await toldAt(await addressOf(ncwd, { prompt: 'create none' })))['error']).toBe(
      'login_required',
    )
    expect((await toldAt(await addressOf(ncwd, { prompt: 'none login' })))['error']).toBe(
      'invalid_request',
    )
  })
})

describe('a client that is registered without PKCE', () => {
  const noChallenge = { code_challenge: undefined, code_challenge_method: undefined }

  test('signs people in with a nonce', async ({ waived, browser, signOn, at }) => {
    const url = await addressOf(waived, noChallenge)
    const page = await openPage(browser, signOn, url)
    const code = new URL(await signInAt(browser, signOn, page, nora.username)).searchParams.get(
      'code',
    )!
    const { body } = await send(at('/oidc/token'), {
      headers: basicHeader(waived.clientId, waived.secret),
      form: { grant_type: 'authorization_code', code, redirect_uri: waived.redirectUri },
    })
    expect(body).toHaveProperty('id_token')
  })

  test.for([
    ['without a nonce', { nonce: undefined }],
    ['without the ID token that would bring it back', { nonce: undefined, scope: 'pacer' }],
  ] as const)('is refused %s, and told why', async ([_, change], { toldAt, waived }) => {
    const told = await toldAt(await addressOf(waived, { ...noChallenge, ...change }))
    expect(told).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/without PKCE must send a nonce/),
    })
  })

  test('is no other one: who is not registered so needs a challenge', async ({ toldAt, ncwd }) => {
    const told = await toldAt(await addressOf(ncwd, noChallenge))
    expect(told['error_description']).toMatch(/PKCE/)
  })

  test('needs the nonce again as soon as conformance testing is over', async ({
    waived,
    signOn,
    browser,
    toldAt,
  }) => {
    const url = new URL(await addressOf(waived, { ...noChallenge, nonce: undefined }))
    const testing = await startSignOn({ beside: signOn, settings: { CSO_CONFORMANCE: 'on' } })
    try {
      url.port = String(testing.config.listen.port)
      const during = await browser.get(url.href, { host: new URL(signOn.issuer).host })
      expect(during.location).toContain('/sign-in/')
    } finally {
      await testing.stop()
    }
    url.port = new URL(signOn.issuer).port
    expect((await toldAt(url.href))['error']).toBe('invalid_request')
  })

  test('is in the log of every start', async ({ signOn }) => {
    const again = await startSignOn({ beside: signOn })
    try {
      const lines = again.logLines.map((line) => JSON.parse(line))
      expect(lines.filter(({ warning }) => warning)).toMatchObject([
        { level: 'warn', clientId: 'waived', warning: expect.stringMatching(/^pkce_required/) },
      ])
    } finally {
      await again.stop()
    }
  })
})

describe('what a page says of a request that is not good', () => {
  const notSetUp = 'not set up for sign-in'

  test('that belongs to another client', async ({ at, ncwd, waived, openBrowser }) => {
    const { body } = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL((await ncwd.authorize()).url).searchParams],
    })
    const requestUri = String(body['request_uri'])
    for (const [clientId, uri] of [
      [waived.clientId, requestUri],
      [ncwd.clientId, 'urn:ietf:params:oauth:request_uri:unknown'],
    ] as const) {
      const query = new URLSearchParams({ client_id: clientId, request_uri: uri })
      const page = await openBrowser().get(at(`/oidc/auth?${query}`))
      expect(page.status).toBe(400)
      expect(page.text).toContain('This request to sign in is no longer good')
      expect(page.text).not.toContain(notSetUp)
      expect(page.forms()).toEqual([])
    }
  })

  test('a hint that somebody else signed is the mistake of the court, told to the court', async ({
    ncwd,
    openBrowser,
    signOn,
  }) => {
    const [header, payload] = String(
      (await ncwd.signIn(openBrowser(), nora.username)).id_token,
    ).split('.')
    const forged = `${header}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`
    for (const hint of [forged, 'no token at all', `${header}.${payload}.`]) {
      const { url } = await ncwd.authorize({ id_token_hint: hint })
      const page = await openPage(openBrowser(), signOn, url)
      expect(page.text).not.toContain(notSetUp)
      expect(errorIn(callbackOf(page))).toBe('invalid_request')
    }
  })
})

test('on http our cookies do not bear the name that a framework gives to its own', async ({
  ncwd,
  browser,
}) => {
  await ncwd.signIn(browser, nora.username)
  const names = browser.cookies.list().map(({ name }) => name)
  expect(names).toContain('cso-session')
  expect(names).not.toContain('session')
})
