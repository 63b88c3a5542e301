import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { closeAccount } from '../../src/accounts/close-account.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { releaseAccount } from '../../src/accounts/release-account.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import { courtRequestsPath, requestActPath } from '../../src/console/requests/request-paths.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import { decideRight } from '../../src/efiling/decide-right.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { listAudited } from '../support/audited.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import {
  createCourt,
  filingSoftware,
  getPasswordForm,
  idClaims,
  newBrowser,
  offlineRequest,
  openPage,
  sendPassword,
  signInAt,
  type TestCourt,
} from '../support/court.ts'
import { sendRequest } from '../support/filing-requests.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient } from '../support/http-client.ts'
import { becomes } from '../support/measure.ts'
import { carla, jane, nora } from '../support/people.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { generousLimits, type SignOn, startSignOn } from '../support/sign-on.ts'
import { type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'
import { cleo, openAs } from '../support/staff.ts'
import { tokenCalls } from './token-calls.ts'

let folder: ReturnType<typeof temporaryFolder>
let databaseUrl: string
let settings: Record<string, string>
let balancer: Balancer
let ports: [number, number]
let processes: [SignOnProcess, SignOnProcess]
/** A third instance that nobody is sent to: for registering courts, and for looking into the tables. */
let office: SignOn
let ncwd: TestCourt
let ncwb: TestCourt
let vendor: TestCourt

beforeAll(async () => {
  folder = temporaryFolder('two-processes')
  databaseUrl = await createDatabase(inject('postgresUrl'))
  ports = [await freePort(), await freePort()]
  balancer = await startBalancer(ports)
  settings = {
    CSO_ISSUER: balancer.url,
    CSO_KEYS_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
    ...generousLimits,
  }
  // Both at once, on an empty database and an empty folder of keys.
  const [a, b] = await Promise.all(ports.map((port) => startSignOnProcess(settings, port)))
  processes = [a!.child, b!.child]
  office = await startSignOn({ issuer: balancer.url, settings })
  await office.apply({ accounts: [jane, nora] })
  ncwd = await createCourt(office, 'ncwd')
  ncwb = await createCourt(office, 'ncwb')
  vendor = await createCourt(office, 'ca4', filingSoftware)
}, 120_000)

afterAll(async () => {
  for (const child of processes) child.signal('SIGKILL')
  await Promise.all(processes.map((child) => child.exited))
  await balancer.stop()
  await office.stop()
  await dropDatabase(databaseUrl)
  folder.remove()
})

const query = <Row>(text: string) =>
  office.services.db.query<Row>({ name: `test ${text}`.slice(0, 63), text }, [])

describe('two processes that start at once on an empty database', () => {
  test('migrate it once, load the courts once, and agree on the keys', async () => {
    const records = await query<{ name: string; finished: boolean }>(
      'SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM _prisma_migrations',
    )
    expect(records.length).toBeGreaterThan(0)
    expect(new Set(records.map(({ name }) => name)).size).toBe(records.length)
    expect(records.every(({ finished }) => finished)).toBe(true)
    expect(await query('SELECT count(*) AS n FROM courts')).toEqual([{ n: 210 }])
    expect(await query(`SELECT count(*) AS n FROM clients WHERE kind = 'portal'`)).toEqual([
      { n: 1 },
    ])
    const keySets = await Promise.all(
      ports.map(async (port, index) => {
        balancer.pin(index)
        const answer = await fetch(`${balancer.url}/oidc/jwks`)
        expect(answer.status, String(port)).toBe(200)
        return answer.text()
      }),
    )
    balancer.pin(undefined)
    expect(keySets[0]).toBe(keySets[1])
    for (const child of processes) expect(child.stderr()).toBe('')
  })
})

describe('two processes behind one address', () => {
  test('serve one sign-in between them, request by request', async () => {
    const before = [...balancer.counts]
    for (let round = 0; round < 5; round += 1) {
      const browser = newBrowser()
      const tokens = await ncwd.signIn(browser, jane.username)
      expect(idClaims(tokens)['efiling']).toMatchObject({ ncwd: { status: 'active' } })
      expect(idClaims(await ncwb.walkIn(browser))['sub']).toBe(idClaims(tokens)['sub'])
      await browser.stop()
    }
    const served = balancer.counts.map((count, index) => count - before[index]!)
    expect(Math.min(...served)).toBeGreaterThan(10)
  })

  test('a code of the one is redeemed at the other, and once only', async () => {
    const browser = newBrowser()
    const { url, checks } = await ncwd.authorize()
    balancer.pin(0)
    const page = await openPage(browser, office, url)
    const callback = await signInAt(browser, office, page, nora.username)
    balancer.pin(undefined)
    const calls = tokenCalls(browser, ncwd)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => calls.redeem(callback, checks.verifier)),
    )
    const redeemed = answers.filter(({ status }) => status === 200)
    expect(redeemed.length).toBeLessThanOrEqual(1)
    for (const answer of answers) {
      if (answer.status !== 200) expect(answer.json()).toMatchObject({ error: 'invalid_grant' })
    }
    // Whoever won lost it again: somebody else had the same code.
    for (const answer of redeemed) {
      const { access_token: token } = answer.json<{ access_token: string }>()
      expect((await calls.introspect(token)).json()).toEqual({ active: false })
    }
    await browser.stop()
  })

  test('take one refresh token thirty times at once, and end all it gave together', async () => {
    const browser = newBrowser()
    const tokens = await vendor.signIn(browser, nora.username, offlineRequest)
    const calls = tokenCalls(browser, vendor)
    const before = [...balancer.counts]
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => calls.refresh(tokens.refresh_token!)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(balancer.counts.every((count, index) => count > before[index]!)).toBe(true)
    // And once more, as after an answer that was lost.
    expect((await calls.refresh(tokens.refresh_token!)).status).toBe(200)
    const given = answers.map((answer) => answer.json<{ access_token: string }>().access_token)

    const account = await openPage(browser, office, `${office.issuer}/account`)
    const signOut = account.forms().find((form) => form.action.endsWith('/account/sign-out'))!
    await browser.followWhile(await browser.submit(signOut), () => true)
    for (const token of given) {
      expect((await calls.introspect(token)).json()).toEqual({ active: false })
    }
    expect((await calls.refresh(tokens.refresh_token!)).json()).toMatchObject({
      error: 'invalid_grant',
    })
    await browser.stop()
  })

  test('see a sign-out at the other within a second', async () => {
    const browser = newBrowser()
    const tokens = await ncwd.signIn(browser, nora.username)
    const calls = tokenCalls(browser, ncwd)
    balancer.pin(1)
    expect((await calls.introspect(tokens.access_token)).json()).toMatchObject({ active: true })
    balancer.pin(0)
    const metadata = ncwd.rp.serverMetadata()
    const out = await browser.get(
      `${metadata.end_session_endpoint}?${new URLSearchParams({ id_token_hint: tokens.id_token! })}`,
    )
    expect(out.text).toContain('id="signed-out"')
    balancer.pin(1)
    const tookMilliseconds = await becomes('the sign-out is seen', 1000, async () => {
      const answer = await calls.introspect(tokens.access_token)
      return answer.status === 200 && answer.json()['active'] === false
    })
    console.log(`sign-out seen by the other process after ${Math.round(tookMilliseconds)} ms`)
    const { url } = await ncwb.authorize()
    expect((await openPage(browser, office, url)).text).toContain('sign-in-submit')
    balancer.pin(undefined)
    await browser.stop()
  })

  test('tell a hold, its end and a closing at the other within a second', async () => {
    const { db } = office.services
    const person = { ...jane, number: '7123999', username: 'held-attorney' }
    const standings = [{ court: 'ncwd', status: 'active', actions: ['file'] }]
    await office.apply({ accounts: [{ ...person, standings }] })
    const { id } = (await findAccount(db, person.number))!
    const browser = newBrowser()
    const { access_token: token } = await ncwd.signIn(browser, person.username)
    const calls = tokenCalls(browser, ncwd)
    const by = byOperator('test')
    const told = async (isSo: (answer: Record<string, unknown>) => boolean) => {
      for (const index of [0, 1]) {
        balancer.pin(index)
        await becomes('it is told', 1000, async () => isSo((await calls.introspect(token)).json()))
      }
    }
    const entryOf = (answer: Record<string, unknown>) =>
      (answer['efiling'] as { ncwd: { status: string; actions: string[]; held?: object } }).ncwd
    await told((answer) => entryOf(answer).actions.includes('file'))
    await inTransaction(db, (tx) => holdAccount(tx, id, 'support', by))
    await told((answer) => {
      const { status, actions, held } = entryOf(answer)
      return status === 'active' && actions.length === 0 && held !== undefined
    })
    await inTransaction(db, (tx) => releaseAccount(tx, id, 'support', by))
    await told((answer) => entryOf(answer).actions.includes('file'))
    await inTransaction(db, (tx) => closeAccount(tx, id, by))
    await told((answer) => answer['active'] === false)
    balancer.pin(undefined)
    await browser.stop()
  })

  test('tell what a court decides, at once and ahead, at both within a second and with nothing run', async () => {
    const { db } = office.services
    const person = { ...nora, number: '7123998', username: 'decided-upon' }
    await office.apply({ accounts: [person, carla] })
    const { id: accountId } = (await findAccount(db, person.number))!
    const clerk = (await findAccount(db, carla.number))!.id
    const browser = newBrowser()
    const { access_token: token } = await ncwd.signIn(browser, person.username)
    const calls = tokenCalls(browser, ncwd)
    const about = { accountId, courtId: 'ncwd' as CourtId, by: byAccount(clerk, {}) }
    const decide = async (decision: Decision) => {
      const decided = await inTransaction(db, (tx) => decideRight(tx, { ...about, decision }))
      expect(decided).toMatchObject({ ok: true })
    }
    type Entry = { status: string; actions: string[]; version: number }
    const versions: number[] = []
    const told = async (status: string, actions: string[], withinMilliseconds = 1000) => {
      for (const index of [0, 1]) {
        balancer.pin(index)
        await becomes(`${status} is told`, withinMilliseconds, async () => {
          const answer = (await calls.introspect(token)).json<{ efiling: { ncwd: Entry } }>()
          const entry = answer.efiling.ncwd
          versions.push(entry.version)
          return entry.status === status && entry.actions.join() === actions.join()
        })
      }
    }
    await told('none', [])
    await decide({ kind: 'grant', role: 'attorney', actions: ['file'] })
    await told('active', ['file'])
    const moment = new Date(Date.now() + 500)
    await decide({ kind: 'suspend', reason: 'discipline', holdsFrom: moment })
    await told('suspended', [], 1500)
    expect(Date.now()).toBeGreaterThanOrEqual(moment.getTime())
    await decide({ kind: 'revoke', reason: 'order-of-the-court' })
    await told('revoked', [])
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(new Set(versions)).toEqual(new Set([0, 1, 2, 3]))
    balancer.pin(undefined)
    await browser.stop()
  })

  test('decide a request once, of twenty clerks at both, and show so at both at once', async () => {
    const colleague = { ...cleo, number: '7300019', username: 'cora-the-clerk', given_name: 'Cora' }
    const people = Array.from({ length: 2 }, (_, n) => ({
      ...nora,
      number: String(7_123_990 + n),
      username: `asks-two-processes-${n}`,
    }))
    await office.apply({ accounts: [cleo, colleague, ...people] })
    const [once, twenty] = await Promise.all(
      people.map(({ number }) => sendRequest(office, { number, court: 'ncwb' })),
    )
    const desks = await Promise.all(
      [cleo, colleague].map(async ({ username }) => {
        const browser = newBrowser()
        await openAs(office, browser, username, '/staff')
        return browser
      }),
    )
    const at = (path: string) => `${balancer.url}${path}`
    const pageOf = (desk: HttpClient, number: string, act: string) =>
      desk.get(at(requestActPath('ncwb', number, act)))

    balancer.pin(1)
    const late = await pageOf(desks[1]!, once!.number, 'deny')
    balancer.pin(0)
    const first = await pageOf(desks[0]!, once!.number, 'approve')
    const granting = { role: 'attorney', grants: 'file', admitted: 'yes', as: 'none' }
    expect((await desks[0]!.submit(first.form('approve-form'), granting)).status).toBe(303)
    balancer.pin(1)
    const told = await desks[1]!.submit(late.form('deny-form'), { reason: 'other', message: 'No' })
    expect([told.status, told.text.includes('Cleo Clerk approved it on')]).toEqual([409, true])
    const queue = await desks[1]!.get(at(courtRequestsPath('ncwb')))
    expect(queue.text).toContain(twenty!.number)
    expect(queue.text).not.toContain(once!.number)

    balancer.pin(undefined)
    const forms = await Promise.all(
      desks.map(async (desk) =>
        (await pageOf(desk, twenty!.number, 'approve')).form('approve-form'),
      ),
    )
    const before = [...balancer.counts]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => desks[n % 2]!.submit(forms[n % 2]!, granting)),
    )
    expect(balancer.counts.map((count, index) => count - before[index]!)).toEqual([10, 10])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    expect(await listAudited(office.services.db, 'request.approved')).toHaveLength(2)
    await Promise.all(desks.map((desk) => desk.stop()))
  })

  test('give a username that two people want at once to one of them, and change it once', async () => {
    const people = ['7123901', '7123902'].map((number) => ({
      ...nora,
      number,
      username: `wants-${number}`,
    }))
    await office.apply({ accounts: people })
    const sent = await Promise.all(
      people.map(async ({ username }) => {
        const browser = newBrowser()
        const url = `${office.issuer}/account/settings/username`
        const asked = await openPage(browser, office, url)
        const answer = await sendPassword(browser, asked, username)
        const page = await browser.followWhile(answer, (to) => to.origin === office.issuer)
        return { browser, form: page.form('change-username') }
      }),
    )
    const answers = await Promise.all(
      sent.flatMap(({ browser, form }) =>
        Array.from({ length: 10 }, () => browser.submit(form, { username: 'Wanted-By-Two' })),
      ),
    )
    // Who has it is told so ten times, whoever of the ten was first; the other one is told that it is taken.
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 10 }, () => 303),
      ...Array.from({ length: 10 }, () => 422),
    ])
    const named = await query<{ number: string; username: string }>(
      `SELECT number, username FROM accounts WHERE number IN ('7123901', '7123902')`,
    )
    expect(named.filter(({ username }) => username === 'Wanted-By-Two')).toHaveLength(1)
    expect(named.filter(({ number, username }) => username === `wants-${number}`)).toHaveLength(1)
    expect(await listAudited(office.services.db, 'account.username-changed')).toHaveLength(1)
    await Promise.all(sent.map(({ browser }) => browser.stop()))
  })

  test('verify at most five of twenty passwords guessed at once, then the name is locked', async () => {
    const guessers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const browser = newBrowser()
        const page = await openPage(browser, office, (await ncwd.authorize()).url)
        return { browser, form: getPasswordForm(page) }
      }),
    )
    const answers = await Promise.all(
      guessers.map(({ browser, form }, index) =>
        browser.submit(form, { username: nora.username, password: `a wrong guess ${index}` }),
      ),
    )
    const { length: verified } = await listAudited(office.services.db, 'account.sign-in-refused', {
      detail: { path: ['reason'], equals: 'wrong-password' },
    })
    expect(verified).toBeGreaterThan(0)
    expect(verified).toBeLessThanOrEqual(5)
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 422)).toHaveLength(verified)
    // Who waits for a decision too long is told to come back.
    const others = statuses.filter((status) => status === 429 || status === 503)
    expect(others).toHaveLength(20 - verified)

    const [guesser] = guessers
    const { username, password } = nora
    if (verified === 5) {
      const right = await guesser!.browser.submit(guesser!.form, { username, password })
      expect(right.status).toBe(429)
    }
    await Promise.all(guessers.map(({ browser }) => browser.stop()))
  })

  test('when one dies each client notices one failed request at most, and nobody signs in anew', async () => {
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const browser = newBrowser()
        const { access_token: token } = await ncwd.signIn(browser, jane.username)
        return { browser, token, calls: tokenCalls(browser, ncwd), failures: 0, requests: 0 }
      }),
    )
    let isOver = false
    const work = clients.map(async (client) => {
      while (!isOver) {
        const answer = await client.calls.introspect(client.token)
        client.requests += 1
        if (answer.status === 200) expect(answer.json()).toMatchObject({ active: true })
        else client.failures += 1
      }
    })
    await delay(300)
    processes[0].signal('SIGKILL')
    expect(await processes[0].exited).toBe('SIGKILL')
    await delay(700)
    isOver = true
    await Promise.all(work)
    for (const { failures, requests } of clients) {
      expect(failures).toBeLessThanOrEqual(1)
      expect(requests).toBeGreaterThan(10)
    }
    for (const { browser } of clients) {
      expect(idClaims(await ncwb.walkIn(browser))['sub']).toBeDefined()
      await browser.stop()
    }

    const { child } = await startSignOnProcess(settings, ports[0])
    processes[0] = child
    const before = balancer.counts[0]!
    const browser = newBrowser()
    await ncwd.signIn(browser, jane.username)
    expect(balancer.counts[0]).toBeGreaterThan(before)
    await browser.stop()
  })
})
