import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newProofKey, send } from '../oidc/raw-requests.ts'
import { newBrowser } from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import {
  authorize,
  type Completed,
  compact,
  complete,
  errorOf,
  postLogoutRedirectUri,
  type Run,
  randomText,
  registerClient,
  sendForm,
  startForConformance,
  type Values,
} from './suite.ts'

describe('oidcc-rp-initiated-logout-certification-test-plan', () => {
  let signOn: SignOn
  let run: Run
  let browser: HttpClient
  let signedIn: Completed

  beforeAll(async () => {
    signOn = await startForConformance()
    await signOn.apply({ accounts: [nora] })
    const client = await registerClient(signOn, 'suite-1')
    run = { signOn, client, responseMode: 'default', person: nora }
  })
  afterAll(() => signOn.stop())
  beforeEach(() => {
    browser = newBrowser()
  })
  afterEach(() => browser.stop())

  /**
   * Signs in, then sends the browser to the end-session endpoint and presses the button that signs out
   * where a page asks; that page, and the first answer that leads out, or the last page.
   */
  async function signOut(change: (completed: Completed) => Values | Promise<Values>) {
    signedIn = await complete(run, { state: randomText(128) }, { browser })
    const request = {
      id_token_hint: signedIn.tokens.id_token,
      post_logout_redirect_uri: postLogoutRedirectUri,
      state: randomText(10),
      ...(await change(signedIn)),
    }
    const query = new URLSearchParams(compact(request))
    const isOurs = (to: URL) => to.origin === signOn.issuer
    let last = await browser.followWhile(
      await browser.get(`${signOn.issuer}/oidc/session/end?${query}`),
      isOurs,
    )
    let question: HttpResponse | undefined
    if (last.forms().some(({ id }) => id === 'op.logoutForm')) {
      question = last
      // Nobody is signed out by a request alone that does not prove itself.
      const still = await complete(run, { prompt: 'none' }, { browser })
      expect(still.claims['auth_time']).toBe(signedIn.claims['auth_time'])
      last = await browser.followWhile(await sendForm(browser, last, 'op.logoutForm'), isOurs)
    }
    return { last, question, state: request.state }
  }

  async function expectSignedOut(): Promise<void> {
    const again = await authorize(run, { prompt: 'none', state: randomText(128) }, { browser })
    expect(errorOf(again)).toBe('login_required')
  }

  /** Sent nowhere, but asked, and signed out when the person says so. */
  async function expectAsked(question: HttpResponse | undefined, last: HttpResponse) {
    expect(question).toMatchObject({ status: 200, location: undefined })
    expect(question?.text).toContain('id="sign-out-problem"')
    expectSignedOutPage(last)
    await expectSignedOut()
  }

  function expectSignedOutPage(last: HttpResponse): void {
    expect(last).toMatchObject({ status: 200, location: undefined })
    expect(last.text).toContain('id="signed-out"')
  }

  const everything = { id_token_hint: undefined, post_logout_redirect_uri: undefined }

  // oidcc-rp-initiated-logout-discovery-endpoint-verification (https: config.test.ts)
  test('discovery names the end-session endpoint', async () => {
    const { body } = await send(`${signOn.issuer}/.well-known/openid-configuration`)
    expect(body['end_session_endpoint']).toBe(`${signOn.issuer}/oidc/session/end`)
  })

  // oidcc-rp-initiated-logout
  test('signs out and sends the browser back with the state alone', async () => {
    const { last, state } = await signOut(() => ({}))
    expect(last.location).toBe(`${postLogoutRedirectUri}?state=${state}`)
    expect(last.status).toBe(303)
    await expectSignedOut()
  })

  // oidcc-rp-initiated-logout-no-state
  test('signs out and sends the browser back without a state where none was sent', async () => {
    const { last } = await signOut(() => ({ state: undefined }))
    expect(last.location).toBe(postLogoutRedirectUri)
    await expectSignedOut()
  })

  // oidcc-rp-initiated-logout-bad-post-logout-redirect-uri
  test('sends nobody to an unregistered address', async () => {
    const { last, question } = await signOut(() => ({
      post_logout_redirect_uri: `${postLogoutRedirectUri}x`,
    }))
    await expectAsked(question, last)
  })

  // oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri
  test('sends nobody to a registered address with something added', async () => {
    const added = `${postLogoutRedirectUri}?foo=bar`
    const { last, question } = await signOut(() => ({ post_logout_redirect_uri: added }))
    await expectAsked(question, last)
  })

  // oidcc-rp-initiated-logout-modified-id-token-hint
  test('does not believe a hint whose signature was taken off', async () => {
    const { last, question } = await signOut(({ claims }) => ({
      id_token_hint: new UnsecuredJWT(claims).encode(),
    }))
    await expectAsked(question, last)
  })

  // oidcc-rp-initiated-logout-bad-id-token-hint
  test('does not believe a hint that somebody else has signed', async () => {
    const { last, question } = await signOut(async ({ claims }) => ({
      id_token_hint: await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256' })
        .sign(newProofKey().privateKey),
    }))
    await expectAsked(question, last)
  })

  // oidcc-rp-initiated-logout-no-id-token-hint
  test('asks the person, and stays, when nothing says which client it is', async () => {
    const { last } = await signOut(() => ({ id_token_hint: undefined }))
    expectSignedOutPage(last)
    await expectSignedOut()
  })

  // oidcc-rp-initiated-logout-no-params
  test('signs out who comes with nothing, and stays', async () => {
    const { last } = await signOut(() => ({ ...everything, state: undefined }))
    expectSignedOutPage(last)
    await expectSignedOut()
  })

  // oidcc-rp-initiated-logout-no-post-logout-redirect-uri
  test('signs out who names no address, and stays', async () => {
    const { last } = await signOut(() => ({ post_logout_redirect_uri: undefined }))
    expectSignedOutPage(last)
    await expectSignedOut()
  })

  // oidcc-rp-initiated-logout-only-state
  test('signs out who comes with a state alone, and stays', async () => {
    const { last } = await signOut(() => everything)
    expectSignedOutPage(last)
    await expectSignedOut()
  })
})
