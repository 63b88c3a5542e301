import type { Redis } from 'ioredis'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createCourt,
  filingSoftware,
  findPasswordForm,
  newBrowser,
  offlineRequest,
  openPage,
  signInAt,
  type TestCourt,
  type Tokens,
} from '../support/court.ts'
import { dumpStores } from '../support/dump-stores.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane, nora, password } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

const wrongPassword = 'an entirely wrong passphrase'

describe.each(['redis', 'database'] as const)('with storage: %s', (storage) => {
  let signOn: SignOn
  /** Every secret that was in use, by what it is. */
  const secrets = new Map<string, string>()
  /** What the stores held, looked at after every step: some of it lives for seconds. */
  const dumps: string[] = []
  let browser: HttpClient
  let vendorBrowser: HttpClient

  const remember = (what: string, value: string | undefined | null) => {
    if (!value) throw new Error(`there was no ${what}`)
    secrets.set(`${what} ${secrets.size}`, value)
  }
  const look = async () => {
    dumps.push(await dumpStores(signOn.services))
  }
  const rememberTokens = (tokens: Tokens) => {
    remember('access token', tokens.access_token)
    remember('ID token', tokens.id_token)
    if (tokens.refresh_token) remember('refresh token', tokens.refresh_token)
  }

  /** Signs in at a court step by step, and looks into the stores at each. */
  async function signIn(court: TestCourt, visitor: HttpClient, username: string, more = {}) {
    const { url, checks } = await court.authorize(more)
    const requestUri = new URL(url).searchParams.get('request_uri')
    if (requestUri) remember('pushed request', requestUri.split(':').at(-1))
    await look()
    const page = await openPage(visitor, signOn, url)
    await look()
    const form = findPasswordForm(page)
    if (form) {
      const refused = await visitor.submit(form, { username, password: wrongPassword })
      expect(refused.status).toBe(422)
      await look()
    }
    const callback = form ? await signInAt(visitor, signOn, page, username) : page.location!
    remember('code', new URL(callback).searchParams.get('code'))
    remember('PKCE verifier', checks.verifier)
    await look()
    const tokens = await court.redeem(callback, checks)
    rememberTokens(tokens)
    await look()
    return tokens
  }

  /** What the server set and asked for: cookies, and the interactions in its own addresses. */
  function rememberBrowserSecrets(visitor: HttpClient) {
    const sessionCookies = ['cso-session', 'cso-session.sig', 'cso-interaction']
    for (const { url, responseHeaders } of visitor.transcript) {
      const interaction = /\/(?:sign-in|oidc\/auth)\/([\w-]{20,})/.exec(new URL(url).pathname)?.[1]
      if (interaction) remember('interaction', interaction)
      for (const [name, line] of responseHeaders) {
        const [, cookie = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (name === 'set-cookie' && value && sessionCookies.includes(cookie)) {
          remember(`cookie ${cookie}`, value)
        }
      }
    }
  }

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [jane, nora] })
    remember('password', password)
    remember('wrong password', wrongPassword)
    const ncwd = await createCourt(signOn, 'ncwd', {
      method: 'private_key_jwt',
      isPushed: true,
      hasDpop: true,
    })
    const ncwb = await createCourt(signOn, 'ncwb')
    const ca4 = await createCourt(signOn, 'ca4')
    const vendor = await createCourt(signOn, 'ncwd', filingSoftware)
    for (const court of [ncwb, ca4, vendor]) remember('client secret', court.secret)

    browser = newBrowser()
    const atNcwd = await signIn(ncwd, browser, jane.username)
    const atNcwb = await signIn(ncwb, browser, jane.username)
    await signIn(ca4, browser, jane.username)
    await oidc.tokenIntrospection(ncwb.rp, atNcwb.access_token)
    await oidc.fetchUserInfo(ncwb.rp, atNcwb.access_token, oidc.skipSubjectCheck)
    await oidc.tokenIntrospection(ncwd.rp, atNcwd.access_token)
    await look()

    vendorBrowser = newBrowser()
    let tokens = await signIn(vendor, vendorBrowser, nora.username, offlineRequest)
    const used = tokens.refresh_token!
    for (let count = 0; count < 2; count += 1) {
      tokens = await oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!)
      rememberTokens(tokens)
      await look()
    }

    // Mistakes with secrets in them: what is refused is logged with its reason.
    const { token_endpoint: token = '', authorization_endpoint: authorize = '' } =
      ncwb.rp.serverMetadata()
    const misplaced = { client_id: ncwb.clientId, client_secret: ncwb.secret }
    await browser.post(token, { grant_type: 'authorization_code', code: used, ...misplaced })
    await browser.get(`${authorize}?${new URLSearchParams({ ...misplaced, state: used })}`)
    await browser.get(`${signOn.issuer}/sign-in/${used}`)
    await browser.get(`${signOn.issuer}/oidc/auth/${used}`)
    await browser.get(`${signOn.issuer}/courts?password=${encodeURIComponent(password)}`)

    const account = await openPage(browser, signOn, `${signOn.issuer}/account`)
    const signOut = account.forms().find((form) => form.action.endsWith('/account/sign-out'))!
    await browser.followWhile(await browser.submit(signOut), () => true)
    await look()
    rememberBrowserSecrets(browser)
    rememberBrowserSecrets(vendorBrowser)
  }, 60_000)
  afterAll(async () => {
    await browser.stop()
    await vendorBrowser.stop()
    await signOn.stop()
  })

  /** The secret as it is, and as it would look in an address, a form, or encoded in passing. */
  const formsOf = (secret: string) =>
    new Set([
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ secret }).toString().slice('secret='.length),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ])

  /** Names of the secrets that stand in the text; never the secrets themselves. */
  function found(text: string, isSought = (_what: string) => true): string[] {
    return [...secrets].flatMap(([what, secret]) =>
      isSought(what) && [...formsOf(secret)].some((form) => text.includes(form)) ? [what] : [],
    )
  }

  test('the flows used every kind of secret', () => {
    const kinds = new Set([...secrets.keys()].map((what) => what.replace(/ \d+$/, '')))
    for (const kind of [
      'password',
      'wrong password',
      'client secret',
      'code',
      'access token',
      'refresh token',
      'ID token',
      'PKCE verifier',
      'pushed request',
      'interaction',
      'cookie cso-session',
      'cookie cso-interaction',
    ]) {
      expect([...kinds]).toContain(kind)
    }
    expect(found(`… ${encodeURIComponent(password)} …`)).toHaveLength(1)
  })

  test('no table and no key of Redis held one at any step', async () => {
    const all = dumps.join('\n')
    // It looked where things are: rows of every kind, and what lives minutes.
    for (const sign of ['jdoe-attorney', 'account.signed-in', 'refresh_tokens', 'Interaction']) {
      expect(all).toContain(sign)
    }
    for (const model of ['AuthorizationCode', 'AccessToken', 'PushedAuthorizationRequest']) {
      expect(all).toContain(model)
    }
    expect(found(all)).toEqual([])
  })

  test('every value in Redis is one that was looked at', async () => {
    const { redis } = signOn.services
    if (!redis) return expect(storage).toBe('database')
    const keys = await (redis.client as Redis).keys(`${redis.prefix}*`)
    const types = await Promise.all(keys.map((key) => redis.client.type(key)))
    expect(new Set(types)).toEqual(new Set(['string']))
  })

  test('no line of the log holds one, addresses included', () => {
    const all = signOn.logLines.join('')
    expect(all).toContain('"path":"/oidc/token"')
    expect(all).toContain('"path":"/sign-in/…"')
    expect(all).toContain('request refused')
    expect(found(all)).toEqual([])
  })

  test('no log line, audit row or key names a person', () => {
    const logs = signOn.logLines.join('')
    const audit = dumps
      .at(-1)!
      .split('\n')
      .filter((line) => line.startsWith('audit_events '))
    expect(audit.length).toBeGreaterThan(10)
    for (const name of ['Jane', 'Doe', 'jane.doe@example.com', 'jdoe-attorney', 'nora-nowhere']) {
      expect(logs).not.toContain(name)
      expect(audit.join('\n')).not.toContain(name)
    }
  })

  test('cookies hold identifiers of their own and nothing else', () => {
    const notCookies = [...secrets].filter(([what]) => !/^(cookie|interaction)/.test(what))
    const lines = [...browser.transcript, ...vendorBrowser.transcript].flatMap(
      ({ responseHeaders }) =>
        responseHeaders.filter(([name]) => name === 'set-cookie').map(([, line]) => line),
    )
    expect(lines.length).toBeGreaterThan(5)
    for (const [what, secret] of notCookies) {
      for (const form of formsOf(secret)) {
        expect(
          lines.some((line) => line.includes(form)),
          what,
        ).toBe(false)
      }
    }
  })

  test('no address that the server made holds one, but for the code on its way to the court', () => {
    const protocol = /^(interaction|code|pushed request)/
    // What was sent in an address by mistake is refused, not sent on.
    const ours = [...secrets].filter(([what]) => !protocol.test(what))
    const locations = [...browser.transcript, ...vendorBrowser.transcript].flatMap(
      ({ responseHeaders }) =>
        responseHeaders.filter(([name]) => name === 'location').map(([, to]) => to),
    )
    expect(locations.length).toBeGreaterThan(5)
    for (const [what, secret] of ours) {
      for (const form of formsOf(secret)) {
        expect(
          locations.some((to) => to.includes(form)),
          what,
        ).toBe(false)
      }
    }
  })
})
