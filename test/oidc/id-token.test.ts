import { readFileSync } from 'node:fs'
import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import { fitIdToken } from '../../src/oidc/id-token.ts'
import {
  type CourtOptions,
  createCourt,
  filingSoftware,
  idClaims,
  newBrowser,
  offlineRequest,
  openPage,
  signInAt,
  type TestCourt,
  type Tokens,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { carla, jane, nora } from '../support/people.ts'

const promisedBytes = 2048
const courtsJson = new URL('../../src/courts/courts.json', import.meta.url)
const courts = JSON.parse(readFileSync(courtsJson, 'utf8')) as { id: string; type: string }[]
const allCourts = courts.map(({ id }) => id)

/** Files at forty courts, and has everything else that makes a token long. */
const districts = courts.filter(({ type }) => type === 'district').map(({ id }) => id)
const fortyCourts = districts.slice(0, 40)
const busy = {
  ...jane,
  number: '7000040',
  username: 'files-in-forty-courts',
  email: 'a.rather.long.address.of.somebody@the-firm-of-doe-and-partners.example.com',
  family_name: 'Featherstonehaugh-Cholmondeley',
  standings: fortyCourts.map((court) => ({
    court,
    status: 'active',
    role: 'federal-attorney',
    filer_id: `featherstonehaugh-${court}`,
    admitted: true,
    actions: ['file', 'receive-notices'],
    since: '2021-09-02',
    ends_on: '2199-12-31',
  })),
}
/** Everything about this account is as long as it may be. */
const longest = {
  ...jane,
  number: '7000042',
  username: 'u'.repeat(64),
  given_name: 'G'.repeat(100),
  family_name: 'F'.repeat(100),
  email: `${'e'.repeat(63)}@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.example`,
  client_code: 'C'.repeat(32),
  user_type: 'filing-agent',
  standings: [
    {
      court: 'ncwd',
      status: 'active',
      role: 'interested-party',
      filer_id: 'f'.repeat(64),
      admitted: true,
      actions: ['file', 'receive-notices'],
      since: '2021-09-02',
      ends_on: '2199-12-31',
    },
  ],
}
/** The same in letters of three bytes, and in the longest that a filer's id may have. */
const longestAbroad = {
  ...longest,
  number: '7000043',
  username: 'v'.repeat(64),
  given_name: '漢'.repeat(100),
  family_name: '字'.repeat(100),
  email: `f${longest.email.slice(1)}`,
  standings: [{ ...longest.standings[0], filer_id: '漢'.repeat(64) }],
}
const unconfirmed = { ...jane, ...nora, number: '7000041', username: 'unconfirmed-address' }

let count = 0

const test = kit()
  .override('people', [busy, longest, longestAbroad, jane, nora, carla])
  .extend(
    'newClient',
    { scope: 'file' },
    ({ signOn }) =>
      (courts: readonly string[], options: CourtOptions = {}) => {
        count += 1
        return createCourt(signOn, 'ncwd', {
          kind: 'national',
          courts,
          hasDpop: courts.length > 1,
          ...options,
          id: `client-${count}`,
        })
      },
  )

const bytesOf = ({ id_token: token = '' }: Tokens) => Buffer.byteLength(token)
const statusesIn = (claims: object) =>
  Object.fromEntries(
    Object.entries((claims as { efiling?: object }).efiling ?? {}).map(([court, entry]) => [
      court,
      entry.status,
    ]),
  )
const userinfo = (court: TestCourt, tokens: Tokens) =>
  oidc.fetchUserInfo(court.rp, tokens.access_token, oidc.skipSubjectCheck, {
    ...(court.dpop && { DPoP: court.dpop }),
  })

describe('the ID token', () => {
  test.for(['ES256', 'RS256'] as const)(
    'has its promised size at 210 courts, and userinfo and introspection have the rights: %s',
    async (algorithm, { newClient, browser }) => {
      expect(allCourts).toHaveLength(210)
      const client = await newClient(allCourts, {
        metadata: { id_token_signed_response_alg: algorithm },
      })
      const tokens = await client.signIn(browser, busy.username)
      expect(bytesOf(tokens)).toBeLessThanOrEqual(promisedBytes)
      expect(idClaims(tokens)).not.toHaveProperty('efiling')
      const introspected = await oidc.tokenIntrospection(client.rp, tokens.access_token)
      for (const claims of [await userinfo(client, tokens), introspected]) {
        const statuses = statusesIn(claims)
        expect(Object.keys(statuses).sort()).toEqual(fortyCourts.toSorted())
        expect(Object.values(statuses)).not.toContain('none')
      }
    },
  )

  test.for([1, 2, 3, 4, 5, 6])(
    'has its promised size at %i courts, where she files',
    async (n, { newClient, browser }) => {
      const client = await newClient(fortyCourts.slice(0, n))
      const tokens = await client.signIn(browser, busy.username)
      expect(bytesOf(tokens)).toBeLessThanOrEqual(promisedBytes)
      expect(Object.keys(statusesIn(await userinfo(client, tokens)))).toHaveLength(n)
      if (n === 1) expect(Object.keys(statusesIn(idClaims(tokens)))).toHaveLength(1)
      if (n === 6) expect(idClaims(tokens)).not.toHaveProperty('efiling')
    },
  )

  test.for([
    ['ES256', longest],
    ['RS256', longest],
    ['ES256', longestAbroad],
    ['RS256', longestAbroad],
  ] as const)(
    'has its promised size at one court with the longest of everything: %s',
    async ([algorithm, person], { signOn, browser }) => {
      count += 1
      const client = await createCourt(signOn, 'ncwd', {
        id: `c${count}`.padEnd(128, 'c'),
        metadata: { id_token_signed_response_alg: algorithm },
      })
      const nonce = 'n'.repeat(256)
      const { url, checks } = await client.authorize({ nonce })
      const page = await openPage(browser, signOn, url)
      const callback = await signInAt(browser, signOn, page, person.username)
      const tokens = await client.redeem(callback, { ...checks, nonce })
      const told = await userinfo(client, tokens)
      const leftOut = Object.keys(told).filter((name) => !(name in idClaims(tokens)))
      console.log(`${algorithm}: ${bytesOf(tokens)} bytes without ${leftOut.join(', ')}`)
      expect(bytesOf(tokens)).toBeLessThanOrEqual(promisedBytes)
      expect(told).toMatchObject({
        name: `${person.given_name} ${person.family_name}`,
        email: person.email,
        pacer: { account_number: person.number },
        efiling: { ncwd: { status: 'active' } },
      })
      expect(idClaims(tokens)).toHaveProperty('efiling.ncwd.actions', ['file', 'receive-notices'])
    },
  )

  test('leaves nothing out for a person at one court whose values are the usual ones', async ({
    newClient,
    browser,
  }) => {
    const client = await newClient(['ncwd'], {
      metadata: { id_token_signed_response_alg: 'RS256' },
    })
    const tokens = await client.signIn(browser, jane.username)
    const told = Object.keys(await userinfo(client, tokens))
    expect(Object.keys(idClaims(tokens))).toEqual(expect.arrayContaining(told))
  })

  test('of a client of five courts names those that have something to say', async ({
    newClient,
    browser,
  }) => {
    const client = await newClient(['ncwd', 'ncwb', 'ca4', 'nceb', 'ncmb'])
    const tokens = await client.signIn(browser, jane.username)
    expect(statusesIn(idClaims(tokens))).toEqual({ ncwd: 'active', ca4: 'active' })
    expect(statusesIn(await userinfo(client, tokens))).toEqual({ ncwd: 'active', ca4: 'active' })
    expect(bytesOf(tokens)).toBeLessThanOrEqual(promisedBytes)
  })

  test('of a client of one court always names it, as userinfo and introspection do', async ({
    newClient,
    browser,
  }) => {
    const client = await newClient(['ncwb'])
    const tokens = await client.signIn(browser, nora.username)
    const introspected = await oidc.tokenIntrospection(client.rp, tokens.access_token)
    for (const claims of [idClaims(tokens), await userinfo(client, tokens), introspected]) {
      expect(statusesIn(claims)).toEqual({ ncwb: 'none' })
    }
  })

  test('leaves efiling out first where a client has several courts, and shortens it last where it has one', () => {
    const claims = {
      sub: 'x',
      given_name: 'g'.repeat(700),
      efiling: { ncwd: { status: 'active', filer_id: 'e'.repeat(700) } },
    }
    const context = { issuer: 'https://sso.test', clientId: 'c', signatureBytes: 86 }
    const { given_name, efiling } = claims
    expect(fitIdToken(claims, { ...context, courtCount: 2 })).toEqual({ sub: 'x', given_name })
    expect(fitIdToken(claims, { ...context, courtCount: 1 })).toEqual({ sub: 'x', efiling })
    const long = { ...claims, nonce: 'n'.repeat(1000) }
    expect(fitIdToken(long, { ...context, courtCount: 1 })).toEqual({
      sub: 'x',
      nonce: long.nonce,
      efiling: { ncwd: { status: 'active' } },
    })
    const short = { sub: 'x', efiling: {} }
    expect(fitIdToken(short, { ...context, courtCount: 2 })).toBe(short)
  })
})

describe('session_expiry', () => {
  test.for([
    ['of anybody', nora.username, 12],
    ['of court staff', carla.username, 8],
  ] as const)(
    'is when the session ends at the latest: %s',
    async ([_, username, hours], { newClient, browser }) => {
      const client = await newClient(['ncwd'])
      const { auth_time, session_expiry } = idClaims(await client.signIn(browser, username))
      expect(session_expiry).toBe(Number(auth_time) + hours * 3600)
      const again = await client.walkIn(browser, { scope: 'openid' })
      expect(idClaims(again)).toMatchObject({ auth_time, session_expiry })
      expect(await userinfo(client, again)).not.toHaveProperty('session_expiry')
    },
  )

  test('stays the same in the ID token of a refresh', async ({ signOn, browser }) => {
    const vendor = await createCourt(signOn, 'ca4', filingSoftware)
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    const refreshed = await oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!)
    expect(idClaims(refreshed)['session_expiry']).toBe(idClaims(tokens)['session_expiry'])
  })
})

test('an e-mail address is given only when it is confirmed, by whichever way', async ({
  newClient,
  signOn,
}) => {
  const client = await newClient(['ncwd'])
  const claims = JSON.stringify({ id_token: { email: { essential: true } } })
  const told = async () => {
    const visitor = newBrowser()
    const tokens = await client.signIn(visitor, unconfirmed.username, { claims })
    await visitor.stop()
    return [idClaims(tokens), await userinfo(client, tokens)].map(
      ({ email, email_verified: isVerified }) => [email, isVerified],
    )
  }
  const { standings: _, ...account } = unconfirmed
  await signOn.apply({ accounts: [{ ...account, email: 'new@x.test', email_verified: false }] })
  expect(await told()).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ])
  await signOn.apply({ accounts: [{ ...account, email: 'new@x.test', email_verified: true }] })
  expect(await told()).toEqual([
    ['new@x.test', true],
    ['new@x.test', true],
  ])
})
