import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { codeOfMail } from '../../src/accounts/registration/registration.ts'
import { mintLink } from '../../src/mail/one-use-link.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import { newBrowser } from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { giveSigningKeys } from '../support/keys.ts'
import { becomes } from '../support/measure.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { applicant } from '../support/registration.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { generousLimits, type SignOn, startSignOn } from '../support/sign-on.ts'
import { type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'

let keys: ReturnType<typeof temporaryFolder>
let databaseUrl: string
let balancer: Balancer
let ports: [number, number]
let processes: SignOnProcess[]
let settings: Record<string, string>
/** An instance that nobody is sent to: for looking into the tables. */
let office: SignOn

beforeAll(async () => {
  keys = temporaryFolder('registration')
  giveSigningKeys(keys.path)
  databaseUrl = await createDatabase(inject('postgresUrl'))
  ports = [await freePort(), await freePort()]
  balancer = await startBalancer(ports)
  settings = {
    CSO_ISSUER: balancer.url,
    CSO_KEYS_DIR: keys.path,
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
    ...generousLimits,
  }
  const started = await Promise.all(ports.map((port) => startSignOnProcess(settings, port)))
  processes = started.map(({ child }) => child)
  office = await startSignOn({ issuer: balancer.url, settings })
}, 120_000)

afterAll(async () => {
  await office.stop()
  await balancer.stop()
  for (const child of processes) child.signal('SIGKILL')
  await Promise.all(processes.map((child) => child.exited))
  await dropDatabase(databaseUrl)
  keys.remove()
})

const query = <Row>(text: string, values: unknown[] = []) =>
  office.services.db.query<Row>({ name: `test ${text}`.slice(0, 63), text }, values)

const at = (path: string) => `${balancer.url}${path}`

/** The code of the newest mail to this address, once it is sent: every process may have sent it. */
async function codeFor(email: string): Promise<string> {
  await becomes('the mail is sent', 20_000, async () => {
    const [row] = await query<{ sent: boolean }>(
      `SELECT code_mark IS NOT NULL AS sent FROM registrations WHERE email = $1
        ORDER BY created_at DESC LIMIT 1`,
      [email],
    )
    return row?.sent === true
  })
  const [mail] = await query<{ id: string }>(
    `SELECT id::text AS id FROM mails WHERE to_address = $1 AND kind = 'registration-address'
      ORDER BY created_at DESC LIMIT 1`,
    [email],
  )
  return codeOfMail(office.services.keys.secrets.identifiers, mail!.id)
}

async function ask(browser: HttpClient, email: string): Promise<HttpResponse> {
  const page = await browser.get(at('/register'))
  return browser.submit(page.form('register'), { email })
}

async function toForm(browser: HttpClient, email: string): Promise<HttpResponse> {
  const checking = await browser.follow(await ask(browser, email))
  const code = await codeFor(email)
  return browser.follow(await browser.submit(checking.form('code-form'), { code }))
}

test('the form that is sent twenty times at once over two processes makes one account', async () => {
  const email = 'twenty@example.com'
  const browser = newBrowser()
  const page = await toForm(browser, email)
  const before = [...balancer.counts]
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      browser.submit(page.form('account-form'), {
        ...applicant,
        username: `twenty-times-${index}`,
      }),
    ),
  )
  expect(
    Math.min(...balancer.counts.map((count, index) => count - before[index]!)),
  ).toBeGreaterThan(4)
  for (const answer of answers) {
    const last = await browser.followWhile(answer, (to) => to.origin === balancer.url)
    // Passwords wait in a line of their own; who finds it full is told so, and nothing is lost.
    if (answer.status !== 503) expect(last.url).toBe(at('/register/done'))
  }
  expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0)
  const accounts = await query<{ number: string }>('SELECT number FROM accounts WHERE email = $1', [
    email,
  ])
  expect(accounts).toHaveLength(1)
  const welcomes = await query(
    `SELECT 1 FROM mails WHERE to_address = $1 AND kind = 'account-registered'`,
    [email],
  )
  expect(welcomes).toHaveLength(1)
  await browser.stop()
})

test('a link that is pressed twenty times at once in as many browsers over two processes is one browser’s', async () => {
  const email = 'pressed@example.com'
  const first = newBrowser()
  await ask(first, email)
  const [row] = await query<{ id: string }>(
    'SELECT id::text AS id FROM registrations WHERE email = $1',
    [email],
  )
  const { db, keys: installed } = office.services
  const token = await inTransaction(db, (tx) =>
    mintLink(tx, installed.secrets.identifiers, {
      purpose: 'registration',
      about: { registration: row!.id },
      lifeMinutes: 30,
    }),
  )
  const browsers = Array.from({ length: 20 }, () => newBrowser())
  const pages = await Promise.all(
    browsers.map((browser) => browser.get(at(`/register/confirm/${token}`))),
  )
  const answers = await Promise.all(
    browsers.map((browser, index) => browser.submit(pages[index]!.form('confirm'))),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(410)])
  const seen = await Promise.all(browsers.map((browser) => browser.get(at('/register/form'))))
  expect(seen.filter(({ status }) => status === 200)).toHaveLength(1)
  await Promise.all([first, ...browsers].map((browser) => browser.stop()))
})

/** What is true after every commit, however a process ended. */
async function expectNothingHalfDone(): Promise<void> {
  expect(
    await query(`SELECT r.id FROM registrations r
      WHERE NOT EXISTS (SELECT 1 FROM mails m WHERE m.about ->> 'registration' = r.id::text)
      UNION SELECT m.id FROM mails m WHERE m.kind = 'registration-address'
        AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.id::text = m.about ->> 'registration')`),
  ).toEqual([])
  expect(
    await query(`SELECT a.id FROM accounts a WHERE
      (SELECT count(*) FROM registrations r WHERE r.account_id = a.id) <> 1
      OR (SELECT count(*) FROM mails m WHERE m.account_id = a.id AND m.kind = 'account-registered') <> 1
      OR (SELECT count(*) FROM audit_events e WHERE e.account_id = a.id
        AND e.event IN ('account.registered', 'account.rules-accepted')) <> 2
      UNION SELECT r.account_id FROM registrations r WHERE r.account_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = r.account_id)`),
  ).toEqual([])
}

test('a process that is killed at any step leaves nothing half done, and the person goes on', async () => {
  balancer.pin(0)
  let round = 0
  /** Sends, kills the process after a moment, starts another one, and looks into the tables. */
  const killedDuring = async (send: () => Promise<unknown>, milliseconds: number) => {
    const sent = send().catch(() => undefined)
    await delay(milliseconds)
    processes[0]!.signal('SIGKILL')
    await processes[0]!.exited
    await sent
    await expectNothingHalfDone()
    processes[0] = (await startSignOnProcess(settings, ports[0])).child
  }
  for (const milliseconds of [2, 12, 40]) {
    round += 1
    const email = `killed-${round}@example.com`
    const browser = newBrowser()
    const own = {
      ...applicant,
      givenName: `Kay${round}`,
      birthDay: '9',
      username: `killed-user-${round}`,
    }

    const start = await browser.get(at('/register'))
    await killedDuring(() => browser.submit(start.form('register'), { email }), milliseconds)
    const checking = await browser.follow(await browser.submit(start.form('register'), { email }))

    const code = await codeFor(email)
    const form = checking.form('code-form')
    await killedDuring(() => browser.submit(form, { code }), milliseconds)
    const confirmed = await browser.submit(form, { code })
    expect(confirmed.location).toBe(at('/register/form'))

    const page = await browser.follow(confirmed)
    const send = () => browser.submit(page.form('account-form'), own)
    // The password takes most of the time, and what follows it is what matters.
    await killedDuring(send, milliseconds * 5)
    const last = await browser.followWhile(await send(), (to) => to.origin === balancer.url)
    expect(last.url).toBe(at('/register/done'))
    expect(await query('SELECT 1 FROM accounts WHERE email = $1', [email])).toHaveLength(1)
    await browser.stop()
  }
  balancer.pin(undefined)
  await expectNothingHalfDone()
}, 180_000)
