import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createCourt,
  idClaims,
  newBrowser,
  openPage,
  sendPassword,
  signInAt,
  type TestCourt,
  type Tokens,
} from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { becomes, timed } from '../support/measure.ts'
import { nora, password } from '../support/people.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import {
  expectCalmPage,
  expectDocuments,
  expectUnavailable,
  faultMilliseconds,
} from './expectations.ts'
import { tokenCalls } from './token-calls.ts'

const poolSize = 6

let postgres: PostgresServer
let databaseUrl: string
let signOn: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let browser: HttpClient
let tokens: Tokens

const isReady = async () => (await browser.get(`${signOn.issuer}/readyz`)).status === 200

async function openSignIn(court: TestCourt, visitor = browser): Promise<HttpResponse> {
  return openPage(visitor, signOn, (await court.authorize()).url)
}

/** A session beside the server's own, for what an operator or another program does. */
async function sideSession(): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function ask<Row>(sql: string): Promise<Row[]> {
  const client = await sideSession()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

const countFailures = async () =>
  Number(
    (await ask<{ n: string }>('SELECT coalesce(sum(failures), 0) AS n FROM sign_in_failures'))[0]!
      .n,
  )
const countConnections = async () =>
  Number(
    (
      await ask<{ n: string }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'central-sign-on'`,
      )
    )[0]!.n,
  )

beforeAll(async () => {
  postgres = await startPostgres()
  databaseUrl = await postgres.createDatabase()
  signOn = await startSignOn({
    settings: { DATABASE_URL: databaseUrl, CSO_DATABASE_POOL: String(poolSize) },
  })
  await signOn.apply({ accounts: [nora] })
  ncwd = await createCourt(signOn, 'ncwd')
  ncwb = await createCourt(signOn, 'ncwb')
})
afterAll(async () => {
  await signOn.stop()
  await postgres.stop()
})
beforeEach(async () => {
  browser = newBrowser()
  await becomes('ready', 5000, isReady)
  tokens = await ncwd.signIn(browser, nora.username)
})
afterEach(() => browser.stop())

/** What is true whenever PostgreSQL does not answer, for whatever reason. */
async function expectFailsClosed(page: HttpResponse, visitor: HttpClient): Promise<void> {
  const calls = tokenCalls(browser, ncwd)
  const busy = await expectUnavailable(() => sendPassword(visitor, page, nora.username, password))
  expect(busy.text).toContain('nothing is lost')
  await expectUnavailable(() => calls.introspect(tokens.access_token))
  await expectUnavailable(() => calls.userinfo(tokens.access_token))
  const { url } = await ncwb.authorize()
  await expectCalmPage(() => browser.get(url))
  await expectDocuments(browser, signOn.issuer)
  const { value: readiness, milliseconds } = await timed(() =>
    browser.get(`${signOn.issuer}/readyz`),
  )
  expect(readiness.status).toBe(503)
  expect(readiness.json()).toMatchObject({ checks: { database: false, redis: true } })
  expect(milliseconds).toBeLessThanOrEqual(faultMilliseconds)
}

describe('PostgreSQL killed', () => {
  afterEach(async () => {
    if (!(await isReady())) await postgres.restart()
  })

  test('is answered for within a second, and found again by itself within five', async () => {
    const visitor = newBrowser()
    const page = await openSignIn(ncwd, visitor)
    await postgres.kill()
    await expectFailsClosed(page, visitor)

    await postgres.restart()
    const tookMilliseconds = await becomes('ready', 5000, isReady)
    console.log(`PostgreSQL restarted: ready after ${Math.round(tookMilliseconds)} ms`)
    expect(await countFailures()).toBe(0)
    // Who was signed in still is, and who was at the password finishes with the same page.
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
    const callback = await signInAt(visitor, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('code')).toBeTruthy()
    await visitor.stop()
  })

  test('who signs out meanwhile is told that he may still be signed in, and how to be safe', async () => {
    const end = ncwd.rp.serverMetadata().end_session_endpoint!
    const account = await browser.get(`${signOn.issuer}/account`)
    const question = await browser.get(end)
    await postgres.kill()
    const hint = new URLSearchParams({ id_token_hint: tokens.id_token! })
    const waysOut = {
      'a court sends the person': () => browser.get(`${end}?${hint}`),
      'a court posts the form': () => browser.post(end, Object.fromEntries(hint)),
      'the question is answered': () => browser.submit(question.form('op.logoutForm')),
      'our own button is pressed': () => browser.submit(account.form('sign-out')),
      'the last page is opened': () => browser.get(`${signOn.issuer}/signed-out`),
    }
    for (const [name, signOut] of Object.entries(waysOut)) {
      const page = await expectUnavailable(signOut)
      expect(page.text, name).toContain('You may still be signed in')
      expect(page.text, name).toContain('close every browser window')
      expect(page.text, name).toContain(`id="try-again" href="${new URL(end).pathname}"`)
      expect(page.text, name).not.toMatch(/you are (?:not signed in|signed out)</i)
      // Without the cookie, trying again would find no session to end.
      expect(page.setCookies.filter((line) => /expires=Thu, 01 Jan 1970/.test(line))).toEqual([])
    }
    await postgres.restart()
    await becomes('ready', 5000, isReady)
    const again = await browser.get(end)
    const out = await browser.submit(again.form('op.logoutForm'))
    expect((await browser.follow(out)).text).toContain('id="signed-out"')
    const { url } = await ncwb.authorize({ prompt: 'none' })
    expect((await openPage(browser, signOn, url)).location).toContain('login_required')
  })

  test('does not make the pool grow, however many ask meanwhile', async () => {
    const calls = tokenCalls(browser, ncwd)
    const crowd = () =>
      Promise.all(Array.from({ length: 40 }, () => calls.introspect(tokens.access_token)))
    await postgres.kill()
    const { value: refused, milliseconds } = await timed(crowd)
    expect(refused.map((answer) => answer.status)).toEqual(Array(40).fill(503))
    expect(milliseconds).toBeLessThanOrEqual(faultMilliseconds)

    await postgres.restart()
    await becomes('ready', 5000, isReady)
    const served = await crowd()
    expect(served.map((answer) => answer.status)).toEqual(Array(40).fill(200))
    expect(await countConnections()).toBeLessThanOrEqual(poolSize)
  })

  test('while it restarts under load, lets nothing through but 200 and 503, each in a second', async () => {
    const calls = tokenCalls(browser, ncwd)
    let isOver = false
    const seen: { status: number; milliseconds: number }[] = []
    const caller = async () => {
      while (!isOver) {
        const { value, milliseconds } = await timed(() => calls.introspect(tokens.access_token))
        if (value.status === 200) expect(value.json()).toMatchObject({ active: true })
        seen.push({ status: value.status, milliseconds })
        await delay(20)
      }
    }
    const callers = [caller(), caller(), caller()]
    await delay(200)
    await postgres.kill()
    await delay(500)
    await postgres.restart()
    await becomes('ready', 5000, isReady)
    await delay(200)
    isOver = true
    await Promise.all(callers)
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 503]))
    expect(Math.max(...seen.map(({ milliseconds }) => milliseconds))).toBeLessThanOrEqual(1000)
    expect(seen.at(-1)?.status).toBe(200)
  })
})

describe('PostgreSQL that hangs', () => {
  afterEach(async () => {
    postgres.resume()
    await becomes('ready', 5000, isReady)
  })

  test('is given up within a second, and works within three seconds of waking', async () => {
    const visitor = newBrowser()
    const page = await openSignIn(ncwd, visitor)
    postgres.pause()
    await expectFailsClosed(page, visitor)
    postgres.resume()
    const tookMilliseconds = await becomes('ready', 3000, isReady)
    console.log(`PostgreSQL woke: ready after ${Math.round(tookMilliseconds)} ms`)
    expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
    // What had reached PostgreSQL before it hung is carried out when it wakes: that one attempt.
    expect(await countFailures()).toBeLessThanOrEqual(1)
    const callback = await signInAt(visitor, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('code')).toBeTruthy()
    await visitor.stop()
  })

  test('in the middle of a sign-in is given up within a second of hanging', async () => {
    const visitor = newBrowser()
    const page = await openSignIn(ncwd, visitor)
    const side = await sideSession()
    await side.query('BEGIN')
    await side.query('LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE')
    const answer = sendPassword(visitor, page, nora.username, password)
    // The attempt is reserved by now and waits for the account.
    await delay(300)
    postgres.pause()
    const { value: refused, milliseconds } = await timed(() => answer)
    expect(refused.status).toBe(503)
    expect(milliseconds).toBeLessThanOrEqual(faultMilliseconds)
    postgres.resume()
    await side.end()
    await visitor.stop()
  })

  test('does not pile up: twenty questions at once are all answered within a second', async () => {
    const calls = tokenCalls(browser, ncwd)
    postgres.pause()
    await Promise.all(
      Array.from({ length: 20 }, () =>
        expectUnavailable(() => calls.introspect(tokens.access_token)),
      ),
    )
    postgres.resume()
    await becomes('ready', 3000, isReady)
    expect(await countConnections()).toBeLessThanOrEqual(poolSize)
  })
})

describe('a locked table', () => {
  let side: Client
  beforeEach(async () => {
    side = await sideSession()
    await side.query('BEGIN')
  })
  afterEach(() => side.end())

  test('of accounts stops signing in for the moment and nothing else', async () => {
    const visitor = newBrowser()
    const page = await openSignIn(ncwd, visitor)
    await side.query('LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE')

    const busy = await expectUnavailable(() => sendPassword(visitor, page, nora.username, password))
    expect(busy.text).toContain('nothing is lost')
    await expectUnavailable(() => tokenCalls(browser, ncwd).introspect(tokens.access_token))
    await expectDocuments(browser, signOn.issuer)
    expect(await isReady()).toBe(true)
    const other = newBrowser()
    const { value: shown, milliseconds } = await timed(() => openSignIn(ncwb, other))
    expect(shown.status).toBe(200)
    expect(milliseconds).toBeLessThan(500)
    await becomes('the attempt does not count', 1000, async () => (await countFailures()) === 0)

    await side.query('ROLLBACK')
    const callback = await signInAt(visitor, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('code')).toBeTruthy()
    await other.stop()
    await visitor.stop()
  })

  test('of the audit refuses what cannot be recorded', async () => {
    const visitor = newBrowser()
    const page = await openSignIn(ncwd, visitor)
    await side.query('LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE')
    await expectUnavailable(() => sendPassword(visitor, page, nora.username, password))
    const { url } = await ncwb.authorize()
    await expectUnavailable(() => browser.get(url))
    await side.query('ROLLBACK')
    await becomes('the attempt does not count', 1000, async () => (await countFailures()) === 0)
    const callback = await signInAt(visitor, signOn, page, nora.username)
    expect(new URL(callback).searchParams.get('code')).toBeTruthy()
    await visitor.stop()
  })
})

describe('PostgreSQL that is not there at start', () => {
  test('lets the server start, which prepares the database when it appears', async () => {
    const late = await startPostgres()
    const url = await late.createDatabase()
    await late.kill()
    const started = await startSignOn({
      settings: { DATABASE_URL: url },
      mayBeUnprepared: true,
    })
    try {
      const answer = await browser.get(`${started.issuer}/readyz`)
      expect(answer.status).toBe(503)
      expect(answer.json()).toMatchObject({ checks: { database: false, schema: false } })
      await expectDocuments(browser, started.issuer)
      await expectCalmPage(() => openPage(browser, started, `${started.issuer}/account`))
      await late.restart()
      const tookMilliseconds = await becomes(
        'ready',
        5000,
        async () => (await browser.get(`${started.issuer}/readyz`)).status === 200,
      )
      console.log(`PostgreSQL appeared: ready after ${Math.round(tookMilliseconds)} ms`)
      await started.apply({ accounts: [nora] })
      const court = await createCourt(started, 'ncwd')
      expect(idClaims(await court.signIn(newBrowser(), nora.username))['sub']).toBeDefined()
    } finally {
      await started.stop()
      await late.stop()
    }
  })
})
