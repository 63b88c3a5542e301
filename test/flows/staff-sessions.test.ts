import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import {
  callbackOf,
  createCourt,
  idClaims,
  openPage,
  type TestCourt,
  type Tokens,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { carla, jane, nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import { answerWithoutEnd, endOf } from '../support/without-end.ts'

const minutes = (count: number) => count * 60_000
const hours = (count: number) => minutes(count * 60)
const offline = { scope: 'openid pacer efiling offline_access', prompt: 'consent' }
const clerkOfNcwd = [{ role: 'clerk', court: 'ncwd' }]

/** What a request needs beside the browser that sends it. */
type Using = Record<'ncwb' | 'pushing' | 'vendor', TestCourt> & { readonly signOn: SignOn }

const isOf = (signOn: SignOn) => (to: URL) => to.origin === signOn.issuer

const requests: Record<string, (browser: HttpClient, using: Using) => Promise<unknown>> = {
  'an authorization': (browser, { ncwb }) => ncwb.walkIn(browser),
  'one without a page': (browser, { ncwb }) => ncwb.walkIn(browser, { prompt: 'none' }),
  'one that was pushed': (browser, { pushing }) => pushing.walkIn(browser),
  'one by POST': async (browser, { ncwb, signOn }) => {
    const { url } = await ncwb.authorize()
    const parameters = Object.fromEntries(new URL(url).searchParams)
    const answer = await browser.post(`${signOn.issuer}/oidc/auth`, parameters)
    expect(callbackOf(await browser.followWhile(answer, isOf(signOn)))).toContain('code=')
  },
  'one that is refused': async (browser, { ncwb, signOn }) => {
    const { url } = await ncwb.authorize({ resource: 'https://ecf.flsd.uscourts.gov/' })
    const callback = callbackOf(await openPage(browser, signOn, url))
    expect(callback).toContain('error=invalid_target')
  },
  'coming back from a consent, without the client in the address': async (
    browser,
    { vendor, signOn },
  ) => {
    const { url } = await vendor.authorize(offline)
    const page = await openPage(browser, signOn, url)
    const consent = page.forms().find((form) => !form.action.endsWith('/cancel'))!
    const answer = await browser.followWhile(await browser.submit(consent), isOf(signOn))
    expect(callbackOf(answer)).toContain('code=')
  },
  'our own page': async (browser, { signOn }) => {
    const { text } = await openPage(browser, signOn, `${signOn.issuer}/account`)
    expect(text).toContain('session-heading')
  },
}

let start: number
let clerk: HttpClient
let attorney: HttpClient

const test = kit()
  .override('people', [jane, nora, carla])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('pushing', { scope: 'file' }, ({ court }) => court('ncmb', { isPushed: true }))
  .extend('vendor', { scope: 'file' }, ({ court }) =>
    court('nceb', {
      id: 'filing-software',
      kind: 'vendor',
      metadata: { grant_types: ['authorization_code', 'refresh_token'], scope: offline.scope },
    }),
  )
  .extend(
    'using',
    { scope: 'file' },
    ({ ncwb, pushing, vendor, signOn }): Using => ({ ncwb, pushing, vendor, signOn }),
  )
  /** Whether the court's next request shows the sign-in page. */
  .extend(
    'isAskedToSignIn',
    { scope: 'file' },
    ({ ncwd, signOn }) =>
      async (browser: HttpClient): Promise<boolean> => {
        const { url } = await ncwd.authorize()
        const page = await openPage(browser, signOn, url)
        return page.text.includes('sign-in-submit')
      },
  )
  /** Uses a session every 14 minutes, from the first to the last of the given times. */
  .extend(
    'keepUsing',
    { scope: 'file' },
    ({ ncwd }) =>
      async (browsers: readonly HttpClient[], from: number, to: number) => {
        for (let time = from; time < to; time += minutes(14)) {
          at(time)
          await Promise.all(browsers.map((browser) => ncwd.walkIn(browser)))
        }
      },
  )
  /** When the sessions of somebody who signed in end if they are used no more; after the start. */
  .extend(
    'endsOfSessions',
    { scope: 'file' },
    ({ signOn }) =>
      async (tokens: Tokens): Promise<number[]> => {
        const sessions = await signOn.services.db.prisma.session.findMany({
          where: { accountId: String(idClaims(tokens)['sub']), replacedAt: null, endedAt: null },
          orderBy: { expiresAt: 'asc' },
        })
        return sessions.map(({ expiresAt }) => expiresAt.getTime() - start)
      },
  )
  /** A person of one test alone. */
  .extend('newcomer', { scope: 'file' }, ({ signOn }) => {
    let count = 0
    return async () => {
      count += 1
      const { email: _, ...facts } = nora
      const person = { ...facts, number: String(7_200_000 + count), username: `newcomer-${count}` }
      await signOn.apply({ accounts: [person] })
      return person
    }
  })

test.beforeEach(async ({ signOn, openBrowser }) => {
  await signOn.services.db.prisma.session.deleteMany()
  await signOn.services.db.prisma.refreshToken.deleteMany()
  start = Math.floor(Date.now() / 1000) * 1000
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  clerk = openBrowser()
  attorney = openBrowser()
})

const at = (milliseconds: number) => vi.setSystemTime(start + milliseconds)

async function isActive(court: TestCourt, tokens: { access_token: string }): Promise<boolean> {
  return (await oidc.tokenIntrospection(court.rp, tokens.access_token)).active
}

describe('a clerk and an attorney in the same court', () => {
  test('after 15 minutes without use the clerk is signed out and the attorney is not', async ({
    ncwd,
    keepUsing,
    isAskedToSignIn,
  }) => {
    await ncwd.signIn(clerk, carla.username)
    await ncwd.signIn(attorney, jane.username)
    await keepUsing([clerk, attorney], minutes(14), minutes(43))
    at(minutes(42 + 16))
    expect(await isAskedToSignIn(clerk)).toBe(true)
    expect(await isAskedToSignIn(attorney)).toBe(false)
  })

  test('after 8 hours of use the clerk is signed out and the attorney is not', async ({
    ncwd,
    keepUsing,
    isAskedToSignIn,
  }) => {
    await ncwd.signIn(clerk, carla.username)
    await ncwd.signIn(attorney, jane.username)
    await keepUsing([clerk, attorney], minutes(14), hours(8))
    at(hours(8) - 1000)
    expect(await isAskedToSignIn(clerk)).toBe(false)
    at(hours(8))
    expect(await isAskedToSignIn(clerk)).toBe(true)
    expect(await isAskedToSignIn(attorney)).toBe(false)
  })

  test('each reads on the account page how long that is', async ({
    signOn,
    ncwd,
    endsOfSessions,
  }) => {
    const read = async (browser: HttpClient) => {
      const { text } = await openPage(browser, signOn, `${signOn.issuer}/account`)
      const section = /id="session-heading">.*?<\/section>/s.exec(text)?.[0] ?? ''
      return {
        idle: /after <strong>(\d+ minutes)</.exec(section)?.[1],
        endsAt: /datetime="([^"]+)"/.exec(section)?.[1],
        saysWhy: section.includes('as the rules for court staff require'),
        warnsAt: Number(/data-ends-in-seconds="(\d+)"/.exec(text)?.[1]),
      }
    }
    const tokens = await ncwd.signIn(clerk, carla.username)
    await ncwd.signIn(attorney, jane.username)
    at(minutes(10))
    expect(await read(clerk)).toEqual({
      idle: '15 minutes',
      endsAt: new Date(start + hours(8)).toISOString(),
      saysWhy: true,
      warnsAt: 900,
    })
    expect(await read(attorney)).toEqual({
      idle: '30 minutes',
      endsAt: new Date(start + hours(12)).toISOString(),
      saysWhy: false,
      warnsAt: 1800,
    })
    expect(await endsOfSessions(tokens)).toEqual([minutes(25)])
  })
})

describe('whatever request uses a session', () => {
  test.for(Object.entries(requests))(
    '%s keeps it for 15 minutes to a clerk, for 30 to an attorney',
    async ([_, request], { ncwd, endsOfSessions, using }) => {
      const ofClerk = await ncwd.signIn(clerk, carla.username)
      const ofAttorney = await ncwd.signIn(attorney, jane.username)
      at(minutes(10))
      await request(clerk, using)
      await request(attorney, using)
      expect(await endsOfSessions(ofClerk)).toEqual([minutes(25)])
      expect(await endsOfSessions(ofAttorney)).toEqual([minutes(40)])
    },
  )

  test('none keeps it to a clerk beyond 8 hours', async ({
    ncwd,
    keepUsing,
    using,
    endsOfSessions,
  }) => {
    const tokens = await ncwd.signIn(clerk, carla.username)
    await keepUsing([clerk], minutes(14), hours(8))
    at(hours(8) - minutes(4))
    for (const [name, request] of Object.entries(requests)) {
      await request(clerk, using)
      expect([name, await endsOfSessions(tokens)]).toEqual([name, [hours(8)]])
    }
  })
})

test('a sign-in that fails before it is read whose it is lasts 15 minutes, until the next use', async ({
  ncwd,
  endsOfSessions,
  signOn,
}) => {
  const tokens = await ncwd.signIn(clerk, nora.username)
  expect(await endsOfSessions(tokens)).toEqual([minutes(30)])
  const once = await createCourt(signOn, 'ncmd')
  const { url } = await once.authorize({ prompt: 'login' })
  const page = await openPage(attorney, signOn, url)
  const form = page.forms().find((candidate) => 'password' in candidate.fields)!
  const { username, password } = nora
  await answerWithoutEnd(signOn, () => attorney.submit(form, { username, password }))
  await signOn.apply({ clients: [{ ...once.registration, active: false }] })
  // A process reads a client again after a second.
  at(minutes(1))
  const end = await attorney.get(endOf(page))
  const answer = await attorney.followWhile(end, (to) => to.origin === signOn.issuer)
  expect(answer.status).toBe(400)
  expect(await endsOfSessions(tokens)).toEqual([minutes(16), minutes(30)])
  await ncwd.walkIn(attorney)
  expect(await endsOfSessions(tokens)).toEqual([minutes(30), minutes(31)])
})

describe('somebody who becomes staff while signed in', () => {
  test('has 15 minutes from the next use on, and 30 again after leaving', async ({
    newcomer,
    ncwd,
    signOn,
    endsOfSessions,
  }) => {
    const person = await newcomer()
    const tokens = await ncwd.signIn(attorney, person.username)
    await signOn.apply({ accounts: [{ ...person, staff_roles: clerkOfNcwd }] })
    at(minutes(20))
    await ncwd.walkIn(attorney)
    expect(await endsOfSessions(tokens)).toEqual([minutes(35)])
    await signOn.apply({ accounts: [{ ...person, staff_roles: [] }] })
    at(minutes(30))
    await ncwd.walkIn(attorney)
    expect(await endsOfSessions(tokens)).toEqual([minutes(60)])
  })

  test('after more than 8 hours is signed out by the next use, tokens and all', async ({
    newcomer,
    ncwd,
    keepUsing,
    signOn,
    isAskedToSignIn,
  }) => {
    const person = await newcomer()
    await ncwd.signIn(attorney, person.username)
    await keepUsing([attorney], minutes(14), hours(8.5))
    const tokens = await ncwd.walkIn(attorney)
    expect(await isActive(ncwd, tokens)).toBe(true)
    await signOn.apply({ accounts: [{ ...person, staff_roles: clerkOfNcwd }] })
    expect(await isActive(ncwd, tokens)).toBe(false)
    expect((await openPage(attorney, signOn, `${signOn.issuer}/account`)).text).toContain(
      'sign-in-submit',
    )
    expect(await isAskedToSignIn(attorney)).toBe(true)
  })
})

describe('the tokens that filing software holds', () => {
  test('end for a clerk with the 8 hours of the session, and for others do not', async ({
    vendor,
    signOn,
  }) => {
    const held: oidc.TokenEndpointResponse[] = [
      await vendor.signIn(clerk, carla.username, offline),
      await vendor.signIn(attorney, nora.username, offline),
    ]
    const refresh = async () => {
      for (const [index, { refresh_token: token }] of held.entries()) {
        held[index] = await oidc.refreshTokenGrant(vendor.rp, token!)
      }
    }
    const endsOfRefreshTokens = async () => {
      const rows = await signOn.services.db.prisma.refreshToken.findMany({
        orderBy: { expiresAt: 'asc' },
      })
      return rows.map(({ expiresAt }) => expiresAt.getTime() - start)
    }
    for (let time = minutes(50); time < hours(8); time += minutes(50)) {
      at(time)
      await refresh()
    }
    at(hours(8) - 1000)
    await refresh()
    const [ofClerk, ofAttorney] = held
    expect(await endsOfRefreshTokens()).toEqual([hours(8), hours(9) - 1000])
    expect(await isActive(vendor, ofClerk!)).toBe(true)
    at(hours(8))
    expect(await isActive(vendor, ofClerk!)).toBe(false)
    expect(await isActive(vendor, ofAttorney!)).toBe(true)
    await expect(oidc.refreshTokenGrant(vendor.rp, ofClerk!.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await oidc.refreshTokenGrant(vendor.rp, ofAttorney!.refresh_token!)
  })
})
