import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createCourt,
  filingSoftware,
  idClaims,
  newBrowser,
  offlineRequest,
  type TestCourt,
} from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

type Counts = { commands: number; statements: number }

/**
 * What each operation costs in Redis commands and SQL statements. More is slower for everybody, so a
 * change here is a decision; fewer is a reason to lower the number.
 */
const expected = {
  redis: {
    introspection: { commands: 1, statements: 1 },
    userinfo: { commands: 1, statements: 1 },
    refresh: { commands: 1, statements: 2 },
    secondCourt: { commands: 5, statements: 4 },
    fullSignIn: { commands: 14, statements: 4 },
    filerSignIn: { commands: 18, statements: 5 },
  },
  database: {
    introspection: { commands: 0, statements: 2 },
    userinfo: { commands: 0, statements: 2 },
    refresh: { commands: 0, statements: 3 },
    secondCourt: { commands: 0, statements: 9 },
    fullSignIn: { commands: 0, statements: 18 },
    filerSignIn: { commands: 0, statements: 23 },
  },
}

const rounds = 7

describe.each(['redis', 'database'] as const)('with storage: %s', (storage) => {
  let signOn: SignOn
  let ncwd: TestCourt
  let ncwb: TestCourt
  let vendor: TestCourt
  let browser: HttpClient

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [jane, nora] })
    ncwd = await createCourt(signOn, 'ncwd')
    ncwb = await createCourt(signOn, 'ncwb')
    vendor = await createCourt(signOn, 'ca4', filingSoftware)
  })
  afterAll(() => signOn.stop())
  beforeEach(() => {
    // A process reads a client again after a second: with the clock standing still it never does.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    browser = newBrowser()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await browser.stop()
  })

  /** The least of several rounds: what runs beside the requests every second is not in it. */
  const leastOf = async (operation: () => Promise<unknown>): Promise<Counts> => {
    const { db, redis } = signOn.services
    await operation()
    const least = { commands: Number.POSITIVE_INFINITY, statements: Number.POSITIVE_INFINITY }
    for (let round = 0; round < rounds; round += 1) {
      const before = { commands: redis?.commandCount ?? 0, statements: db.statementCount }
      await operation()
      least.commands = Math.min(least.commands, (redis?.commandCount ?? 0) - before.commands)
      least.statements = Math.min(least.statements, db.statementCount - before.statements)
    }
    return least
  }

  test('introspection', async () => {
    const { access_token: token } = await ncwd.signIn(browser, nora.username)
    const counts = await leastOf(async () => {
      expect((await oidc.tokenIntrospection(ncwd.rp, token)).active).toBe(true)
    })
    expect(counts).toEqual(expected[storage].introspection)
  })

  test('userinfo', async () => {
    const tokens = await ncwd.signIn(browser, nora.username)
    const subject = String(idClaims(tokens)['sub'])
    const counts = await leastOf(() => oidc.fetchUserInfo(ncwd.rp, tokens.access_token, subject))
    expect(counts).toEqual(expected[storage].userinfo)
  })

  test('a refresh', async () => {
    let tokens: oidc.TokenEndpointResponse = await vendor.signIn(
      browser,
      nora.username,
      offlineRequest,
    )
    const counts = await leastOf(async () => {
      tokens = await oidc.refreshTokenGrant(vendor.rp, tokens.refresh_token!)
    })
    expect(counts).toEqual(expected[storage].refresh)
  })

  test('a sign-in at a second court: code and tokens', async () => {
    await ncwd.signIn(browser, nora.username)
    expect(await leastOf(() => ncwb.walkIn(browser))).toEqual(expected[storage].secondCourt)
  })

  test('a full sign-in: page, password, code and tokens', async () => {
    const counts = await leastOf(async () => {
      const fresh = newBrowser()
      await ncwd.signIn(fresh, nora.username)
      await fresh.stop()
    })
    expect(counts).toEqual(expected[storage].fullSignIn)
  })

  test('the same for a filer, with the redaction notice on the way', async () => {
    const counts = await leastOf(async () => {
      const fresh = newBrowser()
      const tokens = await ncwd.signIn(fresh, jane.username)
      expect(idClaims(tokens)['efiling']).toMatchObject({
        ncwd: { redaction_acknowledged_at: expect.any(Number) },
      })
      await fresh.stop()
    })
    expect(counts).toEqual(expected[storage].filerSignIn)
  })
})
