import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import { createCourt, idClaims, openPage, type TestCourt, type Tokens } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'

const test = kit().override('people', [jane])

const everything = { name: null, email: null, pacer: null, efiling: null }
const request = {
  scope: 'openid',
  claims: JSON.stringify({ id_token: everything, userinfo: everything }),
}
const personal = ['name', 'email', 'email_verified', 'pacer', 'efiling']

/** Everything that the tokens tell by whichever way, as the names of claims. */
async function told(court: TestCourt, tokens: Tokens): Promise<string[]> {
  const userinfo = await oidc.fetchUserInfo(court.rp, tokens.access_token, oidc.skipSubjectCheck, {
    ...(court.dpop && { DPoP: court.dpop }),
  })
  const introspected = await oidc.tokenIntrospection(court.rp, tokens.access_token)
  const names = [idClaims(tokens), userinfo, introspected].flatMap((claims) => Object.keys(claims))
  return personal.filter((name) => names.includes(name))
}

/** The items of the consent page's list. */
const wantsOn = (text: string) =>
  [...(/id="consent-wants">([\s\S]*?)<\/ul>/.exec(text)?.[1] ?? '').matchAll(/<li>([^<]*)/g)].map(
    ([, want]) => want?.trim(),
  )

describe('claims that are asked for one by one', () => {
  test.for([
    ['by a court', 'court', false],
    ['by a court, pushed', 'court', true],
    ['by a vendor', 'vendor', false],
    ['by a vendor, pushed', 'vendor', true],
  ] as const)(
    'without the scope that gives them are not given: %s',
    async ([name, kind, isPushed], { signOn, browser }) => {
      const court = await createCourt(signOn, 'ncwd', {
        id: name.replaceAll(/\W+/g, '-'),
        kind,
        isPushed,
        metadata: { scope: 'openid' },
      })
      expect(await told(court, await court.signIn(browser, jane.username, request))).toEqual([])
    },
  )

  test('are given by the scope of the registration, name by name', async ({ signOn, browser }) => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'name-only',
      metadata: { scope: 'openid profile' },
    })
    const tokens = await court.signIn(browser, jane.username, request)
    expect(await told(court, tokens)).toEqual(['name'])
    expect(idClaims(tokens)).not.toHaveProperty('preferred_username')
  })

  test('are not in a JWT access token, which knows scopes alone', async ({ signOn, browser }) => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'jwt-court',
      metadata: { scope: 'openid', access_token_format: 'jwt' },
    })
    const { access_token: token } = await court.signIn(browser, jane.username, request)
    expect(personal.filter((name) => name in decodeJwt(token))).toEqual([])
  })

  test('may be acr and auth_time, whatever is registered', async ({ signOn, browser }) => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'acr-court',
      metadata: { scope: 'openid' },
    })
    const acr = { essential: true, values: ['urn:uscourts:cso:acr:pwd'] }
    const claims = JSON.stringify({ id_token: { acr, auth_time: { essential: true } } })
    const tokens = await court.signIn(browser, jane.username, { scope: 'openid', claims })
    expect(idClaims(tokens)).toMatchObject({ acr: acr.values[0], auth_time: expect.any(Number) })
    const unreachable = { essential: true, values: ['urn:uscourts:cso:acr:phr'] }
    const { url } = await court.authorize({
      scope: 'openid',
      claims: JSON.stringify({ id_token: { acr: unreachable } }),
    })
    const { location } = await openPage(browser, signOn, url)
    expect(location).toContain('error=unmet_authentication_requirements')
  })

  test('authorization_details ask for nothing', async ({ signOn, browser }) => {
    const court = await createCourt(signOn, 'ncwd', {
      id: 'details-court',
      metadata: { scope: 'openid' },
    })
    const details = JSON.stringify([{ type: 'efiling', courts: ['ncwd'] }])
    const parameters = { scope: 'openid', authorization_details: details }
    expect(await told(court, await court.signIn(browser, jane.username, parameters))).toEqual([])
  })
})

describe('what a vendor asks for in claims', () => {
  let vendor: TestCourt

  test.beforeAll(async ({ signOn }) => {
    vendor = await createCourt(signOn, 'ncwd', {
      id: 'claims-vendor',
      kind: 'vendor',
      metadata: { scope: 'openid profile email' },
    })
  })

  test('is on the consent page and in the audit, whichever parameter asks', async ({
    audited,
    browser,
    signOn,
  }) => {
    // At a court first, so that the next page is the consent.
    await (await createCourt(signOn, 'ncwb')).signIn(browser, jane.username)
    const { url, checks } = await vendor.authorize(request)
    const page = await openPage(browser, signOn, url)
    // She files at the court of the vendor, so the redaction notice comes first where it is due.
    const notice = page.forms().find((form) => page.text.includes('name="acknowledged"') && form)
    const consent = notice
      ? await browser.followWhile(
          await browser.submit(notice, { acknowledged: 'yes' }),
          (to) => to.origin === signOn.issuer,
        )
      : page
    expect(wantsOn(consent.text)).toEqual([
      'Know that it is you who signed in',
      'See your name and username',
      'See the e-mail address of your account',
    ])
    const allow = consent.forms().find((form) => !form.action.endsWith('/cancel'))!
    const out = await browser.followWhile(
      await browser.submit(allow),
      (to) => to.origin === signOn.issuer,
    )
    const tokens = await vendor.redeem(out.location!, checks)
    expect(await told(vendor, tokens)).toEqual(['name', 'email'])

    const events = await audited(undefined, {
      clientId: vendor.clientId,
      event: { in: ['consent.given', 'authorization.issued'] },
    })
    expect(events.map(({ event, detail }) => ({ event, detail }))).toEqual([
      { event: 'consent.given', detail: { scopes: ['openid'], claims: ['name', 'email'] } },
      {
        event: 'authorization.issued',
        detail: { scope: 'openid', claims: ['name', 'email'], isSilent: false },
      },
    ])
  })

  test('is asked for again when it is more than was allowed, and then all of it holds', async ({
    browser,
    signOn,
  }) => {
    const asking = (claims: object) => ({
      scope: 'openid',
      claims: JSON.stringify({ userinfo: claims }),
    })
    await vendor.signIn(browser, jane.username, asking({ name: null }))
    await vendor.walkIn(browser, asking({ name: null }))
    const { url, checks } = await vendor.authorize(asking({ name: null, email: null }))
    const page = await openPage(browser, signOn, url)
    expect(wantsOn(page.text)).toContain('See the e-mail address of your account')
    const allow = page.forms().find((form) => !form.action.endsWith('/cancel'))!
    const out = await browser.followWhile(
      await browser.submit(allow),
      (to) => to.origin === signOn.issuer,
    )
    expect(await told(vendor, await vendor.redeem(out.location!, checks))).toEqual([
      'name',
      'email',
    ])
    await vendor.walkIn(browser, asking({ name: null, email: null }))
  })
})
