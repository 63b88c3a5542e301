import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudited } from '../support/audited.ts'
import {
  basicHeader,
  createCourt,
  filingSoftware,
  idClaims,
  newBrowser,
  offlineRequest,
  openPage,
  sendPassword,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { becomes, timed } from '../support/measure.ts'
import { nora, password } from '../support/people.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { countSignInFailures, type SignOn, startSignOn } from '../support/sign-on.ts'
import { expectCalmPage, expectDocuments, expectUnavailable } from './expectations.ts'
import { tokenCalls } from './token-calls.ts'

let redis: RedisServer
let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let vendor: TestCourt
let browser: HttpClient

const isReady = async () => (await browser.get(`${signOn.issuer}/readyz`)).status === 200
const ready = (withinMilliseconds: number) => becomes('ready', withinMilliseconds, isReady)

/** The sign-in page of a fresh request, and what is needed to finish it. */
async function openSignIn(court: TestCourt, visitor = browser) {
  const { url, checks } = await court.authorize()
  return { page: await openPage(visitor, signOn, url), checks }
}

const countFailures = () => countSignInFailures(signOn)
const countIssued = async () =>
  (await listAudited(signOn.services.db, 'authorization.issued')).length

beforeAll(async () => {
  redis = await startRedis()
  signOn = await startSignOn({ settings: { REDIS_URL: redis.url } })
  await signOn.apply({ accounts: [nora] })
  ncwd = await createCourt(signOn, 'ncwd')
  ncwb = await createCourt(signOn, 'ncwb')
  vendor = await createCourt(signOn, 'ncwd', filingSoftware)
})
afterAll(async () => {
  await signOn.stop()
  await redis.stop()
})
beforeEach(() => {
  browser = newBrowser()
})
afterEach(async () => {
  await signOn.services.db.prisma.signInFailures.deleteMany()
  await browser.stop()
})

describe('Redis that is not there at start', () => {
  test('lets the server start, which answers what needs no Redis and is ready by itself later', async () => {
    const late = await startRedis()
    await late.kill()
    const started = await startSignOn({ settings: { REDIS_URL: late.url } })
    try {
      const answer = await browser.get(`${started.issuer}/readyz`)
      expect(answer.status).toBe(503)
      expect(answer.json()).toEqual({
        status: 'not-ready',
        checks: { database: true, disk: true, redis: false, schema: true, clock: true },
        warnings: [],
      })
      await expectDocuments(browser, started.issuer)
      await started.apply({ accounts: [nora] })
      const court = await createCourt(started, 'ncwd')
      const { url } = await court.authorize()
      await expectCalmPage(() => browser.get(url))

      await late.restart()
      const tookMilliseconds = await becomes(
        'ready',
        5000,
        async () => (await browser.get(`${started.issuer}/readyz`)).status === 200,
      )
      console.log(`Redis appeared: ready after ${Math.round(tookMilliseconds)} ms`)
      const { url: again, checks } = await court.authorize()
      const page = await openPage(browser, started, again)
      const callback = await signInAt(browser, started, page, nora.username)
      expect(idClaims(await court.redeem(callback, checks))['sub']).toBeDefined()
    } finally {
      await started.stop()
      await late.stop()
    }
  })
})

describe('Redis killed', () => {
  afterEach(async () => {
    await redis.restart()
    await ready(5000)
  })

  test('between the page and the password answers within a second that nothing is lost', async () => {
    const { page } = await openSignIn(ncwd)
    await redis.kill()
    await expectCalmPage(() => sendPassword(browser, page, nora.username, password))
    await expectDocuments(browser, signOn.issuer)
    expect(await countFailures()).toBe(0)

    await redis.restart()
    await ready(5000)
    const tokens = await ncwd.signIn(browser, nora.username)
    expect(idClaims(tokens)['sub']).toBeDefined()
  })

  test('between the code and its redemption gives no tokens, then or later', async () => {
    const { page, checks } = await openSignIn(ncwd)
    const callback = await signInAt(browser, signOn, page, nora.username)
    const calls = tokenCalls(browser, ncwd)
    await redis.kill()
    await expectUnavailable(() => calls.redeem(callback, checks.verifier))
    await redis.restart()
    await ready(5000)
    const late = await calls.redeem(callback, checks.verifier)
    expect(late.status).toBe(400)
    expect(late.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('makes every question about a token 503, not "inactive"', async () => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const calls = tokenCalls(browser, ncwd)
    await redis.kill()
    await expectUnavailable(() => calls.introspect(tokens.access_token))
    await expectUnavailable(() => calls.userinfo(tokens.access_token))
  })

  test('leaves people signed in: after it is back they walk in without a password', async () => {
    await ncwd.signIn(browser, nora.username)
    await redis.kill()
    await redis.restart()
    await ready(5000)
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
  })

  test('in the middle of a refresh costs the vendor nothing but a second try', async () => {
    const calls = tokenCalls(browser, vendor)
    const { refresh_token: token = '' } = await vendor.signIn(
      browser,
      nora.username,
      offlineRequest,
    )
    await redis.kill()
    await expectUnavailable(() => calls.refresh(token))
    await redis.restart()
    await ready(5000)
    const again = await calls.refresh(token)
    expect(again.status, again.text).toBe(200)
    const { access_token: access } = again.json<Record<string, string>>()
    expect((await calls.introspect(access!)).json()).toMatchObject({ active: true })
  })
})

describe('Redis that hangs', () => {
  afterEach(async () => {
    redis.resume()
    await ready(5000)
  })

  test('is given up within a second, and works within three seconds of waking', async () => {
    const { page } = await openSignIn(ncwd)
    redis.pause()
    await expectCalmPage(() => sendPassword(browser, page, nora.username, password))
    await expectDocuments(browser, signOn.issuer)
    const { url } = await ncwd.authorize()
    await expectCalmPage(() => browser.get(url))

    redis.resume()
    const tookMilliseconds = await ready(3000)
    console.log(`Redis woke: ready after ${Math.round(tookMilliseconds)} ms`)
    expect(await countFailures()).toBe(0)
    const callback = await signInAt(browser, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('code')).toBeTruthy()
  })

  test('lets nobody wait once five were not answered, and serves again without being asked for readiness', async () => {
    const { url } = await ncwd.authorize()
    redis.pause()
    await Promise.all(Array.from({ length: 5 }, () => expectUnavailable(() => browser.get(url))))
    for (let count = 0; count < 10; count += 1) {
      const { milliseconds } = await timed(() => expectCalmPage(() => browser.get(url)))
      expect(milliseconds).toBeLessThan(100)
    }
    redis.resume()
    await becomes('served', 3000, async () => (await browser.get(url)).status === 303)
  })

  test('does not pile up: twenty people one after the other are all answered within a second', async () => {
    const addresses = await Promise.all(Array.from({ length: 20 }, () => ncwd.authorize()))
    redis.pause()
    // One after the other, so that the later ones find the earlier ones waiting.
    await Promise.all(
      addresses.map(async ({ url }, index) => {
        await delay(20 * index)
        await expectCalmPage(() => browser.get(url))
      }),
    )
  })
})

describe('Redis emptied', () => {
  test('does not make a redeemed code good again', async () => {
    const { page, checks } = await openSignIn(ncwd)
    const callback = await signInAt(browser, signOn, page, nora.username)
    const calls = tokenCalls(browser, ncwd)
    expect((await calls.redeem(callback, checks.verifier)).status).toBe(200)
    await redis.flush()
    const replay = await calls.redeem(callback, checks.verifier)
    expect(replay.status).toBe(400)
    expect(replay.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('does not touch a refresh token: nobody has to sign in again for it', async () => {
    const calls = tokenCalls(browser, vendor)
    const { refresh_token: token = '' } = await vendor.signIn(
      browser,
      nora.username,
      offlineRequest,
    )
    await redis.flush()
    const refreshed = await calls.refresh(token)
    expect(refreshed.status, refreshed.text).toBe(200)
    const { access_token: fresh } = refreshed.json<{ access_token: string }>()
    expect((await calls.introspect(fresh)).json()).toMatchObject({ active: true })
  })

  test('does not bring back what was revoked', async () => {
    const calls = tokenCalls(browser, vendor)
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    const { revocation_endpoint: revoke = '' } = vendor.rp.serverMetadata()
    const answer = await browser.post(
      revoke,
      { token: tokens.refresh_token ?? '' },
      basicHeader(vendor.clientId, vendor.secret),
    )
    expect(answer.status).toBe(200)
    await redis.flush()
    expect((await calls.refresh(tokens.refresh_token ?? '')).json()).toMatchObject({
      error: 'invalid_grant',
    })
    expect((await calls.introspect(tokens.access_token)).json()).toEqual({ active: false })
  })

  test('does not unlock a username', async () => {
    const { page } = await openSignIn(ncwd)
    for (let count = 0; count < 5; count += 1) {
      expect((await sendPassword(browser, page, nora.username, 'a wrong password')).status).toBe(
        422,
      )
    }
    expect((await sendPassword(browser, page, nora.username, password)).status).toBe(429)
    await redis.flush()
    const { page: fresh } = await openSignIn(ncwd)
    expect((await sendPassword(browser, fresh, nora.username, password)).status).toBe(429)
  })

  test('leaves people signed in; whoever was at the password starts again at the court', async () => {
    await ncwd.signIn(browser, nora.username)
    const other = newBrowser()
    const { page } = await openSignIn(ncwd, other)
    await redis.flush()
    const lost = await sendPassword(other, page, nora.username, password)
    expect(lost.status).toBe(410)
    expect(lost.text).toContain('https://ncwd.test/sign-in')
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
    await other.stop()
  })
})

describe('Redis that is full', () => {
  afterEach(async () => {
    await redis.command('CONFIG SET maxmemory 0')
    await redis.flush()
  })

  const usedBytes = async () => {
    const script = "return tonumber(string.match(redis.call('INFO','memory'),'used_memory:(%d+)'))"
    const answer = await redis.command(`EVAL "${script}" 0`)
    return Number(answer.slice(1))
  }

  test('takes no new sign-ins and says so; what is running goes on', async () => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const calls = tokenCalls(browser, ncwd)
    await redis.command('CONFIG SET maxmemory 1kb')

    const stranger = newBrowser()
    const { url } = await ncwb.authorize()
    await expectCalmPage(() => stranger.get(url))
    await stranger.stop()
    const walkIn = await ncwb.authorize()
    const issuedBefore = await countIssued()
    await expectCalmPage(() => browser.get(walkIn.url))
    expect(await countIssued()).toBe(issuedBefore)
    const introspection = await calls.introspect(tokens.access_token)
    expect(introspection.json()).toMatchObject({ active: true })
    expect((await calls.userinfo(tokens.access_token)).status).toBe(200)
    await expectDocuments(browser, signOn.issuer)
  })

  test('does not count a password that it could not look at', async () => {
    const { page } = await openSignIn(ncwd)
    await redis.command('CONFIG SET maxmemory 1kb')
    await expectUnavailable(() => sendPassword(browser, page, nora.username, 'a wrong password'))
    expect(await countFailures()).toBe(0)
    await redis.command('CONFIG SET maxmemory 0')
    expect((await sendPassword(browser, page, nora.username, password)).status).toBe(200)
  })

  test('fills only up to its limit under a flood of requests, and refuses with 503', async () => {
    const limit = (await usedBytes()) + 512 * 1024
    await redis.command(`CONFIG SET maxmemory ${limit}`)
    const { url } = await ncwd.authorize({ state: 'x'.repeat(1000) })
    let refusals = 0
    for (let sent = 0; sent < 1500 && refusals === 0; sent += 1) {
      const visitor = newBrowser()
      const answer = await visitor.get(url)
      await visitor.stop()
      if (answer.status === 503) refusals += 1
      else expect(answer.status).toBe(303)
    }
    expect(refusals).toBe(1)
    expect(await usedBytes()).toBeLessThan(limit + 512 * 1024)
  })

  test('costs the vendor nothing but a second try of its refresh', async () => {
    const calls = tokenCalls(browser, vendor)
    const { refresh_token: token = '' } = await vendor.signIn(
      browser,
      nora.username,
      offlineRequest,
    )
    await redis.command('CONFIG SET maxmemory 1kb')
    await expectUnavailable(() => calls.refresh(token))
    await redis.command('CONFIG SET maxmemory 0')
    const again = await calls.refresh(token)
    expect(again.status, again.text).toBe(200)
  })
})
