import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseApplyFile } from '../../src/cli/apply-file.ts'
import { newProofKey } from '../oidc/raw-requests.ts'
import { createCourt, newBrowser, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane, legacyAccount, nora, type Person } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import {
  authorize,
  codeOf,
  documentedForms,
  errorOf,
  type Run,
  registerClient,
  sendForm,
  startForConformance,
} from './suite.ts'

describe('the handbook serves an old browser that knows ids and runs no script', () => {
  let signOn: SignOn
  let browser: HttpClient
  const isOurs = (to: URL) => to.origin === signOn.issuer

  beforeAll(async () => {
    signOn = await startForConformance()
    await signOn.apply({ accounts: [jane, nora, legacyAccount] })
    browser = newBrowser()
  })
  afterAll(async () => {
    await browser.stop()
    await signOn.stop()
  })

  const runOf = (client: TestCourt, person: Person): Run => ({
    signOn,
    client,
    responseMode: 'default',
    person,
  })
  const openSignIn = async ({ client }: Run) => {
    const { url } = await client.authorize({ scope: 'openid' })
    return browser.followWhile(await browser.get(url), isOurs)
  }

  /** From the account page, by the form that stands in the head of every page of who is signed in. */
  async function signOut(run: Run): Promise<void> {
    const account = await browser.get(`${signOn.issuer}/account`)
    const out = await browser.followWhile(await sendForm(browser, account, 'sign-out'), isOurs)
    expect(out.text).toContain('id="signed-out"')
    const after = await authorize(run, { prompt: 'none' }, { browser })
    expect(errorOf(after)).toBe('login_required')
  }

  test('signs in, passes every notice and consent, and signs out', async () => {
    const notLive = await createCourt(signOn, 'bap6', {
      id: 'not-live',
      kind: 'vendor',
      redirectUri: 'https://suite.test/callback',
      metadata: { pkce_required: false, scope: 'openid' },
    })
    const live = await registerClient(signOn, 'live')
    const used = new Set<string>()
    for (const [client, person, expected] of [
      [live, jane, ['sign-in', 'redaction', 'consent']],
      [live, legacyAccount, ['sign-in', 'legacy', 'consent']],
      [notLive, nora, ['sign-in', 'not-live', 'consent']],
    ] as [TestCourt, Person, string[]][]) {
      const run = runOf(client, person)
      const authorization = await authorize(run, {}, { browser })
      expect(authorization.pages).toEqual(expected)
      codeOf(authorization)
      for (const id of expected) used.add(id)
      await signOut(run)
    }
    // Whatever else the list has is used on the way out, or by the next test.
    expect([...documentedForms.keys()].filter((id) => !used.has(id)).sort()).toEqual([
      'cancel',
      'consent-refusal',
      'op.logoutForm',
      'sign-out',
    ])
  })

  test('goes back from every page, and refuses consent', async () => {
    const run = runOf(await registerClient(signOn, 'refused'), jane)
    const accessDenied = async (page: Awaited<ReturnType<typeof openSignIn>>, id: string) => {
      const answer = await sendForm(browser, page, id)
      const isTold = answer.text.includes('id="denied"')
      const out = isTold
        ? await browser.click(answer, 'go-back')
        : await browser.followWhile(answer, isOurs)
      expect(new URL(out.location ?? out.url).searchParams.get('error')).toBe('access_denied')
    }
    await accessDenied(await openSignIn(run), 'cancel')
    const notice = await browser.followWhile(
      await sendForm(browser, await openSignIn(run), 'sign-in', jane),
      isOurs,
    )
    expect(notice.form('redaction').id).toBe('redaction')
    await accessDenied(notice, 'cancel')
    // Whoever gives up on the way is not signed in.
    const notOnce = await authorize(run, { prompt: 'none' }, { browser })
    expect(errorOf(notOnce)).toBe('login_required')
    const again = await browser.followWhile(
      await sendForm(browser, await openSignIn(run), 'sign-in', jane),
      isOurs,
    )
    const consent = await browser.followWhile(await sendForm(browser, again, 'redaction'), isOurs)
    expect(consent.form('consent').id).toBe('consent')
    await accessDenied(consent, 'consent-refusal')
    const none = await authorize(run, { prompt: 'none' }, { browser })
    expect(errorOf(none)).toBe('login_required')
  })

  test('is told by an id what went wrong', async () => {
    const run = runOf(await registerClient(signOn, 'wrong'), nora)
    const wrong = { ...nora, password: 'not the password of nora' }
    const again = await sendForm(browser, await openSignIn(run), 'sign-in', wrong)
    expect(again.text).toContain('id="problem"')
    const next = await browser.followWhile(await sendForm(browser, again, 'sign-in', nora), isOurs)
    expect(next.form('consent').id).toBe('consent')
  })

  test('what the handbook says about registering the suite can be applied', async () => {
    const handbook = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8')
    const [, section = ''] = handbook.split('## The OpenID conformance suite\n')
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? []
    const filledIn = example
      .replace('SECRET', 'x'.repeat(43))
      .replace('KEY', JSON.stringify(newProofKey().jwk))
    expect(parseApplyFile(filledIn)).toMatchObject({
      ok: true,
      value: { clients: [{ item: { id: 'suite-1' } }, { item: { id: 'fapi-1' } }] },
    })
    await signOn.apply(parse(filledIn) as object)
  })
})
